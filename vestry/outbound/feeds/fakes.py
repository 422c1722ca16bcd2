"""Files others publish, for tests: one that is there, and one that never is."""

from __future__ import annotations

from vestry.book.ports import NotRead


class Given:
    """Gives what is put at an address; what is not put there cannot be read."""

    def __init__(self) -> None:
        self.at: dict[str, bytes] = {}

    def read(self, address: str) -> bytes:
        """What was put there. Raises `NotRead`."""
        if address not in self.at:
            raise NotRead
        return self.at[address]


class Failing:
    """Never reads anything."""

    def read(self, address: str) -> bytes:
        """Raises `NotRead`."""
        raise NotRead
