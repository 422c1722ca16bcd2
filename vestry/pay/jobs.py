"""What the clock asks of the pay room."""

from __future__ import annotations

from datetime import datetime

from vestry.pay import api


def ask_provider(*, now: datetime) -> int:
    """Ask how payments stand that nobody told us about, and send refunds that may go. How many were done."""
    return api.poll(now=now) + api.send_refunds(now=now)


def tidy_up(*, now: datetime) -> int:
    """Bring forgotten money before somebody, compare days with the provider's report, and erase what nothing
    else would. How many.
    """
    return api.strand_forgotten(now=now) + api.reconcile_due(now=now) + api.forget_past(now=now)
