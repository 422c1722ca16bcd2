"""The demo's mailbox: nothing leaves; the desk's list of messages is where people read them."""

from __future__ import annotations

from typing import ClassVar

from vestry.notify.ports import OutboundEmail


class DemoMailbox:
    """Takes every email and does nothing with it: `notify` keeps what it said."""

    desk_is_mailbox: ClassVar[bool] = True
    receipts: ClassVar[None] = None

    def send(self, message: OutboundEmail) -> None:
        """Taken."""
