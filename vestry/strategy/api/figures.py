"""Figures of spend and hours, as a pack brings them: dated, and with their source. See `strategy.api`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from vestry.kernel import local_day
from vestry.strategy import models
from vestry.strategy.api.hanging import SERVICE, hung
from vestry.strategy.rules import figures as rules
from vestry.strategy.rules.figures import Figures

SPEND, HOURS = "spend", "hours"


def put_figures(figures: Iterable[Figures]) -> None:
    """These, and no others, are what is known of spend and hours."""
    models.Figure.objects.all().delete()
    models.Figure.objects.bulk_create(
        models.Figure(
            of=each.of, since=each.since, source=each.source, services=dict(each.services), all=each.all
        )
        for each in figures
    )


def figures(day: date) -> list[Figures]:
    """What is known of each kind on a day, by what the graph calls a service. One short query."""
    rows = models.Figure.objects.filter(since__lte=day).order_by("since")
    told = [
        Figures(
            of=row.of,
            since=row.since,
            source=row.source,
            services={hung(SERVICE, slug): float(number) for slug, number in row.services.items()},
            all=row.all,
        )
        for row in rows
    ]
    return rules.on(told, day)


def figures_of(services: Collection[str], *, now: datetime) -> Mapping[str, tuple[float, int]]:
    """Of spend and of hours, where anything is known: what these services come to in a year, and for how
    many of them it is not known.
    """
    return rules.summed(figures(local_day(now)), services)
