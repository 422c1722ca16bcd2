"""What was known and decided before the register came here, taken in once. See `technology.api`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vestry.kernel import SYSTEM, Ref
from vestry.ledger import api as ledger
from vestry.technology import events, models
from vestry.technology.api.assessing import answer, begin
from vestry.technology.api.claims import take_claims
from vestry.technology.api.data import questions, rubrics
from vestry.technology.api.deciding import Deciding, Waiving, write_decision
from vestry.technology.api.register import row_of
from vestry.technology.api.standing import get_stand
from vestry.technology.ports import Verdict
from vestry.technology.rules import claims


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody found on a day. ``verdicts``: by verdict, criteria or whole principles by name."""

    day: date
    means: str
    says: str
    verdicts: Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A waiver as it was granted, on which day, by whom."""

    waiver: Waiving
    day: date
    asked_by: Ref
    granted_by: Ref


@dataclass(frozen=True, kw_only=True)
class History:
    """What is known of one technology. ``claims`` by question id, as published on ``claimed_on``."""

    told: Sequence[Told] = ()
    claims: Mapping[str, object] = field(default_factory=dict)
    claimed_on: date | None = None
    waivers: Sequence[Granted] = ()
    kind: str = "buy"
    decision: Deciding | None = None
    decided_on: date | None = None
    decided_by: Ref = SYSTEM


def unknown_criteria(told: Sequence[Told]) -> list[str]:
    """What is named as a criterion or principle, and is none."""
    known = rubrics()
    names = [name for each in told for listed in each.verdicts.values() for name in listed]
    return [name for name in names if name not in known.criteria and name not in known.titles]


def put_history(*, technology: str, history: History, now: datetime) -> bool:
    """Take in what was known and decided before; only where nothing is known here yet. Says whether it was.

    The gate is not asked: it was not there. What the decision rested on is what was known on its day.
    """
    with ledger.transaction():
        row = row_of(technology, lock=True)
        known = (
            models.Evidence.objects.filter(about=str(Ref("technology", technology))),
            models.Assessment.objects.filter(technology=row),
            models.Waiver.objects.filter(technology=row),
        )
        if any(rows.exists() for rows in known):
            return False
        for each in history.told:
            _tell(technology, each, now)
        if history.claims and history.claimed_on:
            take_claims(
                technology=technology,
                claims=[*claims.read(history.claims, questions())],
                source=questions().source,
                day=history.claimed_on,
                by=SYSTEM,
                now=now,
            )
        for number, granted in enumerate(history.waivers, start=1):
            _grant(row, number, granted, now)
        if history.decision and history.decided_on:
            begin(technology=technology, kind=history.kind, by=SYSTEM, now=now)
            write_decision(
                row,
                history.decision,
                get_stand(technology, history.decided_on),
                by=history.decided_by,
                now=now,
            )
    return True


def _tell(technology: str, told: Told, now: datetime) -> None:
    known = rubrics()
    for verdict, names in told.verdicts.items():
        for name in names:
            for criterion in [name] if name in known.criteria else [each.id for each in known.of(name)]:
                answer(
                    technology=technology,
                    criterion=criterion,
                    verdict=Verdict(verdict),
                    means=told.means,
                    sentence=told.says,
                    by=SYSTEM,
                    now=now,
                    day=told.day,
                )


def _grant(row: models.Technology, number: int, granted: Granted, now: datetime) -> None:
    made = granted.waiver
    models.Waiver.objects.create(
        technology=row,
        number=number,
        state="granted",
        asked_by=str(granted.asked_by),
        asked_on=granted.day,
        settled_by=str(granted.granted_by),
        settled_on=granted.day,
        **{name: getattr(made, name) for name in Waiving.__dataclass_fields__},
    )
    subject = Ref("technology", row.slug)
    asked = events.WaiverAsked(number=number, principle=made.principle, ends=made.ends.isoformat())
    ledger.record(asked, subject=subject, actor=granted.asked_by, now=now)
    settled = events.WaiverSettled(number=number, state="granted")
    ledger.record(settled, subject=subject, actor=granted.granted_by, now=now)
