"""Holding a place, keeping it longer, booking it, giving it back; moving and cancelling what is booked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from vestry.book import events, models, rules
from vestry.book.api._busy import is_busy
from vestry.book.api._calendars import find_row, in_time_to_change, load, may_be_offered, slots
from vestry.book.api._views import (
    NO_COURSE,
    AlreadyEnded,
    BookingView,
    Course,
    Full,
    HoldEnded,
    NoSuchBooking,
    NotOffered,
    Slot,
    TooLateToChange,
    booking_view,
)
from vestry.book.models import (
    BOOKED,
    CANCELLED,
    HELD,
    LAPSED,
    RELEASED,
    Booking,
    Calendar,
    Cell,
    Resource,
    Taking,
)
from vestry.book.rules import ONE, Span, Wanted, minute_of, moment_of
from vestry.kernel import SYSTEM, Fact, Ref, local_day, new_reference
from vestry.ledger import api as ledger

# One turn must not keep the other councils waiting.
LAPSED_AT_ONCE = 100
# When one that could not be ended is tried again.
AGAIN = timedelta(hours=1)
# Whoever did not come, or has a question about it, is known by name until then.
KEPT = timedelta(days=90)
# Below the second after which PostgreSQL ends one of two that wait for each other.
WAIT = "800ms"

log = structlog.get_logger()

Changes = Counter[tuple[Resource, int]]


def subject(row: Booking) -> Ref:
    """What its facts are about."""
    return Ref("booking", row.reference)


def record(row: Booking, fact: Fact, actor: Ref, now: datetime) -> None:
    """State a fact about a booking, in the course it was made in."""
    ledger.record(
        fact,
        subject=subject(row),
        actor=actor,
        now=now,
        service=row.service,
        version=row.version,
        journey=row.journey,
    )


def times(row: Booking) -> dict[str, Any]:
    """What most facts say."""
    return {
        "calendar": row.calendar.slug,
        "start": moment_of(row.start).astimezone(UTC).isoformat(),
        "end": moment_of(row.end).astimezone(UTC).isoformat(),
        "units": row.units,
    }


def held_fact(row: Booking) -> events.Held:
    """A hold as a fact."""
    until = row.until.astimezone(UTC).isoformat() if row.until else ""
    return events.Held(until=until, **times(row))


def span_of(slot: Slot) -> Span:
    """In minutes. Raises `NotOffered` for one that takes no whole minutes."""
    span = Span(start=minute_of(slot.start), end=minute_of(slot.end))
    if span.start >= span.end or slot.start.second or slot.start.microsecond:
        raise NotOffered
    return span


def wanted_of(row: Booking) -> Wanted:
    """What was asked for."""
    return Wanted(units=row.units, minutes=row.minutes, extras=row.extras)


def new_takings(calendar: Calendar, span: Span, wanted: Wanted) -> list[Taking]:
    """What a booking would take, not yet saved. Raises `Full` where there never is as much."""
    models.keep_grains()
    plan = load(calendar)
    needed = rules.takes(plan, wanted)
    found = {row.slug: row for row in Resource.objects.filter(slug__in=needed)}
    around = rules.around(plan, span)
    if any(name not in found or found[name].stock < many for name, many in needed.items()):
        raise Full
    if is_busy(found.values(), around):
        raise Full
    return [
        Taking(resource=found[name], start=around.start, end=around.end, many=many)
        for name, many in sorted(needed.items())
    ]


def counted(takings: list[Taking], sign: int) -> Changes:
    """The cells they lie in."""
    found: Changes = Counter()
    for each in takings:
        for at in rules.cells(Span(start=each.start, end=each.end), each.resource.grain):
            found[each.resource, at] += sign * each.many
    return found


def shift(*, less: list[Taking], more: list[Taking], now: datetime) -> None:
    """Take ``more`` and give back ``less``, at once. Raises `Full`, and then nothing has changed.

    Where it is full, holds whose time is up are given back with it: nobody waits for the worker.
    """
    changes = counted(more, 1)
    changes.update(counted(less, -1))
    if _shifted(changes):
        return
    # What it gives back itself is counted already, though its own time may be up, too.
    own = {each.booking_id for each in less}
    there = [each for each in _over(more, now) if each not in own]
    over = _locked_in_time(there, now) if there else []
    for row in over:
        changes.update(counted(takings_of(row), -1))
    # Even where none of them is left: somebody else may have given them back just now.
    if not there or not _shifted(changes):
        raise Full
    for row in over:
        _lapsed(row, now)


def _shifted(changes: Mapping[tuple[Resource, int], int]) -> bool:
    try:
        with transaction.atomic():
            Cell.objects.shift(changes)
    except models.Full:
        return False
    return True


def _over(takings: list[Taking], now: datetime) -> list[int]:
    """The holds whose time is up where something is wanted."""
    there = Taking.objects.filter(
        resource__in=[each.resource for each in takings],
        start__lt=max((each.end for each in takings), default=0),
        end__gt=min((each.start for each in takings), default=0),
        booking__state=HELD,
        booking__until__lte=now,
    )
    return list(there.values_list("booking_id", flat=True))


def _locked_in_time(holds: list[int], now: datetime) -> list[Booking]:
    """Those of them that still stand, locked. One that somebody else has is waited for, but not for ever:
    they may wait for what is locked here. Then those are left out.
    """
    rows = _to_lapse(now).filter(pk__in=holds)
    if not rows.query.select_for_update:
        return list(rows)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('lock_timeout', %s, true)", [WAIT])
            found = list(rows.select_for_update(of=("self",)))
            cursor.execute("set local lock_timeout to default")
            return found
    except OperationalError:
        return list(rows)


def _to_lapse(now: datetime) -> QuerySet[Booking]:
    skip = connection.features.has_select_for_update_skip_locked
    rows = (
        Booking.objects.select_for_update(of=("self",), skip_locked=skip) if skip else Booking.objects.all()
    )
    return rows.select_related("calendar").filter(state=HELD, until__lte=now).order_by("pk")


def _lapsed(row: Booking, now: datetime) -> None:
    row.state, row.until = LAPSED, None
    row.save(update_fields=["state", "until"])
    record(row, events.Lapsed(calendar=row.calendar.slug), SYSTEM, now)


def locked(reference: str) -> Booking:
    """A booking, locked until the transaction ends. Raises `NoSuchBooking`."""
    row = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("calendar")
        .filter(reference=reference)
        .first()
    )
    if row is None:
        raise NoSuchBooking
    return row


def takings_of(row: Booking) -> list[Taking]:
    """What it takes."""
    models.keep_grains()
    return list(row.takings.select_related("resource"))


def place(row: Booking, calendar: Calendar, span: Span, wanted: Wanted, now: datetime, **state: Any) -> None:
    """Give a booking its place, in exchange for the one it has, and save it. Raises `Full`."""
    has = takings_of(row) if row.state in models.TAKING else []
    takings = new_takings(calendar, span, wanted)
    shift(less=has, more=takings, now=now)
    row.calendar, row.start, row.end = calendar, span.start, span.end
    row.units, row.minutes, row.extras = wanted.units, wanted.minutes, dict(wanted.extras)
    for name, value in state.items():
        setattr(row, name, value)
    if row.pk:
        row.takings.all().delete()
    row.save()
    for each in takings:
        each.booking = row
    Taking.objects.bulk_create(takings)


def free_up(row: Booking, state: str, now: datetime) -> None:
    """Give back what it takes: its state from now on."""
    shift(less=takings_of(row), more=[], now=now)
    row.state, row.until = state, None
    row.save(update_fields=["state", "until"])


def hold(
    *,
    calendar: str,
    slot: Slot,
    wanted: Wanted = ONE,
    until: datetime,
    course: Course = NO_COURSE,
    key: str,
    actor: Ref,
    now: datetime,
) -> BookingView:
    """Set a place aside until a moment. With the same ``key`` again, it is moved there, or kept longer.

    Raises `NoSuchCalendar`; `NotOffered` where the calendar does not offer that; `Full` where it has gone,
    and what was held under the key before stays; `AlreadyEnded` where it was booked or cancelled meanwhile.
    """
    found, span = find_row(calendar), span_of(slot)
    if until <= now or slot.calendar != calendar:
        raise NotOffered
    with ledger.transaction():
        row = (
            Booking.objects.select_for_update(of=("self",)).select_related("calendar").filter(key=key).first()
        )
        if row is not None and row.state in (BOOKED, CANCELLED):
            raise AlreadyEnded
        if row is not None and _the_same(row, found, span, wanted) and row.until > now:
            if row.until < until:
                row.until = until
                row.save(update_fields=["until"])
                record(row, held_fact(row), actor, now)
            return booking_view(row)
        if not may_be_offered(found, span, wanted, now):
            raise NotOffered
        row = row or _new(found, course, key, now)
        place(row, found, span, wanted, now, state=HELD, until=until)
        record(row, held_fact(row), actor, now)
        return booking_view(row)


def _the_same(row: Booking, calendar: Calendar, span: Span, wanted: Wanted) -> bool:
    return (
        row.state == HELD
        and row.calendar_id == calendar.pk
        and Span(start=row.start, end=row.end) == span
        and wanted_of(row) == Wanted(units=wanted.units, minutes=wanted.minutes, extras=dict(wanted.extras))
    )


def _new(calendar: Calendar, course: Course, key: str, now: datetime) -> Booking:
    return Booking(
        reference=new_reference("BK"),
        key=key,
        calendar=calendar,
        state=RELEASED,
        service=course.service,
        version=course.version,
        journey=course.journey,
        made_at=now,
    )


def extend(*, reference: str, until: datetime, actor: Ref, now: datetime) -> BookingView:
    """Keep a held place at least until then; one that is booked stays booked.

    A hold whose time was up takes its place again where it is still offered and free. Raises `HoldEnded`,
    `NoSuchBooking`.
    """
    with ledger.transaction():
        row = locked(reference)
        if row.state == BOOKED:
            return booking_view(row)
        if row.state != HELD or row.until <= now:
            _take_again(row, now)
        elif row.until >= until:
            return booking_view(row)
        row.state, row.until = HELD, until
        row.save(update_fields=["state", "until"])
        record(row, held_fact(row), actor, now)
        return booking_view(row)


def _take_again(row: Booking, now: datetime, *, in_time: bool = False) -> None:
    """While it was nobody's, nobody was told of it who closed that day: it is as if asked for anew.

    Where its time is up and the clock has not said so yet, it has its place still, and may be had alike.
    """
    span, may = Span(start=row.start, end=row.end), row.state in (LAPSED, HELD)
    if not may or not may_be_offered(row.calendar, span, wanted_of(row), now, in_time=in_time):
        raise HoldEnded
    takings = takings_of(row)
    if any(is_busy([each.resource], Span(start=each.start, end=each.end)) for each in takings):
        raise HoldEnded
    if row.state == HELD:
        return
    try:
        shift(less=[], more=takings, now=now)
    except Full:
        raise HoldEnded from None


def release(*, reference: str, actor: Ref, now: datetime) -> None:
    """Give a held place back; nothing happens when it has ended already. What is booked is not touched."""
    with ledger.transaction():
        try:
            row = locked(reference)
        except NoSuchBooking:
            return
        if row.state == HELD:
            free_up(row, RELEASED, now)
            record(row, events.Released(calendar=row.calendar.slug), actor, now)


def confirm(*, reference: str, actor: Ref, now: datetime, who: str = "") -> BookingView:
    """Book what is held. Twice comes to the same as once.

    A hold whose time was up takes its place again where it is still open then and free, however late it is
    by now: what is booked here was accepted in time. Raises `HoldEnded`, `NoSuchBooking`.
    """
    with ledger.transaction():
        row = locked(reference)
        if row.state == BOOKED:
            return booking_view(row)
        if row.state != HELD or row.until <= now:
            _take_again(row, now, in_time=True)
        row.state, row.until = BOOKED, None
        row.who = who[:200] or row.who
        row.save(update_fields=["state", "until", "who"])
        record(row, events.Booked(**times(row)), actor, now)
        return booking_view(row)


def change(*, reference: str, slot: Slot, actor: Ref, now: datetime, by_officer: bool = False) -> BookingView:
    """Move a booking to another time in its calendar; it keeps its place until it has the other.

    An officer may when it is too late for others. Raises `NoSuchBooking`, `AlreadyEnded`, `TooLateToChange`,
    `NotOffered`, `Full`.
    """
    span = span_of(slot)
    with ledger.transaction():
        row = locked(reference)
        if row.state != BOOKED:
            raise AlreadyEnded
        if span == Span(start=row.start, end=row.end):
            return booking_view(row)
        if not by_officer and not in_time_to_change(row.calendar, row.start, now):
            raise TooLateToChange
        wanted, before = wanted_of(row), times(row)["start"]
        if slot.calendar != row.calendar.slug or not may_be_offered(row.calendar, span, wanted, now):
            raise NotOffered
        place(row, row.calendar, span, wanted, now)
        record(row, events.Changed(before=str(before), **times(row)), actor, now)
        return booking_view(row)


def cancel(*, reference: str, actor: Ref, now: datetime, by_officer: bool = False) -> BookingView:
    """Cancel a booking; twice comes to the same as once.

    Raises `NoSuchBooking`, `TooLateToChange`, and `AlreadyEnded` for what never was booked.
    """
    with ledger.transaction():
        others = _lock_repeat(reference)
        row = locked(reference)
        if row.state == CANCELLED:
            return booking_view(row)
        if row.state != BOOKED:
            raise AlreadyEnded
        if not by_officer and not in_time_to_change(row.calendar, row.start, now):
            raise TooLateToChange
        free_up(row, CANCELLED, now)
        left = sum(each.state == BOOKED for each in others if each.pk != row.pk)
        record(row, events.Cancelled(calendar=row.calendar.slug, left=left), actor, now)
        return booking_view(row)


def _lock_repeat(reference: str) -> list[Booking]:
    """Its repeat, locked in one order: of two that are cancelled at once, one is the last."""
    series = Booking.objects.filter(reference=reference).values_list("series", flat=True).first()
    rows = Booking.objects.select_for_update(of=("self",)).filter(series=series).order_by("pk")
    return list(rows) if series else []


def lapse(*, now: datetime) -> int:
    """End the holds whose time is up. How many. One that cannot be ended is put off, and keeps no other."""
    due, done = Booking.objects.filter(state=HELD, until__lte=now), 0
    for pk in list(due.order_by("until", "pk").values_list("pk", flat=True)[:LAPSED_AT_ONCE]):
        try:
            done += _lapse_one(pk, now)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are not to blame
            log.warning("hold_not_lapsed", row=pk, error=type(error).__name__)
            due.filter(pk=pk).update(until=now + AGAIN)
    return done


def _lapse_one(pk: int, now: datetime) -> bool:
    with ledger.transaction():
        row = _to_lapse(now).filter(pk=pk).first()
        if row is not None:
            shift(less=takings_of(row), more=[], now=now)
            _lapsed(row, now)
        return row is not None


def get(*, reference: str) -> BookingView:
    """A booking, in whatever state. Raises `NoSuchBooking`."""
    row = Booking.objects.select_related("calendar").filter(reference=reference).first()
    if row is None:
        raise NoSuchBooking
    return booking_view(row)


def of_journey(*, journey: str) -> list[BookingView]:
    """What was held or booked in a journey, in order."""
    rows = Booking.objects.select_related("calendar").filter(journey=journey).exclude(journey="")
    return [booking_view(row) for row in rows.order_by("start", "pk")]


def may_change(*, reference: str, now: datetime) -> bool:
    """Whether whoever booked it can still move or cancel it themselves. Raises `NoSuchBooking`."""
    row = Booking.objects.select_related("calendar").filter(reference=reference).first()
    if row is None:
        raise NoSuchBooking
    return row.state == BOOKED and in_time_to_change(row.calendar, row.start, now)


def free_for(*, reference: str, from_: date, to: date, now: datetime) -> tuple[Slot, ...]:
    """Where a booking could be moved. Raises `NoSuchBooking`."""
    it = get(reference=reference)
    return slots(calendar=it.calendar, from_=from_, to=to, wanted=it.wanted, now=now, mine=reference)


def forget(*, journeys: list[str], references: list[str]) -> None:
    """Erase for whom it was booked. The place stays taken, and counts stay true."""
    Booking.objects.filter(reference__in=references).update(who="")
    Booking.objects.filter(journey__in=journeys).exclude(journey="").update(who="")
    models.Waiter.objects.filter(journey__in=journeys).exclude(journey="").update(who="", email="")


def forget_past(*, now: datetime) -> int:
    """Erase for whom officers booked, long after: no service says how long that is kept. How many."""
    past = Booking.objects.filter(journey="", end__lt=minute_of(now - KEPT)).exclude(who="")
    waited = models.Waiter.objects.filter(journey="", last__lt=local_day(now - KEPT))
    waited = waited.exclude(who="", email="")
    return past.update(who="") + waited.update(who="", email="")
