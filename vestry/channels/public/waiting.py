"""Waiting for what is full: a page beside the one that chooses a time, and the page an emailed link leads to.

Looking at either changes nothing: a mail filter may open a link as often as it likes. What came free is taken
by a button, and the journey goes on from there as it was left.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from vestry.book import api as book
from vestry.book.step import asking
from vestry.channels.public import refusals
from vestry.channels.public.journeys import by_address, go, keep_private, show
from vestry.channels.public.methods import reads_and_posts
from vestry.design.capability import Stop, Stopped
from vestry.design.questions import Wrong
from vestry.kernel import utc_now
from vestry.people import api as people
from vestry.people.api import limited, public
from vestry.services import api as services
from vestry.services.api import Where

UNPROCESSABLE = 422


@by_address
@limited("codes.ask")
@reads_and_posts
def waiting(request: HttpRequest, slug: str, token: str, step: str) -> HttpResponse:
    """A form to wait for what is full at a step; once it is sent, what happens next."""
    now = utc_now()
    where = services.waiting(service=slug, token=token, step=step, now=now)
    if where.kind != "waiting":
        return go(where, slug, token)
    if request.method != "POST":
        return show(request, _begun(request, where), slug, token)
    if "leave" in request.POST:
        services.stop_waiting(journey=where.journey.id, step=step, now=now)
        return redirect("public:step", slug=slug, token=token, step=step)

    def bars(answers: Mapping[str, Any]) -> Mapping[str, Wrong]:
        return _too_often(request, where, answers, now)

    where = services.wait(service=slug, token=token, step=step, form=request.POST, bars=bars, now=now)
    if where.again:
        return show(request, where, slug, token)
    return redirect("public:waiting", slug=slug, token=token, step=step)


def _begun(request: HttpRequest, where: Where) -> Where:
    """The form with the days that were looked at, as the page before has them in its link."""
    raws: dict[str, Any] = {}
    for question in where.asked:
        name = question.id.rpartition("-")[2]
        if day := asking.read_day(request.GET.get(name, "")):
            raws[question.id] = question.refill(day.isoformat())
    return replace(where, raws=raws)


def _too_often(
    request: HttpRequest, where: Where, answers: Mapping[str, Any], now: datetime
) -> Mapping[str, Wrong]:
    """What is wrong where one connection has one mailbox written to too often."""
    email = next((each for each in where.asked if each.kind == "email"), None)
    if email is None:
        return {}
    mailbox = str(answers[email.id]).strip().casefold()
    if people.wait_for(request, "codes.about", about=f"waiting:{mailbox}", now=now) is None:
        return {}
    wrong = Wrong(_("We have written to this address several times in the last hour. Wait an hour"))
    return {email.id: wrong}


@public
@csrf_exempt  # as a journey's own pages: to forge a post one must know the link
@reads_and_posts
def waiter(request: HttpRequest, wait_link: str) -> HttpResponse:
    """How somebody stands who waits; buttons take what is kept for them, or give it back."""
    try:
        there = book.waits_by(token=wait_link)
    except book.NoSuchWaiter:
        refusals.state(request, "link")
        return keep_private(render(request, "public/link_refused.html", status=404))
    now = utc_now()
    if request.method != "POST":
        return _page(request, wait_link, there, now)
    if "leave" in request.POST:
        _leave(there, wait_link, now)
        return keep_private(redirect("public:waiter", wait_link=wait_link))
    try:
        journey = services.take_waited(journey=there.course.journey, step=there.step, link=wait_link, now=now)
    except Stopped as stopped:
        return _page(request, wait_link, book.waits_by(token=wait_link), now, stopped.stop)
    except services.NoSuchJourney:
        return _page(request, wait_link, book.waits_by(token=wait_link), now, _ended())
    return keep_private(redirect("public:journey", slug=journey.service, token=journey.token))


def _leave(there: book.WaiterView, link: str, now: datetime) -> None:
    with suppress(services.NoSuchJourney):
        services.stop_waiting(journey=there.course.journey, step=there.step, link=link, now=now)


def _ended() -> Stop:
    return Stop(
        title=_("You cannot go on with your answers from here"),
        reason=_("They were sent or deleted by now."),
    )


def _page(
    request: HttpRequest, wait_link: str, there: book.WaiterView, now: datetime, stop: Stop | None = None
) -> HttpResponse:
    kept = there.offered
    words = {
        "wait_link": wait_link,
        "there": there,
        "state": there.stands(now),
        "when": asking.said(kept.start, kept.end) if kept else "",
        "first": asking.said_day(there.first),
        "last": asking.said_day(there.last),
        "stop": stop,
    }
    status = UNPROCESSABLE if stop else 200
    return keep_private(render(request, "public/waiter.html", words, status=status))
