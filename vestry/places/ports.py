"""What places need from outside: somebody who knows the addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from vestry.kernel import Refused


class Unreachable(Refused):
    """Addresses cannot be looked up at the moment."""


@dataclass(frozen=True, kw_only=True)
class AddressView:
    """An address of the gazetteer. ``line`` is the whole address on one line, without the postcode."""

    uprn: str
    line: str
    postcode: str
    street: str = ""
    town: str = ""
    ward: str = ""
    round: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Lookup(Protocol):
    """The port ``places.lookup``. Postcodes and UPRNs come tidied: ``HM1 2AB``, no leading noughts."""

    def at_postcode(self, postcode: str) -> list[AddressView]:
        """The addresses there, in any order. Raises `Unreachable`."""
        ...

    def by_uprn(self, uprn: str) -> AddressView | None:
        """The address of that number; None when it is not known. Raises `Unreachable`."""
        ...
