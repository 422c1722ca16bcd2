"""Whether something can be reported now: pure dates.

1. The day must be one on which a round came.
2. The round must be over: until then the crew may still come.
3. It must not be later than so many working days after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vestry.kernel import WorkingCalendar

# Nobody means a day two years away; and no calendar has to be reckoned to the year 9999.
REACH = timedelta(days=2 * 366)


@dataclass(frozen=True, kw_only=True, order=True)
class Collection:
    """A day on which a round comes, and the moment from which it is over."""

    day: date
    over: datetime


@dataclass(frozen=True, kw_only=True)
class FarOff:
    """The day is years away: surely a slip."""


@dataclass(frozen=True, kw_only=True)
class NotYetHappened:
    """The day lies in the future."""


@dataclass(frozen=True, kw_only=True)
class NeverCollected:
    """No round comes there for that."""


@dataclass(frozen=True, kw_only=True)
class NotACollectionDay:
    """No round came that day. ``before`` is the last one up to today, ``following`` the next after today."""

    before: date | None
    following: date | None


@dataclass(frozen=True, kw_only=True)
class RoundNotOver:
    """The crew may still come until ``over``."""

    over: datetime


@dataclass(frozen=True, kw_only=True)
class TooLate:
    """``last`` was the last day to report it; ``following`` is the next collection after today."""

    last: date
    following: date | None


@dataclass(frozen=True, kw_only=True)
class AlreadyReported:
    """Somebody else has told us."""


Refusal = (
    FarOff | NotYetHappened | NeverCollected | NotACollectionDay | RoundNotOver | TooLate | AlreadyReported
)


def refusal_by_day(
    *, day: date, today: date, within: int | None, calendar: WorkingCalendar
) -> FarOff | NotYetHappened | TooLate | None:
    """Why a day can't be reported where there is no schedule."""
    if abs(day - today) > REACH:
        return FarOff()
    if day > today:
        return NotYetHappened()
    return too_late(day=day, today=today, within=within, calendar=calendar)


def refusal_by_round(
    *,
    day: date,
    today: date,
    now: datetime,
    within: int | None,
    calendar: WorkingCalendar,
    collections: Sequence[Collection],
) -> Refusal | None:
    """Why a collection of that day can't be reported. ``collections``: those some months around, in order."""
    if abs(day - today) > REACH:
        return FarOff()
    if not collections:
        return NeverCollected()
    following = next((each.day for each in collections if each.day > today), None)
    that_day = next((each for each in collections if each.day == day), None)
    if that_day is None:
        before = max((each.day for each in collections if each.day <= today), default=None)
        return NotACollectionDay(before=before, following=following)
    if now < that_day.over:
        return RoundNotOver(over=that_day.over)
    return too_late(day=day, today=today, within=within, calendar=calendar, following=following)


def too_late(
    *, day: date, today: date, within: int | None, calendar: WorkingCalendar, following: date | None = None
) -> TooLate | None:
    """Whether more than so many working days have gone by; None when not, or when it never is."""
    if within is None:
        return None
    last = calendar.add(day, within)
    return TooLate(last=last, following=following) if today > last else None
