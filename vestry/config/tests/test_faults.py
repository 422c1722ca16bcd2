"""Something is wrong with a request, or with us: who asked gets a page, who runs Vestry a line in the log."""

import json
from importlib import import_module
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from vestry.config import middleware, wsgi

SECRET = "sam@example.com"


def breaks(*_, **__):
    raise OperationalError(SECRET)


@pytest.fixture
def visitor(council):
    return Client(raise_request_exception=False, headers={"cookie": f"sessionid={'a' * 32}"})


def the_line(caplog):
    (record,) = [record for record in caplog.records if "page_failed" in record.getMessage()]
    return json.loads(record.getMessage())


def test_a_fault_before_the_council_is_known_is_told_and_logged(visitor, monkeypatch, caplog):
    monkeypatch.setattr(middleware.councils, "council_for_host", breaks)
    response = visitor.get("/")
    assert response.status_code == 503
    assert SECRET not in response.content.decode() + caplog.text
    assert the_line(caplog)["error"] == "OperationalError"


def test_a_fault_inside_says_where_and_never_what_was_said(visitor, monkeypatch, caplog):
    monkeypatch.setattr(import_module(settings.SESSION_ENGINE).SessionStore, "load", breaks)
    response = visitor.get("/status/code/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert SECRET not in response.content.decode() + caplog.text
    line = the_line(caplog)
    assert (line["council"], line["view"]) == ("harrowmere", "public:status-code")
    assert line["file"].endswith("test_faults.py")


def test_a_machine_is_told_as_a_machine_when_the_database_is_away(visitor, monkeypatch):
    monkeypatch.setattr(middleware.councils, "council_for_host", breaks)
    response = visitor.get("/api/v1/services")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Content-Type"] == "application/problem+json"
    assert SECRET not in response.content.decode()


def test_a_fault_of_ours_is_no_matter_of_waiting(visitor, monkeypatch, caplog):
    def fails(*_, **__):
        raise ValueError(SECRET)

    monkeypatch.setattr(middleware.councils, "council_for_host", fails)
    response = visitor.get("/")
    assert response.status_code == 500
    assert "Retry-After" not in response
    assert the_line(caplog)["error"] == "ValueError"


FORM = "application/x-www-form-urlencoded"
CHARSETS = ("utf-8", "rot13", "base64", "idna", "undefined", "utf-16", "punycode", "nothing-known")


@pytest.mark.parametrize(
    "written", [*(f"charset={charset}" for charset in CHARSETS), "x*=nonsense''y", "charset*=rot13''utf-8"]
)
def test_whatever_letters_a_request_claims_to_be_in_it_is_read_in_ours(written):
    body = b"reference=%C3%A9%ff"
    asked = wsgi.Request(
        {
            "REQUEST_METHOD": "POST",
            "QUERY_STRING": "x=%C3%A9%ff",
            "CONTENT_TYPE": f"{FORM}; {written}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
    )
    assert asked.GET["x"] == "é\ufffd"
    if "''" not in written:
        assert asked.POST["reference"] == "é\ufffd"


def test_what_is_served_reads_requests_so():
    assert wsgi.application.request_class is wsgi.Request


@pytest.mark.parametrize("name", ["reference", "anything"])
def test_a_file_is_refused_before_it_is_read(visitor, name):
    file = SimpleUploadedFile("endless.bin", b"x" * 100_000)
    assert visitor.post("/status/", {name: file}).status_code == 400
    assert visitor.post("/status/", {"reference": "x"}).status_code == 422
