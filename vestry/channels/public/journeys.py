"""The pages of a journey: one thing a page, check your answers, done.

The address is the key to the journey (docs/decisions/0004-a-journey-is-its-address.md): no cookie and no
session, so that nothing is lost with them; and no CSRF token, for to forge a post one must know the address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from vestry.cases import api as cases
from vestry.channels.public.methods import reads_and_posts
from vestry.design.pages import error_summary
from vestry.information import api as information
from vestry.kernel import Ref, utc_now
from vestry.people.api import public
from vestry.services import api as services
from vestry.services.api import Where

View = Callable[..., HttpResponse]
UNPROCESSABLE = 422


def by_address(view: View) -> View:
    """A page whose address is its key: the same 404 for one that never was, and nobody else hears of it."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, slug: str, token: str, **kwargs: str) -> HttpResponse:
        try:
            response = view(request, slug, token, **kwargs)
        except services.NoSuchJourney:
            raise Http404 from None
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return public(guarded)


@by_address
@require_safe
def resume(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """To where the journey was left."""
    return _go(services.at(service=slug, token=token, now=utc_now()), slug, token)


@by_address
@reads_and_posts
def step(request: HttpRequest, slug: str, token: str, step: str) -> HttpResponse:
    """A page with questions, or one that says why it stops here."""
    now = utc_now()
    if request.method == "POST":
        where = services.answer(service=slug, token=token, step=step, form=request.POST, now=now)
        return _show(request, where, slug, token) if where.again else _go(where, slug, token)
    where = services.at(service=slug, token=token, step=step, now=now)
    # A page nobody has come to yet leads to the one where they are.
    return _show(request, where, slug, token) if where.step == step else _go(where, slug, token)


@by_address
@reads_and_posts
def check(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """All answers, each with a link to change it; posting sends them."""
    now = utc_now()
    if request.method == "POST":
        try:
            services.submit(service=slug, token=token, now=now)
        except services.SentBack as back:
            return (
                _show(request, back.where, slug, token) if back.where.again else _go(back.where, slug, token)
            )
        return redirect("public:done", slug=slug, token=token)
    where = services.at(service=slug, token=token, step="check", now=now)
    return _show(request, where, slug, token) if where.kind == "check" else _go(where, slug, token)


@by_address
@require_safe
def done(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The confirmation."""
    where = services.at(service=slug, token=token, now=utc_now())
    if where.submitted is None:
        return _go(where, slug, token)
    return render(request, "public/done.html", {"where": where, **_next(where.submitted.ref)})


def _next(ref: Ref) -> dict[str, Any]:
    """What happens next, by when, and whether they can look it up: no code can be sent without an email."""
    try:
        standing = cases.next_step(reference=ref.key)
    except cases.NoSuchCase:
        return {"next": "", "due": None, "can_look": False}
    code = information.control(standing.information_class).status_code
    can_look = not code or bool(services.contact(ref).email)
    return {"next": standing.sentence, "due": standing.due, "can_look": can_look}


@by_address
@reads_and_posts
def leave(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """How to come back later, and a button that deletes the answers."""
    now = utc_now()
    if request.method == "POST":
        services.leave(service=slug, token=token, now=now)
        return redirect(f"{reverse('public:home')}?deleted=yes")
    where = services.at(service=slug, token=token, now=now)
    if where.kind == "done":
        return _go(where, slug, token)
    return render(request, "public/leave.html", {"where": where, "token": token})


def _go(where: Where, slug: str, token: str) -> HttpResponse:
    if where.kind in {"check", "done"}:
        return redirect(f"public:{where.kind}", slug=slug, token=token)
    return redirect("public:step", slug=slug, token=token, step=where.step)


def _show(request: HttpRequest, where: Where, slug: str, token: str) -> HttpResponse:
    words = {"where": where, "token": token, "errors": error_summary(where.asked, where.wrongs)}
    wrong = where.wrongs or (where.again and where.kind == "stop")
    return render(request, f"public/{where.kind}.html", words, status=UNPROCESSABLE if wrong else 200)
