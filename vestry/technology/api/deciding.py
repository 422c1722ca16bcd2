"""Deciding, waiving, and falling due again. See `technology.api`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from vestry.kernel import SYSTEM, Ref, local_day
from vestry.ledger import api as ledger
from vestry.technology import events, models
from vestry.technology.api.data import rubrics
from vestry.technology.api.refusals import (
    FAULTS,
    NoConditions,
    NoReasonGiven,
    NoSuchWaiver,
    NotAllowedByWords,
    NothingToDecide,
)
from vestry.technology.api.register import entry_of, row_of
from vestry.technology.api.standing import Stand, get_stand
from vestry.technology.rules import states, waivers
from vestry.technology.rules.verdicts import allowed_outcomes


def allowed(stand: Stand) -> tuple[str, ...]:
    """What may be decided as things stand."""
    return allowed_outcomes(stand.words, frozenset(stand.waived))


@dataclass(frozen=True, kw_only=True)
class Deciding:
    """A decision as somebody makes it. ``conditions`` and their day only where there are conditions."""

    outcome: str
    reason: str
    conditions: str = ""
    conditions_by: date | None = None


def decide(*, technology: str, made: Deciding, by: Ref, now: datetime, day: date | None = None) -> None:
    """Decide the open assessment. What it rests on is kept as it is today, or as it was on ``day``.

    Raises `NoSuchTechnology`, `NothingToDecide`, `NotAllowedByWords`, `NoReasonGiven`, `NoConditions`.
    """
    today = day or local_day(now)
    with ledger.transaction():
        row = row_of(technology, lock=True)
        if not models.Assessment.objects.filter(technology=row, state=states.ASKING).exists():
            raise NothingToDecide
        stand = get_stand(technology, today)
        _must_be_allowed(made, stand, today)
        write_decision(row, made, stand, by=by, now=now)


def write_decision(row: models.Technology, made: Deciding, stand: Stand, *, by: Ref, now: datetime) -> None:
    """Close the open assessment with a decision, inside a transaction; it rests on how it stands."""
    today, renewal, rested = stand.day, stand.entry.renewal(stand.day), rests_on(stand)
    assessments = models.Assessment.objects.filter(technology=row)
    assessments.filter(state__in=[states.DECIDED, states.DUE]).update(state=states.REPLACED)
    open_ = assessments.get(state=states.ASKING)
    open_.state, open_.outcome, open_.decided_by = states.DECIDED, made.outcome, str(by)
    open_.decided_on, open_.reason, open_.rested = today, made.reason, rested
    open_.conditions, open_.conditions_by = made.conditions, made.conditions_by
    open_.again_on = states.again_on(
        today,
        act_by=renewal.act_by if renewal else None,
        waivers=tuple(stand.waived.values()),
        conditions=(made.conditions_by,) if made.conditions_by else (),
    )
    open_.save()
    fact = events.AssessmentDecided(
        number=open_.number,
        outcome=made.outcome,
        again_on=open_.again_on.isoformat(),
        rested_on=digest_of(rested),
    )
    ledger.record(fact, subject=Ref("technology", row.slug), actor=by, now=now)


def _must_be_allowed(made: Deciding, stand: Stand, today: date) -> None:
    if made.outcome not in allowed(stand):
        raise NotAllowedByWords
    if not made.reason.strip():
        raise NoReasonGiven
    has_conditions = made.conditions.strip() and made.conditions_by and made.conditions_by > today
    if made.outcome == "conditions" and not has_conditions:
        raise NoConditions


def rests_on(stand: Stand) -> dict[str, object]:
    """All that a decision rests on, as plain values: the criteria as they are, each verdict and why."""
    criteria = []
    for each in stand.criteria:
        how = stand.standings[each.id]
        criteria.append(
            {
                "id": each.id,
                "asks": each.asks,
                "must": each.must,
                "verdict": how.verdict.value,
                "why": how.why,
                "means": how.piece.means if how.piece else "",
                "day": how.piece.day.isoformat() if how.piece else "",
                "says": how.piece.sentence if how.piece else "",
                "evidence": how.piece.id if how.piece else 0,
            }
        )
    return {
        "criteria_version": rubrics().version,
        "register": stand.entry.digest,
        "size": stand.size,
        "words": {word.principle: word.verdict.value for word in stand.words},
        "waived": {principle: ends.isoformat() for principle, ends in stand.waived.items()},
        "criteria": criteria,
    }


def digest_of(rested: dict[str, object]) -> str:
    """The hash of what a decision rested on."""
    return hashlib.sha256(msgspec.json.encode(rested, order="sorted")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Waiving:
    """A waiver as somebody asks for it. ``why`` is one of `rules.waivers.REASONS`."""

    principle: str
    why: str
    reason: str
    owner: str
    instead: str
    exit_step: str
    ends: date
    decided_in: str = ""

    @property
    def written(self) -> tuple[str, ...]:
        """What may not be left out."""
        return self.reason, self.owner, self.instead, self.exit_step


def _check(made: Waiving, row: models.Technology, *, asker: str, approver: str, today: date) -> int:
    """Raises what is wrong with a waiver. Returns how often it has been renewed with this one."""
    before = models.Waiver.objects.filter(technology=row, principle=made.principle)
    renewals = before.filter(state__in=["granted", "ended"]).count()
    renewal = entry_of(row).renewal(today)
    last_notice = renewal.last_notice if renewal else None
    found = waivers.faults(
        granted=today,
        end=made.ends,
        last_notice=last_notice,
        asker=asker,
        approver=approver,
        written=made.written,
        renewals=renewals,
        decided_in=made.decided_in,
    )
    if found:
        raise FAULTS[found[0]](latest=waivers.latest_end(today, last_notice).isoformat())
    return renewals


def ask_waiver(*, technology: str, made: Waiving, by: Ref, now: datetime) -> int:
    """Ask to take it although a principle is not met. Somebody else has to grant it. Returns its number.

    Raises `NoSuchTechnology`, and what is wrong with it (`NotPossibleNow`).
    """
    today = local_day(now)
    with ledger.transaction():
        row = row_of(technology, lock=True)
        renewals = _check(made, row, asker=str(by), approver="", today=today)
        number = models.Waiver.objects.filter(technology=row).count() + 1
        models.Waiver.objects.create(
            technology=row,
            number=number,
            state="asked",
            asked_by=str(by),
            asked_on=today,
            renewals=renewals,
            **{name: getattr(made, name) for name in Waiving.__dataclass_fields__},
        )
        fact = events.WaiverAsked(number=number, principle=made.principle, ends=made.ends.isoformat())
        ledger.record(fact, subject=Ref("technology", technology), actor=by, now=now)
        return number


def settle_waiver(*, technology: str, number: int, grant: bool, by: Ref, now: datetime) -> None:
    """Grant a waiver or decline it; one's own is only declined. Raises `NoSuchWaiver`, `WaiverSamePerson`,
    and what is wrong with it by now.
    """
    today = local_day(now)
    with ledger.transaction():
        row = row_of(technology, lock=True)
        waiver = models.Waiver.objects.filter(technology=row, number=number, state="asked").first()
        if waiver is None:
            raise NoSuchWaiver
        if grant:
            made = Waiving(**{name: getattr(waiver, name) for name in Waiving.__dataclass_fields__})
            _check(made, row, asker=waiver.asked_by, approver=str(by), today=today)
        _settle(waiver, "granted" if grant else "declined", by, now)


def _settle(waiver: models.Waiver, state: str, by: Ref, now: datetime) -> None:
    waiver.state, waiver.settled_by, waiver.settled_on = state, str(by), local_day(now)
    waiver.save(update_fields=["state", "settled_by", "settled_on"])
    fact = events.WaiverSettled(number=waiver.number, state=state)
    ledger.record(fact, subject=Ref("technology", waiver.technology.slug), actor=by, now=now)


def fall_due(*, now: datetime) -> int:
    """End waivers whose last day has passed, and make due what has to be looked at again. How many."""
    today, done = local_day(now), 0
    with ledger.transaction():
        ended = models.Waiver.objects.select_for_update().filter(state="granted", ends__lt=today)
        for waiver in ended.select_related("technology"):
            _settle(waiver, "ended", SYSTEM, now)
            done += 1
        due = models.Assessment.objects.select_for_update().filter(state=states.DECIDED, again_on__lte=today)
        for row in due.select_related("technology"):
            row.state = states.DUE
            row.save(update_fields=["state"])
            fact = events.DecisionExpired(number=row.number)
            ledger.record(fact, subject=Ref("technology", row.technology.slug), actor=SYSTEM, now=now)
            done += 1
    return done
