"""When something can be booked: pure times, no database.

1. `openings` says when a calendar is open on a day: its weekly pattern, unless an exception, a closure or a
   bank holiday says otherwise. Wall-clock times become instants here, and are instants from then on.
2. `starts` lays slots into an opening by elapsed time, so that two never overlap: in the night the clocks go
   back there is an hour more, in the night they go forward an hour less.
3. `Notice` says until when something may still be asked for.
4. `cells` cuts what a booking takes into the cells it is counted in.

A minute is counted from 1970 in UTC: whole numbers compare, add and index alike on every database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from math import gcd

from vestry.kernel import LONDON, WorkingCalendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_MINUTES, DAY_MINUTES = 60, 24 * 60
# A year of half hours: calendars ask for the same minutes again and again, and a zone is slow to ask.
REMEMBERED = 2**15


def minute_of(moment: datetime) -> int:
    """The minute an instant lies in."""
    return (moment - EPOCH) // MINUTE


def here(moment: datetime) -> datetime:
    """The same instant as London's clocks show it, with the offset they have then.

    Not with their zone: in a zone, the two halves past one of the night the clocks go back are equal.
    """
    shown = moment.astimezone(LONDON)
    return shown.replace(tzinfo=timezone(shown.utcoffset() or timedelta(), shown.tzname() or ""), fold=0)


@lru_cache(maxsize=REMEMBERED)
def moment_of(minute: int) -> datetime:
    """The instant a minute begins, as London's clocks show it."""
    return here(EPOCH + minute * MINUTE)


@dataclass(frozen=True, kw_only=True, order=True)
class Hours:
    """From one time of day to another, in minutes after midnight; ``ends`` may be after the next midnight."""

    begins: int
    ends: int


def read_hours(text: str) -> Hours:
    """``09:00-17:00``, ``18:00-02:00`` over midnight, ``00:00-24:00``. ValueError where it says nothing."""
    begins, ends = (_minutes(each) for each in text.split("-"))
    hours = Hours(begins=begins, ends=ends if ends > begins else ends + DAY_MINUTES)
    if begins >= DAY_MINUTES or begins == ends:
        raise ValueError(text)
    return hours


def _minutes(text: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    if not (0 <= hours <= 24 and 0 <= minutes < HOUR_MINUTES and hours * 60 + minutes <= DAY_MINUTES):  # noqa: PLR2004
        raise ValueError(text)
    return hours * HOUR_MINUTES + minutes


@lru_cache(maxsize=REMEMBERED)
def wall_clock(day: date, minutes: int, *, last: bool = False) -> int:
    """The minute at which London's clocks show that time of day.

    Where they show it twice, the first, or the ``last``; where they never show it, the hour later.
    """
    at = datetime.combine(day + (minutes // DAY_MINUTES) * DAY, time(), LONDON)
    shown = at.replace(hour=minutes % DAY_MINUTES // HOUR_MINUTES, minute=minutes % HOUR_MINUTES)
    readings = [minute_of(shown.replace(fold=fold).astimezone(UTC)) for fold in (0, 1)]
    # In the hour that is left out, fold 0 reads later than fold 1.
    return max(readings) if last or readings[0] > readings[1] else readings[0]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """How long before: some minutes, or some working days, and on the last of those until a time of day."""

    minutes: int = 0
    working_days: int = 0
    by: int = DAY_MINUTES
    """Minutes after midnight."""

    def until(self, start: int, working: WorkingCalendar) -> int:
        """The minute from which it is too late to ask for something that begins at ``start``."""
        if not self.working_days:
            return start - self.minutes
        day, left = moment_of(start).date(), self.working_days
        while left:
            day -= DAY
            left -= working.is_working(day)
        return min(start, wall_clock(day, self.by, last=True))


@dataclass(frozen=True, kw_only=True)
class Closure:
    """Days on which nothing is offered, the last included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a calendar is offered. Lengths are whole minutes.

    ``every`` is how far apart slots begin; 0 means one slot for each opening, from its begin to its end.
    ``needs`` is what one booking takes of each resource, ``each`` what every unit of it takes.
    """

    open: Mapping[int, tuple[Hours, ...]]
    """By weekday, Monday is 0."""
    every: int = 0
    lasts: int = 0
    longest: int = 0
    """The most somebody may ask for; 0 where the length is not theirs to say."""
    before: int = 0
    after: int = 0
    """What its resources are kept free before and after: getting ready, clearing up."""
    most: int = 1
    """How many units one booking may take."""
    needs: Mapping[str, int] = field(default_factory=dict)
    each: Mapping[str, int] = field(default_factory=dict)
    extras: frozenset[str] = frozenset()
    exceptions: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    bank_holidays: bool = False
    """Whether it is open on them."""
    notice: Notice = Notice()
    changes: Notice = Notice()
    """Until when it can be changed or cancelled without asking anybody."""
    ahead: int = 365
    """How many days ahead it can be booked."""
    offer: int = 24 * HOUR_MINUTES
    """How long a freed place is kept for whoever waited for it."""
    waits: bool = False
    """Whether people can wait for a place."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for: how many units, how long (0: as the calendar says), how much of each extra."""

    units: int = 1
    minutes: int = 0
    extras: Mapping[str, int] = field(default_factory=dict)


ONE = Wanted()


@dataclass(frozen=True, kw_only=True, order=True, slots=True)
class Span:
    """From one minute up to, not including, another."""

    start: int
    end: int

    def meets(self, other: Span) -> bool:
        """Whether they share a minute."""
        return self.start < other.end and other.start < self.end


def openings(plan: Plan, day: date, working: WorkingCalendar) -> list[Span]:
    """When it is open on a day. What begins on it may end on the next."""
    if any(closure.first <= day <= closure.last for closure in plan.closures):
        return []
    hours = plan.exceptions.get(day)
    if hours is None:
        hours = () if day in working.holidays and not plan.bank_holidays else plan.open.get(day.weekday(), ())
    spans = (
        Span(start=wall_clock(day, each.begins), end=wall_clock(day, each.ends, last=True)) for each in hours
    )
    return [span for span in spans if span.start < span.end]


def length(plan: Plan, opening: Span, wanted: Wanted) -> int:
    """How long one booking lasts there; 0 where it cannot be as long as is asked."""
    if not plan.every and not plan.lasts:
        return opening.end - opening.start if not wanted.minutes else 0
    minutes = wanted.minutes or plan.lasts
    return minutes if 0 < minutes <= (plan.longest or plan.lasts) else 0


def starts(plan: Plan, opening: Span, wanted: Wanted) -> Iterator[Span]:
    """The slots of one opening, as long as is wanted; each ends before it closes."""
    lasts = length(plan, opening, wanted)
    if not lasts:
        return
    step = plan.every or (opening.end - opening.start)
    for start in range(opening.start, opening.end - lasts + 1, step):
        yield Span(start=start, end=start + lasts)


def offered(
    plan: Plan, *, first: date, last: date, wanted: Wanted, now: int, working: WorkingCalendar
) -> Iterator[Span]:
    """Every slot that may be asked for now, whatever is taken: those that begin on these days, in order."""
    if not fits(plan, wanted):
        return
    today = moment_of(now).date()
    day, end = max(first, today - DAY), min(last, today + plan.ahead * DAY)
    in_time: int | None = None
    while day <= end:
        for opening in sorted(openings(plan, day, working), key=_begin):
            for span in starts(plan, opening, wanted):
                # An opening over midnight has slots that begin on the day after.
                if span.start < now:
                    continue
                # What begins later than something that is in time is in time.
                if in_time is None or span.start < in_time:
                    if now >= plan.notice.until(span.start, working):
                        continue
                    in_time = span.start
                yield span
        day += DAY


def _begin(span: Span) -> int:
    return span.start


def fits(plan: Plan, wanted: Wanted) -> bool:
    """Whether as much may be asked for in one booking at all."""
    return (
        1 <= wanted.units <= plan.most
        and wanted.minutes >= 0
        and all(name in plan.extras and many >= 0 for name, many in wanted.extras.items())
    )


def is_offered(plan: Plan, span: Span, *, wanted: Wanted, now: int, working: WorkingCalendar) -> bool:
    """Whether exactly this slot may be asked for now."""
    day = moment_of(span.start).date()
    return span in offered(plan, first=day - DAY, last=day, wanted=wanted, now=now, working=working)


def takes(plan: Plan, wanted: Wanted) -> dict[str, int]:
    """How much of each resource a booking takes."""
    taken = dict(plan.needs)
    for name, many in plan.each.items():
        taken[name] = taken.get(name, 0) + many * wanted.units
    for name, many in wanted.extras.items():
        taken[name] = taken.get(name, 0) + many
    return {name: many for name, many in taken.items() if many}


def around(plan: Plan, span: Span) -> Span:
    """How long its resources are taken: with what is kept free before and after."""
    return Span(start=span.start - plan.before, end=span.end + plan.after)


def cells(span: Span, grain: int) -> range:
    """The cells a span lies in, each by its first minute. A cell touched is a cell taken."""
    return range(span.start - span.start % grain, span.end, grain)


def grain(plans: Iterable[Plan]) -> int:
    """How long the cells of a resource are so that no booking in these calendars touches one for nothing.

    An hour at most: that divides every clock change there is in London.
    """
    found = HOUR_MINUTES
    for plan in plans:
        hours = [each for day in (*plan.open.values(), *plan.exceptions.values()) for each in day]
        lengths = [plan.every, plan.lasts, plan.before, plan.after]
        found = gcd(found, *lengths, *(each.begins for each in hours), *(each.ends for each in hours))
    return found


def free(
    plan: Plan, spans: Sequence[Span], *, full: Mapping[str, set[int]], grains: Mapping[str, int]
) -> list[Span]:
    """Those of the slots that touch no full cell of any resource, with what is kept free around them."""
    fit = list(spans)
    for name, taken in full.items():
        if taken:
            grain = grains[name]
            fit = [
                span
                for span in fit
                # As `cells` and `around` have it, without a span of its own for each of a year.
                if taken.isdisjoint(
                    range(
                        span.start - plan.before - (span.start - plan.before) % grain,
                        span.end + plan.after,
                        grain,
                    )
                )
            ]
    return fit


def repeats(start: int, *, every: int, times: int) -> list[int]:
    """The same time of day again, ``every`` so many days: by London's clocks, whatever they do between."""
    first = moment_of(start).astimezone(LONDON)
    minutes = first.hour * HOUR_MINUTES + first.minute
    return [
        wall_clock(first.date() + each * every * DAY, minutes, last=bool(first.fold)) for each in range(times)
    ]
