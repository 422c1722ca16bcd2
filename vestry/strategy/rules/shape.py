"""What is wrong with a strategy's shape: gaps, promises with no work, twins, what is stale or restless.

Each check says what was found, about which layer or statement. Checks of change are tests, not comparisons,
so that small layers do not cry wolf.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from vestry.kernel import mark
from vestry.strategy.rules.graph import Graph, Snapshot
from vestry.strategy.rules.layers import ACTIVITIES, Layer, depths
from vestry.strategy.rules.measures import DAYS_A_YEAR, LayerMeasure, at_least, faster
from vestry.strategy.rules.words import twins

# One in twenty: a layer that is as it should be is called unlikely less often than that.
UNLIKELY = 0.05
GUIDED, USES = "guided-by", "uses"
# What is said about layers; everything else is about statements.
OF_LAYERS = frozenset({"empty", "words", "change"})


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something to look at. ``check`` is its kind; ``about`` a statement, or a layer where there is none."""

    check: str
    about: str
    sentence: str
    words: Mapping[str, object] = field(default_factory=dict)


def of_layers(layers: Sequence[Layer], measured: Sequence[LayerMeasure]) -> list[Finding]:
    """Where words or change do not grow from one layer to the next, or a layer is empty."""
    return list(_layers(layers, measured))


def of_statements(graph: Graph, snapshot: Snapshot) -> list[Finding]:
    """What there is to say about single statements, and how they hang together."""
    return [
        *_links(snapshot),
        *_sentences(snapshot),
        *_ages(graph, snapshot),
        *_twins(snapshot),
        *_principles(snapshot),
    ]


def _layers(layers: Sequence[Layer], measured: Sequence[LayerMeasure]) -> Iterator[Finding]:
    titles = {layer.slug: layer.title for layer in layers}
    for each in measured:
        if not each.items:
            yield Finding(
                check="empty",
                about=each.layer,
                sentence=mark("Nothing stands in the layer “{layer}”."),
                words={"layer": titles[each.layer]},
            )
    there = [each for each in measured if each.items]
    for upper, lower in pairwise(there):
        words = {"upper": titles[upper.layer], "lower": titles[lower.layer]}
        if upper.words >= lower.words:
            yield Finding(
                check="words",
                about=lower.layer,
                sentence=mark("“{upper}” has {more} words and “{lower}”, below it, only {less}."),
                words={**words, "more": upper.words, "less": lower.words},
            )
        if faster(upper, lower) < UNLIKELY:
            yield Finding(
                check="change",
                about=upper.layer,
                sentence=mark("“{upper}” changes faster than “{lower}”, which is below it."),
                words=words,
            )


def _links(snapshot: Snapshot) -> Iterator[Finding]:
    depth = depths(snapshot.layers)
    bottom = len(snapshot.layers) - 1
    # What services use has the why they have.
    used = {link.parent for link in snapshot.others if link.kind == USES}
    for slug, item in snapshot.items.items():
        parents = snapshot.parents.get(slug, ())
        if depth[item.layer] and not parents and slug not in used:
            yield Finding(check="orphan", about=slug, sentence=mark("Nothing says why this is done."))
        if not snapshot.children.get(slug) and depth[item.layer] < bottom and item.kind == "statement":
            yield Finding(
                check="barren", about=slug, sentence=mark("A promise with no work: nothing serves it.")
            )
        for parent in parents:
            steps = depth[item.layer] - depth[snapshot.items[parent].layer]
            if steps < 1:
                yield Finding(
                    check="downward",
                    about=slug,
                    sentence=mark("It serves “{parent}”, which is not above it."),
                    words={"parent": snapshot.items[parent].text or parent},
                )
            elif steps > 1 and item.kind == "statement" and not snapshot.reasons.get((slug, parent)):
                yield Finding(
                    check="skip",
                    about=slug,
                    sentence=mark("It skips a layer and gives no reason: it serves “{parent}”."),
                    words={"parent": snapshot.items[parent].text or parent},
                )
    for slug in circle(snapshot.parents):
        yield Finding(check="circle", about=slug, sentence=mark("It serves itself, in a circle."))


def circle(parents: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The things that serve each other in a circle; none when there is no circle."""
    try:
        TopologicalSorter(parents).prepare()
    except CycleError as found:
        return tuple(dict.fromkeys(found.args[1]))
    return ()


def _sentences(snapshot: Snapshot) -> Iterator[Finding]:
    most = {layer.slug: layer.words for layer in snapshot.layers}
    for slug, item in snapshot.items.items():
        if item.kind == "statement" and item.words > most[item.layer]:
            yield Finding(
                check="long",
                about=slug,
                sentence=mark("It has {words} words; {most} are enough in its layer."),
                words={"words": item.words, "most": most[item.layer]},
            )


def _ages(graph: Graph, snapshot: Snapshot) -> Iterator[Finding]:
    layers = {layer.slug: layer for layer in snapshot.layers}
    for slug, item in snapshot.items.items():
        age = snapshot.day - max(item.since, item.confirmed or item.since)
        if item.kind == "statement" and age > timedelta(days=layers[item.layer].review):
            yield Finding(
                check="stale",
                about=slug,
                sentence=mark("Nobody has changed or confirmed it since {since}."),
                words={"since": item.since},
            )
    yield from _restless(graph, snapshot, layers)


def _restless(graph: Graph, snapshot: Snapshot, layers: Mapping[str, Layer]) -> Iterator[Finding]:
    changes: Counter[str] = Counter()
    lived: defaultdict[str, float] = defaultdict(float)
    by_layer: defaultdict[str, list[str]] = defaultdict(list)
    began: set[str] = set()
    for each in graph.wordings:
        if each.since > snapshot.day or each.kind != "statement":
            continue
        changes[each.slug] += each.slug in began
        lived[each.slug] += (min(each.until or snapshot.day, snapshot.day) - each.since).days / DAYS_A_YEAR
        if each.slug not in began:
            by_layer[each.layer].append(each.slug)
        began.add(each.slug)
    for layer, slugs in by_layer.items():
        tries, years = sum(changes[slug] for slug in slugs), sum(lived[slug] for slug in slugs)
        for slug in slugs:
            mine = changes[slug]
            if slug not in snapshot.items or mine < 2:  # noqa: PLR2004 - once is no habit
                continue
            # Each of n statements gets its chance to be unlikely, so the limit is shared out among them.
            if at_least(mine, tries, lived[slug], years - lived[slug]) < UNLIKELY / len(slugs):
                yield Finding(
                    check="restless",
                    about=slug,
                    sentence=mark("It was changed {times} times, far more often than the rest of “{layer}”."),
                    words={"times": mine, "layer": layers[layer].title},
                )


def _twins(snapshot: Snapshot) -> Iterator[Finding]:
    texts = {
        slug: item.text for slug, item in snapshot.items.items() if item.text and item.layer != ACTIVITIES
    }
    for one, other, _share in twins(texts):
        yield Finding(
            check="twins",
            about=one,
            sentence=mark("It says nearly the same as “{other}”."),
            words={"other": texts[other]},
        )


def _principles(snapshot: Snapshot) -> Iterator[Finding]:
    if len(snapshot.layers) < 2:  # noqa: PLR2004 - a purpose alone has no principles
        return
    cited: defaultdict[str, set[str]] = defaultdict(set)
    for link in snapshot.others:
        if link.kind == GUIDED:
            cited[link.parent].add(link.child)
    citing = {link.child for link in snapshot.others if link.kind == GUIDED}
    if not citing:
        return
    for item in snapshot.layer(snapshot.layers[1].slug):
        number = len(cited[item.slug])
        if number == 0 and not snapshot.children.get(item.slug):
            yield Finding(
                check="uncited", about=item.slug, sentence=mark("Nothing says that it is guided by it.")
            )
        elif number == len(citing) and number > len(snapshot.layers):
            yield Finding(
                check="everywhere",
                about=item.slug,
                sentence=mark("Everything cites it, so it decides nothing."),
            )
