"""Tasks: the pieces of work in a case, and work that no case asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.utils.translation import gettext as _

from vestry.cases import events
from vestry.cases.api.finding import visible
from vestry.cases.api.paging import leniently, onwards, place_of
from vestry.cases.api.stating import add_task, check_due, end_task, form_key, state_task, tidy
from vestry.cases.api.views import (
    CaseClosed,
    CaseForgotten,
    NobodyThere,
    NotPossible,
    NotYours,
    TaskPage,
    TaskView,
    WrittenTooLong,
)
from vestry.cases.api.working import check_recipient, working
from vestry.cases.models import NO_DUE, Case, Task
from vestry.kernel import SYSTEM, Ref, Refused
from vestry.ledger import api as ledger
from vestry.people import api as people

PAGE = 25
TITLE = 200


class NoSuchTask(Refused):
    """There is no such task here that you can see."""


class TaskEnded(NotPossible):
    """This task is done, or was found not to be needed."""


def raise_task(
    *,
    about: Ref,
    title: str,
    key: str,
    now: datetime,
    actor: Ref,
    hint: str = "",
    team: str = "",
    due: date | None = None,
) -> TaskView:
    """Open work no officer asked for, such as a message that can't be delivered. The same ``key`` is once.

    ``about`` a case, the task lies in it, with its team, open or closed. About anything else it is
    ``team``'s or, with none, of whoever looks after Vestry. ``title`` is one line, ``hint`` says what to do.
    """
    with ledger.transaction():
        key = f"raised:{key}"[:100]
        found = Task.objects.select_related("case").filter(key=key).first()
        if found is None:
            case = Case.objects.select_related("plan").filter(reference=about.key).first()
            found = Task(key=key, about=str(about), title=tidy(title)[:TITLE], hint=hint, team=team)
            found.case = case if about.kind == "case" else None
            add_task(found, due=due, actor=actor, now=now)
    return task_view(found)


def settle_tasks(*, called: str, why: str, now: datetime) -> None:
    """End open tasks that were raised with a key that ends with ``:called``: something else has settled them.

    ``why`` is a sentence for whoever looks at the task later, with nothing personal in it.
    """
    with ledger.transaction():
        theirs = Task.objects.open().filter(key__startswith="raised:", key__endswith=f":{called}")
        for pk, case in list(theirs.order_by("id").values_list("pk", "case_id")):
            # The case before its task, as everywhere.
            Case.objects.select_for_update().filter(pk=case).first()
            row = theirs.select_for_update(of=("self",)).select_related("case").filter(pk=pk).first()
            if row:
                end_task(row, Task.NOT_NEEDED, why, actor=SYSTEM, now=now)


def task_view(task: Task) -> TaskView:
    """The view of a row."""
    return TaskView(
        id=task.pk,
        about=Ref.read(task.about),
        reference=task.case.reference if task.case else "",
        title=task.title or _("A task whose words were erased"),
        hint=task.hint,
        team=task.team,
        owner=task.owner,
        due=None if task.due == NO_DUE else task.due,
        state=task.state,
        added_at=task.added_at,
        ended_at=task.ended_at,
        ended_by=people.officer_name(Ref.read(task.ended_by)) if task.ended_by else "",
        reason=task.reason,
    )


def tasks(
    *,
    officer: people.OfficerView,
    mine: bool = True,
    after: str = "",
    limit: int = PAGE,
    strictly: bool = False,
) -> TaskPage:
    """Open tasks, the most urgent first: one's own, or those of one's teams that nobody has.

    ``after`` is where the page before ended (`TaskPage.after`); anything else begins at the beginning or,
    ``strictly``, raises `NotAPlace`.
    """
    found = Task.objects.visible_to(officer).open().select_related("case")
    found = found.filter(owner=officer.slug if mine else "")
    rows = list((onwards if strictly else leniently)(found, after, by="due")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return TaskPage(
        tasks=[task_view(row) for row in rows[:limit]],
        after=place_of(last, "due") if last else "",
    )


def tasks_of(*, officer: people.OfficerView, reference: str) -> list[TaskView]:
    """The tasks of a case: what is open first. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    rows = Task.objects.filter(case=case).select_related("case").order_by("-state", "due", "id")
    return sorted((task_view(row) for row in rows), key=lambda task: not task.open)


def get_task(*, officer: people.OfficerView, task: int) -> TaskView:
    """A task. Raises `NoSuchTask`, alike for one that isn't there and one that isn't for this officer."""
    return task_view(_visible(officer, task))


@contextmanager
def alone_with_task(*, officer: people.OfficerView, task: int) -> Iterator[TaskView]:
    """A transaction in which nobody else changes the task, nor its case. Raises `NoSuchTask`."""
    with ledger.transaction():
        yield task_view(_visible(officer, task, lock=True))


def _visible(officer: people.OfficerView, task: int, *, lock: bool = False) -> Task:
    mine = Task.objects.visible_to(officer).select_related("case__plan").filter(pk=task)
    row = mine.first()
    if row and lock:
        # The case before its task, as whoever moves a case on locks them: nobody waits in a circle.
        if row.case_id:
            Case.objects.select_for_update().get(pk=row.case_id)
        row = mine.select_for_update(of=("self",)).first()
    if row is None:
        raise NoSuchTask
    return row


def add_to_case(
    *,
    officer: people.OfficerView,
    reference: str,
    title: str,
    now: datetime,
    owner: str = "",
    due: date | None = None,
    key: str = "",
) -> None:
    """Add a task to an open case, for an officer of its team or whoever takes it. ``title`` is one line.

    Raises `NoSuchCase`, `NotYours`, `CaseClosed`, `NobodyThere`, `NotADueDate`, `NothingWritten`,
    `WrittenTooLong`.
    """
    with working(officer, reference, "cases.task") as case:
        if case.closed_at is not None:
            raise CaseClosed
        kept = f"{form_key('task', key)}:{case.pk}"
        if Task.objects.filter(key=kept).exists():
            return
        if owner:
            check_recipient(case.team, owner)
        if due:
            check_due(due, now)
        line = " ".join(tidy(title).split())
        if len(line) > TITLE:
            raise WrittenTooLong(most=str(TITLE))
        task = Task(case=case, key=kept, title=line, owner=owner)
        add_task(task, due=due, actor=officer.ref, now=now)


def _locked(officer: people.OfficerView, task: int) -> Task:
    row = _visible(officer, task, lock=True)
    reach = people.reach(officer, "cases.task")
    if row.team not in reach and not (row.case is None and people.reach(officer, "cases.odd-jobs").every):
        raise NotYours
    return row


def end(*, officer: people.OfficerView, task: int, now: datetime, not_needed: str = "") -> None:
    """A task is done; or not needed, for the reason given. Ended already, nothing happens.

    Raises `NoSuchTask`, `NotYours`, `WrittenTooLong`.
    """
    with ledger.transaction():
        row = _locked(officer, task)
        if row.state != Task.OPEN:
            return
        if not_needed and row.case and row.case.forgotten_at is not None:
            raise CaseForgotten
        how = Task.NOT_NEEDED if not_needed else Task.DONE
        end_task(row, how, tidy(not_needed) if not_needed else "", actor=officer.ref, now=now)


def give_task(*, officer: people.OfficerView, task: int, owner: str, now: datetime) -> None:
    """Give a task to an officer of its team, oneself included, or with none named to whoever takes it.

    Raises `NoSuchTask`, `NotYours`, `TaskEnded`, `NobodyThere`.
    """
    with ledger.transaction():
        row = _locked(officer, task)
        if row.state != Task.OPEN:
            raise TaskEnded
        if row.owner == owner:
            return
        if owner and owner != officer.slug:
            if not row.team:
                raise NobodyThere
            check_recipient(row.team, owner)
        row.owner = owner
        row.save(update_fields=["owner"])
        state_task(row, events.TaskGiven(task=row.pk, owner=owner), actor=officer.ref, now=now)
