"""An outline: a strategy as it is written down, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from vestry.kernel import mark
from vestry.strategy.rules.layers import ACTIVITIES, DEFAULT, SERVICES, Layer, depths
from vestry.strategy.rules.shape import circle

# As services name it where they say why.
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SLUG_LENGTH = 60


def is_name(slug: str) -> bool:
    """Whether a statement can be called so."""
    return len(slug) <= SLUG_LENGTH and _NAME.fullmatch(slug) is not None


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What a statement said before, from ``since`` until the next wording; ``decided``: where."""

    sentence: str
    since: date
    decided: str = ""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence, in one layer. ``serves`` are those above that say why, each with the reason for skipping
    a layer where it does. ``since`` is when it was first said so; ``ended`` since when it is no more.
    ``before`` are its earlier wordings, oldest first.
    """

    slug: str
    layer: str
    sentence: str
    serves: Mapping[str, str] = field(default_factory=dict)
    guided_by: tuple[str, ...] = ()
    owner: str = ""
    since: date | None = None
    decided: str = ""
    ended: date | None = None
    before: tuple[Earlier, ...] = ()


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


def faults(statements: Sequence[Statement], layers: Sequence[Layer] = DEFAULT) -> Iterator[Fault]:
    """What is wrong with an outline: layers without a place for services or cases, no names, gaps, links that
    lead nowhere, down or across, days that are not in order. A sentence that is too long is none of it: that
    is told when it is changed, and among the gaps.
    """
    by_slug = {statement.slug: statement for statement in statements}
    depth, top = depths(layers), layers[0]
    if not 0 < depth.get(SERVICES, 0) < depth.get(ACTIVITIES, 0):
        what = mark(
            'Services hang into the layer "{services}" and cases into "{activities}" by themselves: keep '
            'both names, "{services}" below the purpose and "{activities}" below "{services}".'
        )
        yield Fault(slug="", part="layers", what=what, words={"services": SERVICES, "activities": ACTIVITIES})
    if not any(statement.layer == top.slug and not statement.ended for statement in statements):
        what = mark("No statement says what the council is for (layer: {layer}).")
        yield Fault(slug="", part="", what=what, words={"layer": top.slug})
    for statement in statements:
        if not is_name(statement.slug):
            what = mark(
                '"{slug}" is not a name: it begins with a small letter, has small letters and digits with a '
                "hyphen between words, and at most {most} of them."
            )
            yield Fault(
                slug=statement.slug, part="", what=what, words={"slug": statement.slug, "most": SLUG_LENGTH}
            )
        yield from _wrong_days(statement)
        if statement.layer in depth:
            yield from _wrong_links(statement, by_slug, depth)
        elif not statement.ended:  # what has ended may have stood in a layer that is gone
            what = mark('"{layer}" is not a layer of this strategy.')
            words = {"layer": statement.layer}
            yield Fault(slug=statement.slug, part="layer", what=what, words=words, known=tuple(depth))
    for slug in circle({each.slug: tuple(each.serves) for each in statements if not each.ended}):
        what = mark('"{slug}" serves itself, in a circle.')
        yield Fault(slug=slug, part="serves", what=what, words={"slug": slug})
        return


def _wrong_links(
    statement: Statement, by_slug: Mapping[str, Statement], depth: Mapping[str, int]
) -> Iterator[Fault]:
    mine = depth[statement.layer]
    higher = tuple(slug for slug, each in by_slug.items() if depth.get(each.layer, mine) < mine)
    about = {"slug": statement.slug}
    if mine == 0 and statement.serves:
        what = mark('"{slug}" is at the top, and serves nothing above it.')
        yield Fault(slug=statement.slug, part="serves", what=what, words=about)
    if mine and not statement.serves and not statement.ended:
        yield Fault(
            slug=statement.slug, part="", what=mark('"{slug}" does not say what it serves.'), words=about
        )
    for other, reason in statement.serves.items() if mine else ():
        words = {**about, "serves": other}
        if other not in by_slug:
            what = mark('"{serves}" is not a statement of this strategy.')
        elif by_slug[other].ended and not statement.ended:
            what = mark('"{slug}" serves "{serves}", which has ended.')
        elif other not in higher:
            what = mark('"{slug}" serves "{serves}", which is not in a layer above it.')
        elif mine - depth[by_slug[other].layer] > 1 and not reason:
            what = mark('"{slug}" serves "{serves}" past a layer between them. Say why, or serve one in it.')
        else:
            continue
        yield Fault(slug=statement.slug, part="serves", what=what, words=words, known=higher)
    for other in statement.guided_by:
        if other not in by_slug:
            what = mark('"{serves}" is not a statement of this strategy.')
            known = tuple(slug for slug, each in by_slug.items() if depth.get(each.layer) == 1)
            yield Fault(
                slug=statement.slug, part="guided-by", what=what, words={"serves": other}, known=known
            )


def _wrong_days(statement: Statement) -> Iterator[Fault]:
    days = [*(each.since for each in statement.before), statement.since, statement.ended]
    known = [day for day in days if day]
    missing = bool(statement.before) and statement.since is None
    if missing or any(later < earlier for earlier, later in pairwise(known)):
        what = mark(
            'The days of "{slug}" are not in order: each wording needs a day, none before an earlier one’s.'
        )
        yield Fault(slug=statement.slug, part="", what=what, words={"slug": statement.slug})
