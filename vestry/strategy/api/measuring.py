"""All of it measured once after each change, and remembered for whoever asks. See `strategy.api`.

What is written and hangs here changes seldom, and takes long to measure where there is much of it. Cases come
all day long: the database sums them up whenever somebody looks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.db.models import Sum

from vestry.kernel import local_day
from vestry.strategy import models
from vestry.strategy.api.hanging import SERVICE, hung
from vestry.strategy.api.reading import graph
from vestry.strategy.api.revisions import revision
from vestry.strategy.rules.graph import Graph, Tally, on
from vestry.strategy.rules.measures import YEAR, LayerMeasure, measure_words, traced_services
from vestry.strategy.rules.shape import Finding, of_statements
from vestry.strategy.rules.words import Drift, drift

# The upper layers, whose words should be heard below: purpose, principles and strategy.
ABOVE = 3
# As many findings as one row keeps, and as many days as are kept of one state of the strategy.
TOGETHER, DAYS = 100, 30


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What is remembered: of ``services``, whether each leads up to the purpose; ``found`` is how many gaps
    there are of each kind.
    """

    measures: tuple[LayerMeasure, ...]
    services: Mapping[str, bool]
    drift: Drift
    found: Mapping[str, int]


def taken(day: date) -> tuple[Taken, models.Measured]:
    """What the strategy measures on a day, as it is written now. Whoever asks first measures it."""
    number = revision()
    row = models.Measured.objects.filter(revision=number, day=day).first()
    if row is None:
        with transaction.atomic():
            # Of two who ask at once, the database lets the second wait here until the first is done.
            row, new = models.Measured.objects.get_or_create(revision=number, day=day)
            if new:
                _keep(row, graph())
                _forget(row)
    return msgspec.convert(row.body, Taken), row


def measure_due(*, now: datetime) -> int:
    """Measure the strategy as it is today, where nobody has asked for it since it was changed."""
    day = local_day(now)
    known = models.Measured.objects.filter(revision=revision(), day=day).exists()
    if known or not models.Statement.objects.exists():
        return 0
    taken(day)
    return 1


def _keep(row: models.Measured, whole: Graph) -> None:
    snapshot = on(whole, row.day)
    upper = {layer.slug for layer in whole.layers[:ABOVE]}
    said = [item for item in snapshot.items.values() if item.text]
    by_check: defaultdict[str, list[Finding]] = defaultdict(list)
    for found in of_statements(whole, snapshot):
        by_check[found.check].append(found)
    body = Taken(
        measures=tuple(measure_words(whole, row.day)),
        services=traced_services(snapshot),
        drift=drift(
            (item.text for item in said if item.layer in upper),
            (item.text for item in said if item.layer not in upper),
        ),
        found={check: len(each) for check, each in by_check.items()},
    )
    row.body = msgspec.to_builtins(body)
    row.save(update_fields=["body"])
    models.Found.objects.bulk_create(
        models.Found(
            measured=row,
            kind=check,
            place=first // TOGETHER,
            findings=msgspec.to_builtins(each[first : first + TOGETHER]),
        )
        for check, each in by_check.items()
        for first in range(0, len(each), TOGETHER)
    )


def _forget(newest: models.Measured) -> None:
    """What was measured before the last change but one: nobody is still looking at it. And days that were
    asked for long ago.
    """
    models.Measured.objects.filter(revision__lt=newest.revision - 1).delete()
    same = models.Measured.objects.filter(revision=newest.revision).order_by("-pk")
    models.Measured.objects.filter(pk__in=list(same.values_list("pk", flat=True)[DAYS:])).delete()


def findings(row: models.Measured, kind: str, *, skip: int = 0, most: int | None = None) -> Iterator[Finding]:
    """The gaps of one kind that were found, from the first after ``skip`` on."""
    rows = models.Found.objects.filter(measured=row, kind=kind, place__gte=skip // TOGETHER)
    if most is not None:
        rows = rows.filter(place__lte=(skip + most) // TOGETHER)
    number = skip // TOGETHER * TOGETHER
    for told in rows.order_by("place").values_list("findings", flat=True).iterator(chunk_size=TOGETHER):
        for found in msgspec.convert(told, list[Finding]):
            if number >= skip and (most is None or number < skip + most):
                yield found
            number += 1


def cases_by_day(day: date) -> list[Tally]:
    """The cases of all services together, each day until this one."""
    sums = models.Tally.objects.filter(day__lte=day).values("day").order_by("day")
    rows = sums.annotate(**{f"all_{name}": Sum(name) for name in _COUNTS})
    return [
        Tally(service="", day=row["day"], **{name: row[f"all_{name}"] for name in _COUNTS}) for row in rows
    ]


def cases_of_the_year(day: date) -> Counter[str]:
    """How many cases each service had opened in the year before a day, by what the graph calls it."""
    tallies = models.Tally.objects.filter(day__gt=day - YEAR, day__lte=day)
    rows = tallies.values("service").order_by("service").annotate(all_opened=Sum("opened"))
    return Counter({hung(SERVICE, row["service"]): row["all_opened"] for row in rows})


_COUNTS = ("opened", "closed", "words_in", "words_out", "said")
