"""Services as they are written: drafts, what would be different, a preview as wide as a phone, publishing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vestry.channels.desk import forms
from vestry.channels.desk.frame import frame
from vestry.channels.desk.register.looking import called
from vestry.design.pages import Fault
from vestry.design.shown import said
from vestry.kernel import Ref, Refused, local_day, utc_now
from vestry.people import api as people
from vestry.people.api import may
from vestry.services import api as services

View = Callable[..., HttpResponse]
UNPROCESSABLE, CONFLICT = 422, 409
LARGEST = 2**63 - 1
TEXT = "text"
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


def of_a_draft(action: str) -> Callable[[View], View]:
    """A page about a draft; the same 404 for one that never was and one of another team."""

    def guard(view: View) -> View:
        @may(action)
        @wraps(view)
        def guarded(request: HttpRequest, draft: int) -> HttpResponse:
            if draft > LARGEST:
                raise Http404
            try:
                return view(request, services.get_draft(draft=draft, officer=request.officer, now=utc_now()))
            except services.NoSuchDraft:
                raise Http404 from None

        return guarded

    return guard


@may("services.draft")
@require_safe
def offered(request: HttpRequest) -> HttpResponse:
    """The services there are, and the drafts."""
    drafts = services.drafts(officer=request.officer)
    words = {
        "services": services.catalogue(),
        "drafts": drafts,
        "form": forms.empty(()),
        "teams": _teams(),
        "names": _names(drafts),
    }
    return render(request, "desk/services.html", {**frame(request, here="services"), **words})


def _teams() -> dict[str, str]:
    return {team.slug: team.title for team in people.teams()}


def _names(drafts: list[services.DraftView]) -> dict[Ref, str]:
    return {draft.kept_by: people.officer_name(draft.kept_by) for draft in drafts}


@may("services.draft")
@require_safe
def service(request: HttpRequest, service: str) -> HttpResponse:
    """One service: what changed from version to version."""
    try:
        versions = services.versions(service=service)
        offered = services.get_service(service)
        stand = services.principles_of(service, local_day(utc_now()))
    except services.NoSuchService:
        raise Http404 from None
    words = {
        "service": offered,
        "form": forms.empty(()),
        "versions": versions,
        "may_draft": offered.owner in people.reach(request.officer, "services.draft"),
        "teams": _teams(),
        "names": {each.published_by: people.officer_name(each.published_by) for each in versions},
        **called(),
        "stand": stand,
    }
    around = frame(request, here="services", service=service)
    return render(request, "desk/service.html", {**around, **words})


@may("services.draft")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft: of a service there is, or of a new one."""
    try:
        draft = services.begin_draft(
            service=request.POST.get("service", ""),
            officer=request.officer,
            now=utc_now(),
            form=forms.key_of(request.POST),
        )
    except services.NoSuchService:
        raise Http404 from None
    return redirect("desk:draft", draft=draft)


@of_a_draft("services.draft")
@reads_and_posts
def draft(request: HttpRequest, draft: services.DraftView) -> HttpResponse:
    """The text of a draft, what is wrong with it, and what it would change."""
    if request.method != "POST":
        return _show(request, draft, draft.text, draft.edition)
    text, edition = request.POST.get(TEXT, ""), _number(request.POST.get("edition", ""))
    try:
        services.keep_draft(
            draft=draft.id, text=text, edition=edition, officer=request.officer, now=utc_now()
        )
    except services.KeptMeanwhile as refusal:
        return _show(request, draft, text, refusal.edition, said(refusal))
    kept = services.get_draft(draft=draft.id, officer=request.officer, now=utc_now())
    if not kept.ready:
        return _show(request, kept, kept.text, kept.edition)
    messages.success(request, _("The draft is kept, and there is nothing to mend."))
    return redirect("desk:draft", draft=draft.id)


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < len(str(LARGEST)) else 0


def _show(
    request: HttpRequest, draft: services.DraftView, text: str, edition: int, refusal: str = ""
) -> HttpResponse:
    lines = draft.text.splitlines()
    told = [
        {"mistake": each, "line": lines[each.line - 1] if 0 < each.line <= len(lines) else ""}
        for each in draft.mistakes
    ]
    errors = [Fault(text=refusal, href=f"#{TEXT}")] if refusal else _faults(draft)
    begun = not draft.text.strip()
    words = {
        **_about(request, draft),
        "text": text,
        "edition": edition,
        "told": [] if refusal or begun else told,
        "errors": [] if begun and not refusal else errors,
        "refusal": refusal,
        "begun": begun,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "desk/draft.html", words, status=CONFLICT if refusal else status)


def _faults(draft: services.DraftView) -> list[Fault]:
    said = _("Line %(line)s: %(what)s")
    return [
        Fault(
            text=said % {"line": each.line, "what": f"{each.what} {each.instead}".strip()},
            href=f"#line-{each.line}",
        )
        for each in draft.mistakes
    ]


def _about(request: HttpRequest, draft: services.DraftView) -> dict[str, Any]:
    return {
        **frame(request, here="services", service=draft.slug),
        "draft": draft,
        "kept_by": people.officer_name(draft.kept_by),
        "may_publish": draft.ready and services.may_publish(request.officer, draft.owner),
    }


@of_a_draft("services.draft")
@require_POST
def drop(request: HttpRequest, draft: services.DraftView) -> HttpResponse:
    """Throw a draft away."""
    services.drop_draft(draft=draft.id, officer=request.officer)
    messages.success(request, _("The draft is deleted."))
    return redirect("desk:services")


@csp_update({"frame-src": [SELF]})
@of_a_draft("services.draft")
@require_safe
def preview(request: HttpRequest, draft: services.DraftView) -> HttpResponse:
    """The draft in a frame as wide as a phone."""
    if not draft.ready:
        return redirect("desk:draft", draft=draft.id)
    return render(request, "desk/preview.html", _about(request, draft))


@of_a_draft("services.publish")
@reads_and_posts
def publish(request: HttpRequest, draft: services.DraftView) -> HttpResponse:
    """What publishing comes to, and a button that does it."""
    if not draft.ready:
        return redirect("desk:draft", draft=draft.id)
    if request.method != "POST":
        return _ask(request, draft)
    try:
        number = services.publish_draft(
            draft=draft.id,
            edition=_number(request.POST.get("edition", "")),
            over=_number(request.POST.get("over", "")),
            officer=request.officer,
            now=utc_now(),
        )
    except services.NotYours as refusal:
        return _ask(request, draft, refusal)
    except (services.KeptMeanwhile, services.PublishedMeanwhile) as refusal:
        return _ask(request, draft, refusal)
    said = _("Version %(number)s of “%(title)s” is published.") % {"number": number, "title": draft.title}
    messages.success(request, said)
    return redirect("desk:service", service=draft.slug)


def _ask(request: HttpRequest, draft: services.DraftView, refusal: Refused | None = None) -> HttpResponse:
    words: Mapping[str, Any] = {
        **_about(request, draft),
        **called(),
        "sentence": said(refusal) if refusal else "",
    }
    return render(request, "desk/publish.html", words, status=CONFLICT if refusal else 200)
