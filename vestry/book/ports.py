"""What book needs from outside: somebody who fetches a calendar that others keep."""

from __future__ import annotations

from typing import Protocol

from vestry.kernel import Refused


class NotRead(Refused):
    """It could not be read this time. Says why in plain words."""


class Feeds(Protocol):
    """The port ``book.feeds``."""

    def read(self, address: str) -> bytes:
        """What is at an address, as it is. Raises `NotRead`; also for what is not on the public internet."""
        ...
