"""Walking up and down what stands now, a layer at a time, without reading what has nothing to do with it.

A strategy has seven layers or so, whatever its size: a walk is as many short queries. Measuring alone reads
all of it (`measuring`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice

from django.db.models import Q, Sum

from vestry.strategy import models
from vestry.strategy.api.hanging import SERVICE, hung
from vestry.strategy.api.views import StatementView, statement_view
from vestry.strategy.rules.graph import SERVES, Hanging
from vestry.strategy.rules.layers import ACTIVITIES, SERVICES
from vestry.strategy.rules.shape import USES

# As many names as one statement of SQL takes comfortably.
AT_ONCE = 500


def stood(day: date | None) -> Q:
    """What stands now, or stood on a day."""
    if day is None:
        return Q(until=None)
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def there(day: date | None) -> Q:
    """The wordings of statements that have not ended now, or had not on a day."""
    ended = Q(statement__ended_on=None)
    return ended if day is None else ended | Q(statement__ended_on__gt=day)


def batches(slugs: Iterable[str]) -> Iterator[list[str]]:
    """Names, so many at a time."""
    waiting = iter(slugs)
    while batch := list(islice(waiting, AT_ONCE)):
        yield batch


def parents(slugs: Iterable[str], *, on: date | None = None) -> dict[str, list[str]]:
    """What each of these serves."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for batch in batches(slugs):
        links = models.Link.objects.filter(stood(on), child__in=batch, kind=SERVES).order_by("pk")
        for child, parent in links.values_list("child", "parent"):
            found[child].append(parent)
    return found


def children(slugs: Iterable[str], *, on: date | None = None) -> dict[str, list[str]]:
    """What serves each of these."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for batch in batches(slugs):
        links = models.Link.objects.filter(stood(on), parent__in=batch, kind=SERVES).order_by("pk")
        for child, parent in links.values_list("child", "parent"):
            found[parent].append(child)
    return found


def users(thing: str, *, on: date | None = None) -> list[str]:
    """The services that use a capability or a technology."""
    links = models.Link.objects.filter(stood(on), parent=thing, kind=USES).order_by("child")
    return list(links.values_list("child", flat=True))


def walk(begin: Iterable[str], steps: Callable[[Iterable[str]], Mapping[str, list[str]]]) -> dict[str, None]:
    """Everything that is reached, nearest first, what it began with included."""
    found = dict.fromkeys(begin)
    edge: Collection[str] = list(found)
    while edge:
        reached = dict.fromkeys(slug for each in steps(edge).values() for slug in each)
        edge = [slug for slug in reached if slug not in found]
        found |= dict.fromkeys(edge)
    return found


def above(slug: str, *, but: str = "", also: str = "") -> dict[str, None]:
    """Everything a thing leads up to; as if it did not serve ``but``, and did serve ``also``."""
    begin = [each for each in parents([slug]).get(slug, []) if each != but]
    return walk([*begin, *filter(None, [also])], parents)


def below(slug: str, *, on: date | None = None) -> dict[str, None]:
    """Everything that hangs from a thing, itself left out."""
    found = walk([slug], partial(children, on=on))
    del found[slug]
    return found


def left_without(slug: str, under: Collection[str]) -> list[str]:
    """What of all that hangs from a thing would have no way up any more without it."""
    serves = parents(under)
    left, kept = dict.fromkeys(under), set[str]()
    waiting = [each for each in under if any(one != slug and one not in left for one in serves[each])]
    below_each: defaultdict[str, list[str]] = defaultdict(list)
    for child, all_ in serves.items():
        for parent in all_:
            below_each[parent].append(child)
    while waiting:
        each = waiting.pop()
        if each not in kept:
            kept.add(each)
            waiting.extend(below_each[each])
    return [each for each in left if each not in kept]


def counted(slugs: Collection[str], *, of: str = "", on: date | None = None) -> Hanging:
    """How many of these there are in each layer, and how many cases are open at the services among them, and
    at ``of`` itself."""
    by_layer: Counter[str] = Counter()
    standing = Q(ended_on=None) if on is None else Q(ended_on=None) | Q(ended_on__gt=on)
    for batch in batches(each for each in slugs if ":" not in each):
        layers = models.Statement.objects.filter(standing, slug__in=batch)
        by_layer.update(layers.values_list("layer", flat=True))
    hangs_in = [each for each in slugs if ":" in each]
    if hangs_in:
        by_layer[SERVICES] += len(hangs_in)
    cases = open_cases([*hangs_in, of], on=on)
    if cases:
        by_layer.setdefault(ACTIVITIES, 0)
    return Hanging(by_layer=dict(by_layer), cases=cases)


def open_cases(things: Iterable[str], *, on: date | None = None) -> int:
    """How many cases are open at the services among these."""
    until = Q() if on is None else Q(day__lte=on)
    prefix = hung(SERVICE, "")
    names = [each.removeprefix(prefix) for each in things if each.startswith(prefix)]
    number = 0
    for batch in batches(names):
        told = models.Tally.objects.filter(until, service__in=batch).aggregate(
            opened=Sum("opened"), closed=Sum("closed")
        )
        number += (told["opened"] or 0) - (told["closed"] or 0)
    return number


def views(slugs: Collection[str], *, on: date | None = None) -> list[StatementView]:
    """What stands of these, or stood on a day: statements, and what hangs in by itself; in the order they are
    named.
    """
    found: dict[str, StatementView] = {}
    for batch in batches(each for each in slugs if ":" not in each):
        said = models.Wording.objects.select_related("statement").filter(
            stood(on), there(on), statement__slug__in=batch
        )
        found |= {each.statement.slug: statement_view(each.statement, each) for each in said}
    for batch in batches(each for each in slugs if ":" in each):
        by_kind: defaultdict[str, list[str]] = defaultdict(list)
        for each in batch:
            kind, _colon, name = each.partition(":")
            by_kind[kind].append(name)
        any_of = Q()
        for kind, names in by_kind.items():
            any_of |= Q(kind=kind, slug__in=names)
        found |= {
            hung(each.kind, each.slug): hung_view(each)
            for each in models.Hung.objects.filter(stood(on), any_of)
        }
    return [found[slug] for slug in slugs if slug in found]


def hung_view(row: models.Hung) -> StatementView:
    """What hangs in by itself, as others see it."""
    return StatementView(
        slug=hung(row.kind, row.slug),
        layer=SERVICES,
        sentence=row.title,
        since=row.since,
        kind=row.kind,
        owner=row.owner,
    )


@dataclass(frozen=True, kw_only=True)
class Lost:
    """What would have no why any more without a thing. ``shown`` are the first of it."""

    counts: Hanging
    shown: tuple[StatementView, ...]
