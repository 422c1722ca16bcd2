"""What the clock asks of the book room, outside any transaction: holds and offers are the capability's."""

from __future__ import annotations

from datetime import datetime

from vestry.book import api


def read_feeds(*, now: datetime) -> int:
    """Read when resources are busy elsewhere. How many were read."""
    return api.read_feeds(now=now)
