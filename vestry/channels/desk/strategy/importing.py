"""A strategy taken in from an outline, pasted or uploaded: what it would change is shown first."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from vestry.channels.desk.strategy.looking import around
from vestry.design.pages import Fault
from vestry.design.shown import said
from vestry.kernel import Refused, utc_now
from vestry.people.api import may
from vestry.services import api as services
from vestry.strategy import api as strategy

UNPROCESSABLE, CONFLICT = 422, 409
# A strategy of several thousand sentences; a page that lists more changes than this is not read.
LARGEST, LISTED = 500_000, 200
TEXT, REASON = "text", "reason"


@csrf_exempt  # only for now: a form with a file is read when it is known that one may come (`_outline`)
@may("strategy.propose")
@require_http_methods(["GET", "HEAD", "POST"])
def outline(request: HttpRequest) -> HttpResponse:
    """Paste or upload it; see what it would change; save what is theirs, propose what isn't."""
    if request.method == "POST" and request.content_type == "multipart/form-data":
        # Of something larger nothing is read: a film, sent by mistake, must not keep a server busy.
        if int(request.META.get("CONTENT_LENGTH") or 0) > 2 * LARGEST:
            return _show(request, "", [_too_long()])
        handlers: list[FileUploadHandler] = [MemoryFileUploadHandler(request)]
        request.upload_handlers = handlers
    try:
        return _outline(request)
    except RequestDataTooBig:
        return _show(request, "", [_too_long()])


def _too_long() -> Fault:
    return Fault(text=_("The outline is too long to be taken in here"), href=f"#{TEXT}")


@csrf_protect
def _outline(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, "", [])
    text, name, unreadable = _given(request)
    if unreadable:
        return _show(request, text, [Fault(text=unreadable, href="#file")])
    if not text.strip():
        return _show(request, "", [Fault(text=_("Paste an outline, or choose a file"), href=f"#{TEXT}")])
    if "again" in request.POST:
        return _show(request, text, [], status=200)
    read = services.read_strategy(text=text, name=name)
    mistakes = [
        Fault(
            text=_("Line %(line)s: %(what)s")
            % {"line": each.line, "what": f"{each.what} {each.instead}".strip()},
            href=f"#{TEXT}",
        )
        for each in read.mistakes
    ]
    if not mistakes and read.layers != strategy.layers():
        what = _("The layers are not the council’s. They are changed by whoever runs the house, with a pack")
        mistakes.append(Fault(text=what, href=f"#{TEXT}"))
    if mistakes:
        return _show(request, text, mistakes)
    changes = strategy.differences(read.statements, ending=request.POST.get("ending") == "yes")
    return _go_on(request, text, name, changes)


def _given(request: HttpRequest) -> tuple[str, str, str]:
    """The text, what it is called, and what is wrong with it as a file."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get(TEXT, "").replace("\r\n", "\n"), request.POST.get("name", "outline"), ""
    try:
        return file.read().decode("utf-8-sig").replace("\r\n", "\n"), file.name or "outline", ""
    except UnicodeDecodeError:
        return request.POST.get(TEXT, ""), "outline", _("The file must be text: Markdown or YAML, in UTF-8")


def _go_on(request: HttpRequest, text: str, name: str, changes: list[strategy.Change]) -> HttpResponse:
    planned = strategy.plan(officer=request.officer, changes=changes)
    shown = [each.change for each in planned[:LISTED]]
    about = {slug: None for each in shown for slug in (each.slug, each.parent) if slug}
    words = {
        "text": text,
        "name": name,
        "ending": request.POST.get("ending") == "yes",
        "planned": planned[:LISTED],
        "more": len(planned) - LISTED,
        "saved": sum(not each.proposed for each in planned),
        "proposed": sum(each.proposed for each in planned),
        "said": {each.slug: each.sentence for each in strategy.views(about)},
        "reason": request.POST.get(REASON, "")[:3_000],
        "errors": [],
    }
    if "save" not in request.POST:
        return render(request, "desk/strategy/importing.html", {**around(request), **words})
    try:
        strategy.carry_out_all(
            officer=request.officer,
            changes=changes,
            reason=str(words["reason"]),
            decided_in=request.POST.get("decided", "")[:200],
            now=utc_now(),
        )
    except Refused as refusal:
        about = REASON if isinstance(refusal, strategy.NoReason) else ""
        words["errors"] = [Fault(text=said(refusal), href=f"#{about}")]
        words["wrong"] = said(refusal) if about else ""
        page = {**around(request), **words}
        return render(
            request, "desk/strategy/importing.html", page, status=UNPROCESSABLE if about else CONFLICT
        )
    number = len(planned)
    done = ngettext("%(number)s change is taken in.", "%(number)s changes are taken in.", number)
    messages.success(request, done % {"number": number})
    return redirect("desk:strategy-proposals" if words["proposed"] else "desk:strategy-words")


def _show(request: HttpRequest, text: str, errors: list[Fault], status: int | None = None) -> HttpResponse:
    words = {**around(request), "text": text, "errors": errors}
    code = status or (UNPROCESSABLE if request.method == "POST" else 200)
    return render(request, "desk/strategy/import.html", words, status=code)
