"""Which adapter is plugged into which port."""

from __future__ import annotations

from vestry.config import environment
from vestry.kernel import plug


def plug_all() -> None:
    """Called once, when Django starts."""
    # Only the demo may keep messages to itself: elsewhere each one would be "sent", and nobody would get it.
    mailbox = environment.DEMO and not environment.EMAIL_URL
    plug("notify.email", f"vestry.outbound.email:{'DemoMailbox' if mailbox else 'SmtpEmail'}")
