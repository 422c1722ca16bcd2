"""The register: what there is, its contract, what runs on it. See `technology.api`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec
from django.utils.text import slugify

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref
from vestry.ledger import api as ledger
from vestry.technology import events, models
from vestry.technology.api.refusals import NoSuchTechnology, WrittenMeanwhile
from vestry.technology.rules.dates import Renewal, Span, Term, lead_time, renewal
from vestry.technology.rules.register import Gives, overlaps
from vestry.technology.rules.steps import Step

# Of a short name made of a title: what the column takes, less the number that tells two apart.
LONGEST_NAME = 50


@dataclass(frozen=True, kw_only=True)
class Contract:
    """How long it runs, in months counted from ``start``. ``most`` extensions; None: for ever."""

    reference: str = ""
    start: date
    initial: int
    extension: int = 0
    most: int | None = 0
    taken: int = 0
    tacit: bool = False
    notice: int = 0
    notice_days: int = 0
    breaks: tuple[date, ...] = ()

    @property
    def term(self) -> Term:
        """As the rules count it."""
        return Term(
            start=self.start,
            initial=Span(months=self.initial),
            extension=Span(months=self.extension),
            most=self.most,
            taken=self.taken,
            tacit=self.tacit,
            notice=Span(months=self.notice, days=self.notice_days),
            breaks=self.breaks,
        )


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the register says of one technology. ``pounds`` are a year's; ``hosting`` a rung of the ladder."""

    slug: str
    title: str
    supplier: str = ""
    what: str
    address: str = ""
    hosting: str
    steps: Mapping[str, Step] = field(default_factory=dict)
    owner: str
    information_class: str
    guide: str = ""
    users: tuple[str, ...]
    people: int
    pounds: int
    capabilities: tuple[str, ...] = ()
    leaving: date | None = None
    twice_because: str = ""
    contract: Contract | None = None

    @property
    def ref(self) -> Ref:
        """What facts call it."""
        return Ref("technology", self.slug)

    @property
    def digest(self) -> str:
        """The hash of all the register says of it."""
        return hashlib.sha256(msgspec.json.encode(msgspec.to_builtins(self), order="sorted")).hexdigest()

    @property
    def gives(self) -> Gives:
        """What it gives, as the rules see it."""
        return Gives(slug=self.slug, capabilities=frozenset(self.capabilities), leaving=self.leaving)

    def renewal(self, today: date) -> Renewal | None:
        """The next time something can be said about its contract; None without one."""
        if self.contract is None:
            return None
        return renewal(self.contract.term, today, lead_time(self.pounds))


def put_entries(entries: Iterable[Entry], *, by: Ref = SYSTEM, now: datetime) -> int:
    """Take technologies in as a pack brings them, where it says something else than last time: what was
    written here since stays while the pack stays as it was. How many were new or changed. What is not among
    them stays.
    """
    changed = 0
    with ledger.transaction():
        for entry in entries:
            rows = models.Technology.objects.filter(slug=entry.slug)
            if rows.filter(brought=entry.digest).exists():
                continue
            changed += _write(entry, by, now)
            rows.update(brought=entry.digest)
    return changed


def write_entries(
    entries: Iterable[Entry], *, by: Ref, now: datetime, over: Mapping[str, str] | None = None
) -> int:
    """Write technologies into the register, all or none; what is there already under its name is changed. How
    many were new or changed.

    ``over``: by name the digest of what whoever writes has seen of it, "" where nothing was there. Raises
    `WrittenMeanwhile` where the register says something else by now.
    """
    with ledger.transaction():
        councils.one_at_a_time()
        for slug, seen in (over or {}).items():
            row = models.Technology.objects.filter(slug=slug).first()
            if seen != (entry_of(row).digest if row else ""):
                raise WrittenMeanwhile
        return sum(_write(entry, by, now) for entry in entries)


def _write(entry: Entry, by: Ref, now: datetime) -> bool:
    row = models.Technology.objects.select_for_update().filter(slug=entry.slug).first()
    if row and row.digest == entry.digest:
        return False
    row = row or models.Technology(slug=entry.slug)
    for name, value in msgspec.to_builtins(entry).items():
        setattr(row, name, value)
    row.digest = entry.digest
    row.save()
    fact = events.TechnologyRegistered(digest=entry.digest)
    ledger.record(fact, subject=entry.ref, actor=by, now=now)
    return True


def name_for(title: str) -> str:
    """A short name nothing in the register has yet, made of a title."""
    name = slugify(title)[:LONGEST_NAME].strip("-") or "technology"
    taken = slugs()
    tries = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in [name, *tries] if each not in taken)


def given_already(entry: Entry) -> dict[str, list[Entry]]:
    """What gives the same in the register already, by capability."""
    every = {each.slug: each for each in technologies()}
    found = overlaps(entry.gives, [each.gives for each in every.values()])
    return {capability: [every[each.slug] for each in given] for capability, given in found.items()}


def entry_of(row: models.Technology) -> Entry:
    """A row as others see it."""
    said: dict[str, Any] = {name: getattr(row, name) for name in Entry.__dataclass_fields__}
    return msgspec.convert(said, Entry)


def row_of(slug: str, *, lock: bool = False) -> models.Technology:
    """The row of a technology. Raises `NoSuchTechnology`."""
    rows = models.Technology.objects.select_for_update() if lock else models.Technology.objects
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NoSuchTechnology
    return found


def technologies() -> list[Entry]:
    """Everything in the register, by title."""
    return [entry_of(row) for row in models.Technology.objects.order_by("title", "slug")]


def get_technology(slug: str) -> Entry:
    """One technology. Raises `NoSuchTechnology`."""
    return entry_of(row_of(slug))


def slugs() -> frozenset[str]:
    """The names of all technologies."""
    return frozenset(models.Technology.objects.values_list("slug", flat=True))


def put_uses(*, service: str, technologies: Iterable[str], by: Ref = SYSTEM, now: datetime) -> None:
    """Say on which technologies a service runs. Names that are not in the register are left out."""
    with ledger.transaction():
        rows = {row.slug: row for row in models.Technology.objects.filter(slug__in=list(technologies))}
        before = {
            use.technology.slug: use
            for use in models.Use.objects.filter(service=service).select_related("technology")
        }
        for slug in sorted(rows.keys() - before.keys()):
            models.Use.objects.create(technology=rows[slug], service=service)
            _state_use(slug, service, True, by, now)
        for slug in sorted(before.keys() - rows.keys()):
            before[slug].delete()
            _state_use(slug, service, False, by, now)


def _state_use(slug: str, service: str, runs: bool, by: Ref, now: datetime) -> None:
    fact = events.UseStated(service=service, runs=runs)
    ledger.record(fact, subject=Ref("technology", slug), actor=by, now=now)


def uses() -> dict[str, list[str]]:
    """The technologies each service runs on, by service."""
    found: dict[str, list[str]] = {}
    for use in models.Use.objects.select_related("technology").order_by("service", "technology__slug"):
        found.setdefault(use.service, []).append(use.technology.slug)
    return found
