"""The strategy as a picture of why: layers, what serves what, and what is wrong with an outline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from vestry.kernel import mark

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
    words: Mapping[str, object] = field(default_factory=dict)
    """What ``{fields}`` of ``what`` stand for."""
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
        yield Fault(
            slug="", part="", what=mark("No statement says what the council is for (layer: purpose).")
        )
    for statement in statements:
        yield from _too_long(statement)
        yield from _wrong_link(statement, by_slug)


def _too_long(statement: Statement) -> Iterator[Fault]:
    most, number = LAYERS[statement.layer], len(statement.sentence.split())
    if number > most:
        yield Fault(
            slug=statement.slug,
            part="says",
            what=mark('"{slug}" has {number} words; a statement in the layer {layer} has at most {most}.'),
            words={"slug": statement.slug, "number": number, "layer": statement.layer, "most": most},
        )


def _wrong_link(statement: Statement, by_slug: Mapping[str, Statement]) -> Iterator[Fault]:
    depth = list(LAYERS)
    above = depth.index(statement.layer)
    higher = tuple(s.slug for s in by_slug.values() if depth.index(s.layer) < above)
    part, known = "serves", higher
    if statement.layer == "purpose":
        if not statement.serves:
            return
        what, known = mark('"{slug}" is a purpose, and a purpose serves nothing above it.'), ()
    elif not statement.serves:
        what, part = mark('"{slug}" does not say what it serves.'), ""
    elif statement.serves not in by_slug:
        what = mark('"{serves}" is not a statement of this strategy.')
    elif statement.serves not in higher:
        what = mark('"{slug}" serves "{serves}", which is not in a layer above it.')
    else:
        return
    words = {"slug": statement.slug, "serves": statement.serves}
    yield Fault(slug=statement.slug, part=part, what=what, words=words, known=known)
