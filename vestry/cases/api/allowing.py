"""What may be done with a case, by whom, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from vestry.cases import rules
from vestry.cases.api import asking
from vestry.cases.api.finding import visible
from vestry.cases.api.stating import calendar_of, clock_of, plan_of
from vestry.cases.api.views import ActionView, Barred, ExtensionView, HeldUp, NotNow, Possible
from vestry.cases.models import Case, Done, Task
from vestry.cases.options import Action, Extension, Options
from vestry.design import expressions
from vestry.kernel import local_day
from vestry.people import api as people

WORKERS = frozenset({"officer", "crew"})


def possible(*, officer: people.OfficerView, reference: str, now: datetime) -> Possible:
    """What an officer can do with a case now. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    plan = plan_of(case)
    is_open, is_kept = case.closed_at is None, case.forgotten_at is None
    timely = [
        action
        for action in plan.actions
        if may_act(officer, case, action) and can_be_done(case, plan, action, now)
    ]
    held_up = {action.id: what_holds_up(officer, case, plan, action, now) for action in timely}
    return Possible(
        take=is_open and not case.owner and may(officer, case, "cases.take"),
        hand_over=is_open and may(officer, case, "cases.hand-over"),
        note=is_kept and may(officer, case, "cases.note"),
        message=is_kept and may(officer, case, "cases.message"),
        due=is_open and may(officer, case, "cases.due"),
        task=is_kept and may(officer, case, "cases.task"),
        link=may(officer, case, "cases.link"),
        extend=extension(officer, case, plan) is not None,
        actions=[action_view(plan, action) for action in timely if not held_up[action.id]],
        barred=[Barred(do=action.do, why=held_up[action.id]) for action in timely if held_up[action.id]],
    )


def get_action(*, officer: people.OfficerView, reference: str, action: str, now: datetime) -> ActionView:
    """One action, if it can be done now. Raises `NoSuchCase`, `NotNow`."""
    case = visible(officer, reference)
    plan = plan_of(case)
    return action_view(plan, choose(officer, case, plan, action, now))


def choose(officer: people.OfficerView, case: Case, plan: Options, action: str, now: datetime) -> Action:
    """The action, if this officer can do it now. Raises `NotNow`: alike when it is not there, not now or not
    for this officer's role; `HeldUp` when its guard or a task stands against it.
    """
    for chosen in plan.actions:
        if chosen.id == action and may_act(officer, case, chosen) and can_be_done(case, plan, chosen, now):
            if why := what_holds_up(officer, case, plan, chosen, now):
                raise HeldUp(why=why)
            return chosen
    raise NotNow(stage=plan.stages[case.stage].title)


def action_view(plan: Options, action: Action) -> ActionView:
    """The view of an action."""
    to = plan.stages[action.to]
    return ActionView(
        id=action.id,
        do=action.do,
        asks=asking.questions(action),
        message=action.message,
        wants_answer=bool(to.on_reply),
        closes=bool(to.end),
        told=to.told,
    )


def may(officer: people.OfficerView, case: Case, action: str) -> bool:
    """Whether the officer's roles allow something for this case's team."""
    return case.team in people.reach(officer, action)


def may_act(officer: people.OfficerView, case: Case, action: Action) -> bool:
    """Whether one of the officer's roles that the definition names reaches this case."""
    if action.on and not action.by:
        return False
    return case.team in people.reach(officer, "cases.act", by=action.by or WORKERS)


def can_be_done(case: Case, plan: Options, action: Action, now: datetime) -> bool:
    """Whether stage, condition and time allow an action."""
    return case.closed_at is None and rules.can_be_done(
        action,
        stage=case.stage,
        since=case.stage_since,
        shut=case.shut,
        today=local_day(now),
        calendar=calendar_of(plan),
    )


def what_holds_up(
    officer: people.OfficerView, case: Case, plan: Options, action: Action, now: datetime
) -> str:
    """Why an action has to wait though its stage allows it; empty when nothing stands against it."""
    if not _guarded(officer, case, plan, action, now):
        return action.guard_says or _("It is for somebody else, or for later.")
    if waiting := list(_waiting_for(case, action)):
        return _("First do, or mark as not needed: {tasks}.").format(tasks=", ".join(waiting))
    return ""


def _guarded(officer: people.OfficerView, case: Case, plan: Options, action: Action, now: datetime) -> bool:
    if not action.guard:
        return True
    today = expressions.Today(day=local_day(now), calendar=calendar_of(plan))
    try:
        return bool(expressions.work_out(action.guard, guard_words(officer, case, now), today))
    except expressions.CannotWorkOut:
        # What keeps somebody out stays shut when in doubt.
        return False


def guard_words(officer: people.OfficerView, case: Case, now: datetime) -> Mapping[str, Any]:
    """What a guard may speak of: see `rules.GUARD_WORDS`."""
    clock = clock_of(case)
    done = Done.objects.filter(case=case).exclude(stage="").order_by("at", "id")
    # A program keeps its kind here, as where it is the officer: it is not taken for somebody of that name.
    decided = {
        expressions.name_of(stage): by.removeprefix("officer:")
        for stage, by in done.values_list("stage", "by")
    }
    return {
        "officer": officer.slug,
        "owner": case.owner,
        "team": case.team,
        "overdue": bool(clock.due and not clock.stopped and clock.due < local_day(now)),
        "extended": case.stage in case.extended,
        "decided": decided,
    }


def _waiting_for(case: Case, action: Action) -> Iterator[str]:
    if action.needs:
        found = Task.objects.open().filter(case=case, plan_task__in=action.needs)
        yield from found.order_by("id").values_list("title", flat=True)


def extension(officer: people.OfficerView, case: Case, plan: Options) -> Extension | None:
    """The extension this officer can give the stage now; None when there is none, or no longer."""
    allowed = plan.stages[case.stage].extend
    if allowed is None or case.closed_at is not None or case.stage in case.extended:
        return None
    clock = clock_of(case)
    if clock.due is None or clock.stopped:
        return None
    return allowed if case.team in people.reach(officer, "cases.act", by=allowed.roles or WORKERS) else None


def get_extension(*, officer: people.OfficerView, reference: str) -> ExtensionView:
    """Until when the time can be extended. Raises `NoSuchCase`, `NotNow`."""
    case = visible(officer, reference)
    plan = plan_of(case)
    found, before = extension(officer, case, plan), clock_of(case).due
    if found is None or before is None:
        raise NotNow(stage=plan.stages[case.stage].title)
    return ExtensionView(due=before, until=rules.Span.read(found.by).after(before, calendar_of(plan)))
