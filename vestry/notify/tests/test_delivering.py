"""The worker's job: everything queued goes out, once where it can be known, at least once always."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from vestry.councils import api as councils
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.models import Message
from vestry.notify.ports import Rejected, Unreachable
from vestry.notify.rules import LEASE, WAITS
from vestry.notify.tests.posted import AMAL, CASE, LATER, NOON, a_message, fakes, plugged, the_message

FakeEmail, FailingEmail = fakes.FakeEmail, fakes.FailingEmail


def facts():
    return [fact.name.removeprefix("notify.message_") for fact in ledger.history(CASE)]


def test_a_due_message_goes_out_once(council, mailbox):
    a_message()
    assert notify.deliver_due(now=NOON) == 1
    assert notify.deliver_due(now=NOON + timedelta(days=1)) == 0
    (email,) = mailbox.taken
    assert (email.to, email.to_name, email.sender_name) == (AMAL.email, AMAL.name, council.name)
    assert the_message().state == "sent"
    assert the_message().done_at == NOON
    assert facts() == ["queued", "sent"]


def test_what_can_not_go_now_is_tried_again_and_again_then_given_up(council):
    a_message()
    with plugged(FailingEmail(Unreachable("Nobody answers."))) as email:
        now = NOON
        for number, wait in enumerate(WAITS, start=1):
            notify.deliver_due(now=now)
            assert email.tries == number
            assert the_message().last_error == "Nobody answers."
            assert the_message().next_try == now + wait
            notify.deliver_due(now=now + wait - LATER)
            assert email.tries == number
            now += wait
        assert the_message().state == "queued"
        notify.deliver_due(now=now)
        notify.deliver_due(now=now + timedelta(days=30))
    assert email.tries == len(WAITS) + 1
    assert (the_message().state, the_message().next_try) == ("failed", None)
    assert facts() == ["queued", "failed"]


def test_a_server_that_comes_back_gets_the_same_message(council):
    a_message()
    with plugged(FailingEmail(times=2)) as email:
        for minutes in (0, 1, 6):
            notify.deliver_due(now=NOON + timedelta(minutes=minutes))
    assert len(email.taken) == 1
    assert (the_message().state, the_message().attempts, the_message().last_error) == ("sent", 3, "")


def test_a_refused_address_is_not_asked_again_and_the_rest_goes_on(council):
    a_message("bad", to="nobody@example.org")
    a_message("good")
    with plugged(FailingEmail(Rejected("There is no such mailbox."), times=1)) as email:
        assert notify.deliver_due(now=NOON) == 2
    assert [message.to for message in email.taken] == [AMAL.email]
    assert {message.to: message.state for message in notify.sent()} == {
        "nobody@example.org": "failed",
        AMAL.email: "sent",
    }


def test_an_adapter_that_breaks_is_told_without_details_and_tried_again(council):
    a_message()
    with plugged(FailingEmail(KeyError("amal@example.org"))):
        assert notify.deliver_due(now=NOON) == 0
    assert "KeyError" in the_message().last_error
    assert "amal" not in the_message().last_error
    assert the_message().state == "queued"


def test_a_lost_answer_means_twice_with_the_same_id(council):
    a_message()
    with plugged(FailingEmail(times=1, too_late=True)) as email:
        notify.deliver_due(now=NOON)
        notify.deliver_due(now=NOON + WAITS[0])
    assert len(email.taken) == 2
    assert len({message.message_id for message in email.taken}) == 1
    assert facts() == ["queued", "sent"]


class Killed(BaseException):
    """As if the process ended here."""


def test_a_killed_worker_s_message_is_sent_by_the_next(council):
    a_message()
    with plugged(FailingEmail(Killed(), times=1, too_late=True)) as email:
        with pytest.raises(Killed):
            notify.deliver_due(now=NOON)
        assert notify.deliver_due(now=NOON + LEASE - LATER) == 0
        assert notify.deliver_due(now=NOON + LEASE) == 1
    assert len({message.message_id for message in email.taken}) == 1
    assert the_message().state == "sent"


def test_a_dead_server_is_asked_once_a_round(council):
    for number in range(5):
        a_message(str(number))
    with plugged(FailingEmail()) as email:
        notify.deliver_due(now=NOON)
        assert email.tries == 1
        notify.deliver_due(now=NOON)
        assert email.tries == 2


def test_late_news_of_a_failure_changes_nothing(council):
    """A worker whose lease ran out learns that it failed, after another has sent the message."""
    a_message()

    class Slow(FailingEmail):
        def send(self, message):
            if not self.tries:
                self.tries += 1
                notify.deliver_due(now=NOON + LEASE)
                raise Rejected("Too late to matter.")
            super().send(message)

    with plugged(Slow(times=1)) as email:
        notify.deliver_due(now=NOON)
    assert len(email.taken) == 1
    assert the_message().state == "sent"
    assert facts() == ["queued", "sent"]


def test_each_council_s_messages_go_in_its_own_scope(council, other_council, mailbox):
    with councils.scope(other_council):
        a_message(subject="Saltmarsh")
    assert notify.deliver_due(now=NOON) == 0
    with councils.scope(other_council):
        assert notify.deliver_due(now=NOON) == 1
    assert [email.sender_name for email in mailbox.taken] == [other_council.name]


@pytest.mark.parametrize(("desk_is_mailbox", "kept"), [(True, True), (False, False)])
def test_a_code_is_forgotten_once_sent_unless_the_desk_is_the_mailbox(council, desk_is_mailbox, kept):
    notify.send_code(
        to=AMAL, subject="Your code", body="Your code is 418203.", about=CASE, key="c", now=NOON, actor=CASE
    )
    with plugged(FakeEmail()) as email:
        email.desk_is_mailbox = desk_is_mailbox
        assert ("418203" in the_message().body) is kept
        assert the_message().hidden is not kept
        notify.deliver_due(now=NOON)
        assert "418203" in email.taken[0].body
        email.desk_is_mailbox = True
        assert ("418203" in the_message().body) is kept


@pytest.mark.django_db(transaction=True)
def test_the_network_is_asked_with_no_transaction_open(council):
    seen = []

    class Watching(FakeEmail):
        def send(self, message):
            seen.append(connection.in_atomic_block)

    a_message()
    with plugged(Watching()):
        notify.deliver_due(now=NOON)
    assert seen == [False]


def test_behind_a_slow_server_the_last_message_is_as_safe_from_a_second_worker_as_the_first(
    council, monkeypatch
):
    passed, loose = [0], []
    monkeypatch.setattr("vestry.notify.api.delivering.monotonic", lambda: sum(passed))

    class Slow(FakeEmail):
        def send(self, message):
            super().send(message)
            passed.append(50)
            anybodys = Message.objects.filter(
                state="queued", next_try__lte=NOON + timedelta(seconds=sum(passed))
            )
            loose.append(anybodys.filter(message_id=message.message_id).exists())

    for number in range(6):
        a_message(str(number))
    with plugged(Slow()) as email:
        assert notify.deliver_due(now=NOON) == 6
    assert loose == [False] * len(email.taken)


@pytest.mark.django_db(transaction=True)
def test_several_workers_share_the_work(council):
    """Each message goes out exactly once while nobody is killed."""
    for number in range(30):
        a_message(str(number))
    start = threading.Barrier(4)
    faults = []

    def work():
        try:
            start.wait()
            with councils.scope(council):
                while notify.deliver_due(now=NOON):
                    pass
        except Exception as fault:
            faults.append(fault)
            raise
        finally:
            connections.close_all()

    with plugged(FakeEmail()) as email:
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert faults == []
    assert len(email.taken) == 30
    assert len({message.message_id for message in email.taken}) == 30
    assert {message.state for message in notify.sent()} == {"sent"}


def test_facts_replayed_give_what_the_table_holds(council):
    a_message("sent")
    a_message("failed", to="nobody@example.org", called="confirmation")
    a_message("waiting", now=NOON + timedelta(days=1))
    faults = iter([None, Rejected("No.")])

    class Mixed(FakeEmail):
        def send(self, message):
            if fault := next(faults):
                raise fault

    with plugged(Mixed()):
        notify.deliver_due(now=NOON)
    replayed = {}
    for fact in ledger.history(CASE):
        replayed[fact.payload["message"]] = (fact.name.rpartition("_")[2], fact.payload["called"])
    assert replayed == {message.id: (message.state, message.called) for message in notify.sent()}
    assert sorted(state for state, _ in replayed.values()) == ["failed", "queued", "sent"]
