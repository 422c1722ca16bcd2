"""What notify needs from outside: somebody who takes an email, and perhaps says later what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from vestry.kernel import Refused

Became = Literal["delivered", "permanent", "temporary", "technical"]
"""In their mailbox; refused for good (no such address); refused this time, after days of trying; never tried,
because something between the provider and the mail servers broke."""


@dataclass(frozen=True, kw_only=True)
class OutboundEmail:
    """One email, ready to go. ``message_id`` is the same at every try, so that a repeat can be told."""

    message_id: str
    tried_before: bool
    """True when an earlier try may have arrived, though nobody heard that it did."""
    written_at: datetime
    to: str
    to_name: str
    sender_name: str
    reply_to: str
    """The council's own address; also the sender where the deployment names no other."""
    subject: str
    body: str
    """Plain text as it was written: a line is as long as its paragraph."""
    wrapped: str
    """The same in short lines, as a plain-text email carries it."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of one email."""

    message_id: str
    became: Became


class Unreachable(Refused):
    """It did not work this time and may work later. Says why in plain words."""


class Rejected(Refused):
    """It will never work: this address, or this message, is refused. Says why in plain words."""


class NotFromThem(Refused):
    """This receipt does not come from whoever carries our email: its token is not the one agreed on."""


class NotAReceipt(Refused):
    """This cannot be read as a receipt."""


class Receipts(Protocol):
    """What somebody who says what became of an email can do."""

    def ask(self, message_id: str) -> Receipt | None:
        """What became of an email they took; None while they do not know. Raises `Unreachable`."""
        ...

    def read(self, token: str, body: bytes) -> Receipt | None:
        """Read what they sent of their own accord; None when it is about nothing of ours.

        Raises `NotFromThem`, `NotAReceipt`.
        """
        ...


class Email(Protocol):
    """The port ``notify.email``."""

    desk_is_mailbox: bool
    """True when nothing leaves, and the desk's list of messages is where people read them (the demo)."""
    receipts: Receipts | None
    """None where nobody ever says what became of an email, as over SMTP."""

    def send(self, message: OutboundEmail) -> None:
        """Hand over one email. Returns when it was taken. Raises `Unreachable` or `Rejected`."""
        ...
