"""The door to places: addresses, wards, and when a round comes.

1. A pack fills the gazetteer: `put_wards`, `put_addresses`, `put_rounds`; each replaces what was there.
2. A postcode, however typed, leads to addresses (`find_addresses`); a chosen one is `get_address`. Whoever is
   plugged into the port ``places.lookup`` is asked.
3. `visits` says on which days a kind of collection comes to an address, and when it is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date

from django.db import transaction

from vestry.kernel import Refused, port
from vestry.places import models, rules
from vestry.places.ports import AddressView, Unreachable
from vestry.places.rules import Round, Visit, tidy_postcode

__all__ = [
    "AddressView",
    "Gazetteer",
    "NotAPostcode",
    "NotAUprn",
    "Round",
    "Unreachable",
    "Visit",
    "find_addresses",
    "get_address",
    "kinds",
    "put_addresses",
    "put_rounds",
    "put_wards",
    "schedules",
    "tidy_postcode",
    "visits",
    "wards",
]


class NotAPostcode(Refused):
    """{typed!r} is not a postcode. A postcode looks like 'HM1 2AB'."""


class NotAUprn(Refused):
    """{typed!r} is not a property reference number (UPRN). A UPRN is 1 to 12 digits."""


_FIELDS = tuple(AddressView.__dataclass_fields__)


def _view(row: models.Address) -> AddressView:
    return AddressView(**{name: getattr(row, name) for name in _FIELDS})


class Gazetteer:
    """The adapter of ``places.lookup`` that comes with the house: the addresses a pack brought in."""

    def at_postcode(self, postcode: str) -> list[AddressView]:
        """The addresses there."""
        return [_view(row) for row in models.Address.objects.filter(postcode=postcode)]

    def by_uprn(self, uprn: str) -> AddressView | None:
        """The address of that number; None when the council has no such one."""
        row = models.Address.objects.filter(uprn=uprn).first()
        return _view(row) if row else None


def find_addresses(postcode: str) -> list[AddressView]:
    """The addresses at a postcode, house 2 before house 10; none when it is no postcode or not known.

    Raises `Unreachable`.
    """
    tidy = tidy_postcode(postcode)
    found = port("places.lookup").at_postcode(tidy) if tidy else ()
    return sorted(found, key=lambda address: rules.by_number(address.line))


def get_address(uprn: str) -> AddressView | None:
    """The address with that UPRN; None when nobody knows such a one. Raises `Unreachable`."""
    tidy = rules.tidy_uprn(uprn)
    found: AddressView | None = port("places.lookup").by_uprn(tidy) if tidy else None
    return found


def visits(*, uprn: str, kind: str, after: date, until: date, schedule: str = "") -> list[Visit]:
    """When collections of a kind come to an address: later than ``after``, up to ``until``, in order.

    Empty when the address or the kind is not collected. ``schedule`` may be left out where there is one.
    """
    # Which round comes is the council's own to know, whoever looks its addresses up.
    address = models.Address.objects.filter(uprn=rules.tidy_uprn(uprn)).first()
    if not address or not address.round:
        return []
    rows = models.Round.objects.filter(slug=address.round, kind=kind)
    if schedule:
        rows = rows.filter(schedule=schedule)
    return sorted(visit for row in rows for visit in rules.visits(_round(row), after, until))


def _round(row: models.Round) -> Round:
    return Round(
        schedule=row.schedule,
        slug=row.slug,
        kind=row.kind,
        first=row.first,
        weeks=row.weeks,
        over=row.over,
        moved={date.fromisoformat(day): to and date.fromisoformat(to) for day, to in row.moved.items()},
    )


def schedules() -> frozenset[str]:
    """The schedules the council has rounds in."""
    return frozenset(models.Round.objects.values_list("schedule", flat=True))


def kinds(schedule: str) -> frozenset[str]:
    """The kinds of collection in a schedule."""
    return frozenset(models.Round.objects.filter(schedule=schedule).values_list("kind", flat=True))


def wards() -> dict[str, str]:
    """The wards: slug to title."""
    return dict(models.Ward.objects.order_by("title").values_list("slug", "title"))


@transaction.atomic
def put_wards(titles: Mapping[str, str]) -> None:
    """Make these the council's wards: slug to title."""
    models.Ward.objects.exclude(slug__in=titles).delete()
    for slug, title in titles.items():
        models.Ward.objects.update_or_create(slug=slug, defaults={"title": title})


@transaction.atomic
def put_addresses(addresses: Iterable[AddressView]) -> int:
    """Make these the council's gazetteer; how many there are. Raises `NotAPostcode`, `NotAUprn`."""
    rows = {row.uprn: row for row in map(_row, addresses)}
    known = set(models.Address.objects.values_list("uprn", flat=True))
    gone = sorted(known - rows.keys())
    # SQLite takes no more than 999 values in one statement on older builds.
    for start in range(0, len(gone), 900):
        models.Address.objects.filter(uprn__in=gone[start : start + 900]).delete()
    models.Address.objects.bulk_create(
        rows.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["council", "uprn"],
        update_fields=[name for name in _FIELDS if name != "uprn"],
    )
    return len(rows)


def _row(address: AddressView) -> models.Address:
    postcode, uprn = tidy_postcode(address.postcode), rules.tidy_uprn(address.uprn)
    if not postcode:
        raise NotAPostcode(typed=address.postcode)
    if not uprn:
        raise NotAUprn(typed=address.uprn)
    return models.Address(**asdict(address) | {"postcode": postcode, "uprn": uprn})


@transaction.atomic
def put_rounds(rounds: Iterable[Round]) -> None:
    """Make these the council's rounds, one for each kind of collection a round makes."""
    models.Round.objects.all().delete()
    models.Round.objects.bulk_create(
        models.Round(
            schedule=each.schedule,
            slug=each.slug,
            kind=each.kind,
            first=each.first,
            weeks=each.weeks,
            over=each.over,
            moved={day.isoformat(): to and to.isoformat() for day, to in each.moved.items()},
        )
        for each in rounds
    )
