"""Having a technology or a service looked at: asking, how far it is, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vestry.channels.desk import forms
from vestry.channels.desk.frame import frame
from vestry.channels.desk.register.assessing import UNPROCESSABLE, reads_and_posts
from vestry.channels.desk.register.looking import CONFLICT, about_technology, around, called
from vestry.channels.desk.register.proving import given_out
from vestry.design.environment import url
from vestry.design.kinds import LongText, Text
from vestry.design.pages import error_summary
from vestry.design.questions import Question
from vestry.design.shown import said
from vestry.kernel import Ref, utc_now
from vestry.people import api as people
from vestry.people.api import may
from vestry.services import api as services
from vestry.technology import api as technology

# A page that waits comes again by itself, without a script.
SECONDS = 4


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What is looked at, and where its pages are. ``address`` is the only one, where it is not asked for."""

    about: Ref
    title: str
    home: str
    seen: Callable[[int], str] = lambda number: ""
    """The page of what a look saw, by its number, where there is one."""
    evidence: Callable[[str], str] = lambda sha256: ""
    """The address of a piece of evidence, by its hash, where there is none."""
    questions: Sequence[Question]
    begun: Mapping[str, str]
    address: str = ""


@may("technology.assess")
@reads_and_posts
@about_technology
def look(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """Have it looked at; while that goes on, how far it is; afterwards, what was seen."""
    slug = about.entry.slug
    looked = Looked(
        about=about.entry.ref,
        title=about.entry.title,
        home=url("desk:technology", technology=slug),
        seen=lambda number: url("desk:technology-seen", technology=slug, look=number),
        questions=_questions(),
        begun={"address": about.entry.address},
    )
    return _look(request, looked, around(request))


@may("services.draft")
@reads_and_posts
def service(request: HttpRequest, service: str) -> HttpResponse:
    """Have a service's first page looked at, as anybody can: asked for by those who write the service.

    No task is walked through: what is sent there is sent for real.
    """
    offered = _own(request, service)
    first = url("public:start", slug=service)
    looked = Looked(
        about=Ref("service", service),
        title=offered.title,
        home=url("desk:service", service=service),
        evidence=lambda sha256: url("desk:service-evidence", service=service, sha256=sha256),
        questions=(),
        begun={},
        address=request.build_absolute_uri(first),
    )
    words = {**frame(request, here="services", service=service), **called()}
    try:
        return _look(request, looked, words)
    except technology.LookingAlready as refusal:
        words |= {"sentence": said(refusal), "home": looked.home}
        return render(request, "desk/register/refused.html", words, status=CONFLICT)


def _own(request: HttpRequest, service: str) -> services.ServiceView:
    """A service of the officer's own teams; another team's is not there."""
    try:
        offered = services.get_service(service)
    except services.NoSuchService:
        raise Http404 from None
    if offered.owner not in people.reach(request.officer, "services.draft"):
        raise Http404
    return offered


def _look(request: HttpRequest, looked: Looked, words: Mapping[str, Any]) -> HttpResponse:
    last = technology.last_look(looked.about)
    if request.method == "POST":
        form = forms.filled(looked.questions, request.POST, utc_now())
        if not form.wrongs and _asked(request, looked, form):
            return redirect(request.path)
    else:
        form = forms.empty(looked.questions, **_begun(looked, last))
    words = {
        **words,
        "about": looked.title,
        "home": looked.home,
        "address": looked.address,
        "last": last,
        "seen": looked.seen(last.number) if last else "",
        "evidence": [(each, looked.evidence(each["sha256"])) for each in (last.files if last else ())],
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
        _walk(),
    )


def _walk() -> LongText:
    return LongText(
        id="walk",
        ask=_("The main task, step by step"),
        hint=_("It is done as it stands here, so write it for a place to try things."),
        max=5_000,
        rows=6,
        optional=True,
    )


def _begun(looked: Looked, last: technology.Look | None) -> Mapping[str, str]:
    """What the form begins with: what was asked for last, or what is known already."""
    if last is None:
        return looked.begun
    asked = {"address": last.address, "leave": last.leave, "walk": last.walk}
    return {each.id: asked[each.id] for each in looked.questions}


def _asked(request: HttpRequest, looked: Looked, form: forms.Filled) -> bool:
    answers: dict[str, Any] = form.answers
    try:
        technology.ask_look(
            about=looked.about,
            address=looked.address or answers["address"],
            leave=answers.get("leave") or "",
            walk=answers.get("walk") or "",
            by=request.officer.ref,
            now=utc_now(),
        )
    except technology.NotAnAddress as refusal:
        form.refuse("address", said(refusal))
        return False
    except technology.NotAJourney as refusal:
        form.refuse("walk", said(refusal))
        return False
    except technology.LookingAlready as refusal:
        if not looked.questions:
            raise
        form.refuse("address", said(refusal))
        return False
    return True


@may("services.draft")
@require_safe
def service_evidence(request: HttpRequest, service: str, sha256: str) -> HttpResponse:
    """One piece of raw evidence on a service of one's own."""
    _own(request, service)
    return given_out(Ref("service", service), sha256)
