"""Refusals of officers and programs, put on record so that the record can't be filled up.

Of those of one asker at one kind of address within an hour, the 1st, 10th, 100th and so on are stated, each
with its number: one is never missed, and somebody who hammers writes a few facts and not a million.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from vestry.kernel import Fact, Ref
from vestry.ledger import api as ledger
from vestry.people.limits import nth_refusal


def state(who: Ref, *what: str, fact: Callable[[int], Fact], now: datetime) -> None:
    """Count a refusal of ``who``, alike in ``what``, and state ``fact`` of its number when it is its turn."""
    with ledger.transaction():
        count = nth_refusal(" ".join((str(who), *what)), now=now)
        if str(count).rstrip("0") == "1":
            ledger.record(fact(count), subject=who, actor=who, now=now)
