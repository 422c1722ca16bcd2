"""``strategy.yaml``: the strategy as a pack writes it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from vestry.services.definition.mistakes import Mistake, did_you_mean, nearest
from vestry.services.definition.reading import Tree
from vestry.services.packs.language import Past, Sentence, Strategy
from vestry.strategy import api as strategy

DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def layers(said: Strategy) -> tuple[strategy.Layer, ...]:
    """The layers it names, from the top down; the usual seven where it names none."""
    return (
        tuple(
            strategy.Layer(
                slug=slug,
                title=each.title,
                asks=each.asks,
                words=each.words,
                review=_days(each.review).days,
                changed_by=tuple(each.changed_by),
            )
            for slug, each in said.layers.items()
        )
        or strategy.LAYERS
    )


def _days(written: str) -> timedelta:
    number, unit = written.split()
    return timedelta(days=int(number) * DAYS[unit.removesuffix("s")])


def statements(said: Strategy) -> tuple[strategy.Statement, ...]:
    """Its statements, in the order they are written."""
    return tuple(_statement(slug, each) for slug, each in said.statements.items())


def _statement(slug: str, each: Sentence) -> strategy.Statement:
    return strategy.Statement(
        slug=slug,
        layer=each.layer,
        sentence=each.says,
        serves=_serves(each),
        guided_by=tuple(each.guided_by),
        owner=each.owner or "",
        since=_day(each.since),
        decided=each.decided,
        ended=_day(each.ended),
        before=tuple(
            strategy.Earlier(sentence=one.says, since=date.fromisoformat(one.since), decided=one.decided)
            for one in each.before
        ),
    )


def _serves(each: Sentence) -> Mapping[str, str]:
    if isinstance(each.serves, dict):
        return each.serves
    named = [each.serves] if isinstance(each.serves, str) else each.serves
    return dict.fromkeys(filter(None, named), "")


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def mistakes(said: Strategy, tree: Tree, known: Sequence[strategy.Layer] = ()) -> Iterator[Mistake]:
    """What is wrong with it, each with its line; ``known`` are the layers, where it names none."""
    for path, day in _days_written(said):
        try:
            date.fromisoformat(day)
        except ValueError:
            yield tree.mistake(path, _("There is no such day: {day}.").format(day=day))
            return
    used = known if known and not said.layers else layers(said)
    for fault in strategy.faults(statements(said), used):
        parts = ("statements", fault.slug, fault.part) if fault.slug or not fault.part else (fault.part,)
        path = tuple(part for part in parts if part)
        written = str(tree.at(path)) if fault.known else ""
        instead = did_you_mean(written, fault.known) if fault.known else ""
        yield tree.mistake(path, fault.what, instead, key=not (fault.slug and fault.part))


def past(said: Past) -> tuple[strategy.PastService, ...]:
    """What is known of the years before."""
    return tuple(
        strategy.PastService(
            slug=slug,
            serves=each.serves,
            versions=tuple((date.fromisoformat(one.since), one.words) for one in each.versions),
            months={date.fromisoformat(f"{month}-28"): counts for month, counts in each.months.items()},
        )
        for slug, each in said.services.items()
    )


def past_mistakes(said: Past, statements: Strategy, tree: Tree) -> Iterator[Mistake]:
    """Services that serve nothing there is."""
    for slug, each in said.services.items():
        if each.serves not in statements.statements:
            what = _('"{name}" is not a statement of the council’s strategy.').format(name=each.serves)
            yield tree.mistake(
                ("services", slug, "serves"), what, did_you_mean(each.serves, statements.statements)
            )


def _days_written(said: Strategy) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for slug, each in said.statements.items():
        where = ("statements", slug)
        yield from (
            ((*where, part), day) for part, day in (("since", each.since), ("ended", each.ended)) if day
        )
        yield from (((*where, "before", n, "since"), one.since) for n, one in enumerate(each.before))
    for of, told in said.figures.items():
        yield from ((("figures", of, n, "since"), one.since) for n, one in enumerate(told))


def figures(said: Strategy) -> tuple[strategy.Figures, ...]:
    """What it says of spend and hours."""
    return tuple(
        strategy.Figures(
            of=of,
            since=date.fromisoformat(each.since),
            source=each.source,
            services=each.services,
            all=each.all,
        )
        for of, told in said.figures.items()
        for each in told
    )


def misspelt_services(said: Strategy, tree: Tree, services: frozenset[str]) -> Iterator[Mistake]:
    """Figures of a service there is none of, but nearly. Others may be services that only the desk knows."""
    for of, told in said.figures.items():
        for n, each in enumerate(told):
            for slug in sorted(each.services.keys() - services):
                if nearest(slug, services):
                    what = _('"{name}" is not a service of the council.').format(name=slug)
                    path = ("figures", of, n, "services", slug)
                    yield tree.mistake(path, what, did_you_mean(slug, services), key=True)
