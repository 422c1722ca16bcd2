"""The pages of a journey: one thing a page, check your answers, done.

The address is the key to the journey (docs/decisions/0004-a-journey-is-its-address.md): no cookie and no
session, so that nothing is lost with them; and no CSRF token, for to forge a post one must know the address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial, wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from vestry.cases import api as cases
from vestry.channels.public import refusals, uploads
from vestry.channels.public.methods import reads_and_posts
from vestry.design.pages import error_summary
from vestry.design.questions import Wrong
from vestry.information import api as information
from vestry.kernel import Ref, utc_now
from vestry.pay import api as pay
from vestry.people.api import public
from vestry.services import api as services
from vestry.services.api import Where
from vestry.strategy import api as strategy

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
            refusals.state(request, "journey")
            raise Http404 from None
        return keep_private(response)

    return public(guarded)


def keep_private(response: HttpResponse) -> HttpResponse:
    """Nobody else hears of an address that is a key."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@by_address
@require_safe
def resume(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """To where the journey was left."""
    return go(services.at(service=slug, token=token, now=utc_now()), slug, token)


@by_address
@reads_and_posts
def step(request: HttpRequest, slug: str, token: str, step: str) -> HttpResponse:
    """A page with questions, or one that says why it stops here."""
    now = utc_now()
    if request.method == "POST":
        try:
            received = _receive(request, slug, token, step, now)
        except RequestDataTooBig:
            return show(request, _too_big(slug, token, step, now), slug, token)
        save, form = "save" in request.POST, request.POST
        where = services.answer(
            service=slug, token=token, step=step, form=form, received=received, now=now, save=save
        )
        if save and where.kind not in {"changed", "paying", "done"}:
            return redirect("public:save", slug=slug, token=token)
        return show(request, where, slug, token) if where.again else go(where, slug, token)
    where = services.at(service=slug, token=token, step=step, now=now)
    # A page nobody has come to yet leads to the one where they are.
    return show(request, where, slug, token) if where.step == step else go(where, slug, token)


def _receive(request: HttpRequest, slug: str, token: str, step: str, now: datetime) -> Mapping[str, Any]:
    """Take in the files of a page that asks for some, before its answers."""
    page = {"service": slug, "token": token, "step": step, "now": now}
    if not uploads.has_files(request) or not services.takes_files(**page):
        return {}
    form = uploads.posted(request)
    return services.receive(**page, form=form, no_files=uploads.too_much(request, now))


def _too_big(slug: str, token: str, step: str, now: datetime) -> Where:
    """The page again, for so much that it was not read."""
    where = services.at(service=slug, token=token, step=step, now=now)
    wrongs = {question.id: Wrong(question.too_big()) for question in where.asked if question.files}
    return replace(where, wrongs=wrongs, again=True)


@by_address
@reads_and_posts
def check(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """All answers, each with a link to change it; posting sends them."""
    now = utc_now()
    if request.method == "POST":
        try:
            agrees = partial(_agrees, request.POST.get("seen"))
            services.submit(service=slug, token=token, now=now, agrees=agrees)
        except services.SentBack as back:
            if back.where.kind == "paying" and back.where.stop is None:
                # Somebody else pays: the page they wait on has the link to send.
                return (
                    go(back.where, slug, token) if "other" in request.POST else depart(request, slug, token)
                )
            return show(request, back.where, slug, token) if back.where.again else go(back.where, slug, token)
        return redirect("public:done", slug=slug, token=token)
    where = services.at(service=slug, token=token, step="check", now=now)
    return show(request, where, slug, token) if where.kind == "check" else go(where, slug, token)


def _seen(where: Where) -> str:
    """What the page to check the answers says, in short: the answers, and what they cost."""
    said = [(row.label, row.text) for row in where.rows]
    costs = [(each.title, [(row.label, row.text) for row in each.rows]) for each in where.owed]
    return hashlib.sha256(repr((said, costs)).encode()).hexdigest()[:16]


def _agrees(seen: str | None, where: Where) -> bool:
    # Another tab may have changed the answers, and midnight the price.
    return seen is None or seen == _seen(where)


def depart(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """To the other site that has to settle something; or to the page that says why not."""
    back = request.build_absolute_uri(reverse("public:paying", kwargs={"slug": slug, "token": token}))
    try:
        return redirect(services.depart(service=slug, token=token, back=back, now=utc_now()))
    except services.SentBack as stays:
        return show(request, stays.where, slug, token) if stays.where.again else go(stays.where, slug, token)


@by_address
@require_safe
def done(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The confirmation."""
    where = services.at(service=slug, token=token, now=utc_now())
    if where.submitted is None:
        return go(where, slug, token)
    made = services.made(where.submitted.ref)
    receipts = [pay.link(reference=each.key) for each in made if each.kind == "charge"]
    words = {"where": where, "why": strategy.why_service(slug), "receipts": receipts}
    words |= _next(where.submitted.ref)
    words["booked"] = any(each.kind == "booking" for each in made)
    words["rows"] = services.came_of(where.submitted.ref)
    return render(request, "public/done.html", words)


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
@require_safe
def tasks(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What there is to do in a long service, in whatever order, and how far each is."""
    where = services.at(service=slug, token=token, step="tasks", now=utc_now())
    return show(request, where, slug, token) if where.kind == "tasks" else go(where, slug, token)


@by_address
@reads_and_posts
def changed(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What has changed since they began; posting goes on with the newer version."""
    now = utc_now()
    if request.method == "POST":
        return go(services.carry_over(service=slug, token=token, now=now), slug, token)
    where = services.at(service=slug, token=token, now=now)
    return show(request, where, slug, token) if where.kind == "changed" else go(where, slug, token)


@by_address
@reads_and_posts
def leave(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """A button that deletes the answers."""
    now = utc_now()
    if request.method == "POST" and services.leave(service=slug, token=token, now=now):
        return redirect(f"{reverse('public:home')}?deleted=yes")
    where = services.at(service=slug, token=token, now=now)
    if where.kind in {"paying", "done"}:
        return go(where, slug, token)
    return render(request, "public/leave.html", {"where": where, "token": token})


def go(where: Where, slug: str, token: str) -> HttpResponse:
    """To the page somebody is on."""
    if where.kind in {"tasks", "check", "changed", "paying", "done"}:
        return redirect(f"public:{where.kind}", slug=slug, token=token)
    return redirect("public:step", slug=slug, token=token, step=where.step)


def show(request: HttpRequest, where: Where, slug: str, token: str) -> HttpResponse:
    words = {"where": where, "token": token, "errors": error_summary(where.asked, where.wrongs)}
    words["why"] = strategy.why_service(slug)
    words["seen"] = _seen(where) if where.kind == "check" else ""
    wrong = where.wrongs or (where.again and where.kind in {"stop", "paying", "check"})
    return render(request, f"public/{where.kind}.html", words, status=UNPROCESSABLE if wrong else 200)
