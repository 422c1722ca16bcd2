"""What the ledger hands out: frozen records, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
