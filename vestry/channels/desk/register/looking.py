"""Looking at it: all technologies, one, the services on top, and the register as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vestry.channels.desk.frame import frame
from vestry.channels.desk.typeset import typeset
from vestry.councils import api as councils
from vestry.design.environment import url
from vestry.design.shown import said
from vestry.kernel import Ref, Refused, local_day, mark, utc_now
from vestry.people import api as people
from vestry.people.api import may
from vestry.services import api as services
from vestry.technology import api as technology

View = Callable[..., HttpResponse]
CONFLICT = 409
# What a reader of one page has to know: what is not as it should be.
OPEN = frozenset({"not-met", "not-known", "partly"})
DAYS: Mapping[str, str] = {
    "waiver": mark("A waiver ends"),
    "conditions": mark("Conditions are due"),
    "again": mark("To be looked at again"),
    "act-by": mark("Begin the renewal"),
    "last-notice": mark("Last day to give notice"),
    "end": mark("The contract ends"),
}
STATES: Mapping[str, str] = {
    "unassessed": mark("Not assessed"),
    "proceed": mark("Go ahead"),
    "conditions": mark("Go ahead with conditions"),
    "waived": mark("Waived"),
    "refused": mark("Refused"),
    "due": mark("To be looked at again"),
}
MEANS: Mapping[str, str] = {
    "observed": mark("Seen"),
    "documented": mark("In a document"),
    "claimed": mark("The supplier says so"),
    "attested": mark("An officer says so"),
    "worked-out": mark("Worked out from the register"),
}
VERDICTS: Mapping[str, str] = {
    "met": mark("Met"),
    "partly": mark("Partly met"),
    "not-met": mark("Not met"),
    "not-known": mark("Not known"),
    "not-applicable": mark("Does not apply"),
}
WHYS: Mapping[str, str] = {
    "nothing": mark("Nothing is known about it yet."),
    "stale": mark("What was known is too old."),
    "word-only": mark("Somebody says so; this needs proof."),
}
FILES: Mapping[str, tuple[Callable[..., str], str]] = {
    "csv": (technology.as_csv, "text/csv; charset=utf-8"),
    "json": (technology.as_json, "application/json"),
}


def around(request: HttpRequest, here: str = "") -> dict[str, Any]:
    """What every page of the register has around it."""
    return {
        **frame(request, here="technologies"),
        **called(),
        "page": here,
        "day_words": DAYS,
        "state_words": STATES,
    }


def called() -> dict[str, Any]:
    """What principles and verdicts are called, wherever they are told."""
    return {
        "titles": {slug: _(title) for slug, title in technology.rubrics().titles.items()},
        "mean_words": MEANS,
        "why_words": WHYS,
        "verdict_words": VERDICTS,
    }


def about_technology(view: View) -> View:
    """A page about one technology: 404 for one that is not there, and a refusal in words."""

    @wraps(view)
    def guarded(request: HttpRequest, technology: str, **more: Any) -> HttpResponse:
        try:
            return view(request, found(technology), **more)
        except Refused as refusal:
            home = url("desk:technology", technology=technology)
            words = {**around(request), "sentence": said(refusal), "home": home}
            return render(request, "desk/register/refused.html", words, status=CONFLICT)

    return guarded


def found(slug: str) -> technology.Stand:
    """A technology as it stands today; the page for what is not there otherwise."""
    try:
        return technology.get_stand(slug, local_day(utc_now()))
    except technology.NoSuchTechnology:
        raise Http404 from None


@may("technology.read")
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Technologies by principles, the one whose next day is nearest first."""
    stands = technology.stands(local_day(utc_now()))
    words = {**around(request, "technologies"), "stands": stands}
    words["may_keep"] = people.allowed(request.officer, "technology.keep")
    return render(request, "desk/register/register.html", words)


@may("technology.read")
@require_safe
@about_technology
def one(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """One technology: its words and why, its contract, what was decided and on what that rested."""
    decided = technology.decisions(about.entry.slug)
    names = {each.decided_by: name_of(each.decided_by) for each in decided}
    names |= {each.asked_by: name_of(each.asked_by) for each in about.waivers}
    words = {
        **around(request),
        "about": about,
        "decisions": decided,
        "names": names,
        "differ": technology.disagreements(about),
        "supplier_key": technology.supplier_key(about.entry.supplier),
        "renewal": about.entry.renewal(about.day),
        "may_assess": people.allowed(request.officer, "technology.assess"),
        "may_decide": people.allowed(request.officer, "technology.decide"),
        "may_keep": people.allowed(request.officer, "technology.keep"),
    }
    return render(request, "desk/register/technology.html", words)


@may("technology.read")
@require_safe
@about_technology
def report(request: HttpRequest, about: technology.Stand, ending: str = "") -> HttpResponse:
    """One technology on one page: to print, to send on, or to put before a meeting."""
    if ending not in {"", "pdf"}:
        raise Http404
    said = {
        principle: [
            (each, about.standings[each.id])
            for each in about.criteria
            if each.principle == principle and about.standings[each.id].verdict.value in OPEN
        ]
        for principle in technology.PRINCIPLES
    }
    words = {
        **around(request),
        "about": about,
        "open": said,
        "council": councils.current(),
        "differ": technology.disagreements(about),
        "renewal": about.entry.renewal(about.day),
    }
    if not ending:
        return render(request, "desk/register/report.html", words)
    response = HttpResponse(typeset("desk/register/report.typ", words), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{about.entry.slug}-{about.day.isoformat()}.pdf"'
    return response


def name_of(by: str) -> str:
    """Who that is, where it is an officer."""
    return people.officer_name(Ref.read(by)) if by.startswith("officer:") else ""


@may("technology.read")
@require_safe
def services_on(request: HttpRequest) -> HttpResponse:
    """Services by principles: each by itself, and no better than the worst technology it runs on."""
    titles = {each.slug: each.title for each in services.catalogue()}
    rows = services.all_principles(local_day(utc_now()))
    opens = titles.keys() if people.allowed(request.officer, "services.draft") else ()
    words = {**around(request, "technology-services"), "rows": rows, "names": titles, "opens": opens}
    return render(request, "desk/register/services.html", words)


@may("technology.read")
@require_safe
def file(request: HttpRequest, ending: str) -> HttpResponse:
    """The register as a file: csv, json."""
    if ending not in FILES:
        raise Http404
    make, content_type = FILES[ending]
    response = HttpResponse(make(technology.stands(local_day(utc_now()))), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="technologies.{ending}"'
    return response
