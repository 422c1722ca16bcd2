"""Who is asking, and what they may."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from vestry.kernel import utc_now
from vestry.people import refusals
from vestry.people.api.clients import ClientView
from vestry.people.api.officers import OfficerView, officer_view
from vestry.people.events import OfficerRefused
from vestry.people.models import Officer
from vestry.people.permissions import PERMISSIONS, Teams, covered
from vestry.people.second_step import is_wanted
from vestry.people.sessions import note_used

View = Callable[..., HttpResponse]
FORBIDDEN = 403
# Fields of a form that nobody fills in; and what is typed again in no time.
UNSEEN = ("csrfmiddlewaretoken", "form-key")
RETYPED = 20


def officer_of(request: HttpRequest) -> OfficerView | None:
    """Who is signed in, when they are an active officer of this host's council; otherwise None."""
    if not request.user.is_authenticated:
        return None
    found = Officer.objects.working().select_related("account").filter(account_id=request.user.pk).first()
    return officer_view(found) if found else None


def reach(officer: OfficerView, action: str, *, by: Collection[str] | None = None) -> Teams:
    """The teams for which an officer may do something. ``by`` narrows which of their roles count."""
    if isinstance(officer, ClientView) and action not in officer.scopes:
        return Teams()
    if PERMISSIONS[action].demo and getattr(settings, "DEMO", False):
        return Teams(every=True)
    if not officer.active:
        return Teams()
    return covered(action, held=officer.held, by=by)


def allowed(officer: OfficerView, action: str) -> bool:
    """Whether an officer may do something at all, for some team or other."""
    return bool(reach(officer, action))


def may(action: str) -> Callable[[View], View]:
    """Say who may come to a page: officers who may do ``action``. The view finds them as ``request.officer``.

    Nobody signed in goes to sign in and comes back; what they had written is shown to them. Somebody who may
    not sees what they would see if the page weren't there; and whether it is there or not, that they were
    refused is put on record. What an officer sees is never kept by a cache.
    """
    if action not in PERMISSIONS:
        raise KeyError(action)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            officer = officer_of(request)
            if officer is None:
                return _ask_to_sign_in(request)
            if not allowed(officer, action):
                _state_refusal(request, officer)
                raise Http404
            request.officer = officer
            if action != "desk.security" and is_wanted(request):
                return redirect("mfa_index")
            note_used(request.session, utc_now())
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                _state_refusal(request, officer)
                raise
            add_never_cache_headers(response)
            return response

        guarded.may = action  # type: ignore[attr-defined]
        return guarded

    return guard


def _state_refusal(request: HttpRequest, officer: OfficerView) -> None:
    address = request.resolver_match.view_name
    refusals.state(
        officer.ref,
        address,
        fact=lambda count: OfficerRefused(address=address, count=count),
        now=utc_now(),
    )


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    to_sign_in = redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    texts = [text for name, text in request.POST.items() if name not in UNSEEN and len(text) > RETYPED]
    if not texts:
        return to_sign_in
    words = {"written": texts, "sign_in": to_sign_in.url}
    response = render(request, "people/signed_out.html", words, status=FORBIDDEN)
    add_never_cache_headers(response)
    return response


def public(view: View) -> View:
    """Say who may come to a page: everybody."""
    view.may = "public"  # type: ignore[attr-defined]
    return view
