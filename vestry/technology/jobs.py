"""What the clock asks of the room."""

from __future__ import annotations

from datetime import datetime

from vestry.kernel import Refused, port, utc_now
from vestry.technology import api
from vestry.technology.ports import Progress


def fall_due(*, now: datetime) -> int:
    """Waivers end and decisions fall due by themselves."""
    return api.fall_due(now=now)


def look(*, now: datetime) -> int:
    """Do the look that has waited longest. It takes seconds to minutes: nobody else should wait for it."""
    asked = api.claim_look(now=now)
    if asked is None:
        return 0

    def told(progress: Progress) -> None:
        api.tell_look(look=asked, progress=progress, now=utc_now())

    try:
        run = port("technology.probes").look(
            asked.address, now=utc_now, told=told, leave=asked.leave, walk=asked.walk
        )
    except Refused as refusal:
        api.fail_look(look=asked, reason=str(refusal), now=utc_now())
    else:
        api.end_look(look=asked, run=run, now=utc_now())
    return 1
