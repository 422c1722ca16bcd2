"""Residents who showed that a mailbox is theirs. They have no account, and are never an officer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest

# As long as somebody reads through what they sent; on a shared computer, not until the evening.
OPEN_FOR = timedelta(minutes=30)
RESIDENT = "resident"


def sign_resident_in(request: HttpRequest, *, email: str, now: datetime) -> None:
    """Remember in this browser, for half an hour, whose mailbox it showed. An officer here is signed out."""
    if request.user.is_authenticated:
        logout(request)
    request.session.cycle_key()
    request.session[RESIDENT] = {"email": email, "until": (now + OPEN_FOR).isoformat()}
    request.session.set_expiry(0)


def resident_email(request: HttpRequest, *, now: datetime) -> str:
    """Whose mailbox this browser showed; empty for nobody's."""
    known = request.session.get(RESIDENT)
    if not known or request.user.is_authenticated or datetime.fromisoformat(known["until"]) <= now:
        return ""
    return str(known["email"])


def sign_resident_out(request: HttpRequest) -> None:
    """Forget everything this browser had opened."""
    request.session.flush()
