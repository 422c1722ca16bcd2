"""What a program of an officers' system sees of many cases: in the order in which they last changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vestry.cases.api.paging import onwards, place_of
from vestry.cases.api.stating import plan_of, view
from vestry.cases.api.views import CaseView
from vestry.cases.models import Case
from vestry.cases.options import Options
from vestry.people import api as people


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Which cases. ``state`` is open, closed or all; ``since`` leaves out what has not changed since then."""

    service: str = ""
    team: str = ""
    state: Literal["open", "closed", "all"] = "all"
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ChangedPage:
    """Some cases, and where the next page begins; empty when there is none."""

    cases: Sequence[CaseView]
    after: str


def changed(*, officer: people.OfficerView, which: Changed, after: str = "", limit: int = 100) -> ChangedPage:
    """The cases an officer may see, what changed longest ago first: what changes meanwhile comes at the end.

    ``after`` is where the page before ended. Raises `NotAPlace`.
    """
    found = Case.objects.visible_to(officer).select_related("plan")
    if which.service:
        found = found.filter(service=which.service)
    if which.team:
        found = found.filter(team=which.team)
    if which.state != "all":
        found = found.open() if which.state == "open" else found.closed()
    if which.since:
        found = found.filter(changed_at__gte=which.since)
    rows = list(onwards(found, after, by="changed_at")[: limit + 1])
    plans: dict[int, Options] = {}
    for case in rows:
        if case.plan_id not in plans:
            plans[case.plan_id] = plan_of(case)
    last = rows[limit - 1] if len(rows) > limit else None
    return ChangedPage(
        cases=[view(case, plans[case.plan_id]) for case in rows[:limit]],
        after=place_of(last, "changed_at") if last else "",
    )
