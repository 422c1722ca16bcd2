"""Where an assessment stands, and what can come next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from vestry.technology.rules.dates import Span, after

STARTED, ASKING, READY, DECIDED = "started", "asking", "ready", "decided"
DUE, REPLACED, ENDED = "due", "replaced", "ended"
NEXT: Mapping[str, frozenset[str]] = {
    STARTED: frozenset({ASKING, READY, ENDED}),
    ASKING: frozenset({ASKING, READY, ENDED}),
    READY: frozenset({ASKING, READY, DECIDED, ENDED}),
    DECIDED: frozenset({DUE, REPLACED, ENDED}),
    DUE: frozenset({REPLACED, ENDED}),
    REPLACED: frozenset(),
    ENDED: frozenset(),
}
OPEN = frozenset({STARTED, ASKING, READY})
# Nothing is decided for ever: what goes well is looked at again after a year.
AGAIN = Span(months=12)


def may_become(state: str, later: str) -> bool:
    """Whether an assessment in one state can come into another."""
    return later in NEXT[state]


def again_on(
    decided: date, *, act_by: date | None, waivers: tuple[date, ...], conditions: tuple[date, ...]
) -> date:
    """The day on which a decision has to be looked at again: after a year; or when something has to be said
    about the contract, a waiver ends or a condition is due, where that is earlier and still to come.
    """
    days = [after(decided, AGAIN), *waivers, *conditions, *([act_by] if act_by else [])]
    return min(day for day in days if day > decided)
