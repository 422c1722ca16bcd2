"""Spend and hours: what is known of what things cost, and how much of it leads up to the purpose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What things come to in a year, from a day on, as somebody counted it.

    ``of`` is what is counted: ``spend`` in pounds, ``hours`` of work. ``services`` gives it by service;
    ``all`` is the whole council's, None where nobody says. ``source`` is where it can be looked up.
    """

    of: str
    since: date
    source: str
    services: Mapping[str, float]
    all: float | None = None


def on(figures: Sequence[Figures], day: date) -> list[Figures]:
    """The newest of each kind that holds on a day."""
    newest: dict[str, Figures] = {}
    for each in sorted(figures, key=lambda each: each.since):
        if each.since <= day:
            newest[each.of] = each
    return list(newest.values())


def summed(figures: Sequence[Figures], services: Collection[str]) -> Mapping[str, tuple[float, int]]:
    """Of each kind, what is known of these services together, and for how many of them it is not known."""
    found: dict[str, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for each in figures:
        known = [each.services[slug] for slug in services if slug in each.services]
        found[each.of] = sum(known), len(services) - len(known)
    return dict(found)
