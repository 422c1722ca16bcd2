"""What every page of the desk has around it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from vestry.people import api as people

# What the navigation shows to whoever may.
PAGES = {"inbox": "cases.read", "messages": "notify.sent", "parked": "ledger.parked"}


def frame(request: HttpRequest, *, here: str = "") -> dict[str, Any]:
    """The words of `design/desk.html`."""
    shown = [name for name, action in PAGES.items() if people.allowed(request.officer, action)]
    return {"desk_nav": shown, "here": here}
