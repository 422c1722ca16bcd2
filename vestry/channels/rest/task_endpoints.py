"""Tasks, and to whom work can be given, for officers' systems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from vestry.cases import api as cases
from vestry.channels.rest import clients, paging, preconditions, reading, task_bodies
from vestry.channels.rest.case_endpoints import as_problems, not_taken
from vestry.channels.rest.replies import Reply
from vestry.design.shown import said
from vestry.kernel import tidy_reference
from vestry.people import api as people

WHOSE = ("mine", "nobodys")
# What the database can hold as a number of a row.
LARGEST = 2**63 - 1


def teams(request: HttpRequest) -> Reply:
    """To whom work can be given."""
    officers = people.find_officers()
    return Reply(
        body=task_bodies.TeamList(
            teams=[
                task_bodies.Team(
                    team=team.slug,
                    title=team.title,
                    officers=[
                        task_bodies.Colleague(officer=one.slug, name=one.name)
                        for one in officers
                        if team.slug in people.reach(one, "cases.take")
                    ],
                )
                for team in people.teams()
            ]
        )
    )


def list_tasks(request: HttpRequest) -> Reply:
    """The client's own open tasks, or those nobody has, the most urgent first."""
    asked = paging.asked(request, {"whose": "mine"})
    paging.one_of("whose", asked["whose"], WHOSE)
    try:
        page = cases.tasks(
            officer=request.client,
            mine=asked["whose"] == "mine",
            after=asked["after"],
            limit=asked["limit"],
            strictly=True,
        )
    except cases.NotAPlace as refused:
        raise paging.wrong("after", said(refused)) from None
    following, headers = paging.onwards(request, page.after)
    found = [_task(request, task) for task in page.tasks]
    return Reply(body=task_bodies.TaskList(tasks=found, next=following), headers=headers)


def tasks_of_case(request: HttpRequest, reference: str) -> Reply:
    """The tasks of a case."""
    with as_problems():
        found = cases.tasks_of(officer=request.client, reference=tidy_reference(reference))
    return Reply(body=task_bodies.CaseTasks(tasks=[_task(request, task) for task in found]))


def task(request: HttpRequest, task: str) -> Reply:
    """One task."""
    with as_problems():
        found = _task(request, cases.get_task(officer=request.client, task=_number(task)))
    return Reply(body=found, headers={"ETag": found.etag})


def _number(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) <= len(str(LARGEST))):
        raise cases.NoSuchTask
    if int(written) > LARGEST:
        raise cases.NoSuchTask
    return int(written)


def _task(request: HttpRequest, task: cases.TaskView) -> task_bodies.Task:
    def link(name: str, word: object) -> str:
        return request.build_absolute_uri(reverse(name, args=[word]))

    body = task_bodies.Task(
        task=task.id,
        reference=task.reference,
        title=task.title,
        hint=task.hint,
        team=task.team,
        owner=task.owner,
        due=task.due,
        state=task.state,
        reason=task.reason,
        added_at=task.added_at,
        ended_at=task.ended_at,
        ended_by=task.ended_by,
        etag="",
        links=task_bodies.TaskLinks(
            self=link("rest:task", task.id),
            case=link("rest:case", task.reference) if task.reference else None,
            page=link("desk:task", task.id),
        ),
    )
    return preconditions.tagged(body)


def end(request: HttpRequest, task: str) -> Reply:
    """A task is done, or not needed."""
    sent = reading.body(request, task_bodies.Ending)
    needed = sent.came == "done"
    if needed == bool(sent.reason.strip()):
        raise not_taken("reason", _("Say here why it is not needed, and nothing when it is done."))
    return _done(
        request,
        task,
        lambda mine: cases.end(**mine, not_needed="" if needed else sent.reason),
        written="reason",
    )


def give(request: HttpRequest, task: str) -> Reply:
    """Give a task to a colleague, take it, or leave it to whoever takes it."""
    sent = reading.body(request, task_bodies.Giving)
    return _done(request, task, lambda mine: cases.give_task(**mine, owner=sent.owner))


def _done(
    request: HttpRequest, task: str, do: Callable[[dict[str, Any]], None], *, written: str = "owner"
) -> Reply:
    """Do it once, to the task that is meant and still open, and give the task as it is then."""

    def did(key: str, now: datetime) -> None:
        with as_problems(written):
            mine = {"officer": request.client, "task": _number(task)}
            with cases.alone_with_task(**mine) as found:
                preconditions.check(request, _task(request, found).etag)
                if not found.open:
                    raise cases.TaskEnded
                do({**mine, "now": now})

    def gives() -> task_bodies.TaskDone:
        number = _number(task)
        try:
            found = cases.get_task(officer=request.client, task=number)
            return task_bodies.TaskDone(task=number, now=_task(request, found))
        except cases.NoSuchTask:
            return task_bodies.TaskDone(task=number, now=None)

    return clients.once(request, did, gives)
