"""Any order of events: never more taken than there is, every hold ends, and the facts tell all of it."""

import os
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from vestry.book import api, rules
from vestry.book.models import Booking, Cell, Resource, Taking, Waiter
from vestry.book.rules import Span
from vestry.book.tests.made import ANN, MONDAY, NOW, calendars, free
from vestry.ledger import api as ledger

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("VESTRY_EXAMPLES", "15"))
CALENDARS = ("hall", "round", "ceremony", "birth")
REFUSALS = (
    api.Full,
    api.NotOffered,
    api.HoldEnded,
    api.NoSuchBooking,
    api.AlreadyEnded,
    api.TooLateToChange,
    api.NothingOffered,
)
who = st.integers(0, 5)
which = chairs = st.integers(0, 7)
ENDED = {"book.released": "released", "book.lapsed": "lapsed", "book.cancelled": "cancelled"}


class Everybody(RuleBasedStateMachine):
    """People who hold, wait, book, move and cancel, an officer who closes days, and the clock."""

    def __init__(self):
        super().__init__()
        self.now = NOW
        self.savepoint = transaction.savepoint()
        calendars(crew=3)
        self.slots = {name: free(name)[:3] for name in CALENDARS}

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def slot(self, calendar, number):
        return self.slots[calendar][number % len(self.slots[calendar])]

    def of(self, number):
        return Booking.objects.filter(key=f"key/{number}").values_list("reference", flat=True).first() or "-"

    def attempt(self, job):
        with suppress(*REFUSALS):
            job()

    @rule(
        number=who,
        calendar=st.sampled_from(CALENDARS),
        at=which,
        units=st.integers(1, 3),
        chairs=st.integers(0, 7),
    )
    def hold(self, number, calendar, at, units, chairs):
        wanted = api.Wanted(
            units=units if calendar == "round" else 1,
            extras={"chairs": chairs} if calendar == "hall" and chairs else {},
        )
        until = self.now + timedelta(minutes=15)
        self.attempt(
            lambda: api.hold(
                calendar=calendar,
                slot=self.slot(calendar, at),
                wanted=wanted,
                until=until,
                key=f"key/{number}",
                actor=ANN,
                now=self.now,
            )
        )

    @rule(number=who)
    def confirm(self, number):
        self.attempt(lambda: api.confirm(reference=self.of(number), actor=ANN, now=self.now))

    @rule(number=who)
    def extend(self, number):
        until = self.now + timedelta(minutes=40)
        self.attempt(lambda: api.extend(reference=self.of(number), until=until, actor=ANN, now=self.now))

    @rule(number=who)
    def release(self, number):
        api.release(reference=self.of(number), actor=ANN, now=self.now)

    @rule(number=who, calendar=st.sampled_from(CALENDARS), at=which)
    def change(self, number, calendar, at):
        slot = self.slot(calendar, at)
        self.attempt(lambda: api.change(reference=self.of(number), slot=slot, actor=ANN, now=self.now))

    @rule(number=who, by_officer=st.booleans())
    def cancel(self, number, by_officer):
        self.attempt(
            lambda: api.cancel(reference=self.of(number), actor=ANN, now=self.now, by_officer=by_officer)
        )

    @rule(number=who, calendar=st.sampled_from(CALENDARS), units=st.integers(1, 3))
    def join(self, number, calendar, units):
        wanted = api.Wanted(units=units if calendar == "round" else 1)
        here = {"calendar": calendar, "first": MONDAY, "last": MONDAY, "wanted": wanted}
        self.attempt(lambda: api.join(**here, key=f"w/{number}", actor=ANN, now=self.now))

    @rule()
    def offer(self):
        api.offer(now=self.now)

    @rule(number=who)
    def take(self, number):
        waiting = [each for name in CALENDARS for each in api.waiting(calendar=name, now=self.now)]
        if number < len(waiting):
            which = waiting[number].reference
            self.attempt(lambda: api.take_offer(reference=which, actor=ANN, now=self.now))

    def of_list(self, number):
        return Waiter.objects.filter(key=f"w/{number}").values_list("reference", flat=True).first() or "-"

    @rule(number=who, other=who)
    def accept(self, number, other):
        """For the journey of somebody who may hold another time by now."""
        until = self.now + timedelta(minutes=15)
        which, key = self.of_list(number), f"key/{other}"
        self.attempt(lambda: api.accept(reference=which, key=key, until=until, actor=ANN, now=self.now))

    @rule(number=who)
    def leave(self, number):
        api.leave(reference=self.of_list(number), actor=ANN, now=self.now)

    @rule(minutes=st.sampled_from([1, 14, 16, 60, 1500]))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(crew=st.integers(1, 4))
    def less_or_more(self, crew):
        calendars(crew=crew)

    @rule()
    def tick(self):
        while api.lapse(now=self.now):
            pass
        assert not Booking.objects.filter(state="held", until__lte=self.now).exists()

    @invariant()
    def what_is_counted_is_what_is_taken_and_never_more_than_there_was(self):
        counted = Counter()
        for taking in Taking.objects.filter(booking__state__in=("held", "booked")).select_related("resource"):
            for at in rules.cells(Span(start=taking.start, end=taking.end), taking.resource.grain):
                counted[taking.resource_id, at] += taking.many
        cells = {(cell.resource_id, cell.at): cell for cell in Cell.objects.all()}
        assert {key: cell.taken for key, cell in cells.items() if cell.taken} == dict(counted)
        most = {row.pk: max(row.stock, 4 if row.slug == "crew" else 0) for row in Resource.objects.all()}
        assert all(many <= most[resource] for (resource, _at), many in counted.items())

    @invariant()
    def what_is_offered_is_kept_or_its_time_is_up(self):
        for row in Waiter.objects.filter(state="offered").select_related("booking"):
            kept = row.booking
            assert kept.state in ("held", "lapsed"), kept.state
            assert kept.state == "held" or self.ran_out(kept)
        assert not Waiter.objects.filter(state__in=("taken", "gone")).exclude(who="", email="").exists()

    def ran_out(self, kept):
        held = [each for each in ledger.since(0, limit=100_000) if each.subject.key == kept.reference]
        until = max(each.payload["until"] for each in held if each.name == "book.held")
        return datetime.fromisoformat(until) <= self.now

    @invariant()
    def the_facts_tell_who_waits(self):
        told = {}
        for fact in ledger.since(0, limit=100_000):
            if fact.name in ("book.joined", "book.offered", "book.left"):
                told[fact.subject.key] = fact.name
        goes_on = {key for key, name in told.items() if name != "book.left"}
        rows = Waiter.objects.filter(state__in=("waiting", "offered"))
        assert set(rows.values_list("reference", flat=True)) == goes_on
        offered = {key for key, name in told.items() if name == "book.offered"}
        assert set(rows.filter(state="offered").values_list("reference", flat=True)) == offered

    @invariant()
    def the_facts_tell_the_state_and_the_time_of_every_booking(self):
        told = {}
        for fact in ledger.since(0, limit=100_000):
            if fact.name in ("book.held", "book.booked", "book.changed"):
                state = "held" if fact.name == "book.held" else "booked"
                told[fact.subject.key] = (state, datetime.fromisoformat(fact.payload["start"]))
            elif fact.name in ENDED:
                told[fact.subject.key] = (ENDED[fact.name], told[fact.subject.key][1])
        rows = {row.reference: (row.state, rules.moment_of(row.start)) for row in Booking.objects.all()}
        assert told == rows


def test_in_any_order(council):
    """Run once with VESTRY_EXAMPLES=10000 when the room's verbs change."""
    run_state_machine_as_test(
        Everybody,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_database_itself_refuses_more_than_there_is(council):
    calendars()
    monday = free("round")[0]
    api.desk_book(slot=monday, who="", key="a", actor=ANN, now=NOW)
    for wrong in (6, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Cell.objects.update(taken=wrong)
