"""What became of messages that went out: told to us, or asked for; twice, late, and in any order."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.councils import api as councils
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.models import Message
from vestry.notify.ports import Unreachable
from vestry.notify.rules import ASKS, DELIVERED, FAILED, LEASE, QUEUED, SENT, WAITS, state_after
from vestry.notify.tests.posted import (
    AMAL,
    CASE,
    LATER,
    NOON,
    a_message,
    fakes,
    plugged,
    receipt_fakes,
    the_message,
)

BECAME = ("delivered", "permanent", "temporary", "technical")


@pytest.fixture
def receipts():
    known = receipt_fakes.FakeReceipts()
    with plugged(fakes.FakeEmail(known)):
        yield known


def told(became, message_id="", token=receipt_fakes.FakeReceipts.token, now=NOON):
    message_id = message_id or Message.objects.get().message_id
    notify.take_receipt(token=token, body=f"{message_id} {became}".encode(), now=now)


def posted():
    a_message()
    notify.deliver_due(now=NOON)


def state():
    return the_message().state, the_message().failure


def facts():
    return [fact.name.removeprefix("notify.message_") for fact in ledger.history(CASE)]


@pytest.mark.parametrize(
    ("became", "state_then", "stated"),
    [
        ("delivered", (DELIVERED, ""), "delivered"),
        ("permanent", (FAILED, "permanent"), "failed"),
        ("temporary", (FAILED, "temporary"), "failed"),
        ("technical", (QUEUED, ""), "returned"),
    ],
)
def test_a_receipt_says_what_became_of_it(council, receipts, became, state_then, stated):
    posted()
    told(became)
    assert state() == state_then
    assert facts() == ["queued", "sent", stated]
    assert bool(the_message().last_error) is (became != "delivered")


def test_one_that_got_stuck_goes_again_and_may_be_given_up(council, receipts):
    posted()
    now = NOON
    for wait in WAITS:
        told("technical", now=now)
        assert the_message().next_try == now + wait
        now += wait
        notify.deliver_due(now=now)
        assert the_message().state == SENT
    told("technical", now=now)
    assert state() == (FAILED, "temporary")


def test_a_code_that_got_stuck_is_not_sent_again(council, receipts):
    notify.send_code(to=AMAL, subject="Code", body="418203", about=CASE, key="c", now=NOON, actor=CASE)
    notify.deliver_due(now=NOON)
    told("technical")
    assert state() == (FAILED, "temporary")


def test_told_before_we_marked_it_as_sent(council):
    """Their receipt may be quicker than our own hand."""
    a_message()

    class Quick(fakes.FakeEmail):
        def send(self, message):
            super().send(message)
            told("delivered", message.message_id)

    with plugged(Quick(receipt_fakes.FakeReceipts())) as email:
        notify.deliver_due(now=NOON)
        notify.deliver_due(now=NOON + timedelta(days=1))
        assert notify.ask_receipts(now=NOON + timedelta(days=9)) == 0
    assert len(email.taken) == 1
    assert the_message().state == DELIVERED


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from(BECAME), min_size=1, max_size=5))
def test_twice_and_in_any_order_comes_to_one_end(council, receipts, order):
    Message.objects.all().delete()
    posted()
    for became in order:
        told(became)
    if "delivered" in order:
        assert the_message().state == DELIVERED
    else:
        assert the_message().state == (QUEUED if order[0] == "technical" else FAILED)
    before = len(ledger.history(CASE))
    for became in order if the_message().state != QUEUED else ():
        told(became)
    assert len(ledger.history(CASE)) == before


@given(st.sampled_from([QUEUED, SENT, DELIVERED, FAILED]), st.sampled_from(BECAME), st.booleans())
def test_what_somebody_has_stays_delivered(state, became, again):
    assert state_after(DELIVERED, became, can_go_again=again) == DELIVERED
    after = state_after(state, became, can_go_again=again)
    assert state_after(after, became, can_go_again=again) == after or after == SENT


def test_what_is_not_told_is_asked_until_it_is_known(council, receipts):
    posted()
    assert notify.ask_receipts(now=NOON + ASKS[0] - LATER) == 0
    now = NOON + ASKS[0]
    assert notify.ask_receipts(now=now) == 1
    assert notify.ask_receipts(now=now) == 0
    receipts.known[Message.objects.get().message_id] = "delivered"
    assert notify.ask_receipts(now=now + ASKS[1]) == 1
    assert the_message().state == DELIVERED
    assert notify.ask_receipts(now=now + timedelta(days=30)) == 0
    assert len(receipts.asked) == 2


def test_nobody_is_asked_for_ever(council, receipts):
    posted()
    now = NOON
    for wait in ASKS:
        now += wait
        assert notify.ask_receipts(now=now) == 1
    assert notify.ask_receipts(now=now + timedelta(days=365)) == 0
    assert now - NOON > timedelta(hours=72)
    assert state() == (SENT, "")


def test_somebody_who_is_not_there_is_asked_later(council):
    for number in range(3):
        a_message(str(number))
    with plugged(fakes.FakeEmail(receipt_fakes.FailingReceipts())) as email:
        notify.deliver_due(now=NOON)
        assert notify.ask_receipts(now=NOON + ASKS[0]) == 0
        assert len(email.receipts.asked) == 1
        notify.ask_receipts(now=NOON + ASKS[0] + LEASE)
        assert len(email.receipts.asked) == 2
    assert {message.state for message in notify.sent()} == {SENT}


def test_a_second_try_says_that_it_is_one(council):
    seen = []

    class Watching(fakes.FakeEmail):
        def send(self, message):
            seen.append(message.tried_before)
            if len(seen) == 1:
                raise Unreachable("Not now.")

    a_message()
    with plugged(Watching()):
        notify.deliver_due(now=NOON)
        notify.deliver_due(now=NOON + WAITS[0])
    assert seen == [False, True]


def test_a_receipt_from_somebody_else_changes_nothing(council, receipts):
    posted()
    with pytest.raises(notify.NotFromThem):
        told("delivered", token="guessed")
    with pytest.raises(notify.NotAReceipt):
        told("eaten")
    told("delivered", "<nothing@of.ours>")
    assert the_message().state == SENT


def test_another_council_s_message_is_out_of_reach(council, other_council, receipts):
    with councils.scope(other_council):
        posted()
        theirs = Message.objects.get().message_id
    told("permanent", theirs)
    with councils.scope(other_council):
        assert the_message().state == SENT


def test_where_nobody_sends_receipts(council, mailbox):
    posted()
    with pytest.raises(notify.NoReceipts):
        told("delivered")
    assert notify.ask_receipts(now=NOON + timedelta(days=9)) == 0


def test_messages_about_one_thing_and_those_that_did_not_arrive(council, receipts):
    posted()
    told("permanent")
    a_message("2", subject="Second")
    assert [message.subject for message in notify.about(CASE)] == ["We have your report", "Second"]
    assert [message.failure for message in notify.sent(failed=True)] == ["permanent"]


def test_facts_replayed_give_what_the_table_holds(council, receipts):
    for number, became in enumerate([*BECAME, ""]):
        a_message(str(number), called=f"m{number}")
        notify.deliver_due(now=NOON)
        if became:
            told(became, Message.objects.get(key=str(number)).message_id)
    told("delivered", Message.objects.get(key="1").message_id)
    leads_to = {"queued": QUEUED, "sent": SENT, "delivered": DELIVERED, "returned": QUEUED, "failed": FAILED}
    replayed = {}
    for fact in ledger.history(CASE):
        state = leads_to[fact.name.rpartition("_")[2]]
        replayed[fact.payload["message"]] = (state, fact.payload.get("failure", ""))
    assert replayed == {message.id: (message.state, message.failure) for message in notify.sent()}
    assert sorted(state for state, _ in replayed.values()) == [DELIVERED, DELIVERED, FAILED, QUEUED, SENT]
