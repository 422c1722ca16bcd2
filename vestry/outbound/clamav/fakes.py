"""For tests: a scanner that says what it is told to, and one that cannot be reached."""

from __future__ import annotations

from typing import BinaryIO

from vestry.documents.ports import Unreachable, Verdict
from vestry.outbound.clamav.demo import EICAR


class FakeScanner:
    """Finds the test virus, and remembers how much it was asked."""

    def __init__(self) -> None:
        self.scanned = 0

    def scan(self, stream: BinaryIO) -> Verdict:
        """The verdict."""
        self.scanned += 1
        return Verdict(virus="Eicar-Test-Signature" if EICAR in stream.read() else "")


class FailingScanner(FakeScanner):
    """Cannot be reached at each of the first ``times`` tries (at every one when None)."""

    def __init__(self, *, times: int | None = None) -> None:
        super().__init__()
        self.left = times

    def scan(self, stream: BinaryIO) -> Verdict:
        """Fail while told to."""
        if self.left is None or self.left > 0:
            self.left = None if self.left is None else self.left - 1
            raise Unreachable("Nobody answers at the scanner.")
        return super().scan(stream)
