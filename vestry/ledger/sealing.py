"""Sealing: from time to time one hash over everything new, small enough to keep outside.

The chain of hashes shows a change to one fact. Somebody with the database's password could write the whole
chain anew, though, and it would hold. A seal is the root of a Merkle tree over the hashes of the facts since
the last seal, chained to that seal. Whoever keeps a copy of it elsewhere can tell that the facts below it are
still the same, and can be shown that one fact is among them without being shown the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
from django.db import IntegrityError, transaction

from vestry.councils import api as councils
from vestry.kernel import Refused
from vestry.ledger import merkle
from vestry.ledger.models import Entry, Head, SealRow
from vestry.ledger.records import Fault, Proof, Seal, recorded
from vestry.ledger.writing import entry_hash

# What is not sealed yet could still be rewritten unseen, so not much longer; a seal is one small row.
EVERY = timedelta(minutes=15)
# Of 32 bytes each: a few megabytes while a seal is made.
MOST = 65_536


class NotSealed(Refused):
    """There is no such fact, or it is not sealed yet. A seal is made every quarter of an hour."""


class NotASeal(Refused):
    """A seal that was kept is not as Vestry wrote it. Look for another copy of it: {seal}."""


def seal_new(now: datetime) -> bool:
    """Seal what is new, at most `MOST` facts. False when there is nothing, or another worker was faster."""
    last = SealRow.objects.order_by("-number").first()
    done = last.last if last else 0
    hashes = list(_hashes(done + 1, done + MOST))
    if not hashes:
        return False
    number, previous = (last.number + 1, last.hash) if last else (1, "")
    row = SealRow(
        number=number,
        first=done + 1,
        last=done + len(hashes),
        root=merkle.root_of(hashes).hex(),
        previous=previous,
        at=now,
    )
    row.hash = seal_hash(sealed(row))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False
    return True


def seal_when_due(now: datetime) -> int:
    """Seal when the last seal is old enough. Returns how many seals were made."""
    if SealRow.objects.filter(at__gt=now - EVERY).exists():
        return 0
    return int(seal_new(now))


def seal_hash(seal: Seal) -> str:
    """What chains a seal to the one before it, and makes one line of it enough to keep."""
    moment = seal.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [seal.council, seal.number, seal.first, seal.last, seal.root, seal.previous, moment]
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def sealed(row: SealRow) -> Seal:
    """The record of a row."""
    return Seal(
        council=councils.current().slug,
        number=row.number,
        first=row.first,
        last=row.last,
        root=row.root,
        previous=row.previous,
        at=row.at,
        hash=row.hash,
    )


def newest() -> Seal | None:
    """The council's newest seal."""
    row = SealRow.objects.order_by("-number").first()
    return sealed(row) if row else None


def prove(seq: int) -> Proof:
    """That one fact is below a seal. Raises `NotSealed`."""
    row = SealRow.objects.filter(first__lte=seq, last__gte=seq).first()
    entry = Entry.objects.filter(seq=seq).first()
    if row is None or entry is None:
        raise NotSealed
    before = Entry.objects.filter(seq=seq - 1).values_list("hash", flat=True).first()
    hashes = list(_hashes(row.first, row.last))
    return Proof(
        fact=recorded(entry),
        before=before or "",
        seal=sealed(row),
        path=tuple(one.hex() for one in merkle.path_to(hashes, seq - row.first)),
    )


def proves(proof: Proof) -> bool:
    """Whether a fact and its path lead to the root of the seal. Needs no database."""
    seal = proof.seal
    leaf = bytes.fromhex(entry_hash(proof.before, proof.fact))
    path = [bytes.fromhex(one) for one in proof.path]
    root = merkle.root_from(leaf, proof.fact.seq - seal.first, seal.last - seal.first + 1, path)
    return root is not None and root.hex() == seal.root and seal.hash == seal_hash(seal)


def find_faults(kept: Iterable[Seal]) -> list[Fault]:
    """Everything that is not as it was written, by the chain, by the seals here and by those kept outside."""
    return [*_in_chain(), *_in_seals(), *_against(sorted(kept, key=lambda seal: seal.number))]


def _in_chain() -> Iterator[Fault]:
    """Facts whose hash does not follow from what stands there, and facts that are gone."""
    seq, previous = 0, ""
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        if entry.seq != seq + 1:
            yield Fault(kind="missing", first=seq + 1, last=entry.seq - 1)
        elif entry.hash != entry_hash(previous, entry):
            yield Fault(kind="changed", first=entry.seq, last=entry.seq)
        seq, previous = entry.seq, entry.hash
    head = Head.objects.first()
    if head is not None and head.seq > seq:
        yield Fault(kind="missing", first=seq + 1, last=head.seq)
    elif (head.seq, head.hash) != (seq, previous) if head else seq:
        yield Fault(kind="changed", first=seq, last=seq)


def _in_seals() -> Iterator[Fault]:
    """Facts that are not those that were sealed, and seals that do not follow one from the other."""
    rows = [SealRow(number=0, last=0, hash=""), *SealRow.objects.order_by("number")]
    for before, row in pairwise(rows):
        follows = (row.number, row.first, row.previous) == (before.number + 1, before.last + 1, before.hash)
        if not follows or row.hash != seal_hash(sealed(row)):
            yield Fault(kind="seal", first=row.first, last=row.last)
        elif not _stands(row.first, row.last, row.root):
            yield Fault(kind="rewritten", first=row.first, last=row.last)


def _against(kept: list[Seal]) -> Iterator[Fault]:
    """Facts that are not those below the seals kept outside.

    A fact's hash covers all before it: once one differs, every later seal does, and says nothing new.
    """
    same_until = 0
    for seal in kept:
        if seal.hash != seal_hash(seal):
            raise NotASeal(seal=f"{seal.council} {seal.number}")
        if not _stands(seal.first, seal.last, seal.root):
            yield Fault(kind="rewritten", first=same_until + 1, last=seal.last)
            return
        same_until = seal.last


def _stands(first: int, last: int, root: str) -> bool:
    return merkle.root_of(_hashes(first, last)).hex() == root


def _hashes(first: int, last: int) -> Iterator[bytes]:
    rows = Entry.objects.filter(seq__gte=first, seq__lte=last).order_by("seq")
    return map(bytes.fromhex, rows.values_list("hash", flat=True).iterator(chunk_size=10_000))
