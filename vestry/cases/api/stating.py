"""How a case's rows are seen, changed and stated; for the verbs beside this file only."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import date, datetime

import msgspec

from vestry.cases import events, rules
from vestry.cases.api.views import CaseView, NothingWritten, WrittenTooLong
from vestry.cases.models import NO_DUE, Case, Message
from vestry.cases.options import Options
from vestry.cases.rules import Clock
from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Fact, Ref, WorkingCalendar, local_day
from vestry.ledger import api as ledger

# Some twenty pages: longer than any answer to a request for information that isn't an attachment.
LONGEST = 50_000


def plan_of(case: Case) -> Options:
    """What the case's version of its service says about cases."""
    return msgspec.convert(case.plan.options, Options)


def calendar_of(plan: Options) -> WorkingCalendar:
    """The working days that count for it."""
    return councils.working_calendar(plan.calendar)


def clock_of(case: Case) -> Clock:
    """When it is due."""
    return Clock(due=None if case.due == NO_DUE else case.due, stopped=case.stopped_on)


def set_clock(case: Case, clock: Clock) -> None:
    """When it is due from now on."""
    case.due = clock.due or NO_DUE
    case.stopped_on = clock.stopped


def view(case: Case, plan: Options | None = None) -> CaseView:
    """The view of a row."""
    stage = (plan or plan_of(case)).stages[case.stage]
    return CaseView(
        reference=case.reference,
        service=case.service,
        title=case.plan.title,
        version=case.plan.version,
        journey=case.journey,
        information_class=case.plan.information_class,
        place=case.place,
        team=case.team,
        owner=case.owner,
        stage=case.stage,
        stage_title=stage.title,
        next=stage.next,
        due=clock_of(case).due,
        clock_stopped=case.stopped_on is not None,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
    )


def state(case: Case, fact: Fact, *, actor: Ref, now: datetime) -> None:
    """Record a fact about a case."""
    ledger.record(
        fact,
        subject=Ref("case", case.reference),
        actor=actor,
        now=now,
        service=case.service,
        version=case.plan.version,
        journey=case.journey,
    )


def tidy(text: str) -> str:
    """What somebody wrote, fit to be kept. Raises `NothingWritten`, `WrittenTooLong`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    # Control characters and lone surrogates can't be stored.
    kept = "".join(
        letter for letter in lines if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"}
    ).strip()
    if not kept:
        raise NothingWritten
    if len(kept) > LONGEST:
        raise WrittenTooLong(most=f"{LONGEST:,}")
    return kept


def form_key(verb: str, key: str) -> str:
    """The form's own key, so that the same form twice is once; a new one where there is no form.

    A form of one verb never counts as one of another, whatever key it was sent with.
    """
    kept = "".join(filter(str.isalnum, key))[:32]
    return f"{verb}:{kept or uuid.uuid4().hex}"


def write(case: Case, text: str, *, wants_answer: bool, actor: Ref, now: datetime, key: str) -> None:
    """Send the resident a message."""
    message = Message.objects.create(
        case=case, by=str(actor), at=now, key=key, text=text, from_resident=False, wants_answer=wants_answer
    )
    fact = events.Asked(message=message.pk) if wants_answer else events.Told(message=message.pk)
    state(case, fact, actor=actor, now=now)


def move(case: Case, plan: Options, to: str, *, action: str, done: int, actor: Ref, now: datetime) -> None:
    """Bring a case to another stage, with all that follows: clock, closure, facts."""
    today = local_day(now)
    left, entered = plan.stages[case.stage], plan.stages[to]
    moved = events.Moved(
        action=action, came_from=case.stage, stage=to, title=entered.title, said=entered.told, done=done
    )
    if to != case.stage:
        case.stage, case.stage_since = to, today
    state(case, moved, actor=actor, now=now)
    if entered.end:
        case.closed_at, case.outcome = now, entered.end
        state(case, events.Closed(outcome=entered.end, stage=to), actor=actor, now=now)
    else:
        before = clock_of(case)
        after = rules.next_clock(before, plan, left, entered, today, calendar_of(plan))
        set_clock(case, after)
        _state_clock(case, before, after, today, now)
    case.save()


def _state_clock(case: Case, before: Clock, after: Clock, today: date, now: datetime) -> None:
    if before.stopped and not after.stopped:
        state(case, events.ClockStarted(on=today, due=after.due), actor=SYSTEM, now=now)
    elif after.due and before.due != after.due:
        state(case, events.DueChanged(due=after.due, was=before.due, note=0), actor=SYSTEM, now=now)
    if after.stopped and not before.stopped:
        state(case, events.ClockStopped(on=today), actor=SYSTEM, now=now)
