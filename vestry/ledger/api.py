"""The door to the ledger: what happened, and who has read how far.

1. A verb opens `transaction()`, changes its tables and calls `record()` for each fact.
2. When the outermost transaction ends, its facts are numbered and written, last of all; then it commits.
   Either the change and its facts are both there, or neither.
3. The worker calls `read_on()` for each reader; what a reader can't handle shows in `parked()`.
4. `history()` gives a timeline; `first_broken()` says whether anybody has tampered.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from vestry.kernel import Fact, Ref, Refused
from vestry.ledger.models import Entry, Held
from vestry.ledger.reading import Reader, read_on
from vestry.ledger.records import Parked, Recorded, recorded
from vestry.ledger.writing import NoTransaction, Pending, add, first_broken, open_transaction

__all__ = [
    "NoTransaction",
    "NotParked",
    "Parked",
    "Reader",
    "Recorded",
    "first_broken",
    "history",
    "parked",
    "read_on",
    "record",
    "since",
    "transaction",
    "try_again",
]


class NotParked(Refused):
    """That fact is no longer waiting. Somebody may have tried it again already."""


def transaction() -> AbstractContextManager[None]:
    """A database transaction with the facts it states. May be nested; an inner one is a savepoint."""
    return open_transaction()


def record(
    fact: Fact,
    *,
    subject: Ref,
    actor: Ref,
    now: datetime,
    service: str = "",
    version: int = 0,
    journey: str = "",
) -> None:
    """State a fact about ``subject``. Raises `NoTransaction` outside `transaction()`.

    ``service``, ``version`` and ``journey`` say in whose course it happened; a definition's ``on:`` rules
    are found by them.
    """
    add(
        Pending(
            fact=fact,
            subject=subject,
            actor=actor,
            now=now,
            service=service,
            version=version,
            journey=journey,
        )
    )


def history(subject: Ref) -> list[Recorded]:
    """Everything that happened to a subject, oldest first."""
    return [recorded(entry) for entry in Entry.objects.filter(subject=str(subject)).order_by("seq")]


def since(seq: int, *, limit: int = 1000) -> list[Recorded]:
    """The council's facts after number ``seq``, oldest first, at most ``limit``."""
    return [recorded(entry) for entry in Entry.objects.filter(seq__gt=seq).order_by("seq")[:limit]]


def parked() -> list[Parked]:
    """The facts that wait for a person, oldest first."""
    waiting = list(Held.objects.order_by("seq"))
    stuck = [held for held in waiting if held.next_try is None]
    names = dict(Entry.objects.filter(seq__in=[held.seq for held in stuck]).values_list("seq", "name"))
    return [
        Parked(
            id=held.pk,
            reader=held.reader,
            fact=names[held.seq],
            subject=Ref.read(held.subject),
            since=held.since,
            fault=held.fault,
            behind=sum(
                (other.reader, other.subject) == (held.reader, held.subject) and other.seq > held.seq
                for other in waiting
            ),
        )
        for held in stuck
    ]


def try_again(*, parked_id: int, now: datetime) -> None:
    """Let the worker try a parked fact, and those behind it, again. Raises `NotParked`."""
    if not Held.objects.filter(pk=parked_id, next_try=None).update(next_try=now, tries=0):
        raise NotParked
