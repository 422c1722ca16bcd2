"""For tests: somebody who knows what became of an email, and somebody who is never there when asked.

Beside the fakes of ``outbound.email``, which take emails: ``FakeEmail(receipts=FakeReceipts())``.
"""

from __future__ import annotations

from typing import ClassVar, get_args

from vestry.notify.ports import Became, NotAReceipt, NotFromThem, Receipt, Unreachable


class FakeReceipts:
    """Knows what became of the emails named in ``known``. What is sent reads ``message-id became``."""

    token: ClassVar[str] = "fake-token-for-tests"  # noqa: S105 - opens nothing

    def __init__(self) -> None:
        self.known: dict[str, Became] = {}
        self.asked: list[str] = []

    def ask(self, message_id: str) -> Receipt | None:
        """What is known of it."""
        self.asked.append(message_id)
        became = self.known.get(message_id)
        return Receipt(message_id=message_id, became=became) if became else None

    def read(self, token: str, body: bytes) -> Receipt | None:
        """The words, as they are."""
        if token != self.token:
            raise NotFromThem
        message_id, _, became = body.decode().partition(" ")
        for known in get_args(Became):
            if became == known:
                return Receipt(message_id=message_id, became=known)
        raise NotAReceipt


class FailingReceipts(FakeReceipts):
    """Never there when asked."""

    def ask(self, message_id: str) -> Receipt | None:
        """Nobody answers."""
        self.asked.append(message_id)
        raise Unreachable("Nobody answers.")
