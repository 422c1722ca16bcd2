"""Who is asking, and what they may."""

from __future__ import annotations

import re
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
from vestry.people.api.second_steps import second_step_wanted
from vestry.people.events import OfficerRefused
from vestry.people.models import Officer
from vestry.people.permissions import PERMISSIONS, Teams, covered
from vestry.people.sessions import note_used

View = Callable[..., HttpResponse]
FORBIDDEN, NOT_FOUND = 403, 404
# Fields of a form that nobody fills in; what is typed again in no time; values that are picked, not typed.
UNSEEN = ("csrfmiddlewaretoken", "form-key")
RETYPED = 20
PICKED = re.compile(r"[\w./-]+")


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

    Nobody signed in goes to sign in and comes back; who must have a second step first, to add one. Somebody
    who may not sees what they would see if the page weren't there; and whether it is there or not, that they
    were refused is put on record. Each is shown what they had written. What an officer sees is never kept by
    a cache.
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
                return _not_found(request, officer)
            request.officer = officer
            if action != "desk.security" and second_step_wanted(officer):
                return _ask_for_second_step(request)
            note_used(request.session, utc_now())
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                return _not_found(request, officer)
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


def written(request: HttpRequest) -> list[str]:
    """What somebody wrote in a form and would not like to write again, for a page that could not take it."""
    fields = [texts for name, texts in request.POST.lists() if name not in UNSEEN]
    texts = [text for texts in fields for text in texts]
    return [text for text in texts if len(text) > RETYPED and not PICKED.fullmatch(text)]


def _not_found(request: HttpRequest, officer: OfficerView) -> HttpResponse:
    _state_refusal(request, officer)
    texts = written(request)
    if not texts:
        raise Http404
    return _given_back(request, "people/not_found.html", {"written": texts}, NOT_FOUND)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    to_sign_in = redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    texts = written(request)
    if not texts:
        return to_sign_in
    words = {"written": texts, "sign_in": to_sign_in.url}
    return _given_back(request, "people/signed_out.html", words, FORBIDDEN)


def _ask_for_second_step(request: HttpRequest) -> HttpResponse:
    texts = written(request)
    if not texts:
        return redirect("mfa_index")
    return _given_back(request, "people/second_step_first.html", {"written": texts}, FORBIDDEN)


def _given_back(request: HttpRequest, page: str, words: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, page, words, status=status)
    add_never_cache_headers(response)
    return response


def public(view: View) -> View:
    """Say who may come to a page: everybody."""
    view.may = "public"  # type: ignore[attr-defined]
    return view
