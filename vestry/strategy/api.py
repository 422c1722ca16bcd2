"""The door to strategy: why the council does what it does.

1. A pack brings the outline (`put_outline`); `faults` says beforehand what is wrong with it.
2. Every service names the statement it serves; `why` leads from there up to the purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from vestry.kernel import Refused
from vestry.strategy import models, rules
from vestry.strategy.rules import LAYERS, Fault, Statement

__all__ = [
    "LAYERS",
    "Fault",
    "FaultyOutline",
    "Statement",
    "faults",
    "put_outline",
    "slugs",
    "statements",
    "why",
]


class FaultyOutline(Refused):
    """The strategy can't be used as it is: {faults}"""


def faults(outline: Sequence[Statement]) -> list[Fault]:
    """What is wrong with an outline, each with the statement it is about; none when it can be used."""
    return [replace(fault, what=_(fault.what).format(**fault.words)) for fault in rules.faults(outline)]


@transaction.atomic
def put_outline(outline: Iterable[Statement]) -> None:
    """Make this the council's strategy. Raises `FaultyOutline`."""
    listed = list(outline)
    if found := faults(listed):
        raise FaultyOutline(faults=" ".join(fault.what for fault in found))
    models.Statement.objects.exclude(slug__in=[statement.slug for statement in listed]).delete()
    for place, statement in enumerate(listed):
        models.Statement.objects.update_or_create(
            slug=statement.slug,
            defaults={
                "layer": statement.layer,
                "sentence": statement.sentence,
                "serves": statement.serves,
                "place": place,
            },
        )


def statements() -> list[Statement]:
    """The whole outline, layer by layer from the top, each as it was written."""
    rows = sorted(models.Statement.objects.all(), key=lambda row: (list(LAYERS).index(row.layer), row.place))
    return [
        Statement(slug=row.slug, layer=row.layer, sentence=row.sentence, serves=row.serves) for row in rows
    ]


def slugs() -> frozenset[str]:
    """What a service may name as its why."""
    return frozenset(models.Statement.objects.values_list("slug", flat=True))


def why(slug: str) -> list[Statement]:
    """From a statement up to the purpose: itself first. Empty when there is no such statement."""
    return rules.chain({statement.slug: statement for statement in statements()}, slug)
