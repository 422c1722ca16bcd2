"""What happens to people who are filling in an earlier version when a new one appears. No database, no clock.

Every version published since the one somebody began has its say (``people-midway``), and the strictest holds:
a version that wanted them carried over is not undone by a later one that only mends a spelling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from vestry.kernel import LONDON, local_day
from vestry.services.definition.language import Definition, FinishBy

Policy = Literal["stay", "carry-over", "finish-by"]
STAY, CARRY_OVER, FINISH_BY = "stay", "carry-over", "finish-by"
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, kw_only=True)
class Say:
    """What the versions since say together. ``until`` is the last moment of *finish-by*."""

    policy: Policy = "stay"
    until: datetime | None = None

    def moves(self, now: datetime) -> bool:
        """Whether somebody who comes back now goes on with the newest version."""
        return self.policy == CARRY_OVER or (self.until is not None and self.until <= now)


def span(written: str) -> timedelta:
    """``2 weeks`` as a length of time."""
    number, unit = written.split()
    return timedelta(days=int(number) * DAYS[unit.removesuffix("s")])


def say(since: Iterable[tuple[Definition, datetime]]) -> Say:
    """The strictest of what they say: each a version, and when it was published."""
    untils = []
    for definition, published_at in since:
        wanted = definition.people_midway
        if isinstance(wanted, FinishBy):
            untils.append(_end(wanted.finish_by, published_at))
        elif wanted == CARRY_OVER:
            return Say(policy="carry-over")
    return Say(policy="finish-by", until=min(untils)) if untils else Say()


def _end(written: str, published_at: datetime) -> datetime:
    """The end of the day it names, or of the day that is so long after the version was published."""
    last = local_day(published_at + span(written)) if " " in written else date.fromisoformat(written)
    return datetime.combine(last + timedelta(days=1), time(), LONDON)
