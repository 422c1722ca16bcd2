"""Spans say what was done and how it ended, and nothing of anybody; while they are off, nothing is there."""

import json
import subprocess
import sys

import pytest
from django.test import override_settings
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from vestry.config import environment, settings, traces, worker
from vestry.kernel import utc_now
from vestry.ledger.tests.happened import ring

SECRET = "sam@example.com"


@pytest.fixture
def spans(monkeypatch):
    """`spans()`: what was exported so far, by name."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    monkeypatch.setattr(environment, "TRACES", True)
    yield exporter.get_finished_spans
    provider.shutdown()


@pytest.fixture
def traced(council, client):
    with override_settings(MIDDLEWARE=["vestry.config.traces.TracesMiddleware", *settings.MIDDLEWARE]):
        client.raise_request_exception = False
        yield client


def test_a_request_is_a_span_with_its_statements_inside(traced, spans):
    traced.get(f"/services/nothing/?q={SECRET}")
    *inside, request = spans()
    assert request.name == "GET /services/<slug:slug>/"
    assert dict(request.attributes) == {
        "http.request.method": "GET",
        "http.route": "/services/<slug:slug>/",
        "http.response.status_code": 404,
        "vestry.council": "harrowmere",
    }
    assert {span.name for span in inside} >= {"SELECT"}
    assert {span.parent.span_id for span in inside} == {request.context.span_id}


def test_the_worker_s_tasks_are_spans(council, spans):
    ring()
    worker.turn(utc_now())
    names = {span.name for span in spans() if not span.parent}
    assert {"services.on_rules", "notify.deliver_due", "ledger.seal_when_due"} <= names


def test_a_fault_is_told_by_its_kind(spans):
    with pytest.raises(ValueError, match=SECRET), traces.span("something"):
        raise ValueError(SECRET)
    (span,) = spans()
    assert span.attributes["error.type"] == "ValueError"
    assert not span.status.is_ok
    assert SECRET not in json.dumps(json.loads(span.to_json()))


def test_no_value_of_a_statement_is_told(traced, spans):
    traced.post("/status/", {"reference": SECRET, "email": SECRET})
    assert spans()
    assert SECRET not in "".join(span.to_json() for span in spans())


def test_while_they_are_off_nothing_of_it_is_loaded():
    code = (
        "import sys, django; django.setup(); from vestry.config import urls, wsgi, worker;"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert "vestry.config.traces.TracesMiddleware" not in settings.MIDDLEWARE
