"""Traces for OpenTelemetry: request, statement, the worker's tasks. Off unless ``VESTRY_TRACES=1``.

Vestry only calls OpenTelemetry's API; whoever runs it brings the SDK (``opentelemetry-instrument vestry
serve``) and says by its own variables where traces go. While off, nothing here is imported or called.

A span says what was done, in which council, how long it took and what kind of fault ended it. Addresses,
values of statements and texts of faults may hold somebody's details, and never go in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

NAME = "vestry"


@contextmanager
def span(name: str, *, kind: SpanKind = SpanKind.INTERNAL, **said: str | int) -> Iterator[Span]:
    """A span around what happens inside; of a fault it tells the kind only."""
    attributes = {key.replace("__", "."): value for key, value in said.items()}
    tracer = trace.get_tracer(NAME)
    with tracer.start_as_current_span(
        name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as mine:
        try:
            yield mine
        except Exception as fault:
            mine.set_attribute("error.type", type(fault).__name__)
            mine.set_status(Status(StatusCode.ERROR))
            raise


class TracesMiddleware:
    """A span around every request, and one around each statement in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with (
            span(
                request.method or "", kind=SpanKind.SERVER, http__request__method=request.method or ""
            ) as mine,
            statements(),
        ):
            response = self.get_response(request)
            route = request.resolver_match.route if request.resolver_match else ""
            mine.update_name(f"{request.method} /{route}")
            mine.set_attribute("http.route", f"/{route}")
            mine.set_attribute("http.response.status_code", response.status_code)
            if hasattr(request, "council"):
                mine.set_attribute("vestry.council", request.council.slug)
            return response


def statements() -> Any:
    """Within it each statement has a span: its first word and nothing of what it asks for."""
    return connection.execute_wrapper(_statement)


def _statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    word = sql.split(maxsplit=1)[0].upper()
    with span(word, kind=SpanKind.CLIENT, db__system__name=connection.vendor, db__operation__name=word):
        return execute(sql, params, many, context)


@contextmanager
def task(name: str, council: str) -> Iterator[None]:
    """A span around one of the worker's tasks."""
    with span(name, vestry__council=council), statements():
        yield
