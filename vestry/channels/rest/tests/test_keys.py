"""Keys of programs: which open, which do not, and what is said of why."""

from datetime import timedelta

import pytest

from vestry.channels.rest import clients
from vestry.channels.rest.tests.client import Program, a_key
from vestry.councils import api as councils
from vestry.kernel import SYSTEM, utc_now
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody


@pytest.fixture
def officers(council, other_council):
    put_everybody(other_council)


@pytest.fixture
def program(officers, api):
    return Program(api, a_key())


def kind(response):
    return response.status_code, response.json()["type"].partition("#")[2]


def test_without_a_key_one_is_asked_for(program):
    response = program.api.get("/api/v1/cases")
    assert kind(response) == (401, "key-needed")
    assert response["WWW-Authenticate"] == "Bearer"


def test_every_key_that_is_none_is_told_alike(program, other_council):
    with councils.scope(other_council):
        theirs = a_key("crm")
    taken_back = a_key("old")
    people.take_key_back(prefix=taken_back[:15], now=utc_now(), actor=SYSTEM)
    answers = set()
    for key in ("x", "vestry_", "vestry_00000000_x", program.key[:-1], program.key + "x", theirs, taken_back):
        response = Program(program.api, key).get("cases")
        answers.add((kind(response), response.content))
    assert {said for said, _content in answers} == {(401, "key-not-valid")}
    assert len(answers) == 1


def test_a_key_that_is_too_old_says_so(program, monkeypatch):
    late = utc_now() + timedelta(days=31)
    monkeypatch.setattr(clients, "utc_now", lambda: late)
    response = program.get("cases")
    assert kind(response) == (401, "key-expired")
    assert "good until" in response.json()["detail"]
    # Only whoever holds it learns that it was one.
    assert kind(Program(program.api, program.key[:-1] + "-").get("cases")) == (401, "key-not-valid")


def test_it_is_good_through_its_last_day(officers, api):
    key = a_key(days=0)
    assert Program(api, key).get("cases").status_code == 200


def test_a_submission_s_token_is_no_key_and_a_key_no_token(program):
    sent = program.api.send().json()
    assert kind(Program(program.api, sent["token"]).get("cases"))[1] == "key-not-valid"
    assert program.get(f"submissions/{sent['reference']}").status_code == 404


def test_refusals_are_logged_without_what_was_asked_for(program, caplog):
    program.get("cases/AU-0000-0000")
    program.api.get("/api/v1/cases")
    assert "api_refused" in caplog.text
    assert "AU-0000" not in caplog.text
    assert program.key not in caplog.text
