"""Opening a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction

from vestry.cases import events, rules
from vestry.cases.api.searching import index
from vestry.cases.api.stating import bring_tasks, calendar_of, set_clock, state, view
from vestry.cases.api.views import CaseView
from vestry.cases.models import Case, Plan
from vestry.cases.options import Options
from vestry.councils import api as councils
from vestry.kernel import Ref, local_day, new_reference
from vestry.ledger import api as ledger

# At a million cases a new reference is taken once in a million times; five in a row is a broken generator.
TRIES = 5
# As long as its column; the longest line of an address and a postcode fit well.
PLACE = 300


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a case comes from: a journey through a version of a service, and the letters of its reference."""

    service: str
    title: str
    version: int
    journey: str
    prefix: str
    information_class: str


def open_case(
    *,
    origin: Origin,
    plan: Options,
    actor: Ref,
    now: datetime,
    place: str = "",
    shut: Iterable[str] = (),
    words: Iterable[str] = (),
) -> CaseView:
    """Open a case for a submission. A journey that has a case keeps that one.

    ``place`` is what lists show of where it is; ``shut`` names the actions whose condition does not hold;
    by ``words`` (texts, taken apart) it can be found beside its reference.
    """
    with ledger.transaction(joins=True):
        kept = _keep(origin, plan)
        today = local_day(now)
        case = Case(
            plan=kept,
            service=origin.service,
            journey=origin.journey,
            place=place[:PLACE],
            team=plan.team,
            stage=plan.first,
            stage_since=today,
            opened_at=now,
            changed_at=now,
            shut=sorted(shut),
        )
        clock = rules.first_clock(plan, today, calendar_of(plan))
        set_clock(case, clock)
        if not _insert(case, origin.prefix):
            return view(Case.objects.select_related("plan").get(journey=origin.journey))
        opened = events.Opened(team=case.team, stage=case.stage, due=clock.due)
        state(case, opened, actor=actor, now=now)
        if clock.stopped:
            state(case, events.ClockStopped(on=today), actor=actor, now=now)
        bring_tasks(case, plan, now=now)
        index(case, words)
    return view(case, plan)


# By council, service and version: what a version says of cases never changes, so a process asks once.
_kept: dict[tuple[int, str, int], Plan] = {}


def _keep(origin: Origin, plan: Options) -> Plan:
    """The row of what a version says of cases, made with its first case."""
    known = (councils.current().id, origin.service, origin.version)
    if known in _kept:
        return _kept[known]
    kept, _made = Plan.objects.get_or_create(
        service=origin.service,
        version=origin.version,
        defaults={
            "title": origin.title,
            "information_class": origin.information_class,
            "options": msgspec.to_builtins(plan),
        },
    )
    # Only once it is there for everybody: a transaction that is undone takes a new row with it.
    transaction.on_commit(lambda: _kept.update({known: kept}))
    return kept


def _of_journey(journey: str) -> Case | None:
    return Case.objects.select_related("plan").filter(journey=journey).first() if journey else None


def _insert(case: Case, prefix: str) -> bool:
    """Insert with a reference of its own; False when the journey has got a case in this very moment."""
    for last in range(TRIES, 0, -1):
        case.reference = new_reference(prefix)
        try:
            with transaction.atomic():
                case.save(force_insert=True)
            return True
        except IntegrityError:
            case.pk = None
            if _of_journey(case.journey):
                return False
            if last == 1 or not Case.objects.filter(reference=case.reference).exists():
                raise
    return False
