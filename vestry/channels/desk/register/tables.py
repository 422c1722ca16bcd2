"""The register taken in from a table: what it would change is shown first, and what is wrong by its line."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from vestry.channels.desk.pasted import FILE, TEXT, given, taking
from vestry.channels.desk.register.looking import CONFLICT, around
from vestry.design.pages import Fault
from vestry.kernel import mark, utc_now
from vestry.people.api import may
from vestry.services import api as services
from vestry.technology import api as technology

UNPROCESSABLE = 422
MEANWHILE = mark("Somebody else changed the register after you opened this page. See what would change now.")


def _too_long(request: HttpRequest) -> HttpResponse:
    return _show(request, "", [Fault(text=_("The table is too long to be taken in here"), href=f"#{TEXT}")])


@may("technology.keep")
@require_http_methods(["GET", "HEAD", "POST"])
@taking(_too_long)
def take(request: HttpRequest) -> HttpResponse:
    """Paste or upload a table; see what it would change; take it in. One mistake, and nothing is taken."""
    if request.method != "POST":
        return _show(request, "", [])
    pasted = given(request)
    if not pasted.readable:
        what = _("The file must be a table as text: CSV, in UTF-8")
        return _show(request, pasted.text, [Fault(text=what, href=f"#{FILE}")])
    if not pasted.text.strip():
        return _show(request, "", [Fault(text=_("Paste a table, or choose a file"), href=f"#{TEXT}")])
    if "again" in request.POST:
        return _show(request, pasted.text, [], status=200)
    return _taken(request, pasted.text)


def _taken(request: HttpRequest, text: str) -> HttpResponse:
    read = technology.read_table(text)
    if read.wrong:
        return _show(request, text, [told(each) for each in read.wrong])
    changed = request.POST.get("over", read.digest) != read.digest
    if "save" not in request.POST or changed:
        errors = [Fault(text=_(MEANWHILE), href="#would-change")] if changed else []
        words = {**around(request, "technology-import"), "text": text, "read": read, "errors": errors}
        return render(request, "desk/register/taking.html", words, status=CONFLICT if changed else 200)
    entries, by = [each.entry for each in read.differences], request.officer.ref
    try:
        number = services.write_register(entries=entries, by=by, now=utc_now(), over=read.over)
    except technology.WrittenMeanwhile:
        return _taken(request, text)
    done = ngettext("%(number)s technology is taken in.", "%(number)s technologies are taken in.", number)
    messages.success(request, done % {"number": number})
    return redirect("desk:technologies")


def told(wrong: technology.WrongCell) -> Fault:
    """What is wrong on one line, and what would be right."""
    where = _("Line %(line)s, %(column)s:") if wrong.column else _("Line %(line)s:")
    place = where % {"line": wrong.line, "column": wrong.column}
    return Fault(text=f"{place} {wrong.what} {wrong.right}", href=f"#{TEXT}")


def _show(request: HttpRequest, text: str, errors: list[Fault], status: int | None = None) -> HttpResponse:
    words = {**around(request, "technology-import"), "text": text, "errors": errors}
    code = status or (UNPROCESSABLE if request.method == "POST" else 200)
    return render(request, "desk/register/take.html", words, status=code)


@may("technology.keep")
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """The register as a table that can be changed and taken in again."""
    response = HttpResponse(
        technology.written_table(technology.technologies()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="register.csv"'
    return response
