"""The door to the ledger: what happened, and who has read how far.

1. A verb opens `transaction()`, changes its tables and calls `record()` for each fact.
2. When the outermost transaction ends, its facts are numbered and written, last of all; then it commits.
   Either the change and its facts are both there, or neither.
3. The worker calls `read_on()` for each reader, which says what it `Wanted`; what it can't handle shows in
   `parked()`.
4. `history()` gives a timeline.
5. The worker calls `seal_when_due()`; a seal kept outside makes `faults()` see even a ledger written anew,
   and `prove()` shows somebody one fact without the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime

from vestry.kernel import Fact, Ref, Refused
from vestry.ledger import sealing
from vestry.ledger.models import Entry, Held
from vestry.ledger.reading import Reader, Wanted, read_on
from vestry.ledger.records import Fault, Parked, Proof, Recorded, Seal, recorded
from vestry.ledger.sealing import NotASeal, NotSealed
from vestry.ledger.writing import NoTransaction, Pending, add, open_transaction

__all__ = [
    "Fault",
    "NoTransaction",
    "NotASeal",
    "NotParked",
    "NotSealed",
    "Parked",
    "Proof",
    "Reader",
    "Recorded",
    "Seal",
    "Wanted",
    "faults",
    "history",
    "newest_seal",
    "parked",
    "prove",
    "proves",
    "read_on",
    "record",
    "seal",
    "seal_when_due",
    "since",
    "transaction",
    "try_again",
]


class NotParked(Refused):
    """That fact is no longer waiting. Somebody may have tried it again already."""


def transaction(*, joins: bool = False) -> AbstractContextManager[None]:
    """A database transaction with the facts it states. May be nested; an inner one is a savepoint.

    One that ``joins`` is none: where it fails, the whole of what it is within fails too.
    """
    return open_transaction(joins=joins)


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


def seal_when_due(*, now: datetime) -> int:
    """Seal the current council's new facts when the last seal is a quarter of an hour old. How many seals."""
    return sealing.seal_when_due(now)


def seal(*, now: datetime) -> Seal | None:
    """Seal all that is new, now. Returns the council's newest seal; None where nothing ever happened."""
    while sealing.seal_new(now):
        pass
    return sealing.newest()


def newest_seal() -> Seal | None:
    """The council's newest seal; None before the first."""
    return sealing.newest()


def prove(*, seq: int) -> Proof:
    """That fact ``seq`` is below a seal, for somebody who need not see the others. Raises `NotSealed`."""
    return sealing.prove(seq)


def proves(proof: Proof) -> bool:
    """Whether a proof holds: its fact, as it stands in it, is below its seal. Asks no database."""
    return sealing.proves(proof)


def faults(*, kept: Iterable[Seal] = ()) -> list[Fault]:
    """What in the current council's ledger is not as it was written; nothing when all is.

    ``kept`` are this council's seals kept outside, in any order. Raises `NotASeal` for a damaged one.
    """
    return sealing.find_faults(kept)
