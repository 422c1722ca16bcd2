"""What the ledger hands out: frozen records, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from vestry.kernel import Ref
from vestry.ledger.models import Entry


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One fact as it stands in the ledger. ``seq`` counts from 1 in each council, without gaps."""

    seq: int
    name: str
    version: int
    subject: Ref
    actor: Ref
    service: str
    service_version: int
    journey: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Parked:
    """A fact that waits for a person: which reader could not handle it, why, and how many wait behind it."""

    id: int
    reader: str
    fact: str
    subject: Ref
    since: datetime
    fault: str
    behind: int


@dataclass(frozen=True, kw_only=True)
class Seal:
    """One hash over the facts from ``first`` to ``last``: a line to keep where Vestry can't reach.

    ``root`` is that of the Merkle tree (RFC 6962) over their hashes; ``hash`` covers all that is said here,
    with ``previous``, the hash of the seal before.
    """

    council: str
    number: int
    first: int
    last: int
    root: str
    previous: str
    at: datetime
    hash: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That a fact is below a seal: the hash of the fact before it, and the path up to the seal's root."""

    fact: Recorded
    before: str
    seal: Seal
    path: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with the facts from ``first`` to ``last``.

    ``changed``: its hash does not follow; it, or the hash of the one before it, was changed. ``missing``:
    gone. ``rewritten``: they are not those that were sealed, even where the chain was mended. ``seal``: the
    seal itself was changed, so that it says nothing about them.
    """

    kind: Literal["changed", "missing", "rewritten", "seal"]
    first: int
    last: int


def recorded(entry: Entry) -> Recorded:
    """The record of a row."""
    return Recorded(
        seq=entry.seq,
        name=entry.name,
        version=entry.version,
        subject=Ref.read(entry.subject),
        actor=Ref.read(entry.actor),
        service=entry.service,
        service_version=entry.service_version,
        journey=entry.journey,
        at=entry.at,
        payload=entry.payload,
    )
