"""Where an assessment stands, and when it has to be looked at again."""

from __future__ import annotations

from datetime import date

from vestry.technology.rules.dates import Span, after

ASKING, DECIDED, DUE, REPLACED = "asking", "decided", "due", "replaced"
# Nothing is decided for ever: what goes well is looked at again after a year.
AGAIN = Span(months=12)


def again_on(
    decided: date, *, act_by: date | None, waivers: tuple[date, ...], conditions: tuple[date, ...]
) -> date:
    """The day on which a decision has to be looked at again: after a year; or when something has to be said
    about the contract, a waiver ends or a condition is due, where that is earlier and still to come.
    """
    days = [after(decided, AGAIN), *waivers, *conditions, *([act_by] if act_by else [])]
    return min(day for day in days if day > decided)
