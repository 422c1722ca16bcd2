"""The strategy as a picture of why: layers, what serves what, and what is wrong with an outline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

LAYERS: Mapping[str, int] = MappingProxyType(
    {"purpose": 25, "principle": 30, "strategy": 60, "outcome": 40, "objective": 60}
)
"""From the top down, each with the most words one of its statements should take: few words change slowly."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence, in one layer. ``serves`` is the statement above that says why."""

    slug: str
    layer: str
    sentence: str
    serves: str = ""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with an outline, and with which statement. ``part`` is the word at fault."""

    slug: str
    part: str
    what: str
    known: tuple[str, ...] = ()
    """What could have been written instead."""


def chain(statements: Mapping[str, Statement], slug: str) -> list[Statement]:
    """From a statement up to the top; each once, even where they serve each other in a circle."""
    found: dict[str, Statement] = {}
    while slug in statements and slug not in found:
        found[slug] = statements[slug]
        slug = statements[slug].serves
    return list(found.values())


def faults(statements: Sequence[Statement]) -> Iterator[Fault]:
    """What is wrong with an outline: gaps, links that lead nowhere, down or across, too many words."""
    by_slug = {statement.slug: statement for statement in statements}
    if not any(statement.layer == "purpose" for statement in statements):
        yield Fault(slug="", part="", what="No statement says what the council is for (layer: purpose).")
    for statement in statements:
        yield from _faults_of(statement, by_slug)


def _faults_of(statement: Statement, by_slug: Mapping[str, Statement]) -> Iterator[Fault]:
    slug, depth = statement.slug, list(LAYERS)
    limit, words = LAYERS[statement.layer], len(statement.sentence.split())
    if words > limit:
        what = f'"{slug}" has {words} words; a {statement.layer} has at most {limit}.'
        yield Fault(slug=slug, part="says", what=what)
    above = depth.index(statement.layer)
    higher = tuple(s.slug for s in by_slug.values() if depth.index(s.layer) < above)
    if statement.layer == "purpose":
        if statement.serves:
            what = f'"{slug}" is a purpose, and a purpose serves nothing above it.'
            yield Fault(slug=slug, part="serves", what=what)
    elif not statement.serves:
        yield Fault(slug=slug, part="", what=f'"{slug}" does not say what it serves.', known=higher)
    elif statement.serves not in by_slug:
        what = f'"{statement.serves}" is not a statement of this strategy.'
        yield Fault(slug=slug, part="serves", what=what, known=higher)
    elif statement.serves not in higher:
        what = f'"{slug}" serves "{statement.serves}", which is not in a layer above it.'
        yield Fault(slug=slug, part="serves", what=what, known=higher)
