"""Facts and readers for the ledger's own tests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from vestry.kernel import SYSTEM, Fact, Ref
from vestry.ledger import api as ledger

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class BellRung(Fact):
    """A bell was rung."""

    name = "tests.bell_rung"
    sentence = "The bell rang {times} times."
    privacy = "A count."

    times: int = 1


def ring(subject="bell:1", times=1, now=NOON):
    with ledger.transaction():
        ledger.record(BellRung(times=times), subject=Ref.read(subject), actor=SYSTEM, now=now)


class Listener:
    """Remembers what it was handed; fails on subjects named in ``deaf``."""

    name = "listener"
    wants = ledger.Wanted()

    def __init__(self, *deaf):
        self.deaf = set(deaf)
        self.heard = []

    def handle(self, fact, *, now):
        if str(fact.subject) in self.deaf:
            raise ValueError("somebody@example.org said something private")
        self.heard.append((str(fact.subject), fact.payload["times"]))


def later(**delta):
    return NOON + timedelta(**delta)


def unlock(table="ledger_entry"):
    """What somebody with the database's password does first."""
    on = f" on {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"drop trigger {'append_only' if on else f'{table}_append_only'}{on}")
