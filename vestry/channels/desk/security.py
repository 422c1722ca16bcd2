"""How an officer signs in, and where they are signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vestry.channels.desk.frame import frame
from vestry.kernel import utc_now
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.people.api import may

View = Callable[..., HttpResponse]


@may("desk.security")
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Second steps, and where they are signed in."""
    here, officer = request.session.session_key or "", request.officer
    words = {
        "steps": people.second_steps(officer),
        "sessions": people.sessions_of(officer=officer, here=here, now=utc_now()),
        "wanted": people.second_step_wanted(officer),
        "demo": settings.DEMO,
    }
    return render(request, "desk/security.html", {**frame(request, here="security"), **words})


@may("desk.security")
@require_POST
def end(request: HttpRequest, session: str) -> HttpResponse:
    """End one of their sessions; one that has ended already needs nothing."""
    people.end_session(officer=request.officer, id=session, now=utc_now())
    messages.success(request, _("You are signed out there."))
    return redirect("mfa_index")


@may("desk.security")
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all their sessions but this one."""
    here = request.session.session_key or ""
    ended = people.end_other_sessions(officer=request.officer, here=here, now=utc_now())
    said = ngettext(
        "You are signed out in %(count)s other place.", "You are signed out in %(count)s other places.", ended
    )
    messages.success(request, said % {"count": ended})
    return redirect("mfa_index")


def whole(view: View) -> View:
    """A page of allauth's: what it changes and the fact about it in one transaction, kept by no cache."""

    @may("desk.security")
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with ledger.transaction():
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        add_never_cache_headers(response)
        return response

    return wrapped
