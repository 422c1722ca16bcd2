"""Whatever is asked, the answer is one of those documented, and never a fault of ours."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.channels.rest import endpoints
from vestry.channels.rest.problems import KINDS
from vestry.channels.rest.routes import ROUTES
from vestry.channels.rest.tests.calling import ALL_SAID, KEY, SUBMIT
from vestry.channels.rest.tests.client import a_key
from vestry.people.tests.officers import put_everybody

EVERYTHING = "/api/v1/services/everything/submissions"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/api/v1/services/",
        "/api/v1/services/ask-us/",
        "/api/v1/services/a/b/c",
        "/api/v1/%00",
    ],
)
def test_an_address_that_is_not_there(api, path):
    for method in ("GET", "POST", "DELETE"):
        assert api.call(method, path).status_code == 404


@pytest.mark.parametrize("route", [each for each in ROUTES if "{" in each.path], ids=lambda it: it.name)
def test_a_name_that_can_not_be_stored_is_nobody_s(api, route):
    put_everybody()
    key = a_key(scopes=[route.scope]) if route.scope else "none"
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": KEY}
    path = "/api/v1/" + re.sub(r"\{\w+\}", "%00-1", route.path)
    assert api.call(route.method, path, {}, headers).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/v1/services", "GET, HEAD, OPTIONS"),
        ("DELETE", "/api/v1/services/ask-us", "GET, HEAD, OPTIONS"),
        ("PUT", SUBMIT, "OPTIONS, POST"),
        ("GET", SUBMIT, "OPTIONS, POST"),
        ("PATCH", "/api/v1/submissions/AU-0000-0000", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_not_for_here(api, method, path, allowed):
    response = api.call(method, path)
    assert response.status_code == 405
    assert response["Allow"] == allowed


def test_what_may_be_done_can_be_asked(api):
    response = api.client.options(SUBMIT)
    assert (response.status_code, response["Allow"]) == (204, "OPTIONS, POST")
    assert "Access-Control-Allow-Origin" not in response
    assert api.client.options("/api/v1/services")["Access-Control-Allow-Origin"] == "*"


def test_head_is_get_without_a_body(api):
    response = api.client.head("/api/v1/services")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("text/html, */*;q=0.1", 200),
        ("application/*", 200),
        ("text/html", 406),
        ("image/png", 406),
        (";;;,,/", 406),
    ],
)
def test_somebody_who_can_not_read_json_is_told(api, accept, status):
    assert api.get("/api/v1/services", Accept=accept).status_code == status


def test_a_fault_of_ours_is_told_as_a_problem_without_details(api, monkeypatch):
    def broken(**said):
        raise RuntimeError("sam@example.com broke it")

    monkeypatch.setattr(endpoints.services, "submit_answers", broken)
    api.client.raise_request_exception = False
    response = api.send()
    assert response.status_code == 500
    assert "sam@" not in response.content.decode()


def test_a_problem_s_type_leads_to_its_explanation(api):
    page = api.client.get("/api/v1/").content.decode()
    for kind in KINDS:
        assert f'id="{kind.slug}"' in page
    response = api.get("/api/v1/nothing")
    assert response.json()["type"] == "http://testserver/api/v1/#not-found"


def test_no_detail_speaks_of_the_program(api):
    """What a person may come to read is a sentence, not a name of ours."""
    texts = [api.send({}).content, api.get("/api/v1/nothing").content, api.send(key="x").content]
    for text in texts:
        for ours in (b"msgspec", b"Error", b"vestry.", b"Traceback"):
            assert ours not in text


NONSENSE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
RIGHT_OR_NOT = {name: st.just(value) | NONSENSE for name, value in ALL_SAID.items()}
QUIET = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(answers=st.fixed_dictionaries({}, optional=RIGHT_OR_NOT) | NONSENSE, key=st.uuids().map(str))
def test_no_answers_break_it(api, answers, key):
    assert api.send(answers, path=EVERYTHING, key=key).status_code in {201, 422}


@QUIET
@given(body=st.binary(max_size=200) | NONSENSE.map(lambda said: json.dumps(said).encode()))
def test_no_body_breaks_it(api, body):
    assert api.call("POST", SUBMIT, body, {"Idempotency-Key": KEY}).status_code in {400, 422}


HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)


@QUIET
@given(key=HEADER, accept=HEADER, kind=HEADER, authorization=HEADER)
def test_no_header_breaks_it(api, key, accept, kind, authorization):
    headers = {"Idempotency-Key": key, "Accept": accept, "Authorization": authorization}
    for method, path in (("POST", SUBMIT), ("GET", "/api/v1/submissions/AU-0000-0000")):
        response = api.call(method, path, {"answers": {}}, headers, content_type=kind)
        assert 400 <= response.status_code < 500
