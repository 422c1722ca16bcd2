"""The page of a case."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vestry.cases import api as cases
from vestry.channels.desk.frame import frame
from vestry.kernel import Ref, Refused, local_day, utc_now
from vestry.people import api as people
from vestry.people.api import may
from vestry.services import api as services
from vestry.strategy import api as strategy

View = Callable[..., HttpResponse]
CONFLICT = 409


def said(refusal: Refused) -> str:
    """A refusal in the reader's language."""
    return _(refusal.sentence).format(**refusal.words)


def about_a_case(action: str) -> Callable[[View], View]:
    """A page about a case: the same 404 for one that isn't there and one that isn't yours; and a page of its
    own for what can't be done with it now.
    """

    def guard(view: View) -> View:
        @may(action)
        @wraps(view)
        def guarded(request: HttpRequest, reference: str, **more: str) -> HttpResponse:
            try:
                case = cases.get_case(officer=request.officer, reference=reference)
                return view(request, case, **more)
            except cases.NoSuchCase:
                raise Http404 from None
            except cases.NotPossible as refusal:
                words = {**frame(request), "case": case, "sentence": said(refusal)}
                return render(request, "desk/not_possible.html", words, status=CONFLICT)

        return guarded

    return guard


@about_a_case("cases.read")
@require_safe
def case(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """All there is to know of a case, and what can be done with it."""
    now = utc_now()
    mine = {"officer": request.officer, "reference": case.reference}
    words = {
        "case": case,
        "today": local_day(now),
        "possible": cases.possible(**mine, now=now),
        "rows": services.shown(case.ref),
        "why": _why(case.service),
        "timeline": cases.timeline(reference=case.reference),
        "notes": cases.notes(**mine),
        "correspondence": cases.messages(**mine),
        "answers": cases.answers(**mine),
        "team": next((team.title for team in people.teams() if team.slug == case.team), case.team),
        "owner": people.officer_name(Ref("officer", case.owner)) if case.owner else "",
    }
    return render(request, "desk/case.html", {**frame(request), **words})


def _why(service: str) -> list[strategy.Statement]:
    try:
        return strategy.why(services.get_service(service).why)
    except services.NoSuchService:
        return []
