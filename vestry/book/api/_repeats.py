"""The same time again and again, and what an officer books for somebody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import Q

from vestry.book import rules
from vestry.book.api._calendars import slots
from vestry.book.api._holds import confirm, hold, release
from vestry.book.api._views import (
    NO_COURSE,
    AlreadyEnded,
    BookingView,
    Course,
    Full,
    NotOffered,
    Slot,
    booking_view,
)
from vestry.book.models import HELD, Booking
from vestry.book.rules import DAY, ONE, Wanted, minute_of, moment_of
from vestry.kernel import Ref
from vestry.ledger import api as ledger

# Long enough to book what is held in the same transaction.
A_MOMENT = timedelta(minutes=1)
# Once a week for a year.
MOST_TIMES = 53


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One of a repeat, and whether it can be had."""

    slot: Slot
    free: bool


def conflicts(
    *, slot: Slot, every: int, times: int, wanted: Wanted = ONE, now: datetime, mine: str = ""
) -> list[Occurrence]:
    """Every occurrence of a repeat, every ``every`` days by London's clocks, and whether it can be had now.

    ``mine`` is the first of a repeat that is about to be moved: what it takes counts as free. Raises
    `NoSuchCalendar`, `NotOffered` for more than a year of weeks.
    """
    if not (1 <= times <= MOST_TIMES and every >= 1):
        raise NotOffered
    starts = rules.repeats(minute_of(slot.start), every=every, times=times)
    lasts = minute_of(slot.end) - minute_of(slot.start)
    free = {
        (each.start, each.end)
        for each in slots(
            calendar=slot.calendar,
            from_=moment_of(starts[0]).date() - DAY,
            to=moment_of(starts[-1]).date() + DAY,
            wanted=wanted,
            now=now,
            mine=mine,
        )
    }
    each_slot = [
        Slot(calendar=slot.calendar, start=moment_of(start), end=moment_of(start + lasts)) for start in starts
    ]
    return [Occurrence(slot=each, free=(each.start, each.end) in free) for each in each_slot]


def repeat(
    *,
    slots: list[Slot],
    wanted: Wanted = ONE,
    until: datetime,
    course: Course = NO_COURSE,
    key: str,
    actor: Ref,
    now: datetime,
) -> list[BookingView]:
    """Hold all of these or none; each is a booking of its own, in the series of the first.

    With the same ``key`` again they are moved, and those that are too many are given back. Raises as `hold`
    does, and then what was held before stays.
    """
    wished = sorted(slots)
    keys = {key if number == 0 else f"{key}/{number + 1}": each for number, each in enumerate(wished)}
    with ledger.transaction():
        # One that moves may want the place another has until it moves, too: so they give back first.
        held = Booking.objects.filter(Q(key=key) | Q(key__startswith=f"{key}/"), state=HELD)
        for row in held.select_related("calendar").order_by("pk"):
            slot = keys.get(row.key)
            if slot is None or (minute_of(slot.start), minute_of(slot.end)) != (row.start, row.end):
                release(reference=row.reference, actor=actor, now=now)
        made = [
            hold(
                calendar=each.calendar,
                slot=each,
                wanted=wanted,
                until=until,
                course=course,
                key=own,
                actor=actor,
                now=now,
            )
            for own, each in keys.items()
        ]
        series = made[0].reference if len(made) > 1 else ""
        mine = [each.reference for each in made]
        # What was given back by now is part of no repeat any more.
        held_once = Booking.objects.filter(Q(key=key) | Q(key__startswith=f"{key}/"))
        held_once.exclude(reference__in=mine).update(series="")
        held_once.filter(reference__in=mine).update(series=series)
        return [replace(each, series=series) for each in made]


def series_of(*, reference: str) -> list[BookingView]:
    """The bookings of a repeat by its first, in order; of one that is none, just that."""
    rows = Booking.objects.select_related("calendar").filter(Q(reference=reference) | Q(series=reference))
    return [booking_view(row) for row in rows.order_by("start", "pk")]


def desk_book(
    *, slot: Slot, wanted: Wanted = ONE, who: str, key: str, actor: Ref, now: datetime
) -> BookingView:
    """Book for somebody, by the same rule as everybody. ``who`` is personal. Raises as `hold` does.

    The same ``key`` again comes to the same as once.
    """
    if booked := _booked(key):
        return confirm(reference=booked, actor=actor, now=now)
    try:
        return _book(slot, wanted, who, key, actor, now)
    except (Full, AlreadyEnded, IntegrityError):
        # The same form was sent a moment before, and what it took is what this one wants.
        if booked := _booked(key):
            return confirm(reference=booked, actor=actor, now=now)
        raise


def _booked(key: str) -> str | None:
    reference: str | None = Booking.objects.filter(key=key).values_list("reference", flat=True).first()
    return reference


def _book(slot: Slot, wanted: Wanted, who: str, key: str, actor: Ref, now: datetime) -> BookingView:
    with ledger.transaction():
        held = hold(
            calendar=slot.calendar,
            slot=slot,
            wanted=wanted,
            until=now + A_MOMENT,
            key=key,
            actor=actor,
            now=now,
        )
        return confirm(reference=held.reference, actor=actor, now=now, who=who)
