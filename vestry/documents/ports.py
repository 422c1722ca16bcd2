"""What documents need from outside: somebody who looks for viruses, and a place to keep files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from vestry.kernel import Refused


class Unreachable(Refused):
    """It did not work this time and may work later. Says why in plain words."""


class NotThere(Refused):
    """There is no file of that key."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a scanner says of a file. ``virus`` is its name for what it found; empty when it found nothing."""

    virus: str = ""

    @property
    def clean(self) -> bool:
        """Whether it found nothing."""
        return not self.virus


class Scanner(Protocol):
    """The port ``documents.scan``."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """Look for viruses, from where the stream stands to its end. Raises `Unreachable`."""
        ...


class Store(Protocol):
    """The port ``documents.store``. A key is letters, digits and ``/``, and says nothing of the file."""

    def put(self, key: str, stream: BinaryIO) -> None:
        """Keep the whole stream; when this returns, it is safe. Raises `Unreachable`."""
        ...

    def open(self, key: str) -> BinaryIO:
        """The file, to be read and closed. Raises `NotThere`, `Unreachable`."""
        ...

    def delete(self, key: str) -> None:
        """Delete it; a file that isn't there is deleted already. Raises `Unreachable`."""
        ...
