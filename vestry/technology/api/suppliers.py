"""Whom the council buys from, as the register names them. See `technology.api`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vestry.technology.api.claims import Beside, beside
from vestry.technology.api.refusals import NoSuchSupplier
from vestry.technology.api.register import technologies
from vestry.technology.api.standing import Stand, get_stand
from vestry.technology.rules.suppliers import called, key_of


@dataclass(frozen=True, kw_only=True)
class Supplier:
    """One supplier. ``also``: how else the register writes its name; ``pounds``: of all of it, in a year."""

    key: str
    name: str
    also: tuple[str, ...]
    technologies: tuple[str, ...]
    pounds: int


@dataclass(frozen=True, kw_only=True)
class Supplied:
    """One technology of a supplier: how it stands, and what the supplier says of it beside what is known."""

    stand: Stand
    claims: tuple[Beside, ...]
    """The criteria of which the supplier says something, disagreements first."""


def suppliers() -> list[Supplier]:
    """Every supplier in the register, by name."""
    every = [each for each in technologies() if key_of(each.supplier)]
    found = []
    for key in {key_of(each.supplier) for each in every}:
        theirs = [each for each in every if key_of(each.supplier) == key]
        names = [each.supplier for each in theirs]
        name = called(names)
        supplier = Supplier(
            key=key,
            name=name,
            also=tuple(sorted({*names} - {name})),
            technologies=tuple(each.slug for each in theirs),
            pounds=sum(each.pounds for each in theirs),
        )
        found.append(supplier)
    return sorted(found, key=lambda each: each.name.casefold())


def get_supplier(key: str, today: date) -> tuple[Supplier, list[Supplied]]:
    """One supplier, and what it supplies, as it stands on a day. Raises `NoSuchSupplier`."""
    supplier = next((each for each in suppliers() if each.key == key), None)
    if supplier is None:
        raise NoSuchSupplier
    stands = [get_stand(slug, today) for slug in supplier.technologies]
    return supplier, [
        Supplied(stand=each, claims=tuple(one for one in beside(each) if one.claims)) for each in stands
    ]


def supplier_key(name: str) -> str:
    """The key of a supplier by any way of writing its name; "" for none."""
    return key_of(name)
