"""How a case's rows are seen, changed and stated; for the verbs beside this file only."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import date, datetime

import msgspec

from vestry.cases import events, rules
from vestry.cases.api.views import CaseView, NotADueDate, NothingWritten, WrittenTooLong
from vestry.cases.models import NO_DUE, Case, Message, Task
from vestry.cases.options import Options
from vestry.cases.rules import Clock
from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Fact, Ref, WorkingCalendar, local_day, word_count
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
        changed_at=case.changed_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        forgotten_at=case.forgotten_at,
    )


def state(case: Case, fact: Fact, *, actor: Ref, now: datetime) -> None:
    """Record a fact about a case."""
    if case.changed_at != now:
        case.changed_at = now
        Case.objects.filter(pk=case.pk).update(changed_at=now)
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


def check_due(due: date, now: datetime) -> None:
    """Whether something can be due then. Raises `NotADueDate`."""
    today = local_day(now)
    if not today <= due <= date(today.year + 2, 12, 31):
        raise NotADueDate


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
    kind = events.Asked if wants_answer else events.Told
    fact = kind(message=message.pk, words=word_count(message.text))
    state(case, fact, actor=actor, now=now)


def move(case: Case, plan: Options, to: str, *, action: str, done: int, actor: Ref, now: datetime) -> None:
    """Bring a case to another stage, with all that follows: clock, closure, facts."""
    today = local_day(now)
    left, entered = plan.stages[case.stage], plan.stages[to]
    moved = events.Moved(
        action=action, came_from=case.stage, stage=to, title=entered.title, said=entered.told, done=done
    )
    comes_anew = to != case.stage
    if comes_anew:
        case.stage, case.stage_since = to, today
    state(case, moved, actor=actor, now=now)
    if entered.end:
        case.closed_at, case.outcome = now, entered.end
        state(case, events.Closed(outcome=entered.end, stage=to), actor=actor, now=now)
        end_tasks(case, now=now)
    else:
        before = clock_of(case)
        after = rules.next_clock(before, plan, left, entered, today, calendar_of(plan))
        set_clock(case, after)
        _state_clock(case, before, after, today, now)
        if comes_anew:
            _give_to_team(case, entered.team, now)
            bring_tasks(case, plan, now=now)
    case.save()


def _state_clock(case: Case, before: Clock, after: Clock, today: date, now: datetime) -> None:
    if before.stopped and not after.stopped:
        state(case, events.ClockStarted(on=today, due=after.due), actor=SYSTEM, now=now)
    elif after.due and before.due != after.due:
        state(case, events.DueChanged(due=after.due, was=before.due, note=0), actor=SYSTEM, now=now)
    if after.stopped and not before.stopped:
        state(case, events.ClockStopped(on=today), actor=SYSTEM, now=now)


def _give_to_team(case: Case, team: str | None, now: datetime) -> None:
    if team and (case.team, case.owner) != (team, ""):
        give(case, team, "", actor=SYSTEM, now=now)


def give(case: Case, team: str, owner: str, *, actor: Ref, now: datetime) -> None:
    """The case is another's, and so are its open tasks: whoever had one may not see the case any more."""
    if team != case.team:
        Task.objects.open().filter(case=case).update(team=team, owner="")
    case.team, case.owner = team, owner
    state(case, events.HandedOver(team=team, owner=owner), actor=actor, now=now)


def bring_tasks(case: Case, plan: Options, *, now: datetime) -> None:
    """The work that begins with the stage the case has come to; what is still open is not brought twice."""
    stage = plan.stages[case.stage]
    if not stage.tasks:
        return
    still_open = set(Task.objects.open().filter(case=case).values_list("plan_task", flat=True))
    today, calendar = local_day(now), calendar_of(plan)
    for wanted in stage.tasks:
        if wanted.id not in still_open:
            due = rules.Span.read(wanted.due).after(today, calendar) if wanted.due else None
            task = Task(case=case, plan_task=wanted.id, title=wanted.title[:200], hint=wanted.hint)
            add_task(task, due=due, actor=SYSTEM, now=now)


def add_task(task: Task, *, due: date | None, actor: Ref, now: datetime) -> None:
    """Keep a new task and state it."""
    task.due, task.added_at = due or NO_DUE, now
    if task.case:
        task.about, task.team = str(Ref("case", task.case.reference)), task.case.team
    task.key = task.key or f"plan:{uuid.uuid4().hex}"
    task.save(force_insert=True)
    fact = events.TaskAdded(task=task.pk, plan_task=task.plan_task, team=task.team, owner=task.owner, due=due)
    state_task(task, fact, actor=actor, now=now)


def end_tasks(case: Case, *, now: datetime) -> None:
    """A case that is closed needs nothing more to be done."""
    for task in Task.objects.open().filter(case=case).order_by("id"):
        end_task(task, Task.NOT_NEEDED, "", actor=SYSTEM, now=now)


def end_task(task: Task, how: str, reason: str, *, actor: Ref, now: datetime) -> None:
    """A task is done, or not needed."""
    task.state, task.ended_at, task.ended_by, task.reason = how, now, str(actor), reason
    task.save()
    ended = events.TaskFinished if how == Task.DONE else events.TaskNotNeeded
    state_task(task, ended(task=task.pk), actor=actor, now=now)


def state_task(task: Task, fact: Fact, *, actor: Ref, now: datetime) -> None:
    """Record a fact about a task: of its case, or of itself where it has none."""
    if task.case:
        state(task.case, fact, actor=actor, now=now)
    else:
        ledger.record(fact, subject=Ref("task", str(task.pk)), actor=actor, now=now)
