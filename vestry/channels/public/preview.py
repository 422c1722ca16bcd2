"""A definition that is not published yet, on the pages residents will see it on.

Officers walk through it; nothing they answer is kept anywhere but in their own session. These pages alone may
stand in a frame, and only in one of ours: the desk shows them as wide as a phone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from vestry.channels.public.methods import reads_and_posts
from vestry.design.environment import led_into
from vestry.design.pages import error_summary
from vestry.kernel import utc_now
from vestry.people.api import may
from vestry.services import api as services
from vestry.services.api import Where

View = Callable[..., HttpResponse]
UNPROCESSABLE, CONFLICT = 422, 409
# Where a browser's session keeps what was answered; of one draft at a time.
TRIED = "preview"
# What the database can hold as a number of a row.
LARGEST = 2**63 - 1


def of_a_draft(view: View) -> View:
    """A page of a draft, for whoever may write one. What is forged here reaches a session's own play only."""

    @csrf_exempt
    @xframe_options_sameorigin
    @csp_replace({"frame-ancestors": [SELF]})
    @may("services.draft")
    @wraps(view)
    def guarded(request: HttpRequest, token: int, **kwargs: str) -> HttpResponse:
        if token > LARGEST:
            raise Http404
        try:
            with led_into("preview", token=token):
                return view(request, token, **kwargs)
        except services.NoSuchDraft:
            raise Http404 from None
        except services.NotReady:
            return render(request, "public/not_ready.html", status=CONFLICT)

    return guarded


def _tried(request: HttpRequest, draft: int) -> services.Tried:
    kept = request.session.get(TRIED, {})
    return kept.get("tried", {}) if kept.get("draft") == draft else {}


def _keep(request: HttpRequest, draft: int, tried: services.Tried) -> None:
    request.session[TRIED] = {"draft": draft, "tried": tried}


def _start(request: HttpRequest, draft: int) -> services.ServiceView:
    return services.try_start(draft=draft, officer=request.officer)


def _at(request: HttpRequest, draft: int, step: str = "") -> Where:
    tried = _tried(request, draft)
    return services.try_at(draft=draft, officer=request.officer, tried=tried, step=step, now=utc_now())


@of_a_draft
@reads_and_posts
def start(request: HttpRequest, token: int, slug: str = "") -> HttpResponse:
    """The start page; posting to it begins anew."""
    service = _start(request, token)
    if request.method != "POST":
        return render(request, "public/start.html", {"service": service})
    _keep(request, token, {})
    return redirect("preview:journey", token=token, slug=service.slug)


@of_a_draft
@require_safe
def resume(request: HttpRequest, token: int, slug: str) -> HttpResponse:
    """To where it was left."""
    return _go(_at(request, token), token)


@of_a_draft
@reads_and_posts
def step(request: HttpRequest, token: int, slug: str, step: str) -> HttpResponse:
    """A page with questions, or one that says why it stops here."""
    if request.method == "POST":
        now, tried = utc_now(), _tried(request, token)
        where, tried = services.try_answer(
            draft=token, officer=request.officer, tried=tried, step=step, form=request.POST, now=now
        )
        _keep(request, token, tried)
        return _show(request, where, token) if where.again else _go(where, token)
    where = _at(request, token, step)
    return _show(request, where, token) if where.step == step else _go(where, token)


@of_a_draft
@reads_and_posts
def check(request: HttpRequest, token: int, slug: str) -> HttpResponse:
    """All answers; posting leads to where they would be sent."""
    where = _at(request, token, "check")
    if where.kind != "check":
        return _go(where, token)
    if request.method == "POST":
        return redirect("preview:done", token=token, slug=where.journey.service)
    return _show(request, where, token)


@of_a_draft
@require_safe
def done(request: HttpRequest, token: int, slug: str) -> HttpResponse:
    """The end: here it would be sent."""
    return render(request, "public/tried.html", {"service": _start(request, token)})


@of_a_draft
@require_safe
def outside(request: HttpRequest, token: int, slug: str = "", step: str = "") -> HttpResponse:
    """What is not of the service itself, and not tried out here."""
    return render(request, "public/outside.html", {"service": _start(request, token)})


def _go(where: Where, token: int) -> HttpResponse:
    slug = where.journey.service
    if where.kind == "check":
        return redirect("preview:check", token=token, slug=slug)
    return redirect("preview:step", token=token, slug=slug, step=where.step)


def _show(request: HttpRequest, where: Where, token: int) -> HttpResponse:
    # What is chosen to be uploaded is not sent: there is nobody it would belong to.
    words = {"where": replace(where, files=False), "token": token, "without_files": where.files, "seen": ""}
    words["errors"] = error_summary(where.asked, where.wrongs)
    return render(request, f"public/{where.kind}.html", words, status=UNPROCESSABLE if where.wrongs else 200)
