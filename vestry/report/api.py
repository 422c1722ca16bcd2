"""The door to reports: tell us about something that happened somewhere.

1. While somebody answers, `find_refusal` says why a matter can't be reported now, if it can't.
2. At the end `make` looks at the dates again and keeps it; of two about the same matter, the database
   refuses the second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from vestry.councils import api as councils
from vestry.kernel import Ref, Refused, local_day, new_reference
from vestry.ledger import api as ledger
from vestry.places import api as places
from vestry.report import models, rules
from vestry.report.events import ReportMade
from vestry.report.rules import Refusal

__all__ = ["CannotReport", "Matter", "Refusal", "ReportView", "find_refusal", "forget", "make"]

# A season: rounds come every few weeks at most, so the one before and the one after lie within.
AROUND = timedelta(days=92)


class CannotReport(Refused):
    """This can't be reported as it is. The reason is in ``refusal``."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__()


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is reported: two reports are the same when category, place, kind and day are.

    ``place`` is an answer of the address question. With a ``schedule``, the day must be on its rounds.
    ``within`` is the number of working days it can still be reported in.
    """

    category: str
    place: Mapping[str, str]
    day: date
    kind: str = ""
    schedule: str = ""
    within: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """A report that was made. ``over`` is when the round of that day was over, where there is a schedule."""

    reference: str
    category: str
    kind: str
    day: date
    ward: str
    over: datetime | None


def find_refusal(*, matter: Matter, now: datetime) -> Refusal | None:
    """Why it can't be reported now; None when it can."""
    return _refusal_by_date(matter, now, _around(matter, now)) or _refusal_by_others(matter)


def make(
    *, matter: Matter, service: str, version: int, journey: str, actor: Ref, now: datetime
) -> ReportView:
    """Make a report, inside `ledger.api.transaction`. Raises `CannotReport`."""
    collections = _around(matter, now)
    refusal = _refusal_by_date(matter, now, collections)
    if refusal:
        raise CannotReport(refusal)
    row = models.Report(
        reference=new_reference("R"),
        category=matter.category,
        place=_key(matter.place),
        ward=matter.place["ward"],
        kind=matter.kind,
        day=matter.day,
        made_at=now,
        service=service,
        version=version,
        journey=journey,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise CannotReport(rules.AlreadyReported()) from None
    ledger.record(
        ReportMade(category=row.category, kind=row.kind, day=row.day, ward=row.ward),
        subject=Ref("report", row.reference),
        actor=actor,
        now=now,
        service=service,
        version=version,
        journey=journey,
    )
    return ReportView(
        reference=row.reference,
        category=row.category,
        kind=row.kind,
        day=row.day,
        ward=row.ward,
        over=next((each.over for each in collections if each.day == row.day), None),
    )


def forget(*, references: Sequence[str]) -> None:
    """Erase where it was, inside a transaction. What was reported on which day, and in which ward, stays."""
    for row in models.Report.objects.filter(reference__in=references):
        # No two reports may be about the same; these are about nowhere, each for itself.
        row.place = f"forgotten:{row.reference}"
        row.save(update_fields=["place"])


def _around(matter: Matter, now: datetime) -> list[rules.Collection]:
    """The collections some months around the day and today; none without a schedule."""
    if not matter.schedule:
        return []
    today = local_day(now)
    near = min(max(matter.day, today - rules.REACH), today + rules.REACH)
    visits = places.visits(
        uprn=matter.place["uprn"],
        kind=matter.kind,
        schedule=matter.schedule,
        after=min(near, today) - AROUND,
        until=max(near, today) + AROUND,
    )
    return [rules.Collection(day=visit.day, over=visit.over) for visit in visits]


def _refusal_by_date(
    matter: Matter, now: datetime, collections: Sequence[rules.Collection]
) -> Refusal | None:
    today = local_day(now)
    calendar = councils.working_calendar()
    if not matter.schedule:
        return rules.refusal_by_day(day=matter.day, today=today, within=matter.within, calendar=calendar)
    return rules.refusal_by_round(
        day=matter.day,
        today=today,
        now=now,
        within=matter.within,
        calendar=calendar,
        collections=collections,
    )


def _refusal_by_others(matter: Matter) -> Refusal | None:
    same = models.Report.objects.filter(
        category=matter.category, place=_key(matter.place), kind=matter.kind, day=matter.day
    )
    return rules.AlreadyReported() if same.exists() else None


def _key(place: Mapping[str, str]) -> str:
    """Which place it is. A typed address is kept as a hash: to compare it, nobody has to read it."""
    if place["uprn"]:
        return f"uprn:{place['uprn']}"
    typed = "".join(filter(str.isalnum, f"{place['line']}{place['postcode']}".casefold()))
    return f"typed:{hashlib.sha256(typed.encode()).hexdigest()}"
