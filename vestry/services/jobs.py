"""What the clock asks of the services room."""

from __future__ import annotations

from datetime import datetime

import structlog

from vestry.ledger import api as ledger
from vestry.services.api import _days as days
from vestry.services.api import _forgetting as forgetting
from vestry.services.api import _row as rows
from vestry.services.api import _sending as sending
from vestry.services.definition.capabilities import installed
from vestry.services.models import Journey

log = structlog.get_logger()

# The worker comes back within a second; one turn must not keep the other councils waiting.
AT_ONCE = 50
# Each with its own transaction: a case with its files and messages is some dozens of rows.
FORGOTTEN_AT_ONCE = 20


def abandon_idle(*, now: datetime) -> int:
    """Abandon the current council's journeys that nobody came back to in time. How many there were."""
    idle = Journey.objects.filter(state=Journey.STARTED, kept_until__lte=now)
    ids = list(idle.order_by("kept_until").values_list("pk", flat=True)[:AT_ONCE])
    done = 0
    for pk in ids:
        try:
            with ledger.transaction():
                # Looked at again under the lock: somebody may have come back, or another worker was here.
                row = idle.select_for_update().filter(pk=pk).first()
                if row:
                    rows.abandon(row, now, left=False)
                    done += 1
        except Exception as error:  # noqa: BLE001 - one journey that breaks must not keep the others' answers
            log.warning("journey_not_abandoned", journey=pk, error=type(error).__name__)
    return done


def sending_due(*, now: datetime) -> int:
    """What becomes of the current council's journeys that wait for another site, and nobody came back to."""
    due = Journey.objects.filter(state=Journey.SENDING, kept_until__lte=now)
    ids = list(due.order_by("kept_until").values_list("pk", flat=True)[:AT_ONCE])
    done = 0
    for pk in ids:
        try:
            with ledger.transaction():
                row = due.select_for_update(of=("self",)).select_related("version").filter(pk=pk).first()
                done += bool(row and sending.sending_due(row, now))
        except Exception as error:  # noqa: BLE001 - one journey that breaks must not keep the others waiting
            log.warning("sending_not_finished", journey=pk, error=type(error).__name__)
    return done


def days_come(*, now: datetime) -> int:
    """Tell the current council's days that rules count to. How many came."""
    return days.days_come(now=now)


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
    ids = list(due.order_by("forget_after", "pk").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    done = 0
    for pk in ids:
        try:
            with ledger.transaction():
                # Looked at again under the lock: another worker may have been here.
                row = due.select_for_update().filter(pk=pk).first()
                done += bool(row and forgetting.forget_if_due(row, now))
        except Exception as error:  # noqa: BLE001 - one that breaks must not keep the others' details
            log.warning("details_not_erased", journey=pk, error=type(error).__name__)
            due.filter(pk=pk).update(forget_after=now + forgetting.A_DAY)
    if ids:
        log.info("details_erased", looked_at=len(ids), erased=done)
    return done
