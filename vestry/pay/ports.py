"""What pay needs from outside: somebody who takes cards, says how a payment stands, and sends money back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from vestry.kernel import Refused

Status = Literal["open", "waiting", "paid", "declined", "expired", "cancelled", "error"]
"""They may still pay; the card's answer is awaited; the money is ours; four ways in which it never came."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A payment to be taken. ``reference`` is its own, and the same at every try to ask for it."""

    reference: str
    pence: int
    description: str
    back: str
    """Where the browser comes back to, whatever became of it."""
    language: Literal["en", "cy"] = "en"
    tried_before: bool = False
    """True when an earlier try may have arrived, though nobody heard that it did."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How a payment stands with the provider. ``url`` is where it can be paid; empty once it cannot."""

    id: str
    reference: str
    pence: int
    status: Status
    url: str = ""
    refundable: int = 0
    """How many pence can still be sent back."""
    refunded: int = 0
    """How many pence were sent back, or are on their way."""


@dataclass(frozen=True, kw_only=True)
class RefundAnswer:
    """How money stands that goes back."""

    id: str
    pence: int
    status: Literal["waiting", "done", "failed"]


class Unreachable(Refused):
    """It did not work this time and may work later. Says why in plain words."""


class Rejected(Refused):
    """It will never work as it was asked. Says why in plain words."""


class NotThere(Refused):
    """The provider knows no such payment."""


class NotFromThem(Refused):
    """This notice does not come from the provider: its signature is not theirs."""


class NotANotice(Refused):
    """This cannot be read as a notice."""


class Provider(Protocol):
    """The port ``pay.provider``. Every verb but ``read`` may ask the network."""

    def ask(self, wanted: Wanted) -> Answer:
        """Have a payment made; the same reference again is the same payment.

        Raises `Unreachable` (and it may be there all the same), `Rejected`.
        """
        ...

    def look(self, id: str) -> Answer:
        """How a payment stands. Raises `NotThere`, `Unreachable`."""
        ...

    def find(self, reference: str) -> Answer | None:
        """The payment of that reference; None where there is none yet. Raises `Unreachable`."""
        ...

    def cancel(self, id: str) -> None:
        """Let nobody pay it any more; nothing happens to one that is over. Raises `Unreachable`."""
        ...

    def refund(self, id: str, pence: int, *, available: int) -> RefundAnswer:
        """Send money back, while exactly ``available`` pence can be. Raises `Rejected`, `Unreachable`."""
        ...

    def refunds(self, id: str) -> tuple[RefundAnswer, ...]:
        """Every refund of a payment. Raises `NotThere`, `Unreachable`."""
        ...

    def report(self, since: datetime, until: datetime) -> Iterable[Answer]:
        """Every payment made from one moment until just before the other. Raises `Unreachable`."""
        ...

    def read(self, signature: str, body: bytes) -> str | None:
        """Which payment a notice is about; None for a notice about nothing of ours.

        Raises `NotFromThem`, `NotANotice`.
        """
        ...
