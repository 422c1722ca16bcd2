"""The strategy read as a graph, to be measured. See `strategy.api`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from vestry.strategy import models
from vestry.strategy.api.hanging import hung
from vestry.strategy.rules.graph import Graph, Link, Wording
from vestry.strategy.rules.layers import DEFAULT, SERVICES, Layer

CHUNK = 5_000
EVERY = Q()


def layers() -> tuple[Layer, ...]:
    """The council's layers, from the top down; the seven there are where it said nothing else."""
    rows = models.Layer.objects.order_by("place")
    own = tuple(
        Layer(
            slug=row.slug,
            title=row.title,
            asks=row.asks,
            words=row.words,
            review=row.review,
            changed_by=tuple(row.changed_by),
        )
        for row in rows
    )
    return own or DEFAULT


def graph() -> Graph:
    """Everything that is written and hangs here, over all time; cases are summed up elsewhere. For measuring
    all of it: one thing and what hangs from it is walked to (`walking`).
    """
    return Graph(
        layers=layers(),
        wordings=[*wordings(), *things()],
        links=[
            Link(child=child, parent=parent, kind=kind, reason=reason, since=since, until=until)
            for child, parent, kind, reason, since, until in models.Link.objects.order_by("pk")
            .values_list("child", "parent", "kind", "reason", "since", "until")
            .iterator(chunk_size=CHUNK)
        ],
    )


def wordings(some: Q = EVERY) -> Iterator[Wording]:
    """What statements said, each statement's in order; ``some`` says of which."""
    of = models.Statement.objects.values_list("pk", "slug", "layer", "owner", "confirmed_on")
    about = {pk: rest for pk, *rest in of.filter(some).iterator(chunk_size=CHUNK)}
    rows = models.Wording.objects.order_by("number").values_list(
        "statement_id", "since", "until", "words", "came", "went", "sentence"
    )
    if some:
        rows = rows.filter(statement__in=models.Statement.objects.filter(some))
    for pk, since, until, words, came, went, sentence in rows.iterator(chunk_size=CHUNK):
        slug, layer, owner, confirmed = about[pk]
        yield Wording(
            slug=slug,
            layer=layer,
            since=since,
            until=until,
            words=words,
            came=came,
            went=went,
            text=sentence,
            owner=owner,
            confirmed=confirmed,
        )


def things(some: Q = EVERY) -> Iterator[Wording]:
    """The versions of what hangs here by itself."""
    for each in models.Hung.objects.filter(some).order_by("number"):
        yield Wording(
            slug=hung(each.kind, each.slug),
            layer=SERVICES,
            since=each.since,
            until=each.until,
            words=each.words,
            came=each.came,
            went=each.went,
            owner=each.owner,
            kind=each.kind,
            title=each.title,
        )
