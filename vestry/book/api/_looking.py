"""Looking at a calendar: which slot begins then, who comes when, and how much is left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from vestry.book import rules
from vestry.book.api._busy import is_busy
from vestry.book.api._calendars import find_row, is_ever, load
from vestry.book.api._views import BookingView, NeverSoMuch, NotOffered, Slot, booking_view
from vestry.book.models import BOOKED, CANCELLED, HELD, Booking, Cell, Resource
from vestry.book.rules import DAY, ONE, Plan, Span, Wanted, minute_of, moment_of
from vestry.councils import api as councils

# What is listed is what somebody has, and what they gave up: not each hold that went by.
LISTED = (HELD, BOOKED, CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Left:
    """A slot, how much is left of it, and whether it can still be asked for."""

    slot: Slot
    units: int
    offered: bool


@dataclass(frozen=True, kw_only=True)
class Bookings:
    """Some bookings, and where the rest begins; empty where there is none."""

    found: list[BookingView]
    after: str = ""


def slot_at(*, calendar: str, start: datetime, wanted: Wanted = ONE, now: datetime) -> Slot:
    """The slot that begins then, whatever is taken.

    Raises `NoSuchCalendar`; `NotOffered`, and `NeverSoMuch` where no other time would help.
    """
    plan = load(find_row(calendar))
    if not is_ever(plan, wanted):
        raise NeverSoMuch
    try:
        begin = minute_of(start)
        day = moment_of(begin).date()
        spans = rules.offered(
            plan,
            first=day - DAY,
            last=day,
            wanted=wanted,
            now=minute_of(now),
            working=councils.working_calendar(),
        )
    except OverflowError:
        raise NotOffered from None
    for span in spans:
        if span.start == begin and moment_of(begin) == start:
            return Slot(calendar=calendar, start=moment_of(begin), end=moment_of(span.end))
    raise NotOffered


def bookings(*, calendars: Collection[str], first: date, last: date, after: str = "", limit: int) -> Bookings:
    """What begins on these days there, both included, in order, from a place on that ``after`` says.

    Raises `NotOffered` for a place that is none.
    """
    rows = Booking.objects.select_related("calendar").filter(
        calendar__slug__in=calendars,
        state__in=LISTED,
        start__gte=rules.wall_clock(first, 0),
        start__lt=rules.wall_clock(last + DAY, 0),
    )
    if after:
        start, _colon, pk = after.partition(":")
        if not (start.isdecimal() and pk.isdecimal() and len(after) < len("-9223372036854775808")):
            raise NotOffered
        rows = rows.filter(start__gte=int(start)).exclude(start=int(start), pk__lte=int(pk))
    found = list(rows.order_by("start", "pk")[: limit + 1])
    more = f"{found[limit - 1].start}:{found[limit - 1].pk}" if len(found) > limit else ""
    return Bookings(found=[booking_view(row) for row in found[:limit]], after=more)


def left_on(*, calendar: str, day: date, now: datetime) -> list[Left]:
    """The slots that begin on a day as long as the calendar says, those gone by too, with what is left.

    Raises `NoSuchCalendar`.
    """
    plan, working = load(find_row(calendar)), councils.working_calendar()
    spans = [
        span
        # What opens in the evening before goes on after midnight.
        for each in (day - DAY, day)
        for opening in rules.openings(plan, each, working)
        for span in rules.starts(plan, opening, ONE)
        if moment_of(span.start).date() == day
    ]
    minute = minute_of(now)
    room = _Room(plan, spans)
    return [
        Left(
            slot=Slot(calendar=calendar, start=moment_of(span.start), end=moment_of(span.end)),
            units=room.units(span),
            offered=span.start >= minute and minute < plan.notice.until(span.start, working),
        )
        for span in sorted(spans)
    ]


class _Room:
    """How many units more go into a slot: as many as the scarcest of what it takes allows."""

    def __init__(self, plan: Plan, spans: list[Span]) -> None:
        self.plan = plan
        self.one = rules.takes(plan, ONE)
        self.rows = {row.slug: row for row in Resource.objects.filter(slug__in=self.one)}
        self.taken: Mapping[tuple[int, int], int] = {}
        if spans:
            margin = rules.HOUR_MINUTES + max(plan.before, plan.after)
            cells = Cell.objects.filter(
                resource__in=self.rows.values(),
                at__gte=min(span.start for span in spans) - margin,
                at__lt=max(span.end for span in spans) + margin,
            )
            self.taken = {
                (resource, at): taken
                for resource, at, taken in cells.values_list("resource_id", "at", "taken")
            }

    def units(self, span: Span) -> int:
        if is_busy(self.rows.values(), rules.around(self.plan, span)):
            return 0
        found: list[int] = []
        for name, many in self.one.items():
            row = self.rows.get(name)
            if row is None:
                return 0
            cells = rules.cells(rules.around(self.plan, span), row.grain)
            left = row.stock - max(self.taken.get((row.pk, at), 0) for at in cells)
            each = self.plan.each.get(name, 0)
            # What one booking takes however much it asks for is there, or it is not.
            found.append((left - many + each) // each if each and left >= many else int(left >= many))
        return min(found, default=0)
