"""What the clock asks of the book room, outside any transaction: what comes free, and feeds."""

from __future__ import annotations

from datetime import datetime

from vestry.book import api


def read_feeds(*, now: datetime) -> int:
    """Read when resources are busy elsewhere. How many were read."""
    return api.read_feeds(now=now)


def offer_freed(*, now: datetime) -> int:
    """Offer what came free since the last turn to who waits longest. How many offers and endings."""
    return api.offer_freed(now=now)
