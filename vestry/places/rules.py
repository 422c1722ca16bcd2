"""Pure decisions about places: how a postcode is written, and on which days a round comes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from vestry.kernel import LONDON

# Outward code, then inward code: one digit and two letters (BS 7666, part 2).
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9OI])([A-Z]{2})", re.ASCII)
_UPRN = re.compile(r"[0-9]{1,12}", re.ASCII)


def tidy_postcode(typed: str) -> str:
    """A postcode as the Post Office writes it, ``HM1 2AB``; empty when it can't be one.

    Spaces, dots and letter case don't matter, and an O or I where only a digit can stand is read as one.
    """
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", typed).upper()))
    found = _POSTCODE.fullmatch(letters)
    if not found:
        return ""
    outward, digit, pair = found.groups()
    return f"{outward} {digit.translate(str.maketrans('OI', '01'))}{pair}"


def tidy_uprn(typed: str) -> str:
    """A unique property reference number, without leading zeros; empty when it can't be one."""
    digits = typed.strip().lstrip("0")
    return digits if _UPRN.fullmatch(digits) else ""


def by_number(line: str) -> list[tuple[int, int, str]]:
    """Sorts house 2 before house 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", line.casefold())
    return [(0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts]


@dataclass(frozen=True, kw_only=True)
class Round:
    """Every how many weeks a kind of collection comes, and until when that day the crew may still be out.

    ``moved`` leads from a planned day to the day it happens instead; None when it does not happen at all.
    """

    schedule: str
    slug: str
    kind: str
    first: date
    weeks: int
    over: time
    moved: Mapping[date, date | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, order=True)
class Visit:
    """One collection: its day, and the moment from which the round is over."""

    day: date
    over: datetime


def moment(day: date, at: time) -> datetime:
    """That time of day in London; the later of the two when the clocks go back."""
    readings = (datetime.combine(day, at.replace(fold=fold), LONDON).astimezone(UTC) for fold in (0, 1))
    return max(readings).astimezone(LONDON)


def days(round_: Round, after: date, until: date) -> Iterator[date]:
    """The days a round comes, later than ``after`` and up to ``until``, with moves carried out."""
    step = timedelta(weeks=round_.weeks)
    skipped = max(0, (after - round_.first) // step)
    day = round_.first + skipped * step
    while day <= until:
        if day > after and day not in round_.moved:
            yield day
        day += step
    for to in round_.moved.values():
        if to and after < to <= until:
            yield to


def visits(round_: Round, after: date, until: date) -> list[Visit]:
    """The visits of a round, in order, each day once."""
    return [Visit(day=day, over=moment(day, round_.over)) for day in sorted(set(days(round_, after, until)))]
