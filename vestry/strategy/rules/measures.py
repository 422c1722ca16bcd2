"""The measures: how many words each layer has, and how fast they change; and what of the work has a why.

The picture the council works by says that words and change both grow from layer to layer. Here that is
counted, not drawn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import comb, exp, log
from statistics import NormalDist

from vestry.strategy.rules.figures import Figures
from vestry.strategy.rules.graph import Graph, Snapshot, Tally, Wording, reached
from vestry.strategy.rules.layers import ACTIVITIES
from vestry.strategy.rules.words import half_life, lifetimes

YEAR = timedelta(days=365)
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, kw_only=True)
class LayerMeasure:
    """One layer on one day, and over the year before it.

    ``changes`` counts what began, was reworded or ended in that year, ``exposure`` the item-years it could
    have happened in. ``churn`` is the words that came and went for each word that stood at the beginning and
    at the end. ``half_life`` is in days; None where more than half of the words last longer than is known, or
    where single words are not known (services, cases).
    """

    layer: str
    items: int
    words: int
    changes: int
    exposure: float
    churn: float
    half_life: int | None

    @property
    def words_an_item(self) -> float:
        """How many words one item has, on average."""
        return self.words / self.items if self.items else 0.0

    @property
    def rate(self) -> float:
        """Changes an item a year."""
        return self.changes / self.exposure if self.exposure else 0.0


def measure_words(graph: Graph, day: date) -> list[LayerMeasure]:
    """Every layer, from the top down, by what is written in it and hangs in it; without cases."""
    by_layer: defaultdict[str, list[Wording]] = defaultdict(list)
    for each in graph.wordings:
        if each.since <= day:
            by_layer[each.layer].append(each)
    return [_of_wordings(each.slug, by_layer[each.slug], day - YEAR, day) for each in graph.layers]


def with_cases(measured: Iterable[LayerMeasure], tallies: Sequence[Tally], day: date) -> list[LayerMeasure]:
    """The same with the cases among the activities. Whose a tally is does not matter here."""
    return [
        _together(each, _of_tallies(tallies, day - YEAR, day))
        if tallies and each.layer == ACTIVITIES
        else each
        for each in measured
    ]


def _of_wordings(layer: str, wordings: Sequence[Wording], start: date, day: date) -> LayerMeasure:
    standing = [each for each in wordings if each.stands(day)]
    words, before = sum(each.words for each in standing), 0
    changes, moved, exposure = 0, 0, 0.0
    chains: defaultdict[str, list[Wording]] = defaultdict(list)
    for each in wordings:
        chains[each.slug].append(each)
        before += each.words if each.stands(start) else 0
        exposure += _years(each.since, each.until, start, day)
        if start < each.since:
            changes += 1
            moved += each.came + each.went
    for chain in chains.values():
        chain.sort(key=lambda each: each.since)
        last = chain[-1].until
        if last and start < last <= day:
            changes += 1
            moved += chain[-1].words
    return LayerMeasure(
        layer=layer,
        items=len(standing),
        words=words,
        changes=changes,
        exposure=exposure,
        churn=moved / (before + words) if before + words else 0.0,
        half_life=_half_life(chains.values(), day),
    )


def _half_life(chains: Iterable[Sequence[Wording]], day: date) -> int | None:
    lived: Counter[tuple[int, bool]] = Counter()
    for chain in chains:
        if chain[0].text:
            last = chain[-1].until
            ended = last if last and last <= day else None
            lived.update(lifetimes([(each.since, each.text) for each in chain], ended, day))
    return half_life(lived)


def _of_tallies(tallies: Iterable[Tally], start: date, day: date) -> LayerMeasure:
    items = words = items_before = words_before = changes = moved = 0
    exposure = 0.0
    for tally in tallies:
        if tally.day > day:
            continue
        came, went = tally.opened - tally.closed, tally.words_in - tally.words_out
        items, words = items + came, words + went
        if tally.day <= start:
            items_before, words_before = items_before + came, words_before + went
        else:
            changes += tally.opened + tally.closed + tally.said
            moved += tally.words_in + tally.words_out
            # Each case counts from the day it begins to the day it ends.
            exposure += came * (day - tally.day).days / DAYS_A_YEAR
    exposure += items_before * (day - start).days / DAYS_A_YEAR
    return LayerMeasure(
        layer=ACTIVITIES,
        items=items,
        words=words,
        changes=changes,
        exposure=max(exposure, 0.0),
        churn=moved / (words_before + words) if words_before + words else 0.0,
        half_life=None,
    )


def _together(one: LayerMeasure, other: LayerMeasure) -> LayerMeasure:
    words = one.words + other.words
    churned = one.churn * one.words + other.churn * other.words
    return LayerMeasure(
        layer=one.layer,
        items=one.items + other.items,
        words=words,
        changes=one.changes + other.changes,
        exposure=one.exposure + other.exposure,
        churn=churned / words if words else other.churn,
        half_life=one.half_life,
    )


def _years(since: date, until: date | None, start: date, day: date) -> float:
    first, last = max(since, start), min(until or day, day)
    return max((last - first).days, 0) / DAYS_A_YEAR


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The whole picture in four numbers. ``taper``: how many times as many words a layer has as the one above
    it (geometric mean); ``slope``: the same for changes an item a year. ``tau_words`` and ``tau_churn``:
    how far words and churn rise with depth, from -1 (each step falls) to 1 (each step rises: the picture).
    None where there is too little to say.
    """

    taper: float | None
    slope: float | None
    tau_words: float | None
    tau_churn: float | None


def shape(measured: Sequence[LayerMeasure]) -> Shape:
    """How the layers stand to each other."""
    there = [each for each in measured if each.items]
    return Shape(
        taper=_steps([each.words for each in there]),
        slope=_steps([each.rate for each in there]),
        tau_words=tau([each.words for each in there]),
        tau_churn=tau([each.churn for each in there]),
    )


def _steps(values: Sequence[float]) -> float | None:
    ratios = [log(b / a) for a, b in pairwise(values) if a > 0 and b > 0]
    return exp(sum(ratios) / len(ratios)) if ratios else None


def tau(values: Sequence[float]) -> float | None:
    """Kendall's tau of the values against their order: pairs that rise less pairs that fall, of all pairs."""
    pairs = [(a, b) for n, a in enumerate(values) for b in values[n + 1 :]]
    return sum((b > a) - (b < a) for a, b in pairs) / len(pairs) if pairs else None


def faster(upper: LayerMeasure, lower: LayerMeasure) -> float:
    """How likely it is by chance alone that the upper layer changed this often or oftener, if in truth both
    change equally fast (exact conditional binomial test). Small layers give large numbers: no alarm.
    """
    return at_least(upper.changes, upper.changes + lower.changes, upper.exposure, lower.exposure)


def at_least(hits: int, tries: int, mine: float, others: float) -> float:
    """P(X ≥ ``hits``) for X binomial over ``tries``, with the share ``mine`` of ``mine + others``."""
    if not tries or mine + others <= 0:
        return 1.0
    share = mine / (mine + others)
    if share in {0.0, 1.0}:
        return 1.0 if share or not hits else 0.0
    if tries > 1000:  # noqa: PLR2004 - beyond it the normal curve is as good, and does not take seconds
        return _beyond((hits - 0.5 - tries * share) / (tries * share * (1 - share)) ** 0.5)
    return sum(comb(tries, n) * share**n * (1 - share) ** (tries - n) for n in range(hits, tries + 1))


def _beyond(deviations: float) -> float:
    return 1 - NormalDist().cdf(deviations)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What of the work leads up to the purpose: ``traced`` of ``all``. None of either: 1, nothing is lost.

    ``unknown`` is of how many services it is not known, and so in neither number; ``source`` who says so,
    where it was not counted here.
    """

    of: str
    traced: float
    all: float
    unknown: int = 0
    source: str = ""

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.traced / self.all if self.all else 1.0


def traced_services(snapshot: Snapshot) -> dict[str, bool]:
    """Every service there is, and whether a way leads from it up to the purpose."""
    traced = reached(snapshot)
    return {item.slug: item.slug in traced for item in snapshot.items.values() if item.kind == "service"}


def reach_of(
    services: Mapping[str, bool], cases: Mapping[str, int], figures: Sequence[Figures] = ()
) -> list[Reach]:
    """The share of services, of their cases, and of what ``figures`` tell of them (spend, hours), from which
    a way leads up to the purpose.
    """
    traced = {slug for slug, leads_up in services.items() if leads_up}
    counted: dict[str, Mapping[str, float]] = {
        "services": dict.fromkeys(services, 1.0),
        "cases": {service: float(number) for service, number in cases.items()},
    }
    found = [Reach(of=of, traced=_of(each, traced), all=sum(each.values())) for of, each in counted.items()]
    for told in figures:
        known = {slug: told.services[slug] for slug in services if slug in told.services}
        found.append(
            Reach(
                of=told.of,
                traced=_of(known, traced),
                all=sum(known.values()) if told.all is None else told.all,
                unknown=len(services) - len(known),
                source=told.source,
            )
        )
    return found


def _of(weights: Mapping[str, float], traced: Collection[str]) -> float:
    return sum(weight for slug, weight in weights.items() if slug in traced)


def changed(graph: Graph, since: date, until: date) -> list[tuple[Wording | None, Wording | None]]:
    """What was different between two days: what each thing said then, and what it says now."""
    before, after = (
        {each.slug: each for each in graph.wordings if each.stands(day)} for day in (since, until)
    )
    slugs = dict.fromkeys([*before, *after])
    pairs = [(before.get(slug), after.get(slug)) for slug in slugs]
    return [(old, new) for old, new in pairs if old is None or new is None or old.since != new.since]
