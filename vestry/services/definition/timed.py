"""Rules that the clock sets off: ``28 days before 1 year after submitted``. No database, no clock.

Counted from the day it was sent (``submitted``), from a day somebody gave (the id of a ``date`` question), or
from the days of what a step made (its id): of a repeat, what is done before counts from the first of them,
what is done after from the last.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType

from django.utils.translation import gettext as _

from vestry.design.kinds.bounds import Bound
from vestry.kernel import LONDON

SUBMITTED = "submitted"
DAY = "day"
"""What a message of such a rule may say besides: the day that is counted to."""
# When people read what they are sent; never in the hour that a clock change skips or repeats.
AT = time(9)
# Which way a rule counts does not depend on the day.
SOME = date(2026, 1, 5)
_COUNT = r"([1-9][0-9]{0,2}) (day|week|month|year)s? (before|after) "
_FIRST = re.compile(rf"(?:on |{_COUNT})(.+)")
_MORE = re.compile(rf"{_COUNT}(.+)")
_LOOKS_TIMED = re.compile(r"on |[0-9]")
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A rule for a day: ``steps`` are counted from ``word``, the last that is written first."""

    word: str
    first: Bound
    steps: tuple[Bound, ...]

    @property
    def is_before(self) -> bool:
        """Whether it is done before the day it counts from."""
        return self.at(SOME).date() < SOME

    def to(self, begin: date) -> date:
        """The day that is counted to: ``1 year after submitted`` in ``28 days before 1 year after ...``."""
        for step in self.steps:
            begin = step.on(begin)
        return begin

    def at(self, begin: date) -> datetime:
        """When it is to be done."""
        return datetime.combine(self.first.on(self.to(begin)), AT, LONDON)


def looks_timed(on: str) -> bool:
    """Whether somebody meant a day, however it is written."""
    return bool(_LOOKS_TIMED.match(on))


def read_timed(on: str) -> Timed | None:
    """The rule for a day that is written so; None where it is none."""
    found = _FIRST.fullmatch(on)
    if found is None:
        return None
    first = _bound(*found.groups()[:3]) if found[1] else Bound()
    rest, steps = found[4], list[Bound]()
    while more := _MORE.fullmatch(rest):
        steps.append(_bound(*more.groups()[:3]))
        rest = more[4]
    return None if " " in rest else Timed(word=rest, first=first, steps=tuple(reversed(steps)))


def _bound(count: str, unit: str, way: str) -> Bound:
    number = int(count) * (1 if way == "after" else -1)
    return Bound(days=number * _DAYS.get(unit, 0), months=number * _MONTHS.get(unit, 0))


def wrong(on: str, days: Collection[str]) -> tuple[str, str] | None:
    """What is wrong with a rule for a day, and what would be right; None where nothing is.

    ``days`` are the questions that ask for a day, and the steps that have some.
    """
    timed = read_timed(on)
    if timed is None:
        what = _('"{on}" is not a day as a rule can say it.').format(on=on)
        return what, _('Write it like this: "28 days before 1 year after submitted", "on {day}".').format(
            day=next(iter(sorted(days)), SUBMITTED)
        )
    if timed.word != SUBMITTED and timed.word not in days:
        what = _('"{word}" is no day that can be counted from.').format(word=timed.word)
        return what, _("There are: {words}.").format(words=", ".join(sorted({SUBMITTED, *days})))
    if timed.word == SUBMITTED and timed.is_before:
        what = _('"{on}" is always over when it is sent.').format(on=on)
        return what, _('Count on to a later day: "28 days before 1 year after submitted".')
    return None


def days_of(
    rules: Collection[str],
    said: Mapping[str, object],
    sent: date,
    made: Mapping[str, Sequence[date]] = MappingProxyType({}),
) -> Iterator[tuple[str, date, datetime]]:
    """The rules for a day: each with the day that is counted to, and when.

    ``made`` are the days of what steps made, by the step's id, in order.
    """
    for on in rules:
        timed = read_timed(on)
        begin = _begin(timed, said, sent, made) if timed else None
        if timed and begin:
            try:
                yield on, timed.to(begin), timed.at(begin)
            except (ValueError, OverflowError):
                # A day beyond all calendars never comes.
                continue


def _begin(
    timed: Timed, said: Mapping[str, object], sent: date, made: Mapping[str, Sequence[date]]
) -> date | None:
    if timed.word == SUBMITTED:
        return sent
    if days := made.get(timed.word):
        return days[0] if timed.is_before else days[-1]
    return _day(said.get(timed.word))


def _day(answer: object) -> date | None:
    try:
        return date.fromisoformat(answer) if isinstance(answer, str) else None
    except ValueError:
        return None
