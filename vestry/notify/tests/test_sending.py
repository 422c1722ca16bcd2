"""Writing a message down."""

import pytest

from vestry.councils import api as councils
from vestry.design.capability import Contact
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.tests.posted import CASE, NOON, a_message, the_message


def test_a_message_waits_with_its_fact(council):
    a_message()
    message = the_message()
    assert (message.to, message.state, message.about) == ("amal@example.org", "queued", CASE)
    assert [(fact.name, fact.payload["called"]) for fact in ledger.history(CASE)] == [
        ("notify.message_queued", "message")
    ]


def test_one_message_for_each_key(council, mailbox):
    a_message("submitted:1", subject="First")
    a_message("submitted:1", subject="Second")
    a_message("submitted:2", subject="Third")
    assert [message.subject for message in notify.sent()] == ["Third", "First"]
    assert len(ledger.history(CASE)) == 2


def test_a_key_is_a_council_s_own(council, other_council):
    a_message()
    with councils.scope(other_council):
        assert notify.sent() == []
        a_message(subject="Saltmarsh")
        assert the_message().subject == "Saltmarsh"
    assert the_message().subject == "We have your report"


def test_somebody_without_an_address_is_not_written_to(council):
    a_message(to=Contact(name="Amal Haddad"))
    a_message(to="  ")
    assert notify.sent() == []
    assert ledger.history(CASE) == []


def test_what_is_rolled_back_is_not_sent(council):
    with pytest.raises(RuntimeError), ledger.transaction():
        a_message()
        raise RuntimeError
    assert notify.sent() == []


@pytest.mark.parametrize("odd", ["", "\x00", "a\r\nBcc: everyone@example.org", "x" * 10_000, "🦆" * 500])
def test_whatever_was_typed_can_be_queued(council, mailbox, odd):
    a_message(to=Contact(name=odd, email=f"{odd}@example.org"), subject=odd, body=odd)
    assert the_message().state == "queued"
    assert len(the_message().subject.splitlines()) <= 1


def test_the_ledger_holds_nobody_s_details(council, mailbox):
    a_message()
    notify.deliver_due(now=NOON)
    said = str([fact.payload for fact in ledger.history(CASE)])
    assert len(mailbox.taken) == 1
    for private in ("amal", "Amal", "report", "MB-7K3N"):
        assert private not in said


def test_the_newest_come_first_and_no_more_than_asked(council):
    for number in range(5):
        a_message(str(number), subject=f"Number {number}")
    assert [message.subject for message in notify.sent(limit=2)] == ["Number 4", "Number 3"]
