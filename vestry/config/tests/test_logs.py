"""Nothing of what people said, and no key of theirs, is in the log: after a whole walk it is read."""

import io
import json
import logging

import pytest

from vestry.channels.public.tests.visitor import Visitor
from vestry.channels.rest.tests.calling import EVERYTHING, offer
from vestry.config import worker
from vestry.config.logs import Line
from vestry.kernel import plug, utc_now
from vestry.ledger.api import Wanted
from vestry.notify.ports import Rejected
from vestry.outbound.email.fakes import FailingEmail
from vestry.services.tests.services_to_try import furnish

NAME, EMAIL, PHONE = "Zebedee Quillfeather", "zebedee@quill.example", "01632 960 777"
PASSWORD, CODE = "wobbly-lantern-forty", "739155"
PLANTED = ("zebedee", "quill", "960 777", "01632960777", PASSWORD, CODE)


@pytest.fixture
def log():
    lines, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(Line())
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


def walk(client):
    """By API and by page, well and badly."""
    said = {"who": NAME, "phone": PHONE, "what": "little", "sure": True}
    for answers in (said, {**said, "phone": EMAIL}, {NAME: EMAIL}):
        client.post(
            "/api/v1/services/everything/submissions",
            json.dumps({"answers": answers}),
            content_type="application/json",
            headers={"Idempotency-Key": f"key-of-{EMAIL}-{len(answers)}"},
        )
    visitor = Visitor()
    visitor.open("/services/everything/").press()
    visitor.press(who=NAME, phone=EMAIL)
    visitor.press(who=NAME, phone=PHONE)
    visitor.open(f"/services/everything/{NAME}/{EMAIL}/")
    client.post("/status/", {"reference": EMAIL, "email": EMAIL})
    client.post("/status/code/", {"code": CODE})
    client.post("/desk/sign-in/", {"login": EMAIL, "password": PASSWORD})
    client.get("/api/v1/submissions/EV-0000-0000", headers={"Authorization": f"Bearer {PASSWORD}"})


def test_a_whole_walk_leaves_nothing_of_anybody_in_the_log(council, client, log, monkeypatch):
    furnish()
    offer(EVERYTHING)
    client.raise_request_exception = False
    monkeypatch.setattr(worker, "READERS", (*worker.READERS, Quoting()))
    for fault in (Rejected(f"{EMAIL} is unknown"), ValueError(EMAIL)):
        plug("notify.email", lambda fault=fault: FailingEmail(fault))
        walk(client)
        worker.turn(utc_now())
    with monkeypatch.context() as broken:
        broken.setattr("vestry.services.api.catalogue", quote)
        client.get(f"/?q={EMAIL}")
    logging.getLogger("a.library").error("It broke.", exc_info=ValueError(EMAIL))

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {"fact_held", "page_failed", "It broke."} <= {line["event"] for line in lines}
    written = log.getvalue().lower()
    assert [word for word in PLANTED if word.lower() in written] == []


def quote(*_, **__):
    raise ValueError(f"{NAME} <{EMAIL}>")


class Quoting:
    """A reader that breaks over everything, quoting somebody."""

    name = "quoting"
    wants = Wanted()

    def handle(self, fact, *, now):
        quote()


def test_a_fault_a_library_tells_of_keeps_its_kind_and_place_only(log):
    try:
        quote()
    except ValueError:
        logging.getLogger("a.library").exception("It broke.")
    line = json.loads(log.getvalue())
    assert (line["error"], line["logger"], line["level"]) == ("ValueError", "a.library", "error")
    assert line["file"].endswith("test_logs.py")
    assert EMAIL not in log.getvalue()
