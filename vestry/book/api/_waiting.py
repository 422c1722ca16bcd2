"""The waiting list: who waits for a place, and what is kept for them once one comes free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from vestry.book import events, rules
from vestry.book.api._calendars import find_row, is_ever, load, slots
from vestry.book.api._holds import confirm, held_fact, hold, lapse, locked, record, release
from vestry.book.api._views import (
    NO_COURSE,
    AlreadyEnded,
    BookingView,
    Course,
    Full,
    HoldEnded,
    NeverSoMuch,
    NoSuchWaiter,
    NothingOffered,
    NotOffered,
    Slot,
    TooFarAhead,
    WaiterView,
    booking_view,
    waiter_view,
)
from vestry.book.models import (
    BOOKED,
    CANCELLED,
    GONE,
    HELD,
    OFFERED,
    TAKEN,
    WAITING,
    Booking,
    Calendar,
    Waiter,
)
from vestry.book.rules import ONE, Wanted, minute_of, moment_of
from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Fact, Ref, local_day, new_reference
from vestry.ledger import api as ledger

# One turn must not keep the other councils waiting.
OFFERED_AT_ONCE = 50
# Whoever lets an offer go is off the list: nobody is asked who could not read it in time.
LEAST_OFFER = timedelta(minutes=30)


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
    email: str = "",
    course: Course = NO_COURSE,
    step: str = "",
    key: str,
    actor: Ref,
    now: datetime,
) -> WaiterView:
    """Wait for a place that begins on these days, both included. ``who`` and ``email`` are personal.

    The same ``key`` again comes to the same as once. Raises `NoSuchCalendar`; `NotOffered` where the calendar
    has no waiting list, or offers nothing on these days that could be asked for now: `TooFarAhead` where they
    end beyond it, `NeverSoMuch` where it never has a place like that.
    """
    found = find_row(calendar)
    _check(load(found), first, last, wanted, now)
    with ledger.transaction():
        row, new = _rows().get_or_create(
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
                "email": email[:254],
                "service": course.service,
                "version": course.version,
                "journey": course.journey,
                "step": step,
                "since": now,
            },
        )
        if new:
            fact = events.Joined(
                calendar=calendar, first=first.isoformat(), last=last.isoformat(), units=wanted.units
            )
            _record(row, fact, actor, now)
        return waiter_view(row)


def _check(plan: rules.Plan, first: date, last: date, wanted: Wanted, now: datetime) -> None:
    today, working = local_day(now), councils.working_calendar()
    if not plan.waits or last < max(first, today):
        raise NotOffered
    if last > today + timedelta(days=plan.ahead):
        raise TooFarAhead
    if not is_ever(plan, wanted):
        raise NeverSoMuch
    minute = minute_of(now)
    spans = rules.offered(plan, first=first, last=last, wanted=wanted, now=minute, working=working)
    if next(spans, None) is None:
        raise NotOffered


def _rows() -> QuerySet[Waiter]:
    found: QuerySet[Waiter] = Waiter.objects.select_related("calendar", "booking__calendar")
    return found


def waiting(*, calendar: str, now: datetime) -> list[WaiterView]:
    """Who waits or has an offer, longest first; nobody whose offer's time is up."""
    rows = _rows().filter(calendar__slug=calendar, state__in=[WAITING, OFFERED])
    found = (waiter_view(row) for row in rows.order_by("since", "pk"))
    return [each for each in found if each.stands(now) != GONE]


def get_waiter(*, reference: str) -> WaiterView:
    """Somebody who waits, or waited. Raises `NoSuchWaiter`."""
    return waiter_view(_one(reference=reference))


def waiter_of_key(*, key: str) -> WaiterView:
    """Whoever joined under that key. Raises `NoSuchWaiter`."""
    return waiter_view(_one(key=key))


def _one(**by: str) -> Waiter:
    row = _rows().filter(**by).first() if all(each.isprintable() for each in by.values()) else None
    if row is None:
        raise NoSuchWaiter
    return row


def waiter_token(*, reference: str) -> str:
    """The secret by which somebody takes an offer or leaves: the same each time, and stored nowhere.

    Raises `NoSuchWaiter`.
    """
    return f"{reference}.{_secret(_one(reference=reference))}"


def _secret(row: Waiter) -> str:
    # Of the row: another council may come to the same reference.
    return salted_hmac("vestry.book.waiter", f"{row.pk}", algorithm="sha256").hexdigest()


def waits_by(*, token: str) -> WaiterView:
    """Whoever such a secret belongs to. Raises `NoSuchWaiter`."""
    reference, _dot, secret = token.partition(".")
    row = _one(reference=reference[:20])
    if not constant_time_compare(_secret(row), secret):
        raise NoSuchWaiter
    return waiter_view(row)


class _Free:
    """What is free, looked up once a turn for all who want the same."""

    def __init__(self, rows: Iterable[Waiter], now: datetime) -> None:
        self.now, self.known = now, dict[tuple[object, ...], tuple[Slot, ...]]()
        self.plans = dict[str, rules.Plan]()
        self.reach: dict[tuple[object, ...], tuple[date, date]] = {}
        for row in rows:
            first, last = self.reach.get(self._wish(row), (row.first, row.last))
            self.reach[self._wish(row)] = (min(first, row.first), max(last, row.last))

    def _wish(self, row: Waiter) -> tuple[object, ...]:
        return (row.calendar.slug, row.units, row.minutes, *sorted(row.extras.items()))

    def first(self, row: Waiter) -> Slot | None:
        """The first that somebody could have."""
        wish = self._wish(row)
        if not row.calendar.current:
            return None
        if wish not in self.known:
            first, last = self.reach[wish]
            wanted, calendar = wanted_by(row), row.calendar.slug
            self.known[wish] = slots(calendar=calendar, from_=first, to=last, wanted=wanted, now=self.now)
        days = (slot for slot in self.known[wish] if row.first <= slot.start.date() <= row.last)
        plan = self.plan(row)
        return next((slot for slot in days if _kept_until(plan, slot, self.now)), None)

    def plan(self, row: Waiter) -> rules.Plan:
        """How its calendar is offered."""
        slug = row.calendar.slug
        if slug not in self.plans:
            self.plans[slug] = load(row.calendar)
        return self.plans[slug]


def _kept_until(plan: rules.Plan, slot: Slot, now: datetime) -> datetime | None:
    """Until when it can be kept for somebody; None where that is too short to be told and decide."""
    offer = timedelta(minutes=plan.offer)
    too_late = moment_of(plan.notice.until(minute_of(slot.start), councils.working_calendar()))
    until = min(now + offer, slot.start, too_late)
    return until if until - now >= min(LEAST_OFFER, offer) else None


def wanted_by(row: Waiter) -> Wanted:
    """What somebody waits for."""
    return Wanted(units=row.units, minutes=row.minutes, extras=row.extras)


def came_free() -> None:
    """Note, inside a transaction, that whoever waits may be asked: `offer_freed` does it, outside."""
    unasked = Calendar.objects.filter(waiters__state=WAITING, came_free=False).order_by("pk").distinct()
    for pk in list(unasked.values_list("pk", flat=True)):
        Calendar.objects.filter(pk=pk).update(came_free=True)


def offer_freed(*, now: datetime) -> int:
    """`offer`, where something came free since the last time; outside any transaction."""
    freed = list(Calendar.objects.filter(came_free=True).values_list("pk", flat=True))
    for pk in freed:
        # Before it is looked for: what comes free meanwhile is noted again.
        Calendar.objects.filter(pk=pk).update(came_free=False)
    return offer(now=now) if freed else 0


def offer(*, now: datetime) -> int:
    """Keep what is free for those who wait for it, who waits longest first. How many offers and endings.

    Outside any transaction: each of them is one of its own, in which whoever waits is locked before a booking
    and a booking before cells, as in all that residents do here. Whoever lets an offer go, or its time run
    out, has had it: the next in line is asked.
    """
    ended, done = lapse(now=now) + _end_offers(now), 0
    rows = list(_rows().filter(state=WAITING).order_by("since", "pk"))
    free = _Free(rows, now)
    for each in rows:
        if done >= OFFERED_AT_ONCE:
            break
        slot = free.first(each)
        if slot is None and each.last >= local_day(now):
            continue
        with ledger.transaction():
            row = _locked(pk=each.pk)
            if row and row.state == WAITING and _offer_one(row, slot, now):
                done += 1
                free.known.clear()
    return ended + done


def _offer_one(row: Waiter, slot: Slot | None, now: datetime) -> bool:
    if row.last < local_day(now) or slot is None:
        return _leave(row, "too late", SYSTEM, now)
    calendar = row.calendar.slug
    until = _kept_until(load(row.calendar), slot, now)
    if until is None:
        return False
    try:
        held = hold(
            calendar=calendar,
            slot=slot,
            wanted=wanted_by(row),
            until=until,
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
        until=until.astimezone(UTC).isoformat(),
        booking=held.reference,
    )
    _record(row, fact, SYSTEM, now)
    return True


def _end_offers(now: datetime) -> int:
    done = 0
    rows = Waiter.objects.filter(state=OFFERED).exclude(booking__state=HELD, booking__until__gt=now)
    for pk in list(rows.values_list("pk", flat=True)[:OFFERED_AT_ONCE]):
        with ledger.transaction():
            row = _locked(pk=pk)
            if row and row.state == OFFERED and not _is_kept(row, now):
                done += _leave(row, "offer ran out", SYSTEM, now)
    return done


def _locked(**which: object) -> Waiter | None:
    rows = Waiter.objects.select_for_update(of=("self",)).select_related("calendar", "booking__calendar")
    found: Waiter | None = rows.filter(**which).first()
    return found


def _leave(row: Waiter, why: str, actor: Ref, now: datetime, state: str = GONE) -> bool:
    # Whom to tell is needed no more.
    row.state, row.who, row.email = state, "", ""
    row.save(update_fields=["state", "who", "email"])
    _record(row, events.Left(calendar=row.calendar.slug, why=why), actor, now)
    return True


def _is_kept(row: Waiter, now: datetime) -> bool:
    kept: Booking | None = row.booking
    return bool(kept and kept.state == HELD and kept.until and kept.until > now)


def _offered(reference: str, now: datetime) -> Waiter:
    """A locked row for which something is kept. Raises `NothingOffered`."""
    row = _locked(reference=reference)
    if row is None or row.state != OFFERED or not _is_kept(row, now):
        raise NothingOffered
    return row


def take_offer(*, reference: str, actor: Ref, now: datetime) -> BookingView:
    """Book what is kept for somebody who waited. Raises `NothingOffered` when its time is up."""
    with ledger.transaction():
        row = _offered(reference, now)
        try:
            booked = confirm(reference=row.booking.reference, actor=actor, now=now, who=row.who)
        except HoldEnded:
            raise NothingOffered from None
        _leave(row, "took the place", actor, now, TAKEN)
        return booked


def accept(*, reference: str, key: str, until: datetime, actor: Ref, now: datetime) -> BookingView:
    """Make what is kept for somebody who waited a hold like every other, under this key, at least until then.

    Whoever it is for goes on and has it booked at the end. What was held under the key before is given back.
    Raises `NothingOffered`; `AlreadyEnded` where something under the key was booked.
    """
    with ledger.transaction():
        row = _offered(reference, now)
        _make_way(key, actor, now)
        kept = locked(row.booking.reference)
        kept.key = key
        kept.save(update_fields=["key"])
        if kept.until < until:
            kept.until = until
            kept.save(update_fields=["until"])
            record(kept, held_fact(kept), actor, now)
        _leave(row, "took the place", actor, now, TAKEN)
        return booking_view(kept)


def _make_way(key: str, actor: Ref, now: datetime) -> None:
    before = Booking.objects.select_for_update().filter(key=key).first()
    if before is None:
        return
    if before.state in (BOOKED, CANCELLED):
        raise AlreadyEnded
    release(reference=before.reference, actor=actor, now=now)
    Booking.objects.filter(pk=before.pk).update(key=f"gone/{before.reference}")


def leave(
    *,
    reference: str,
    actor: Ref,
    now: datetime,
    why: Literal["left", "taken off"] = "left",
) -> None:
    """Wait no more; what was kept is given back. Twice comes to the same as once."""
    with ledger.transaction():
        row = _locked(reference=reference)
        if row is None or row.state not in (WAITING, OFFERED):
            return
        if row.booking:
            release(reference=row.booking.reference, actor=actor, now=now)
        _leave(row, why, actor, now)
