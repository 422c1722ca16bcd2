"""What has had its time."""

from __future__ import annotations

from datetime import datetime

from vestry.people.api.clients import REMEMBERED
from vestry.people.api.codes import WINDOW
from vestry.people.limits import LIMITS
from vestry.people.models import ClientWrite, Code, Session, Tally


def forget_expired(*, now: datetime) -> int:
    """Delete sessions that have ended, codes and counts that no longer count; how many. Every turn's."""
    longest = max(limit.within for limit in LIMITS.values())
    gone = (
        Session.objects.filter(expire_date__lt=now),
        Code.objects.filter(expires__lt=now - WINDOW),
        Tally.objects.filter(since__lt=now - longest),
        ClientWrite.objects.filter(at__lt=now - REMEMBERED),
    )
    # Asking first spares SQLite a write, and its one lock, in almost every turn.
    return sum(rows.delete()[0] for rows in gone if rows.exists())
