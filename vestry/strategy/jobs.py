"""What the clock asks of the room."""

from __future__ import annotations

from datetime import datetime

from vestry.strategy import api


def measure_due(*, now: datetime) -> int:
    """The picture is measured after a change, and each day anew, before anybody asks for it."""
    return api.measure_due(now=now)
