"""For tests: an adapter that remembers what it was given, and one that fails as told."""

from __future__ import annotations

from typing import ClassVar

from vestry.notify.ports import (
    OutboundEmail,
    Receipts,
    Unreachable,
)


class FakeEmail:
    """Remembers every email it took, in order."""

    desk_is_mailbox: ClassVar[bool] = False

    def __init__(self, receipts: Receipts | None = None) -> None:
        self.taken: list[OutboundEmail] = []
        self.receipts = receipts

    def send(self, message: OutboundEmail) -> None:
        """Taken, and remembered."""
        self.taken.append(message)


class FailingEmail(FakeEmail):
    """Raises ``fault`` at each of the first ``times`` tries (at every one when None), then takes them.

    With ``too_late`` it fails after it took the email: the answer was lost on the way.
    """

    def __init__(
        self,
        fault: Exception | None = None,
        *,
        times: int | None = None,
        too_late: bool = False,
        receipts: Receipts | None = None,
    ) -> None:
        super().__init__(receipts)
        self.fault = fault or Unreachable("Nobody answers at the mail server.")
        self.left = times
        self.too_late = too_late
        self.tries = 0

    def send(self, message: OutboundEmail) -> None:
        """Fail while told to."""
        self.tries += 1
        fails = self.left is None or self.tries <= self.left
        if self.too_late or not fails:
            super().send(message)
        if fails:
            raise self.fault
