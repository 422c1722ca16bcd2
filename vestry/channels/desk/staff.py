"""Who works here: for whoever looks after Vestry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vestry.channels.desk.frame import frame
from vestry.kernel import utc_now
from vestry.people import api as people
from vestry.people.api import may


@may("people.look-after")
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """Every officer, whether they have a second step, and where they are signed in."""
    now = utc_now()
    lines = [_line(officer, now) for officer in people.find_officers()]
    words = {"officers": lines, "stopped": people.find_officers(stopped=True), "me": request.officer.slug}
    return render(request, "desk/people.html", {**frame(request, here="people"), **words})


def _line(officer: people.OfficerView, now: Any) -> dict[str, Any]:
    return {
        "officer": officer,
        "second_step": bool(people.second_steps(officer).real),
        "sessions": people.sessions_of(officer=officer, here="", now=now),
    }


@may("people.look-after")
@require_POST
def stop(request: HttpRequest, officer: str) -> HttpResponse:
    """Somebody left: no more signing in, and every session ends at once. Nobody stops themselves."""
    found = _found(officer)
    if found.slug == request.officer.slug:
        messages.success(request, _("You cannot stop yourself. Ask a colleague who looks after Vestry."))
        return redirect("desk:people")
    people.stop_officer(officer=found, now=utc_now(), actor=request.officer.ref)
    messages.success(request, _("%(name)s is signed out everywhere.") % {"name": found.name})
    return redirect("desk:people")


@may("people.look-after")
@require_POST
def allow(request: HttpRequest, officer: str) -> HttpResponse:
    """Let somebody who was stopped sign in again."""
    found = _found(officer)
    people.allow_officer(officer=found, now=utc_now(), actor=request.officer.ref)
    messages.success(request, _("%(name)s may sign in again.") % {"name": found.name})
    return redirect("desk:people")


def _found(slug: str) -> people.OfficerView:
    try:
        return people.get_officer(slug)
    except people.NoSuchOfficer:
        raise Http404 from None
