"""What every page of the desk has around it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vestry.design.shown import said
from vestry.kernel import Refused
from vestry.people import api as people
from vestry.strategy import api as strategy

CONFLICT = 409
# What the navigation shows to whoever may. Who works no cases begins at the first that is theirs, and why is
# everybody's: so it comes last.
PAGES = {
    "inbox": "cases.read",
    "tasks": "cases.tasks",
    "search": "cases.read",
    "calendars": "bookings.read",
    "money": "money.read",
    "services": "services.draft",
    "technologies": "technology.read",
    "messages": "notify.sent",
    "parked": "ledger.parked",
    "people": "people.look-after",
    "keys": "programs.keys",
    "strategy": "strategy.read",
}


def frame(request: HttpRequest, *, here: str = "", service: str = "") -> dict[str, Any]:
    """The words of `design/desk.html`. ``service`` is what a page is about, where it is: it says why that is
    offered. Pages about a case have it from their request.
    """
    shown = [name for name, action in PAGES.items() if people.allowed(request.officer, action)]
    about = service or getattr(request, "service", "")
    return {"desk_nav": shown, "here": here, "why": strategy.why_service(about) if about else []}


def not_possible(request: HttpRequest, refusal: Refused, **words: Any) -> HttpResponse:
    """The page for what cannot be done now: why, and what was written for it, so that it is not lost."""
    told = {"sentence": said(refusal), "written": people.written(request)}
    return render(request, "desk/not_possible.html", {**frame(request), **told, **words}, status=CONFLICT)
