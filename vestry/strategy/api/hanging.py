"""What hangs into the strategy by itself: services, the capabilities and the technologies they use.

See `strategy.api`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from vestry.strategy import models
from vestry.strategy.api.revisions import touch
from vestry.strategy.rules.graph import SERVES
from vestry.strategy.rules.shape import USES
from vestry.strategy.rules.words import edit, spoken

SERVICE, CAPABILITY, TECHNOLOGY = "service", "capability", "technology"


def hung(kind: str, slug: str) -> str:
    """What the graph calls it: ``service:missed-bin``."""
    return f"{kind}:{slug}"


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A version of a service, as the strategy sees it. ``serves`` is the statement it names as its why,
    ``uses`` the capabilities it is made of, ``text`` what it says, ``before`` what it said until then.
    """

    slug: str
    number: int
    title: str
    owner: str
    serves: str
    uses: frozenset[str]
    text: str
    before: str = ""


def hang(offered: Offered, *, on: date) -> None:
    """A version of a service is offered from a day on. Safe to do twice."""
    change = edit(offered.before, offered.text)
    row = {"title": offered.title, "owner": offered.owner, "words": len(spoken(offered.text))}
    if not _put(SERVICE, offered.slug, offered.number, row | {"came": change.came, "went": change.went}, on):
        return
    uses = {(hung(CAPABILITY, word), USES) for word in offered.uses}
    _relink(hung(SERVICE, offered.slug), {(offered.serves, SERVES), *uses}, on)
    for word in sorted(offered.uses):
        models.Hung.objects.get_or_create(
            kind=CAPABILITY,
            slug=word,
            number=1,
            defaults={"title": word, "since": on, "words": 1, "came": 1, "went": 0},
        )
    touch()


@dataclass(frozen=True, kw_only=True)
class Technology:
    """Something services run on, as the strategy sees it: what it is called, the team that looks after it,
    what is said of it in ``text``, and the services that use it.
    """

    slug: str
    title: str
    used_by: frozenset[str]
    owner: str = ""
    text: str = ""


def hang_technology(technology: Technology, *, on: date) -> None:
    """A technology is used by these services from a day on: it has the why they have. Safe to do twice, and
    the same again changes nothing. A service that is not there yet counts from when it is.
    """
    slug, text = technology.slug, technology.text or technology.title
    last = models.Hung.objects.filter(kind=TECHNOLOGY, slug=slug).order_by("-number").first()
    words = len(spoken(text))
    row = {"title": technology.title, "owner": technology.owner, "words": words}
    standing = last is not None and last.until is None
    if last is None or not standing or any(getattr(last, name) != value for name, value in row.items()):
        before = last.words if last and standing else 0
        moved = {"came": max(words - before, 0), "went": max(before - words, 0)}
        _put(TECHNOLOGY, slug, last.number + 1 if last else 1, row | moved, on)
    thing = hung(TECHNOLOGY, slug)
    links = models.Link.objects.filter(parent=thing, kind=USES, until=None)
    wanted = {hung(SERVICE, service) for service in technology.used_by}
    there = set(links.values_list("child", flat=True))
    links.filter(child__in=there - wanted).update(until=on)
    for child in sorted(wanted - there):
        models.Link.objects.create(child=child, parent=thing, kind=USES, since=on)
    touch()


def _put(kind: str, slug: str, number: int, row: Mapping[str, object], on: date) -> bool:
    """The version that stands from a day on; whether it did not before."""
    standing = models.Hung.objects.filter(kind=kind, slug=slug, until=None)
    if standing.filter(number=number).exists():
        return False
    standing.update(until=on)
    models.Hung.objects.update_or_create(
        kind=kind, slug=slug, number=number, defaults={**row, "since": on, "until": None}
    )
    return True


@dataclass(frozen=True, kw_only=True)
class PastService:
    """What is known of a service before it was written here. ``versions``: since when it had how many words.
    ``months``, by a day in each: cases that began and ended, words that came and went, other facts.
    """

    slug: str
    serves: str
    versions: tuple[tuple[date, int], ...]
    months: Mapping[date, tuple[int, int, int, int, int]]


def put_past(services: Iterable[PastService]) -> None:
    """Take in the years before, once: as soon as anything hangs here of itself, it is left as it is."""
    if models.Hung.objects.exists() or models.Tally.objects.exists():
        return
    for service in services:
        ends = [later for later, _ in service.versions[1:]]
        before = 0
        for number, ((since, words), until) in enumerate(
            zip(service.versions, [*ends, None], strict=True), start=1 - len(service.versions)
        ):
            came, went = max(words - before, 0), max(before - words, 0)
            models.Hung.objects.create(
                kind=SERVICE,
                slug=service.slug,
                number=number,
                title=service.slug.replace("-", " ").capitalize(),
                since=since,
                until=until,
                words=words,
                came=came,
                went=went,
            )
            before = words
        models.Link.objects.create(
            child=hung(SERVICE, service.slug),
            parent=service.serves,
            kind=SERVES,
            since=service.versions[0][0],
        )
        models.Tally.objects.bulk_create(
            models.Tally(
                service=service.slug,
                day=day,
                opened=opened,
                closed=closed,
                words_in=words_in,
                words_out=words_out,
                said=said,
            )
            for day, (opened, closed, words_in, words_out, said) in service.months.items()
        )
    touch()


def unhang(*, slug: str, on: date, kind: str = SERVICE) -> None:
    """A service is no longer offered; a technology, where ``kind`` says so, no longer used."""
    thing = hung(kind, slug)
    models.Hung.objects.filter(kind=kind, slug=slug, until=None).update(until=on)
    links = models.Link.objects.filter(until=None)
    (links.filter(parent=thing) if kind == TECHNOLOGY else links.filter(child=thing)).update(until=on)
    touch()


def _relink(child: str, wanted: set[tuple[str, str]], on: date) -> None:
    """What a service says itself of its links; which technologies use it, they say."""
    links = models.Link.objects.filter(child=child, until=None)
    said_by_others = f"{TECHNOLOGY}:"
    standing = {
        (link.parent, link.kind): link for link in links if not link.parent.startswith(said_by_others)
    }
    for key, link in standing.items():
        if key not in wanted:
            link.until = on
            link.save(update_fields=["until"])
    for parent, kind in wanted - standing.keys():
        models.Link.objects.create(child=child, parent=parent, kind=kind, since=on)
