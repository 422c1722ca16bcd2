"""What notify needs from outside: somebody who takes an email."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vestry.kernel import Refused


@dataclass(frozen=True, kw_only=True)
class OutboundEmail:
    """One email, ready to go. ``message_id`` is the same at every try, so that a repeat can be told."""

    message_id: str
    written_at: datetime
    to: str
    to_name: str
    sender_name: str
    reply_to: str
    """The council's own address; also the sender where the deployment names no other."""
    subject: str
    body: str
    """Plain text, lines wrapped."""


class Unreachable(Refused):
    """It did not work this time and may work later. Says why in plain words."""


class Rejected(Refused):
    """It will never work: this address, or this message, is refused. Says why in plain words."""


class Email(Protocol):
    """The port ``notify.email``."""

    desk_is_mailbox: bool
    """True when nothing leaves, and the desk's list of messages is where people read them (the demo)."""

    def send(self, message: OutboundEmail) -> None:
        """Hand over one email. Returns when it was taken. Raises `Unreachable` or `Rejected`."""
        ...
