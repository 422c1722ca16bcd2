"""What the clock asks of the services room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from vestry.ledger import api as ledger
from vestry.services.api import _days as days
from vestry.services.api import _forgetting as forgetting
from vestry.services.api import _row as rows
from vestry.services.api import _sending as sending
from vestry.services.definition.capabilities import installed
from vestry.services.models import Journey

log = structlog.get_logger()

# The worker comes back within a minute; one turn must not keep the other councils waiting.
AT_ONCE = 50
# Each with its own transaction: a case with its files and messages is some dozens of rows.
FORGOTTEN_AT_ONCE = 20
# When one that broke is tried again, so that many that break keep nobody else's turn.
AGAIN = timedelta(hours=1)


def _each(
    rows: Any, field: str, do: Callable[[int], bool], *, broken: str, now: datetime, many: int = AT_ONCE
) -> tuple[int, int]:
    """Do so many of the rows that are due by their ``field``, each in a transaction of its own.

    One that breaks is said (``broken``), put off, and keeps nobody else waiting. How many were looked at, and
    of how many ``do`` says that it was done.
    """
    ids = list(rows.order_by(field, "pk").values_list("pk", flat=True)[:many])
    done = 0
    for pk in ids:
        try:
            with ledger.transaction():
                done += do(pk)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are not to blame
            log.warning(broken, row=pk, error=type(error).__name__)
            rows.filter(pk=pk).update(**{field: now + AGAIN})
    return len(ids), done


def abandon_idle(*, now: datetime) -> int:
    """Abandon the current council's journeys that nobody came back to in time. How many there were."""
    idle = Journey.objects.filter(state=Journey.STARTED, kept_until__lte=now)

    def do(pk: int) -> bool:
        # Looked at again under the lock: somebody may have come back, or another worker was here.
        row = idle.select_for_update().filter(pk=pk).first()
        if row:
            rows.abandon(row, now, left=False)
        return row is not None

    return _each(idle, "kept_until", do, broken="journey_not_abandoned", now=now)[1]


def sending_due(*, now: datetime) -> int:
    """What becomes of the current council's journeys that wait for another site, and nobody came back to."""
    due = Journey.objects.filter(state=Journey.SENDING, kept_until__lte=now)

    def do(pk: int) -> bool:
        row = due.select_for_update(of=("self",)).select_related("version").filter(pk=pk).first()
        return bool(row and sending.sending_due(row, now))

    return _each(due, "kept_until", do, broken="sending_not_finished", now=now)[1]


def days_come(*, now: datetime) -> int:
    """Tell the current council's days that rules count to. How many came."""
    due = days.due(now)
    return _each(due, "due_at", lambda pk: days.tell(pk, now), broken="day_not_told", now=now)[1]


def capabilities_due(*, now: datetime) -> int:
    """What the clock asks of each capability in the current council. How much was done."""
    done = 0
    for word, capability in installed().items():
        try:
            done += capability.due(now)
        except Exception as error:  # noqa: BLE001 - one that breaks must not keep the others' holds
            log.warning("capability_not_due", capability=word, error=type(error).__name__)
    return done


def forget_due(*, now: datetime) -> int:
    """Erase what is personal in what the current council kept as long as it said. How many there were.

    One transaction for each, so that nobody waits long and a worker that is killed has erased the ones before
    wholly and this one not at all.
    """
    due = Journey.objects.filter(forget_after__lte=now)

    def do(pk: int) -> bool:
        # Looked at again under the lock: another worker may have been here.
        row = due.select_for_update().filter(pk=pk).first()
        return bool(row and forgetting.forget_if_due(row, now))

    said = {"broken": "details_not_erased", "now": now, "many": FORGOTTEN_AT_ONCE}
    looked_at, done = _each(due, "forget_after", do, **said)
    if looked_at:
        log.info("details_erased", looked_at=looked_at, erased=done)
    return done
