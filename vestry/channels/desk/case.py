"""The page of a case."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vestry.book import api as book
from vestry.book.step.asking import said
from vestry.cases import api as cases
from vestry.channels.desk.frame import frame, not_possible
from vestry.channels.desk.money.seeing import CHARGES
from vestry.documents import api as documents
from vestry.kernel import Ref, local_day, utc_now
from vestry.notify import api as notify
from vestry.pay import api as pay
from vestry.people import api as people
from vestry.people.api import may
from vestry.services import api as services

View = Callable[..., HttpResponse]


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
                request.service = case.service
                return view(request, case, **more)
            except cases.NoSuchCase:
                raise Http404 from None
            except cases.NotPossible as refusal:
                return not_possible(request, refusal, case=case)

        return guarded

    return guard


def _charges(request: HttpRequest, case: cases.CaseView) -> list[pay.ChargeView]:
    """What was paid for it, for whoever may see money."""
    if case.team not in people.reach(request.officer, "money.read"):
        return []
    made = services.made(case.ref)
    return [pay.get(reference=each.key) for each in made if each.kind == "charge"]


def _bookings(request: HttpRequest, case: cases.CaseView) -> list[book.BookingView]:
    """What was booked with it, as far as this officer may change it: of a repeat, all."""
    made = [each.key for each in services.made(case.ref) if each.kind == "booking"]
    if not made:
        return []
    reach = people.reach(request.officer, "bookings.change")
    # A calendar that went from the pack has no page any more.
    theirs = {each.slug for each in book.calendars() if reach.covers(each.team)}
    series = (it for first in made for it in book.series_of(reference=first))
    return [it for it in series if it.state == "booked" and it.calendar in theirs]


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
        "files": documents.of(owner=case.ref),
        "timeline": cases.timeline(**mine),
        "notes": cases.notes(**mine),
        "correspondence": cases.messages(**mine),
        "emails_sent": notify.about(case.ref),
        "answers": cases.answers(**mine),
        "tasks": cases.tasks_of(**mine),
        "links": cases.links(**mine),
        "bookings": _bookings(request, case),
        "said_time": said,
        "charges": _charges(request, case),
        "pounds": pay.as_text,
        "charge_words": CHARGES,
        "names": {colleague.slug: colleague.name for colleague in people.find_officers()},
        "team": next((team.title for team in people.teams() if team.slug == case.team), case.team),
        "owner": people.officer_name(Ref("officer", case.owner)) if case.owner else "",
    }
    return render(request, "desk/case.html", {**frame(request), **words})
