"""Having a technology looked at: asking for it, how far it is, and what became of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vestry.channels.desk import forms
from vestry.channels.desk.register.assessing import UNPROCESSABLE, reads_and_posts
from vestry.channels.desk.register.looking import about_technology, around
from vestry.design.kinds import LongText, Text
from vestry.design.pages import error_summary
from vestry.design.shown import said
from vestry.kernel import utc_now
from vestry.people.api import may
from vestry.technology import api as technology

# A page that waits comes again by itself, without a script.
SECONDS = 4


@may("technology.assess")
@reads_and_posts
@about_technology
def look(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """Have it looked at; while that goes on, how far it is; afterwards, what was seen."""
    slug = about.entry.slug
    last = technology.last_look(slug)
    questions = _questions()
    if request.method == "POST":
        form = forms.filled(questions, request.POST, utc_now())
        if not form.wrongs and _asked(request, slug, form):
            return redirect("desk:technology-look", technology=slug)
    else:
        form = forms.empty(questions, **_begun(about, last))
    words = {
        **around(request),
        "about": about,
        "last": last,
        "form": form,
        "errors": error_summary(form.questions, form.wrongs),
        "seconds": SECONDS,
    }
    status = UNPROCESSABLE if form.wrongs else 200
    response = render(request, "desk/register/look.html", words, status=status)
    if last and last.going_on and request.method != "POST":
        response["Refresh"] = str(SECONDS)
    return response


def _questions() -> tuple[Text, Text, LongText]:
    return (
        Text(
            id="address",
            ask=_("Which address should be looked at?"),
            name=_("the address"),
            hint=_("The page that people begin at. No other host is looked at."),
            max=300,
        ),
        Text(
            id="leave",
            ask=_("Where is the supplier’s leave to try the interface recorded?"),
            hint=_("Leave it empty where there is none: then it is only looked at, as anybody can."),
            max=300,
            optional=True,
        ),
        LongText(
            id="walk",
            ask=_("The main task, step by step"),
            hint=_("It is done as it stands here, so write it for a place to try things."),
            max=5_000,
            rows=6,
            optional=True,
        ),
    )


def _begun(about: technology.Stand, last: technology.Look | None) -> dict[str, str]:
    """What the form begins with: what was asked for last, or the address in the register."""
    if last:
        return {"address": last.address, "leave": last.leave, "walk": last.walk}
    return {"address": about.entry.address}


def _asked(request: HttpRequest, slug: str, form: forms.Filled) -> bool:
    answers: dict[str, Any] = form.answers
    try:
        technology.ask_look(
            technology=slug,
            address=answers["address"],
            leave=answers.get("leave") or "",
            walk=answers.get("walk") or "",
            by=request.officer.ref,
            now=utc_now(),
        )
    except technology.NotAnAddress as refusal:
        form.refuse("address", said(refusal))
        return False
    return True
