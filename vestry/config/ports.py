"""Which adapter is plugged into which port."""

from __future__ import annotations

from vestry.config import environment
from vestry.kernel import plug


def plug_all() -> None:
    """Called once, when Django starts."""
    plug(
        "notify.email",
        "vestry.outbound.email:SmtpEmail" if environment.EMAIL_URL else "vestry.outbound.email:DemoMailbox",
    )
