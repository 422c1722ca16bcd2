"""What the book room does after a fact: that something came free is noted, and offered in the same turn."""

from __future__ import annotations

from datetime import datetime

from vestry.book import api
from vestry.ledger.api import Recorded, Wanted

FREED = frozenset(
    {"book.released", "book.lapsed", "book.cancelled", "book.changed", "book.opened", "book.left"}
)


class Frees:
    """Notes that something came free; it is offered by `jobs.offer_freed`, before a passer-by has it.

    Not here: a reader is one transaction, and many offers in one lock what residents lock the other way.
    """

    name = "book.frees"
    wants = Wanted(names=FREED)

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Whatever came free: nothing happens where nobody waits."""
        if fact.name in FREED:
            api.came_free()
