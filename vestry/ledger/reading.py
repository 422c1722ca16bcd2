"""Reading on: each reader from its own position, one fact a transaction, and nothing dropped.

A fact that can't be handled is *held*: tried again after a while, and after the last try parked for an
officer to see. Later facts of the same subject wait behind it, so that their order is kept; other subjects
go on.
"""

from __future__ import annotations

import traceback
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from django.db import connection

from vestry.ledger.models import Entry, Held, Position
from vestry.ledger.records import Recorded, recorded
from vestry.ledger.writing import open_transaction

log = structlog.get_logger()

# A fault that is gone within the hour (a locked row, a restart) mends itself; anything longer needs a person.
WAITS = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


class Reader(Protocol):
    """Something that reads facts and acts on them."""

    name: str
    """Its position is stored under this name: it never changes."""

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Act on one fact, inside its own transaction. May be called again for the same fact."""
        ...


def read_on(reader: Reader, *, now: datetime, limit: int = 200) -> int:
    """Let a reader handle what is new, then what is due for another try. Returns how many facts it saw."""
    done = 0
    while done < limit and _next(reader, now):
        done += 1
    while done < limit and _again(reader, now):
        done += 1
    return done


def _lock_position(reader: Reader) -> Position | None:
    """The reader's position, or None while another worker has it."""
    mine = Position.objects.filter(reader=reader.name)
    if not mine.exists():
        Position.objects.get_or_create(reader=reader.name)
    # SQLite has one writer at a time; there is nothing to skip.
    return mine.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).first()


def _next(reader: Reader, now: datetime) -> bool:
    with open_transaction():
        position = _lock_position(reader)
        entry = position and Entry.objects.filter(seq__gt=position.seq).order_by("seq").first()
        if not entry:
            return False
        if Held.objects.filter(reader=reader.name, subject=entry.subject).exists():
            Held.objects.create(
                reader=reader.name, seq=entry.seq, subject=entry.subject, since=now, next_try=now
            )
        else:
            fault = _handle(reader, entry, now)
            if fault:
                _hold(Held(reader=reader.name, seq=entry.seq, subject=entry.subject, since=now), fault, now)
        position.seq = entry.seq
        position.save(update_fields=["seq"])
    return True


def _again(reader: Reader, now: datetime) -> bool:
    with open_transaction():
        if _lock_position(reader) is None:
            return False
        held = _first_due(reader, now)
        if held is None:
            return False
        entry = Entry.objects.get(seq=held.seq)
        fault = _handle(reader, entry, now)
        if fault:
            _hold(held, fault, now)
        else:
            held.delete()
    return True


def _first_due(reader: Reader, now: datetime) -> Held | None:
    """The oldest held fact that is due and has no older one of its subject before it."""
    seen: set[str] = set()
    for held in Held.objects.filter(reader=reader.name).order_by("seq"):
        if held.subject in seen:
            continue
        seen.add(held.subject)
        if held.next_try and held.next_try <= now:
            return held
    return None


def _handle(reader: Reader, entry: Entry, now: datetime) -> str:
    """Hand a fact over; returns what went wrong, in words without anybody's details, or nothing."""
    try:
        with open_transaction():
            reader.handle(recorded(entry), now=now)
    except Exception as error:  # noqa: BLE001 - whatever it is, the fact must not be lost
        # The message of an exception may quote a person; its kind and place never do.
        place = traceback.extract_tb(error.__traceback__)[-1]
        file = place.filename.rsplit("/vestry/")[-1]
        fault = f"{type(error).__name__} in {place.name}, {file} line {place.lineno}"
        log.warning("fact_held", reader=reader.name, seq=entry.seq, fact=entry.name, fault=fault)
        return fault
    return ""


def _hold(held: Held, fault: str, now: datetime) -> None:
    held.next_try = now + WAITS[held.tries] if held.tries < len(WAITS) else None
    held.tries += 1
    held.fault = fault[:300]
    held.save()
