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

WHOSE = ("mine", "nobodys", "team", "all")


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
    teams = {team.slug: team.title for team in people.teams()}
    filters = _filters(request, services, teams, officer)
    page = cases.inbox(officer=officer, filters=filters, after=request.GET.get("after", ""), now=now)
    names = {colleague.slug: colleague.name for colleague in people.find_officers()}
    words = {
        "cases": page.cases,
        "filters": filters,
        "services": services,
        "teams": teams,
        "queues": {
            slug: title for slug, title in teams.items() if slug in people.reach(officer, "cases.read")
        },
        "names": names,
        "today": local_day(now),
        "begun": bool(request.GET.get("after")),
        "again": f"?{urlencode(_query(filters))}",
        "next": f"?{urlencode([*_query(filters), ('after', page.after)])}" if page.after else "",
    }
    return render(request, "desk/inbox.html", {**frame(request, here="inbox"), **words})


def _filters(
    request: HttpRequest, services: dict[str, str], teams: dict[str, str], officer: people.OfficerView
) -> cases.Filters:
    asked = request.GET
    whose = asked.get("whose", "")
    service, team = asked.get("service", ""), asked.get("team", "")
    closed = asked.get("state") == "closed"
    return cases.Filters(
        # Somebody in no team, such as a manager, begins with everything.
        whose=whose if whose in WHOSE else ("team" if officer.teams else "all"),
        closed=closed,
        service=service if service in services else "",
        team=team if team in teams else "",
        overdue="overdue" in asked.getlist("only") and not closed,
        waiting="waiting" in asked.getlist("only") and not closed,
    )


def _query(filters: cases.Filters) -> list[tuple[str, str]]:
    chosen = [("whose", filters.whose), ("service", filters.service), ("team", filters.team)]
    chosen += [("state", "closed" if filters.closed else "")]
    chosen += [("only", name) for name in ("overdue", "waiting") if getattr(filters, name)]
    return [(name, value) for name, value in chosen if value]
