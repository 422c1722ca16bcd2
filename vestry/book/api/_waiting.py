"""The waiting list: who waits for a place, and what is kept for them once one comes free."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from vestry.book import events
from vestry.book.api._calendars import find_row, load, slots
from vestry.book.api._holds import confirm, hold, lapse, release
from vestry.book.api._views import (
    NO_COURSE,
    BookingView,
    Course,
    Full,
    HoldEnded,
    NothingOffered,
    NotOffered,
    WaiterView,
    waiter_view,
)
from vestry.book.models import GONE, HELD, OFFERED, TAKEN, WAITING, Waiter
from vestry.book.rules import ONE, Wanted
from vestry.kernel import SYSTEM, Fact, Ref, new_reference
from vestry.ledger import api as ledger

OFFERED_AT_ONCE = 50


def _record(row: Waiter, fact: Fact, actor: Ref, now: datetime) -> None:
    ledger.record(
        fact,
        subject=Ref("waiter", row.reference),
        actor=actor,
        now=now,
        service=row.service,
        version=row.version,
        journey=row.journey,
    )


def join(  # noqa: PLR0913 - each is said by its name
    *,
    calendar: str,
    first: date,
    last: date,
    wanted: Wanted = ONE,
    who: str = "",
    course: Course = NO_COURSE,
    key: str,
    actor: Ref,
    now: datetime,
) -> WaiterView:
    """Wait for a place that begins on these days, both included. ``who`` is personal.

    The same ``key`` again comes to the same as once. Raises `NoSuchCalendar`, `NotOffered`.
    """
    found = find_row(calendar)
    if first > last or not 1 <= wanted.units <= load(found).most:
        raise NotOffered
    with ledger.transaction():
        row, new = Waiter.objects.select_related("calendar", "booking__calendar").get_or_create(
            key=key,
            defaults={
                "reference": new_reference("WL"),
                "calendar": found,
                "first": first,
                "last": last,
                "units": wanted.units,
                "minutes": wanted.minutes,
                "extras": dict(wanted.extras),
                "who": who[:200],
                "service": course.service,
                "version": course.version,
                "journey": course.journey,
                "since": now,
            },
        )
        if new:
            fact = events.Joined(
                calendar=calendar, first=first.isoformat(), last=last.isoformat(), units=wanted.units
            )
            _record(row, fact, actor, now)
        return waiter_view(row)


def waiting(*, calendar: str) -> list[WaiterView]:
    """Who waits or has an offer, longest first."""
    rows = Waiter.objects.select_related("calendar", "booking__calendar")
    rows = rows.filter(calendar__slug=calendar, state__in=[WAITING, OFFERED])
    return [waiter_view(row) for row in rows.order_by("since", "pk")]


def offer(*, now: datetime) -> int:
    """Keep what is free for those who wait for it, who waits longest first. How many offers and endings.

    Whoever lets an offer go, or its time run out, has had it: the next in line is asked.
    """
    done = lapse(now=now) + _end_offers(now)
    rows = Waiter.objects.filter(state=WAITING).order_by("since", "pk")
    for pk in list(rows.values_list("pk", flat=True)[:OFFERED_AT_ONCE]):
        with ledger.transaction():
            row = _locked(pk=pk)
            done += bool(row and row.state == WAITING and _offer_one(row, now))
    return done


def _offer_one(row: Waiter, now: datetime) -> bool:
    if row.last < now.date():
        return _leave(row, "too late", SYSTEM, now)
    wanted = Wanted(units=row.units, minutes=row.minutes, extras=row.extras)
    calendar, plan = row.calendar.slug, load(row.calendar)
    until = now + timedelta(minutes=plan.offer)
    for slot in slots(calendar=calendar, from_=row.first, to=row.last, wanted=wanted, now=now)[:1]:
        try:
            held = hold(
                calendar=calendar,
                slot=slot,
                wanted=wanted,
                until=min(until, slot.start),
                course=Course(service=row.service, version=row.version, journey=row.journey),
                key=f"waiter/{row.reference}",
                actor=SYSTEM,
                now=now,
            )
        except (Full, NotOffered):
            return False
        row.state = OFFERED
        row.booking = row.calendar.bookings.get(reference=held.reference)
        row.save(update_fields=["state", "booking"])
        fact = events.Offered(
            calendar=calendar,
            start=slot.start.astimezone(UTC).isoformat(),
            end=slot.end.astimezone(UTC).isoformat(),
            units=row.units,
            until=min(until, slot.start).astimezone(UTC).isoformat(),
            booking=held.reference,
        )
        _record(row, fact, SYSTEM, now)
        return True
    return False


def _end_offers(now: datetime) -> int:
    done = 0
    rows = Waiter.objects.filter(state=OFFERED).exclude(booking__state=HELD, booking__until__gt=now)
    for pk in list(rows.values_list("pk", flat=True)[:OFFERED_AT_ONCE]):
        with ledger.transaction():
            row = _locked(pk=pk)
            if row and row.state == OFFERED:
                done += _leave(row, "offer ran out", SYSTEM, now)
    return done


def _locked(**which: object) -> Waiter | None:
    rows = Waiter.objects.select_for_update(of=("self",)).select_related("calendar", "booking__calendar")
    found: Waiter | None = rows.filter(**which).first()
    return found


def _leave(row: Waiter, why: str, actor: Ref, now: datetime, state: str = GONE) -> bool:
    row.state = state
    row.save(update_fields=["state"])
    _record(row, events.Left(calendar=row.calendar.slug, why=why), actor, now)
    return True


def take_offer(*, reference: str, actor: Ref, now: datetime) -> BookingView:
    """Book what is kept for somebody who waited. Raises `NothingOffered` when its time is up."""
    with ledger.transaction():
        row = _locked(reference=reference)
        if row is None or row.state != OFFERED or row.booking is None:
            raise NothingOffered
        if row.booking.until is None or row.booking.until <= now:
            raise NothingOffered
        try:
            booked = confirm(reference=row.booking.reference, actor=actor, now=now, who=row.who)
        except HoldEnded:
            raise NothingOffered from None
        _leave(row, "took the place", actor, now, TAKEN)
        return booked


def leave(*, reference: str, actor: Ref, now: datetime) -> None:
    """Wait no more; what was kept is given back. Twice comes to the same as once."""
    with ledger.transaction():
        row = _locked(reference=reference)
        if row is None or row.state not in (WAITING, OFFERED):
            return
        if row.booking:
            release(reference=row.booking.reference, actor=actor, now=now)
        _leave(row, "left", actor, now)
