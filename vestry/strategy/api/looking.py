"""Looking at it: why, what for, the picture, its gaps, and what changed. See `strategy.api`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import connection
from django.db.models import Case, IntegerField, Q, When
from django.utils.translation import gettext as _

from vestry.councils import api as councils
from vestry.kernel import Remembered
from vestry.strategy import models
from vestry.strategy.api.figures import figures
from vestry.strategy.api.hanging import CAPABILITY, SERVICE, TECHNOLOGY, hung
from vestry.strategy.api.measuring import cases_by_day, cases_of_the_year, findings, taken
from vestry.strategy.api.reading import CHUNK, layers, things, wordings
from vestry.strategy.api.views import StatementView, statement_view
from vestry.strategy.api.walking import below, counted, parents, stood, there, users, views, walk
from vestry.strategy.rules.graph import Graph, Hanging
from vestry.strategy.rules.layers import Layer, depths
from vestry.strategy.rules.measures import LayerMeasure, Reach, Shape, changed, reach_of, shape, with_cases
from vestry.strategy.rules.shape import OF_LAYERS, Finding, of_layers
from vestry.strategy.rules.words import Drift


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something about the shape to look at. ``check`` is its kind, ``about`` a statement or a layer; ``says``
    is what the statement says.
    """

    check: str
    about: str
    sentence: str
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The strategy on one day, from the top down, measured. ``odd`` is where its layers are not as they
    should be to each other, ``found`` how many gaps there are of each kind.
    """

    day: date
    layers: tuple[Layer, ...]
    measures: tuple[LayerMeasure, ...]
    shape: Shape
    reach: tuple[Reach, ...]
    drift: Drift
    odd: tuple[Gap, ...]
    found: Mapping[str, int]


def picture(day: date) -> Picture:
    """All measures on a day."""
    known, _row = taken(day)
    order = layers()
    measured = with_cases(known.measures, cases_by_day(day), day)
    odd = of_layers(order, measured)
    return Picture(
        day=day,
        layers=order,
        measures=tuple(measured),
        shape=shape(measured),
        reach=tuple(reach_of(known.services, cases_of_the_year(day), figures(day))),
        drift=known.drift,
        odd=tuple(_gap(each) for each in odd),
        found={**known.found, **Counter(each.check for each in odd)},
    )


def gaps(day: date, *, check: str, skip: int = 0, most: int) -> list[Gap]:
    """Where the shape is wrong on a day, in one way: so many of them."""
    known, row = taken(day)
    if check in OF_LAYERS:
        odd = of_layers(layers(), with_cases(known.measures, cases_by_day(day), day))
        return [_gap(each) for each in odd if each.check == check][skip : skip + most]
    found = list(findings(row, check, skip=skip, most=most))
    says = {each.slug: each.sentence for each in views({one.about: None for one in found}, on=day)}
    return [_gap(each, says.get(each.about, "")) for each in found]


def every_gap(day: date) -> Iterator[Gap]:
    """All of them, one after the other."""
    known, row = taken(day)
    odd = of_layers(layers(), with_cases(known.measures, cases_by_day(day), day))
    yield from (_gap(each) for each in odd)
    for check in known.found:
        yield from (_gap(each) for each in findings(row, check))


def _gap(found: Finding, says: str = "") -> Gap:
    sentence = _(found.sentence).format(**found.words)
    return Gap(check=found.check, about=found.about, sentence=sentence, says=says)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What one thing said on the first day and on the second; empty where it was not there."""

    slug: str
    layer: str
    before: str
    after: str
    since: date


def between(since: date, until: date) -> list[Difference]:
    """What was different between two days, from the top layer down; last, in layers that are gone."""
    first, last = Q(since__gt=since, since__lte=until), Q(until__gt=since, until__lte=until)
    moved = Q(pk__in=models.Wording.objects.filter(first | last).values("statement"))
    things_moved = models.Hung.objects.filter(first | last)
    said = [*wordings(moved), *things(Q(slug__in=things_moved.values("slug")))]
    whole = Graph(layers=layers(), wordings=said)
    depth = depths(whole.layers)
    found = []
    for old, new in changed(whole, since, until):
        either = new or old
        if either is not None:
            found.append(
                Difference(
                    slug=either.slug,
                    layer=either.layer,
                    before=old.said if old else "",
                    after=new.said if new else "",
                    since=new.since if new else (either.until or until),
                )
            )
    return sorted(found, key=lambda each: (depth.get(each.layer, len(depth)), each.layer, each.slug))


def statements() -> Iterator[StatementView]:
    """Every statement that stands, layer by layer from the top, each in its place."""
    order = [When(statement__layer=each.slug, then=place) for place, each in enumerate(layers())]
    said = models.Wording.objects.select_related("statement").filter(statement__ended_on=None, until=None)
    said = said.annotate(depth=Case(*order, default=len(order), output_field=IntegerField()))
    for each in said.order_by("depth", "statement__place", "pk").iterator(chunk_size=CHUNK):
        yield statement_view(each.statement, each)


def slugs() -> frozenset[str]:
    """What a service may name as its why."""
    return frozenset(models.Statement.objects.filter(ended_on=None).values_list("slug", flat=True))


def find(
    *, layer: str, saying: str = "", skip: int = 0, most: int, on: date | None = None
) -> tuple[list[StatementView], int]:
    """What stands in a layer, in its place, where it says ``saying``: so much, and how much there is."""
    said = models.Wording.objects.select_related("statement").filter(
        stood(on), there(on), statement__layer=layer
    )
    for word in saying.split():
        said = said.filter(sentence__icontains=word)
    ordered = said.order_by("statement__place")[skip : skip + most]
    return [statement_view(each.statement, each) for each in ordered], said.count()


def why(slug: str, *, on: date | None = None) -> list[StatementView]:
    """From a statement, or what hangs here by itself (``service:missed-bin``), up to the purpose: itself,
    then layer by layer all that it serves; a capability or a technology leads up from the services using it.
    Empty when there is no such thing. As it is now, or was on a day. One short query a layer, however large
    the strategy.
    """
    used = users(slug, on=on) if slug.partition(":")[0] in {CAPABILITY, TECHNOLOGY} else []
    found = walk([slug, *used], partial(parents, on=on))
    depth = depths(layers())
    there = views(found, on=on)
    if not there or there[0].slug != slug:
        return []
    return sorted(there, key=lambda view: (view.slug != slug, -depth.get(view.layer, 0)))


# Why a service is offered is on every page about it.
_remembered: Remembered[tuple[int, str], list[StatementView]] = Remembered()


def why_service(service: str) -> list[StatementView]:
    """What a service leads up to, nearest first, as it was at most 5 seconds ago. Empty for none."""
    key = councils.current().id, service
    if (kept := _remembered.get(key)) is not None:
        return kept
    found = why(hung(SERVICE, service))[1:]
    # What is read within a transaction may come to nothing.
    if not connection.in_atomic_block:
        _remembered.keep(key, found)
    return found


@dataclass(frozen=True, kw_only=True)
class Fan:
    """What a thing is for: what serves it, layer by layer, as many as were asked for of each; how much there
    is of each layer, and how many cases are open there.
    """

    about: StatementView
    below: tuple[StatementView, ...]
    hangs: Hanging


def what_for(slug: str, *, most: int = 50, on: date | None = None) -> Fan | None:
    """Everything that hangs from a thing now, or did on a day; None when it does not stand."""
    about = views([slug], on=on)
    if not about:
        return None
    under = below(slug, on=on)
    depth, shown = depths(layers()), Counter[str]()
    found = []
    # The nearest come first, and are enough: nobody reads ten thousand of them.
    for each in views(list(under)[: most * len(depth)], on=on):
        shown[each.layer] += 1
        if shown[each.layer] <= most:
            found.append(each)
    found.sort(key=lambda each: depth.get(each.layer, 0))
    return Fan(about=about[0], below=tuple(found), hangs=counted(under, of=slug, on=on))
