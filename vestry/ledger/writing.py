"""Writing facts: one gapless sequence per council, its number taken last.

A sequence of the database hands out numbers that commit in another order, and a reader that has passed
number 7 never sees a 6 that commits late. Here the number comes from the council's `Head` row, which a
transaction locks only when everything else is done: facts of a council become visible in the order of their
numbers, without gaps, on any database. Writers of one council queue for the length of a commit; councils
don't wait for each other. (docs/decisions/0003-one-sequence-per-council.md)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import transaction as database

from vestry.kernel import Fact, Ref
from vestry.ledger.models import Entry, Head


class NoTransaction(RuntimeError):
    """A fact was recorded outside ledger.api.transaction(): a change and its fact stand or fall together."""

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or "").strip())


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A fact on its way into the ledger."""

    fact: Fact
    subject: Ref
    actor: Ref
    now: datetime
    service: str
    version: int
    journey: str


_pending: ContextVar[list[Pending] | None] = ContextVar("ledger_pending", default=None)


@contextmanager
def open_transaction(*, joins: bool = False) -> Iterator[None]:
    """See `ledger.api.transaction`."""
    outer = _pending.get()
    if outer is not None:
        before = len(outer)
        try:
            with database.atomic(savepoint=not joins):
                yield
        except BaseException:
            # What it changed is rolled back and did not happen, so neither did its facts.
            del outer[before:]
            raise
        return
    mine: list[Pending] = []
    token = _pending.set(mine)
    try:
        with database.atomic():
            yield
            _append(mine)
    finally:
        _pending.reset(token)


def add(pending: Pending) -> None:
    """Keep a fact for the end of the transaction. Raises `NoTransaction`."""
    waiting = _pending.get()
    if waiting is None:
        raise NoTransaction
    waiting.append(pending)


def _lock_head() -> Head:
    mine = Head.objects.select_for_update()
    head = mine.first()
    if head is None:
        # A council's first fact; somebody else's first may be written at this very moment.
        Head.objects.get_or_create()
        head = mine.get()
    return head


def _append(facts: list[Pending]) -> None:
    if not facts:
        return
    head = _lock_head()
    entries = []
    for pending in facts:
        head.seq += 1
        entry = Entry(
            seq=head.seq,
            name=pending.fact.name,
            version=pending.fact.version,
            subject=str(pending.subject),
            actor=str(pending.actor),
            service=pending.service,
            service_version=pending.version,
            journey=pending.journey,
            at=pending.now,
            # To JSON and back, so that what is hashed is what the database will give again.
            payload=msgspec.json.decode(msgspec.json.encode(pending.fact.payload())),
        )
        entry.hash = head.hash = entry_hash(head.hash, entry)
        entries.append(entry)
    Entry.objects.bulk_create(entries)
    head.save(update_fields=["seq", "hash"])


def entry_hash(previous: str, entry: Any) -> str:
    """The hash of an entry, a row or a record of one, chained to the one before it."""
    content = [
        previous,
        entry.seq,
        entry.name,
        entry.version,
        str(entry.subject),
        str(entry.actor),
        entry.service,
        entry.service_version,
        entry.journey,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.payload,
    ]
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
