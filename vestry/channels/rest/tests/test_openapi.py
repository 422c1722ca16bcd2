"""The document: valid, whole, made for the host that gives it. (`calling` holds each answer against it.)"""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from vestry.channels.rest.routes import ROUTES
from vestry.channels.rest.tests.calling import ALL_SAID, KEY, SUBMIT
from vestry.channels.rest.urls import urlpatterns


def test_it_is_a_valid_openapi_document(api):
    OpenAPIV31SpecValidator(api.document).validate()


def test_it_keeps_the_government_s_api_rules(api):
    info = api.document["info"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    assert info["description"]
    assert info["contact"]["name"] == "Harrowmere District Council"
    assert info["contact"]["email"] == "hello@harrowmere.example"
    for path, methods in api.document["paths"].items():
        assert re.fullmatch(r"(/([a-z]+(-[a-z]+)*|\{[a-z]+\}))+", path)
        for operation in methods.values():
            assert operation["operationId"]
            assert operation["summary"]
            assert operation["description"]
            assert operation["tags"]
            for parameter in operation["parameters"]:
                assert not parameter["name"].lower().startswith("x-")
                assert parameter["description"]


def test_every_field_says_what_it_is(api):
    for name, schema in api.document["components"]["schemas"].items():
        assert schema["description"], name
        for field, part in schema["properties"].items():
            assert part.get("description"), f"{name}.{field}"


def test_it_is_made_for_its_host(api, other_council):
    assert api.document["servers"][0]["url"] == "http://testserver/api/v1"
    theirs = api.client.get("/api/v1/openapi.json", headers={"Host": "saltmarsh.localhost"}).json()
    assert theirs["servers"][0]["url"] == "http://saltmarsh.localhost/api/v1"
    assert "Saltmarsh" in theirs["info"]["title"]


def test_every_address_is_documented(api):
    addresses = {pattern.name for pattern in urlpatterns} - {"about", "openapi", "nowhere"}
    documented = {
        operation["operationId"]
        for methods in api.document["paths"].values()
        for operation in methods.values()
    }
    assert addresses == documented == {route.name for route in ROUTES}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_the_document_is_read_only(api, method):
    response = api.call(method, "/api/v1/openapi.json")
    assert response.status_code == 405


def test_every_documented_answer_can_be_had(api, monkeypatch):
    """Nothing is documented that never happens: each status of each operation, once."""
    said = api.send().json()
    for path in ("/api/v1/services", "/api/v1/services/ask-us", "/api/v1/services/ask-us/questions"):
        api.get(path)
        api.get(path, Accept="text/html")
    for path in ("/api/v1/services/nothing", "/api/v1/services/nothing/questions"):
        api.get(path)
    status = f"/api/v1/submissions/{said['reference']}"
    token = {"Authorization": f"Bearer {said['token']}"}
    api.get(status, **token)
    api.get(status)
    api.get(status, Accept="text/html")
    api.get("/api/v1/submissions/none", **token)
    api.send(key=None)
    api.send(path="/api/v1/services/nothing/submissions", key="another-key-altogether")
    api.send({}, key="another-key-altogether")
    api.send(ALL_SAID)
    api.send(Accept="text/html")
    api.call("POST", SUBMIT, b"{" + b" " * 300_000, {"Idempotency-Key": KEY})
    api.call("POST", SUBMIT, b"{}", {"Idempotency-Key": KEY}, content_type="text/plain")
    documented = {
        (path, method.upper(), int(status))
        for path, methods in api.document["paths"].items()
        for method, operation in methods.items()
        for status in operation["responses"]
    }
    assert {entry for entry in documented - api.seen if entry[2] != 500} == set()
