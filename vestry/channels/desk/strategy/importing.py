"""A strategy taken in from an outline, pasted or uploaded: what it would change is shown first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from vestry.channels.desk.pasted import FILE, TEXT, given, taking
from vestry.channels.desk.strategy.looking import around
from vestry.design.pages import Fault
from vestry.design.shown import said
from vestry.kernel import Refused, utc_now
from vestry.people.api import may
from vestry.services import api as services
from vestry.strategy import api as strategy

UNPROCESSABLE, CONFLICT = 422, 409
# A page that lists more changes than this is not read.
LISTED = 200
REASON = "reason"


def _too_long(request: HttpRequest) -> HttpResponse:
    return _show(request, "", [Fault(text=_("The outline is too long to be taken in here"), href=f"#{TEXT}")])


@may("strategy.propose")
@require_http_methods(["GET", "HEAD", "POST"])
@taking(_too_long)
def outline(request: HttpRequest) -> HttpResponse:
    """Paste or upload it; see what it would change; save what is theirs, propose what isn't."""
    if request.method != "POST":
        return _show(request, "", [])
    pasted = given(request)
    if not pasted.readable:
        what = _("The file must be text: Markdown or YAML, in UTF-8")
        return _show(request, pasted.text, [Fault(text=what, href=f"#{FILE}")])
    if not pasted.text.strip():
        return _show(request, "", [Fault(text=_("Paste an outline, or choose a file"), href=f"#{TEXT}")])
    if "again" in request.POST:
        return _show(request, pasted.text, [], status=200)
    # The page that shows the changes carries the name on, for it tells Markdown from YAML.
    return _read(request, pasted.text, pasted.name or request.POST.get("name", "outline"))


def _read(request: HttpRequest, text: str, name: str) -> HttpResponse:
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
    if not mistakes and read.figures is not None:
        what = _(
            "Line %(line)s: Figures of spend and hours are not taken in here. Leave them out: whoever runs "
            "the house takes them in, with a pack or on the command line"
        )
        mistakes.append(Fault(text=what % {"line": read.figures_line}, href=f"#{TEXT}"))
    if mistakes:
        return _show(request, text, mistakes)
    changes = strategy.differences(read.statements, ending=request.POST.get("ending") == "yes")
    return _go_on(request, text, name, changes)


def _go_on(request: HttpRequest, text: str, name: str, changes: list[strategy.Change]) -> HttpResponse:
    planned = strategy.plan(officer=request.officer, changes=changes)
    shown = [each.change for each in planned[:LISTED]]
    about = {slug: None for each in shown for slug in (each.slug, each.parent, *each.serves) if slug}
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
