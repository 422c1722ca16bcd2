"""What is around the cases: messages sent, what is parked, and who has nothing to do here."""

from datetime import timedelta

import pytest

from vestry.channels.desk.tests.pages import text
from vestry.kernel import SYSTEM, Ref
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.ports import Rejected
from vestry.notify.tests.posted import fakes, plugged
from vestry.people import api as people
from vestry.people.tests.officers import PLACEMENTS, put_officers
from vestry.services.tests.services_to_try import TUESDAY_NOON


@pytest.fixture
def mailbox():
    with plugged(fakes.FakeEmail()) as fake:
        yield fake


def test_support_sees_what_was_sent_but_no_codes(signed_in, reference, mailbox):
    words = {"to": "sam@example.com", "about": Ref("case", reference), "now": TUESDAY_NOON, "actor": SYSTEM}
    notify.send(subject="We have your report", body="It is on its way.", key="a", **words)
    notify.send_code(subject="Your code", body="123456", key="b", **words)
    said = text(signed_in("sam").get("/desk/messages/"))
    assert "We have your report" in said
    assert "It is on its way." in said
    assert "Waiting to be sent" in said
    assert "123456" not in said
    assert "so it is not shown" in said


def test_in_the_demo_everybody_sees_what_was_sent(signed_in, settings, mailbox):
    assert signed_in("priya").get("/desk/messages/").status_code == 404
    settings.DEMO = True
    response = signed_in("priya").get("/desk/messages/")
    assert response.status_code == 200
    assert "Messages sent" in response.content.decode()


class Stubborn:
    """Can handle nothing."""

    name = "stubborn"
    wants = ledger.Wanted()

    def handle(self, fact, *, now):
        raise RuntimeError


def test_a_parked_fact_can_be_tried_again(signed_in, reference):
    for day in range(7):
        ledger.read_on(Stubborn(), now=TUESDAY_NOON + timedelta(days=day))
    (parked, *_more) = ledger.parked()
    sam = signed_in("sam")
    said = text(sam.get("/desk/parked/"))
    assert reference in said
    assert "RuntimeError" in said
    for sentence in ("tried again in a moment", "no longer waiting"):
        response = sam.post(f"/desk/parked/{parked.id}/", follow=True)
        assert sentence in response.content.decode()
    assert parked.id not in {fact.id for fact in ledger.parked()}
    assert sam.post("/desk/parked/99999999999999999999999/").status_code == 404


def test_support_comes_to_what_they_do(signed_in):
    assert signed_in("sam").get("/desk/").headers["Location"] == "/desk/tasks/"


def test_whoever_has_no_role_yet_finds_nothing(signed_in):
    put_officers([*PLACEMENTS, people.Placement(slug="new", name="New Here", email="new@harrowmere.example")])
    assert signed_in("new").get("/desk/").status_code == 404


def test_the_manager_begins_with_all_cases(signed_in, reference):
    said = text(signed_in("grace").get("/desk/"))
    assert said.startswith("All cases I can see")
    assert reference in said


def test_what_is_not_there_is_not_logged_as_a_fault(signed_in, caplog):
    assert signed_in("priya").get("/desk/cases/MB-0000-0000/").status_code == 404
    assert "page_failed" not in caplog.text


def test_an_officer_sees_on_the_case_which_emails_did_not_arrive(signed_in, reference, mailbox):
    words = {"to": "sam@example.com", "about": Ref("case", reference), "now": TUESDAY_NOON, "actor": SYSTEM}
    notify.send(subject="We have your report", body="It is on its way.", key="a", **words)
    with plugged(fakes.FailingEmail(Rejected("There is no such mailbox."))):
        notify.deliver_due(now=TUESDAY_NOON)
    said = text(signed_in("priya").get(f"/desk/cases/{reference}/"))
    assert "We have your report Not delivered To sam@example.com" in said
    assert "There is no such mailbox. Ring or write instead." in said


def test_support_finds_what_was_not_delivered(signed_in, reference, mailbox):
    words = {"to": "sam@example.com", "about": Ref("case", reference), "now": TUESDAY_NOON, "actor": SYSTEM}
    for subject in ("First", "Second"):
        notify.send(subject=subject, body="Hello.", key=subject, **words)
    with plugged(fakes.FailingEmail(Rejected("No."), times=1)):
        notify.deliver_due(now=TUESDAY_NOON)
    said = text(signed_in("sam").get("/desk/messages/?show=failed"))
    assert "First" in said
    assert "Second" not in said


def test_what_is_not_there_and_what_is_not_theirs_is_refused_alike_and_put_on_record(signed_in, reference):
    crew = signed_in("maya")
    not_theirs, not_there = (crew.get(f"/desk/cases/{one}/") for one in (reference, "MB-0000-0000"))
    assert not_theirs.status_code == not_there.status_code == 404
    assert not_theirs.content == not_there.content
    assert crew.get("/desk/parked/").status_code == 404
    told = [fact for fact in ledger.history(Ref("officer", "maya")) if fact.name == "people.officer_refused"]
    assert {fact.payload["address"] for fact in told} == {"desk:case", "desk:parked"}
