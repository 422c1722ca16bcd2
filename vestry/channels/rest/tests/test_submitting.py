"""Sending answers: once for each key, and by the pages' own rules."""

import threading

import pytest
from django.db import connections
from django.test import Client

from vestry.channels.rest import endpoints, reading
from vestry.channels.rest.tests.calling import ALL_SAID, ASKED, KEY, SUBMIT, pointers
from vestry.councils import api as councils
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.tests.services_to_try import ANSWERS, MISSED_BIN, QUESTION, TUESDAY_NOON, offer

EVERYTHING = "/api/v1/services/everything/submissions"
BINS = "/api/v1/services/missed-bin/submissions"


def submitted():
    return [fact.subject.key for fact in ledger.since(0) if fact.name == "services.submitted"]


def test_answers_become_a_submission_with_a_case(api):
    response = api.send()
    said = response.json()
    assert response.status_code == 201
    assert (said["service"], said["version"], said["title"]) == ("ask-us", 1, "Ask us something")
    assert response["Location"] == said["status"]
    assert said["status"].endswith(f"/api/v1/submissions/{said['reference']}")
    assert submitted() == [said["reference"]]
    rows = services.shown(Ref("case", said["reference"]))
    assert (rows[0].label, rows[0].text) == ("What do you want to know?", ASKED["question"])


def test_the_same_key_and_answers_get_the_same_answer(api):
    first = api.send()
    again = api.send(dict(reversed(ASKED.items())))
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert len(submitted()) == 1


def test_a_key_may_be_written_as_the_standard_writes_it(api):
    assert api.send(key=f'"{KEY}"').json() == api.send(key=KEY).json()


def test_the_same_key_with_other_answers_is_refused(api):
    api.send()
    response = api.send({**ASKED, "question": "And bushes?"})
    assert response.status_code == 422
    assert response.json()["type"].endswith("#idempotency-key-reused")
    assert len(submitted()) == 1


def test_the_same_key_for_another_service_is_refused(api):
    api.send()
    response = api.send(ALL_SAID, path=EVERYTHING)
    assert response.json()["type"].endswith("#idempotency-key-reused")


def test_a_refused_submission_may_be_mended_under_the_same_key(api):
    assert api.send({"email": "sam@example.com"}).status_code == 422
    assert api.send().status_code == 201


def test_a_key_is_a_council_s_own(api, other_council):
    with councils.scope(other_council):
        offer(QUESTION)
    ours = api.send().json()
    theirs = api.send({**ASKED, "question": "Saltmarsh?"}, Host="saltmarsh.localhost")
    assert theirs.status_code == 201
    assert theirs.json()["reference"] != ours["reference"]


@pytest.mark.parametrize("key", [None, "", "short", " " * 40, "é" * 20, "x" * 256, '""', "a\x7f" * 20])
def test_without_a_usable_key_nothing_is_taken(api, key):
    response = api.send(key=key)
    assert response.status_code == 400
    assert response.json()["type"].endswith("#idempotency-key")
    assert submitted() == []


def test_what_is_wrong_is_told_field_by_field(api):
    said = pointers(
        api.send({"who": "", "what": "much", "how-much": 11, "sure": "perhaps", "odd": 1}, path=EVERYTHING)
    )
    assert said.keys() == {f"/answers/{name}" for name in ("who", "how-much", "sure", "odd")}
    assert all(sentence[0].isupper() for sentence in said.values())


def test_a_conditional_question_is_asked_and_refused_as_on_the_page(api):
    missing = {name: value for name, value in ALL_SAID.items() if name != "how-much"}
    assert "/answers/how-much" in pointers(api.send(missing, path=EVERYTHING))
    assert api.send({**missing, "what": "little"}, path=EVERYTHING).status_code == 201


def test_a_stop_on_the_page_is_a_refusal_here(api, monkeypatch):
    monkeypatch.setattr(endpoints, "utc_now", lambda: TUESDAY_NOON)
    late = api.send({**ANSWERS, "day": "2026-11-02"}, path=BINS)
    assert late.status_code == 422
    assert "/answers" in pointers(late)
    assert submitted() == []
    assert api.send(ANSWERS, path=BINS).status_code == 201
    again = api.send(ANSWERS, path=BINS, key="another-key-altogether")
    assert "already been reported" in pointers(again)["/answers"]


def test_a_step_can_not_be_skipped(api, monkeypatch):
    monkeypatch.setattr(endpoints, "utc_now", lambda: TUESDAY_NOON)
    said = pointers(api.send({**ANSWERS, "bin": "garden"}, path=BINS))
    assert "/answers/permit" in said


def test_a_link_in_a_message_leads_back_to_this_host(api):
    said = api.send().json()
    assert said["status"].startswith("http://testserver/")


def test_a_new_version_applies_at_once_and_a_replay_keeps_its_own(api):
    first = api.send().json()
    offer(QUESTION.replace("id: email", "id: mail").replace("{email: email}", "{email: mail}"))
    assert api.send().json() == first
    assert api.send(key="another-key-altogether").status_code == 422
    assert (
        api.send({"question": "x", "mail": "a@b.example"}, key="another-key-altogether").json()["version"]
        == 2
    )


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ([], ""),
        (3, ""),
        (None, ""),
        ("x", ""),
        ({"answers": []}, "/answers"),
        ({"answers": None}, "/answers"),
        ({"answers": ASKED, "extra": 1}, ""),
        ({"answers": {"question": "\x00"}}, "/answers/question"),
    ],
)
def test_a_body_of_another_shape_is_told_where(api, body, pointer):
    response = api.call("POST", SUBMIT, body if body is not None else b"null", {"Idempotency-Key": KEY})
    assert response.status_code == 422
    assert list(pointers(response)) == [pointer]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"answers": {"a": NaN}}',
        b"{'answers': 1}",
        b'{"answers":{}} trailing',
        b'"\\ud800"',
    ],
)
def test_what_is_not_json_is_told(api, body):
    response = api.call("POST", SUBMIT, body, {"Idempotency-Key": KEY})
    assert response.status_code == 400
    assert response.json()["type"].endswith("#malformed-json")


@pytest.mark.parametrize("depth", [11, 500, 90_000])
def test_endless_nesting_is_refused(api, depth):
    body = b'{"answers": {"question": ' + b"[" * depth + b"]" * depth + b"}}"
    assert api.call("POST", SUBMIT, body, {"Idempotency-Key": KEY}).status_code in {400, 422}


def test_a_body_has_a_limit(api):
    body = b'{"answers": {"question": "' + b"x" * reading.MOST_BYTES + b'"}}'
    response = api.call("POST", SUBMIT, body, {"Idempotency-Key": KEY})
    assert response.status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_only_json_is_taken(api, kind):
    response = api.call("POST", SUBMIT, {"answers": ASKED}, {"Idempotency-Key": KEY}, content_type=kind)
    assert response.status_code == 415


def test_a_charset_beside_the_type_does_no_harm(api):
    kind = "application/json; charset=utf-8"
    response = api.call("POST", SUBMIT, {"answers": ASKED}, {"Idempotency-Key": KEY}, content_type=kind)
    assert response.status_code == 201


def test_no_cookie_is_read_or_set(offered):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["sessionid"] = "forged"
    response = strict.post(SUBMIT, {"answers": ASKED}, "application/json", headers={"Idempotency-Key": KEY})
    assert response.status_code == 201
    assert "Set-Cookie" not in response


@pytest.mark.django_db(transaction=True)
def test_the_same_submission_at_the_same_moment_is_one(api):
    start = threading.Barrier(4)
    answers = []

    def send():
        try:
            start.wait()
            response = Client().post(
                SUBMIT, {"answers": ASKED}, "application/json", headers={"Idempotency-Key": KEY}
            )
            answers.append((response.status_code, response.json()["reference"]))
        finally:
            connections.close_all()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert len(submitted()) == 1


def test_the_services_to_try_are_those_of_the_pages(offered):
    """The two texts above stand for the real packs: a report with a stop, and a plain question."""
    assert "report:" in MISSED_BIN
    assert "report:" not in QUESTION
