"""Reading on: each reader from its own position, one fact a transaction, and nothing dropped.

A fact that can't be handled is *held*: tried again after a while, and after the last try parked for an
officer to see. Later facts of the same subject wait behind it, so that their order is kept; other subjects
go on.

Several workers may read on at once: a reader's position is a row, locked while one fact is handled. A worker
that finds it locked goes on to something else, so no fact is handled by two at once or before an earlier one.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, OuterRef, Q

from vestry.ledger.models import Entry, Held, Position
from vestry.ledger.records import Recorded, recorded
from vestry.ledger.writing import open_transaction

log = structlog.get_logger()

# A fault that is gone within the hour (a locked row, a restart) mends itself; anything longer needs a person.
WAITS = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which facts a reader acts on: where all that is said here is so. What is left empty says nothing.

    ``rooms`` are the first words of their names, ``subjects`` the kinds of what they are about.
    """

    names: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    of_a_service: bool = False

    def among(self, entries: Any) -> Any:
        """Those of the entries that are wanted."""
        if self.names:
            entries = entries.filter(name__in=sorted(self.names))
        if self.of_a_service:
            entries = entries.exclude(service="")
        for field, words, end in (("name", self.rooms, "."), ("subject", self.subjects, ":")):
            if words:
                begins = (Q(**{f"{field}__startswith": f"{word}{end}"}) for word in sorted(words))
                entries = entries.filter(Q(*begins, _connector=Q.OR))
        return entries


class Reader(Protocol):
    """Something that reads facts and acts on them."""

    name: str
    """Its position is stored under this name: it never changes."""

    @property
    def wants(self) -> Wanted:
        """Which facts it is handed; it is past the others in one step."""
        ...

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Act on one fact, inside its own transaction. May be called again for the same fact."""
        ...


# On SQLite nobody stands in line to write: who waits looks again after up to a tenth of a second, and a
# worker with much to catch up on would be faster every time. It rests after some facts: others have a turn.
FACTS_BEFORE_A_REST, REST = 20, 0.12


def read_on(reader: Reader, *, now: datetime, limit: int = 200) -> int:
    """Let a reader handle what is new, then what is due for another try. Returns how many facts it saw."""
    done = 0
    if not _anything(reader, now):
        return 0
    while done < limit and _next(reader, now):
        done += 1
        if done % FACTS_BEFORE_A_REST == 0 and connection.vendor == "sqlite":
            time.sleep(REST)
    while done < limit and _again(reader, now):
        done += 1
    return done


def _anything(reader: Reader, now: datetime) -> bool:
    """Whether it is worth a lock: one look, because most councils are quiet most of the time."""
    new = Exists(Entry.objects.filter(seq__gt=OuterRef("seq")))
    due = Exists(Held.objects.filter(reader=reader.name, next_try__lte=now))
    mine = Position.objects.filter(reader=reader.name).values_list(new, due).first()
    return mine is None or any(mine)


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
        if position is None:
            return False
        # How far first, then what is wanted up to there: what commits in between is left for the next time.
        last = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        new = Entry.objects.filter(seq__gt=position.seq, seq__lte=last)
        entry = reader.wants.among(new).order_by("seq").first()
        if entry is None:
            if last > position.seq:
                position.seq = last
                position.save(update_fields=["seq"])
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
    except Exception as error:
        if isinstance(error, (OperationalError, InterfaceError)) and not connection.is_usable():
            raise  # the database is gone, and nothing is wrong with the fact
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
