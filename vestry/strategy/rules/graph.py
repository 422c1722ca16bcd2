"""The graph: what stood when, what serves what, and what stands on a given day.

A *wording* is what one thing said from one day to another. Statements have theirs from people; services from
their versions. Cases are too many to be things of their own here: they come as daily *tallies* by service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from vestry.strategy.rules.layers import Layer, depths

SERVES = "serves"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a thing in a layer said from ``since`` until the day before ``until``.

    ``words`` is how many words it had; ``came`` and ``went`` how many of them differ from the wording before
    (all of them ``came`` in the first one).
    """

    slug: str
    layer: str
    since: date
    until: date | None
    words: int
    came: int
    went: int
    text: str = ""
    owner: str = ""
    kind: str = "statement"
    confirmed: date | None = None
    """When somebody last read it again and left it as it is."""
    title: str = ""
    """What it is called, where it is no sentence."""

    @property
    def said(self) -> str:
        """What people read."""
        return self.text or self.title

    def stands(self, day: date) -> bool:
        """Whether it is what was said on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, kw_only=True)
class Link:
    """From a thing to one above it. Only ``serves`` says why. ``reason``: why it skips a layer."""

    child: str
    parent: str
    since: date
    until: date | None = None
    kind: str = SERVES
    reason: str = ""

    def stands(self, day: date) -> bool:
        """Whether it held on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The cases of one service on one day: how many began and ended, and how many words they came with.

    ``said`` is how many other facts there were about them.
    """

    service: str
    day: date
    opened: int
    closed: int
    words_in: int
    words_out: int
    said: int = 0


@dataclass(frozen=True, kw_only=True)
class Graph:
    """All that is written and hangs here, over all time."""

    layers: Sequence[Layer]
    wordings: Sequence[Wording]
    links: Sequence[Link] = ()


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What stands on one day. ``parents`` and ``children`` follow *serves* only."""

    day: date
    layers: Sequence[Layer]
    items: Mapping[str, Wording]
    parents: Mapping[str, tuple[str, ...]]
    children: Mapping[str, tuple[str, ...]]
    reasons: Mapping[tuple[str, str], str] = field(default_factory=dict)
    others: Sequence[Link] = ()
    """Links of other kinds."""

    def layer(self, slug: str) -> list[Wording]:
        """Everything in one layer."""
        return [item for item in self.items.values() if item.layer == slug]


def on(graph: Graph, day: date) -> Snapshot:
    """What stood on a day, in the layers there are now."""
    order = depths(graph.layers)
    items = {each.slug: each for each in graph.wordings if each.stands(day) and each.layer in order}
    parents: defaultdict[str, list[str]] = defaultdict(list)
    children: defaultdict[str, list[str]] = defaultdict(list)
    reasons, others = {}, []
    for link in graph.links:
        if not link.stands(day) or link.child not in items or link.parent not in items:
            continue
        if link.kind != SERVES:
            others.append(link)
            continue
        parents[link.child].append(link.parent)
        children[link.parent].append(link.child)
        reasons[link.child, link.parent] = link.reason
    return Snapshot(
        day=day,
        layers=graph.layers,
        items=items,
        parents={child: tuple(each) for child, each in parents.items()},
        children={parent: tuple(each) for parent, each in children.items()},
        reasons=reasons,
        others=tuple(others),
    )


def reached(snapshot: Snapshot) -> frozenset[str]:
    """Everything from which a way of *serves* leads up to the top layer."""
    top = snapshot.layers[0].slug
    found: set[str] = set()
    waiting = [item.slug for item in snapshot.layer(top)]
    while waiting:
        slug = waiting.pop()
        if slug not in found:
            found.add(slug)
            waiting.extend(snapshot.children.get(slug, ()))
    return frozenset(found)


@dataclass(frozen=True, kw_only=True)
class Hanging:
    """What hangs from a thing: how many of each layer, and how many open cases."""

    by_layer: Mapping[str, int]
    cases: int

    @property
    def all(self) -> int:
        """How much hangs from it altogether."""
        return sum(self.by_layer.values()) + self.cases
