"""Which adapter is plugged into which port."""

from __future__ import annotations

from vestry.config import environment
from vestry.kernel import plug


def plug_all() -> None:
    """Called once, when Django starts."""
    # Which of several ways a council's email goes is seen when it goes.
    plug("notify.email", "vestry.config.email:adapter")
    plug("pay.provider", "vestry.config.payments:adapter")
    # Addresses of the own machine are looked at only where Vestry itself is tried out.
    plug("technology.probes", "vestry.config.looking:adapter")
    plug("book.feeds", "vestry.outbound.feeds:Https")
    plug("places.lookup", "vestry.places.api:Gazetteer")
    # Forgotten, every file waits for a scanner and nobody opens it, rather than being called clean.
    without = "DemoScanner" if environment.DEMO else "NoScanner"
    plug("documents.scan", f"vestry.outbound.clamav:{'Clamd' if environment.CLAMD_URL else without}")
    plug("documents.store", f"vestry.outbound.files:{'ObjectStorage' if environment.FILES_URL else 'Folder'}")
