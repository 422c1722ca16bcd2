"""Rules that count from a booked day: moved when it is moved, gone when it is cancelled, told once."""

import os
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from vestry.book import api as book
from vestry.kernel import LONDON, Ref
from vestry.ledger import api as ledger
from vestry.notify.models import Message
from vestry.services import api as services
from vestry.services import jobs
from vestry.services.definition.check import check_text
from vestry.services.models import Journey, Timer
from vestry.services.readers import MovesDays, OnRules
from vestry.services.tests.services_to_try import KNOWN, ORIGIN, offer
from vestry.services.tests.test_book_a_time import VISIT

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("VESTRY_EXAMPLES", "15"))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANN = Ref("officer", "ann")
BEFORE, AFTER = "1 day before visit", "3 days after visit"
REMINDED = VISIT.replace(
    "on:\n",
    f"""\
  soon: {{subject: Soon, body: "You come on ((day))."}}
  since: {{subject: Since, body: "You came on ((day))."}}
on:
  {BEFORE}: [{{notify: soon}}]
  {AFTER}: [{{notify: since}}]
""",
)
TENTH = date(2026, 12, 10)


@pytest.fixture
def visits(council):
    plan = book.Plan(
        open=dict.fromkeys(range(7), (book.read_hours("10:00-11:00"),)),
        every=60,
        lasts=60,
        most=4,
        each={"seats": 1},
        bank_holidays=True,
    )
    book.put_calendars(
        resources=[book.ResourcePlan(slug="seats", title="Seats", stock=4)],
        calendars=[book.CalendarPlan(slug="visits", title="Visits", plan=plan)],
    )
    offer(REMINDED, NOON)


def slot(day):
    start = book.here(datetime.combine(day, time(10), LONDON))
    return book.Slot(calendar="visits", start=start, end=start + timedelta(hours=1))


def send(day, key="k", people=1):
    said = {"people": people, "visit-time": slot(day).start.isoformat(), "email": f"{key}@example.com"}
    sent = services.submit_answers(
        service="visit", answers=said, key=key, client="tests", origin=ORIGIN, now=NOON
    )
    return next(each.key for each in services.made(Ref("case", sent.reference)) if each.kind == "booking")


def move(booking, day, now=NOON):
    book.change(reference=booking, slot=slot(day), actor=ANN, now=now, by_officer=True)


def read_on(now):
    for reader in (MovesDays(), OnRules()):
        for _twice in range(2):
            ledger.read_on(reader, now=now)
    assert ledger.parked() == []


def turn(now):
    read_on(now)
    jobs.days_come(now=now)
    read_on(now)


def nine(day):
    return datetime.combine(day, time(9), LONDON)


def told():
    found = Message.objects.filter(subject__in=["Soon", "Since"]).order_by("pk")
    return [each.body.strip() for each in found]


def due():
    return {each.on: each.due_at for each in Timer.objects.exclude(due_at=None)}


def test_the_day_before_and_days_after_are_told_once(visits):
    send(TENTH)
    assert due() == {BEFORE: nine(date(2026, 12, 9)), AFTER: nine(date(2026, 12, 13))}
    turn(nine(date(2026, 12, 9)) - timedelta(minutes=1))
    assert told() == []
    for _twice in range(2):
        turn(nine(date(2026, 12, 9)))
    assert told() == ["You come on 10 December 2026."]
    turn(nine(date(2026, 12, 13)))
    assert told()[1:] == ["You came on 10 December 2026."]


def test_moved_with_the_booking(visits):
    booking = send(TENTH)
    move(booking, date(2026, 12, 3))
    read_on(NOON)
    assert due() == {BEFORE: nine(date(2026, 12, 2)), AFTER: nine(date(2026, 12, 6))}
    turn(nine(date(2026, 12, 2)))
    assert told() == ["You come on 3 December 2026."]


def test_a_worker_that_comes_to_the_clock_first_tells_nobody_of_a_day_that_is_none_any_more(visits):
    booking = send(TENTH)
    move(booking, date(2026, 12, 20))
    jobs.days_come(now=nine(date(2026, 12, 9)))
    assert due()[BEFORE] == nine(date(2026, 12, 19))
    book.cancel(reference=booking, actor=ANN, now=NOON, by_officer=True)
    jobs.days_come(now=nine(date(2026, 12, 30)))
    assert (due(), told()) == ({}, [])


def test_gone_with_the_booking(visits):
    booking = send(TENTH)
    book.cancel(reference=booking, actor=ANN, now=NOON, by_officer=True)
    read_on(NOON)
    assert due() == {}
    turn(nine(date(2026, 12, 30)))
    assert told() == []


def test_moved_after_it_was_told_it_is_told_of_the_other_day(visits):
    booking = send(TENTH)
    turn(nine(date(2026, 12, 9)))
    now = nine(date(2026, 12, 9)) + timedelta(hours=1)
    move(booking, date(2026, 12, 20), now)
    turn(now)
    turn(nine(date(2026, 12, 19)))
    assert told() == ["You come on 10 December 2026.", "You come on 20 December 2026."]


def test_a_day_that_was_over_when_it_was_sent_comes_once_it_is_moved(visits):
    booking = send(date(2026, 11, 25))
    assert due() == {AFTER: nine(date(2026, 11, 28))}
    move(booking, date(2026, 12, 20))
    read_on(NOON)
    assert due()[BEFORE] == nine(date(2026, 12, 19))


def test_of_a_repeat_before_is_the_first_and_after_the_last(visits):
    offer(REMINDED.replace("units: people}", "units: people, times: people}"), NOON)
    send(date(2026, 12, 3), people=3)
    assert due() == {BEFORE: nine(date(2026, 12, 2)), AFTER: nine(date(2026, 12, 20))}


def test_what_is_no_step_with_a_day_is_told():
    wrong = REMINDED.replace(BEFORE, "1 day before vist")
    (mistake,) = check_text(wrong, "visit.yaml", KNOWN).mistakes
    assert mistake.what == '"vist" is no day that can be counted from.'
    assert mistake.instead == "There are: submitted, visit."


def test_three_are_due_and_one_that_breaks_keeps_nobody_waiting(visits):
    for key in "abc":
        send(TENTH, key)
    broken = Journey.objects.order_by("pk")[1]
    Journey.objects.filter(pk=broken.pk).update(confirmed={"visit": "not what it was"})
    at = nine(date(2026, 12, 9))
    assert jobs.days_come(now=at) == 2
    read_on(at)
    to = [each.to for each in Message.objects.filter(subject="Soon").order_by("to")]
    assert to == ["a@example.com", "c@example.com"]
    # It is tried again, and done once it can be.
    assert jobs.days_come(now=at) == 0
    Journey.objects.filter(pk=broken.pk).update(confirmed=broken.confirmed)
    assert jobs.days_come(now=at + jobs.AGAIN) == 1


def test_moved_past_its_reminder_nobody_is_reminded_of_the_day_it_was(visits):
    booking = send(date(2026, 11, 26))
    now = NOON + timedelta(days=2)
    move(booking, date(2026, 11, 27), now)
    for _twice in range(2):
        # The clock comes before the fact is read, and after.
        jobs.days_come(now=now)
        read_on(now)
    assert told() == []
    turn(nine(date(2026, 11, 30)))
    assert told() == ["You came on 27 November 2026."]


def test_what_is_done_afterwards_is_done_where_the_last_of_a_repeat_went_too_late(visits):
    offer(REMINDED.replace("units: people}", "units: people, times: people}"), NOON)
    first = send(date(2026, 12, 3), people=3)
    now = nine(date(2026, 12, 9))
    turn(now)
    for each in book.series_of(reference=first)[1:]:
        book.cancel(reference=each.reference, actor=ANN, now=now, by_officer=True)
    for _twice in range(2):
        turn(now)
    assert told()[-1] == "You came on 3 December 2026."
    assert len(told()) == len(set(told()))


class Moving(RuleBasedStateMachine):
    """Somebody books, an officer moves and cancels, the clock goes on, the worker comes when it likes."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()

    @initialize(day=st.integers(1, 40))
    def begins(self, day):
        self.now = NOON
        self.booking = send(NOON.date() + timedelta(days=day))

    @rule(day=st.integers(1, 60))
    def moves(self, day):
        try:
            move(self.booking, self.now.date() + timedelta(days=day), self.now)
        except (book.AlreadyEnded, book.NotOffered):
            return

    @rule()
    def cancels(self):
        book.cancel(reference=self.booking, actor=ANN, now=self.now, by_officer=True)

    @rule(hours=st.sampled_from([1, 5, 24, 100]))
    def time_goes_by(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def the_clock_comes(self):
        stood = book.get(reference=self.booking)
        ledger.read_on(OnRules(), now=self.now)
        before = len(told())
        jobs.days_come(now=self.now)
        ledger.read_on(OnRules(), now=self.now)
        for body in told()[before:]:
            assert stood.state == "booked"
            assert body.endswith(f"{stood.start.day} {stood.start:%B %Y}.")

    @rule()
    def facts_are_read(self):
        read_on(self.now)

    @invariant()
    def nobody_is_told_twice_of_where_it_is(self):
        for before, after in zip(told(), told()[1:], strict=False):
            assert before != after

    def teardown(self):
        try:
            if hasattr(self, "booking"):
                turn(self.now)
                turn(self.now + timedelta(days=200))
                assert due() == {}
        finally:
            transaction.savepoint_rollback(self.savepoint)


def test_whatever_happens_to_the_booking(visits):
    run_state_machine_as_test(
        Moving,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
