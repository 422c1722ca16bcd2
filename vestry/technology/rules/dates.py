"""When a contract ends, and until when the council can say that it should.

Every day is counted from the start, never from the day before it: 31 January plus one month is the 29th of
February, plus two months the 31st of March. Counting step by step would lose two days for ever.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

MONTHS = 12
# As far as anybody plans: an end after it is as good as none.
FAR = date(2200, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Span:
    """A length of time as contracts write it: months, and days beside them."""

    months: int = 0
    days: int = 0

    def __mul__(self, times: int) -> Span:
        return Span(months=self.months * times, days=self.days * times)

    def __add__(self, other: Span) -> Span:
        return Span(months=self.months + other.months, days=self.days + other.days)

    def __bool__(self) -> bool:
        return self.months > 0 or self.days > 0


def after(day: date, span: Span) -> date:
    """The day a span after another: months first, on the last day of a month that is too short; then days."""
    return _by_months(day, span.months) + timedelta(days=span.days)


def before(day: date, span: Span) -> date:
    """The day a span before another."""
    return _by_months(day, -span.months) - timedelta(days=span.days)


def _by_months(day: date, months: int) -> date:
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, kw_only=True)
class Term:
    """How long a contract runs: from a start, for a first time, then extended.

    ``tacit``: it extends by itself unless notice is given, at most ``most`` times (None: for ever).
    Otherwise the council extends it, and has so far ``taken`` times. On ``breaks`` it may be ended.
    """

    start: date
    initial: Span
    extension: Span = Span()
    most: int | None = 0
    taken: int = 0
    tacit: bool = False
    notice: Span = Span()
    breaks: tuple[date, ...] = ()

    def end(self, extensions: int) -> date:
        """When it ends after so many extensions."""
        return after(self.start, self.initial + self.extension * extensions)

    def ends(self) -> Iterator[date]:
        """Every end it can have from the extensions taken on, the nearest first."""
        possible = (
            count(self.taken) if self.most is None else range(self.taken, max(self.most, self.taken) + 1)
        )
        for extensions in possible if self.extension else (0,):
            yield self.end(extensions)


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """The next time something can be said about a contract.

    ``last_notice`` is the last day on which notice can still be given for ``end``; ``act_by`` the day
    by which somebody has to begin, for that to be possible.
    ``settled``: no notice is possible any more, and it ends. ``over``: it has ended.
    """

    end: date
    last_notice: date
    act_by: date
    settled: bool = False
    over: bool = False


def renewal(term: Term, today: date, lead: timedelta) -> Renewal:
    """The next renewal of a contract, on a day. ``lead`` is how long a decision takes (`lead_time`)."""
    ends = _ends_from(term, today)
    for end in ends:
        notice = before(end, term.notice)
        if notice >= today:
            return Renewal(end=end, last_notice=notice, act_by=notice - lead)
    # Nothing can be said in time any more: it ends when its last term does.
    end = ends[-1]
    notice = before(end, term.notice)
    return Renewal(end=end, last_notice=notice, act_by=notice - lead, settled=True, over=end < today)


def _ends_from(term: Term, today: date) -> list[date]:
    """The ends that may still come true: of a contract that extends by itself the ones from today on until
    one that notice can be given for; of any other, the one it has been extended to. Breaks are ends, too.
    """
    ends = term.ends() if term.tacit else iter([term.end(term.taken)])
    found = [next(ends)]
    for end in ends:
        if before(found[-1], term.notice) >= today or end >= FAR:
            break
        found.append(end)
    breaks = [day for day in term.breaks if before(day, term.notice) >= today and day < found[-1]]
    return sorted([*found, *breaks])


# Before the day to begin by, as long as it takes to find the people; before the last day, to send a letter.
EARLIER, LATE = timedelta(days=30), timedelta(days=14)
STAGES = ("soon", "begin", "last")


def stage(next_one: Renewal, today: date) -> str:
    """What somebody has to be reminded of on a day: that they have to begin ``soon``, ``begin`` now, or that
    the ``last`` days have come. Empty long before, and when nothing can be done any more.
    """
    if next_one.settled or next_one.over or today > next_one.last_notice:
        return ""
    if today >= max(next_one.last_notice - LATE, next_one.act_by):
        return "last"
    if today >= next_one.act_by:
        return "begin"
    return "soon" if today >= next_one.act_by - EARLIER else ""


# What a decision takes: small purchases a month, large ones most of a year. By yearly cost in pounds.
LEADS: tuple[tuple[int, timedelta], ...] = (
    (5_000, timedelta(days=30)),
    (25_000, timedelta(days=60)),
    (100_000, timedelta(days=120)),
    (214_904, timedelta(days=180)),
)
LONGEST_LEAD = timedelta(days=270)


def lead_time(pounds_a_year: int) -> timedelta:
    """How long before the last notice day somebody has to begin, by what it costs in a year."""
    return next((lead for below, lead in LEADS if pounds_a_year < below), LONGEST_LEAD)
