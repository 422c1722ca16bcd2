"""Search over all cases an officer may see.

What is looked for is often somebody's name, so it never stands in an address: it lies in the officer's
session, and the page's address holds its number only.
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vestry.cases import api as cases
from vestry.channels.desk.frame import frame
from vestry.design.kinds import Text
from vestry.design.pages import error_summary
from vestry.design.questions import Wrong
from vestry.kernel import local_day, utc_now
from vestry.people import api as people
from vestry.people.api import may

UNPROCESSABLE = 422
SEARCHES = "desk-searches"
# As many as somebody goes back to; the oldest is forgotten first.
KEPT = 20
LONGEST = 200


@may("cases.read")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Ask what to look for, and show what was found."""
    if request.method != "POST":
        number = request.GET.get("search", "")
        return _show(request, number, request.session.get(SEARCHES, {}).get(number, ""))
    text = request.POST.get("text", "").strip()[:LONGEST]
    if not text:
        wrong = Wrong(_("Enter a reference, a name, an email address, a postcode or a word"))
        return _show(request, "", "", wrong)
    number = uuid.uuid4().hex[:12]
    before = list(request.session.get(SEARCHES, {}).items())
    request.session[SEARCHES] = dict([*before[1 - KEPT :], (number, text)])
    return redirect(f"{reverse('desk:search')}?search={number}")


def _show(request: HttpRequest, number: str, text: str, wrong: Wrong | None = None) -> HttpResponse:
    hint = _("A whole reference, or words from what we were told: a name, an email address, a postcode.")
    question = Text(id="text", ask=_("Search cases"), hint=hint, max=LONGEST, autocomplete="off")
    after = request.GET.get("after", "")
    found = cases.search(officer=request.officer, text=text, after=after) if text else None
    again = f"?search={number}"
    words = {
        "question": question,
        "text": text,
        "wrong": wrong,
        "errors": error_summary([question], {question.id: wrong} if wrong else {}),
        "searched": found is not None,
        "cases": found.cases if found else [],
        "names": {colleague.slug: colleague.name for colleague in people.find_officers()},
        "teams": {team.slug: team.title for team in people.teams()},
        "today": local_day(utc_now()),
        "begun": bool(after),
        "again": again,
        "next": f"{again}&after={found.after}" if found and found.after else "",
    }
    page = {**frame(request, here="search"), **words}
    return render(request, "desk/search.html", page, status=UNPROCESSABLE if wrong else 200)
