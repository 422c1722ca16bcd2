"""Nothing is done to what has changed since it was read: ETag and If-Match, on every writing address."""

import threading

import pytest
from django.db import connections
from django.test import Client

from vestry.cases import api as cases
from vestry.channels.rest.routes import ROUTES
from vestry.channels.rest.tests.client import Program, a_key
from vestry.channels.rest.tests.test_tasks import WORKED, add, kind, names, task_of
from vestry.kernel import utc_now
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services.tests.services_to_try import offer

WRITES = {
    "case-message": ("messages", {"text": "x"}),
    "case-note": ("notes", {"text": "x"}),
    "case-take": ("take", {}),
    "case-act": ("actions/give-up", {}),
    "case-hand-over": ("hand-over", {"team": "waste", "owner": "tom"}),
    "case-extend": ("extend", {"reason": "x"}),
    "case-task-add": ("tasks", {"title": "x"}),
}
TASK_WRITES = {"task-end": ("end", {"came": "done"}), "task-give": ("give", {"owner": "tom"})}


@pytest.fixture
def program(council, other_council, api):
    put_everybody(other_council)
    offer(WORKED)
    return Program(api, a_key())


@pytest.fixture
def reference(program):
    return program.api.send().json()["reference"]


def etag(program, address):
    response = program.get(address)
    assert response["ETag"] == response.json()["etag"]
    return response["ETag"]


def note(reference, text="Somebody else was here."):
    cases.note(officer=people.get_officer("priya"), reference=reference, text=text, now=utc_now())


def test_every_address_that_writes_is_tried_here():
    writing = {route.name for route in ROUTES if route.method == "POST" and route.scope.startswith("cases.")}
    assert writing == WRITES.keys() | TASK_WRITES.keys()


@pytest.mark.parametrize("name", WRITES)
def test_what_changed_in_between_is_left_alone(program, reference, name):
    path, body = WRITES[name]
    if name == "case-act":
        program.post(f"cases/{reference}/take", {})
    read = etag(program, f"cases/{reference}")
    note(reference)
    before = names(reference)
    refused = program.post(f"cases/{reference}/{path}", body, "a-key-for-this-one", **{"If-Match": read})
    assert kind(refused) == (412, "changed")
    assert names(reference) == before
    # What was refused may be tried again under its key, by whoever has looked again.
    again = {"If-Match": etag(program, f"cases/{reference}")}
    done = program.post(f"cases/{reference}/{path}", body, "a-key-for-this-one", **again)
    assert done.status_code == 200
    assert names(reference) != before


@pytest.mark.parametrize("name", TASK_WRITES)
def test_a_task_that_changed_in_between_is_left_alone(program, reference, name):
    path, body = TASK_WRITES[name]
    task = task_of(program, reference)["task"]
    read = etag(program, f"tasks/{task}")
    cases.give_task(officer=people.get_officer("priya"), task=task, owner="priya", now=utc_now())
    before = names(reference)
    refused = program.post(f"tasks/{task}/{path}", body, **{"If-Match": read})
    assert kind(refused) == (412, "changed")
    assert names(reference) == before
    again = {"If-Match": etag(program, f"tasks/{task}")}
    assert program.post(f"tasks/{task}/{path}", body, **again).status_code == 200


def test_each_answer_has_the_etag_for_the_next(program, reference):
    read = etag(program, f"cases/{reference}")
    for text in ("One.", "Two.", "Three."):
        answer = program.post(f"cases/{reference}/notes", {"text": text}, **{"If-Match": read})
        assert answer.status_code == 200
        assert answer.json()["case"]["etag"] != read
        read = answer.json()["case"]["etag"]
    assert read == etag(program, f"cases/{reference}"), "and reading changes nothing"


def test_what_was_done_is_answered_again_whatever_happened_since(program, reference):
    read = {"If-Match": etag(program, f"cases/{reference}")}
    first = program.post(f"cases/{reference}/notes", {"text": "Once."}, "one-and-the-same-key", **read)
    note(reference)
    again = program.post(f"cases/{reference}/notes", {"text": "Once."}, "one-and-the-same-key", **read)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("wanted", "status", "says"),
    [
        ("*", 200, ""),
        ("{etag}", 200, ""),
        ('"something-else", {etag}', 200, ""),
        ('"something-else"', 412, "has changed"),
        ("W/{etag}", 412, "weak"),
        ("no-quotation-marks", 412, "quotation marks"),
        ("", 412, "quotation marks"),
    ],
)
def test_if_match_is_read_as_the_standard_says(program, reference, wanted, status, says):
    read = etag(program, f"cases/{reference}")
    header = {"If-Match": wanted.replace("{etag}", read)}
    response = program.post(f"cases/{reference}/notes", {"text": "x"}, **header)
    assert response.status_code == status
    told = response.json()
    assert says in f"{told.get('title', '')} {told.get('detail', '')}"


def test_nothing_on_our_side_makes_it_weak(program, reference):
    add(program, reference)
    for path in (f"cases/{reference}", f"tasks/{task_of(program, reference)['task']}"):
        response = program.get(path, **{"Accept-Encoding": "gzip"})
        assert response["ETag"].startswith('"')
        assert "Content-Encoding" not in response


def test_without_if_match_what_is_not_there_is_told_as_ever(program, reference):
    response = program.post("cases/AU-0000-0000/notes", {"text": "x"}, **{"If-Match": "*"})
    assert kind(response) == (404, "not-found")


@pytest.mark.django_db(transaction=True)
def test_of_those_who_read_the_same_one_writes(program, reference):
    """Each waits for the case before it looks: nobody writes to what another has just changed."""
    read, start, codes = etag(program, f"cases/{reference}"), threading.Barrier(4), []

    def send(number):
        try:
            start.wait()
            headers = {
                "Authorization": f"Bearer {program.key}",
                "Idempotency-Key": f"a-key-of-my-own-{number}",
                "If-Match": read,
            }
            path, body = f"/api/v1/cases/{reference}/notes", {"text": f"Number {number}"}
            codes.append(Client().post(path, body, "application/json", headers=headers).status_code)
        finally:
            connections.close_all()

    senders = [threading.Thread(target=send, args=[number]) for number in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(codes) == [200, 412, 412, 412]
    assert len(program.get(f"cases/{reference}/notes").json()["notes"]) == 1
