"""Pure decisions about cases: when they are due, what leads where, what can be done now.

Days are counted as in law: the day something is received never counts, so "20 working days" from a Monday is
the Monday four weeks later when no holiday lies between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from vestry.cases.options import RUNNING, STARTS_OVER, Action, Options, Stage
from vestry.kernel import WorkingCalendar

GUARD_WORDS = frozenset({"officer", "owner", "team", "overdue", "extended", "decided"})
"""What an action's guard may speak of: who is doing it, who has the case, its team, whether it is late,
whether its stage was extended, and who did the last action in each stage: ``decided.stage_1``."""


@dataclass(frozen=True, slots=True)
class Span:
    """A number of working or calendar days."""

    days: int
    working: bool

    @classmethod
    def read(cls, text: str) -> Self:
        """From ``20 working days`` or ``5 days``."""
        number, *unit = text.split()
        return cls(int(number), "working" in unit)

    def after(self, day: date, calendar: WorkingCalendar) -> date:
        """The last day of the span that begins on the day after ``day``."""
        return calendar.add(day, self.days) if self.working else day + timedelta(days=self.days)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """When a case is due, and since when its clock stands still. ``due`` is None for a case without one."""

    due: date | None
    stopped: date | None = None


def first_clock(plan: Options, today: date, calendar: WorkingCalendar) -> Clock:
    """The clock of a case that is opened today."""
    stage = plan.stages[plan.first]
    span = stage.due or plan.due
    due = Span.read(span).after(today, calendar) if span else None
    return Clock(due=due, stopped=today if due and stage.clock != RUNNING else None)


def next_clock(
    clock: Clock, plan: Options, left: Stage, entered: Stage, today: date, calendar: WorkingCalendar
) -> Clock:
    """The clock after a case went from one stage to another."""
    due, stopped = clock.due, clock.stopped
    if left.end and plan.due:
        # Opened again: what was promised at first is promised anew.
        due, stopped = Span.read(plan.due).after(today, calendar), None
    elif stopped is not None and entered.clock == RUNNING:
        due, stopped = _started(clock, plan, left, today, calendar), None
    if entered.due:
        due = Span.read(entered.due).after(today, calendar)
    if due and stopped is None and entered.clock != RUNNING and not entered.end:
        stopped = today
    return Clock(due=due, stopped=stopped)


def _started(clock: Clock, plan: Options, left: Stage, today: date, calendar: WorkingCalendar) -> date | None:
    if clock.due is None or clock.stopped is None:
        return clock.due
    span = Span.read(plan.due) if plan.due else None
    if left.clock == STARTS_OVER and span:
        return span.after(today, calendar)
    if span and not span.working:
        return clock.due + (today - clock.stopped)
    return calendar.add(clock.due, calendar.count(clock.stopped, today))


def can_be_done(
    action: Action, *, stage: str, since: date, shut: Iterable[str], today: date, calendar: WorkingCalendar
) -> bool:
    """Whether the plan allows an action now; whether the officer may is asked elsewhere."""
    if stage not in action.starts or action.id in shut:
        return False
    return not action.after or today >= Span.read(action.after).after(since, calendar)


def takes_reply_until(stage: Stage, closed: date | None, calendar: WorkingCalendar) -> date | None:
    """The last day on which an answer opens a closed case again; None where none does, or it is open."""
    if closed is None or not stage.reply_within:
        return None
    return Span.read(stage.reply_within).after(closed, calendar)


def leads_to(plan: Options, slug: str) -> Iterator[str]:
    """The stages one step away."""
    for action in plan.actions:
        if slug in action.starts:
            yield action.to
    if on_reply := plan.stages[slug].on_reply:
        yield on_reply


def unreachable(plan: Options) -> list[str]:
    """Stages no case can ever come to, in their order."""
    seen, waiting = {plan.first}, [plan.first]
    while waiting:
        for slug in leads_to(plan, waiting.pop()):
            if slug in plan.stages and slug not in seen:
                seen.add(slug)
                waiting.append(slug)
    return [slug for slug in plan.stages if slug not in seen]


def never_ending(plan: Options) -> list[str]:
    """Stages from which no end can be come to, in their order."""
    ending = {slug for slug, stage in plan.stages.items() if stage.end}
    grown = True
    while grown:
        more = {slug for slug in plan.stages if ending & set(leads_to(plan, slug))}
        grown = not more <= ending
        ending |= more
    return [slug for slug in plan.stages if slug not in ending]
