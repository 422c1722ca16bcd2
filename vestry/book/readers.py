"""What the book room does after a fact: what came free is offered at once, before a passer-by has it."""

from __future__ import annotations

from datetime import datetime

from vestry.book import api
from vestry.ledger.api import Recorded, Wanted

FREED = frozenset(
    {"book.released", "book.lapsed", "book.cancelled", "book.changed", "book.opened", "book.left"}
)


class Offers:
    """Offers what came free to who waits longest; the clock does the same a while later."""

    name = "book.offers"
    wants = Wanted(names=FREED)

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Whatever came free: nothing happens where nobody waits."""
        if fact.name in FREED:
            api.offer(now=now)
