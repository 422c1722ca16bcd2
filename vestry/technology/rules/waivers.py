"""Waivers: something is bought although a principle is not met. It has an end, and the end is a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from vestry.technology.rules.dates import Span, after

LONGEST = Span(months=12)
RENEWALS = 2
# The second time it is renewed, members decide it in public.
IN_PUBLIC_FROM = 2
REASONS = ("nothing-else", "too-soon-to-leave", "law", "being-built", "emergency")


def latest_end(granted: date, last_notice: date | None) -> date:
    """The last day a waiver may run to: 12 months, or the last day on which notice can be given, if earlier.

    Where that day has passed already there is nothing left to wait for, and it is 12 months.
    """
    longest = after(granted, LONGEST)
    return min(longest, last_notice) if last_notice and last_notice >= granted else longest


def faults(
    *,
    granted: date,
    end: date,
    last_notice: date | None,
    asker: str,
    approver: str,
    written: Sequence[str],
    renewals: int,
    decided_in: str,
) -> list[str]:
    """What is wrong with a waiver, by name; none when it may be granted.

    ``written`` are the reason, the owner, the compensating action and the exit step; ``renewals`` counts this
    one, 0 for the first.
    """
    found = []
    if not all(each.strip() for each in written):
        found.append("unwritten")
    if asker == approver:
        found.append("same-person")
    if end <= granted:
        found.append("ends-before")
    elif end > latest_end(granted, last_notice):
        found.append("too-long")
    if renewals > RENEWALS:
        found.append("too-often")
    elif renewals >= IN_PUBLIC_FROM and not decided_in.strip():
        found.append("not-public")
    return found


def runs(end: date, ended: date | None, today: date) -> bool:
    """Whether a waiver runs on a day: to its last day, unless it was ended before."""
    return today <= end and (ended is None or today < ended)
