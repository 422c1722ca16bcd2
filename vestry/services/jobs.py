"""What the clock asks of the services room."""

from __future__ import annotations

from datetime import datetime

import structlog

from vestry.ledger import api as ledger
from vestry.services.api import _journeys as journeys
from vestry.services.models import Journey

log = structlog.get_logger()

# The worker comes back within a second; one turn must not keep the other councils waiting.
AT_ONCE = 50


def abandon_idle(*, now: datetime) -> int:
    """Abandon the current council's journeys that nobody came back to in time. How many there were."""
    idle = Journey.objects.filter(state=Journey.STARTED, open_until__lte=now)
    ids = list(idle.order_by("open_until").values_list("pk", flat=True)[:AT_ONCE])
    done = 0
    for pk in ids:
        try:
            with ledger.transaction():
                # Looked at again under the lock: somebody may have come back, or another worker was here.
                row = idle.select_for_update().filter(pk=pk).first()
                if row:
                    journeys.abandon(row, now, left=False)
                    done += 1
        except Exception as error:  # noqa: BLE001 - one journey that breaks must not keep the others' answers
            log.warning("journey_not_abandoned", journey=pk, error=type(error).__name__)
    return done
