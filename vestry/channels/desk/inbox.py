"""The inbox: all services' cases in one list."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from vestry.cases import api as cases
from vestry.channels.desk.frame import frame
from vestry.kernel import local_day, utc_now
from vestry.people import api as people
from vestry.people.api import may

WHOSE = ("mine", "team", "all")


@may("desk.enter")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The cases an officer may see. Who works no cases comes to what they do instead."""
    officer, now = request.officer, utc_now()
    if not people.allowed(officer, "cases.read"):
        others = [name for name in frame(request)["desk_nav"] if name != "inbox"]
        return (
            redirect(f"desk:{others[0]}") if others else render(request, "desk/nothing.html", frame(request))
        )
    services = cases.services_with_cases()
    filters = _filters(request, services, officer)
    page = cases.inbox(officer=officer, filters=filters, after=request.GET.get("after", ""), now=now)
    names = {colleague.slug: colleague.name for colleague in people.find_officers()}
    words = {
        "cases": page.cases,
        "filters": filters,
        "services": services,
        "teams": {team.slug: team.title for team in people.teams()},
        "names": names,
        "today": local_day(now),
        "begun": bool(request.GET.get("after")),
        "again": f"?{urlencode(_query(filters))}",
        "next": f"?{urlencode({**_query(filters), 'after': page.after})}" if page.after else "",
    }
    return render(request, "desk/inbox.html", {**frame(request, here="inbox"), **words})


def _filters(request: HttpRequest, services: dict[str, str], officer: people.OfficerView) -> cases.Filters:
    asked = request.GET
    whose = asked.get("whose", "")
    service = asked.get("service", "")
    return cases.Filters(
        # Somebody in no team, such as a manager, begins with everything.
        whose=whose if whose in WHOSE else ("team" if officer.teams else "all"),
        closed=asked.get("state") == "closed",
        service=service if service in services else "",
        overdue=asked.get("overdue") == "yes" and asked.get("state") != "closed",
    )


def _query(filters: cases.Filters) -> dict[str, str]:
    chosen = {"whose": filters.whose, "service": filters.service}
    chosen |= {"state": "closed" if filters.closed else "", "overdue": "yes" if filters.overdue else ""}
    return {name: value for name, value in chosen.items() if value}
