"""The layers of a strategy: what each is for, who may change it, how long its sentences should be and last.

Seven by default; a council may rename them, and say other numbers. Few words at the top, which rarely change;
many at the bottom, which change all the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vestry.kernel import mark

YEAR = 365


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer. ``words`` is the most a statement of it should have; after ``review`` days it should be read
    again. ``changed_by`` are the roles whose decision changes it; anybody's where there are none.
    """

    slug: str
    title: str
    asks: str
    words: int
    review: int
    changed_by: tuple[str, ...] = ()


PURPOSE, SERVICES, ACTIVITIES = "purpose", "service", "activity"
"""The layers that what is known by itself hangs into: services into the fifth, cases into the last."""

DEFAULT: tuple[Layer, ...] = (
    Layer(
        slug=PURPOSE,
        title=mark("Purpose"),
        asks=mark("Why are we here?"),
        words=25,
        review=10 * YEAR,
        changed_by=("full-council",),
    ),
    Layer(
        slug="principle",
        title=mark("Values and principles"),
        asks=mark("How do we behave?"),
        words=30,
        review=5 * YEAR,
        changed_by=("full-council",),
    ),
    Layer(
        slug="strategy",
        title=mark("Strategy"),
        asks=mark("What will we do, and not do?"),
        words=120,
        review=4 * YEAR,
        changed_by=("full-council", "cabinet"),
    ),
    Layer(
        slug="outcome",
        title=mark("Outcomes"),
        asks=mark("What will be different?"),
        words=40,
        review=YEAR,
        changed_by=("full-council", "cabinet"),
    ),
    Layer(
        slug=SERVICES,
        title=mark("Capabilities and services"),
        asks=mark("What must we be able to do?"),
        words=80,
        review=YEAR,
        changed_by=("full-council", "cabinet", "head"),
    ),
    Layer(
        slug="plan",
        title=mark("Plans"),
        asks=mark("What are we changing?"),
        words=120,
        review=YEAR // 4,
        changed_by=("full-council", "cabinet", "head", "manager"),
    ),
    Layer(slug=ACTIVITIES, title=mark("Activities"), asks=mark("What are we doing?"), words=200, review=7),
)


def depths(layers: Sequence[Layer]) -> Mapping[str, int]:
    """How far below the top each layer is; 0 is the top."""
    return {layer.slug: depth for depth, layer in enumerate(layers)}
