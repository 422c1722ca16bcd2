"""The rows of the table that are about cases, for officers' systems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from vestry.channels.rest import case_bodies, case_endpoints, paging, problems, task_bodies, task_endpoints
from vestry.channels.rest.replies import Reply
from vestry.channels.rest.route import Parameter, Route
from vestry.kernel import mark

CASE = Parameter(
    name="reference", place="path", description=mark("The reference of the case."), example="MB-7K3N-9QFA"
)
ACTION = Parameter(
    name="action", place="path", description=mark("The action, from the case."), example="collected"
)
TASK = Parameter(name="task", place="path", description=mark("The number of the task."), example="4711")
WHOSE = Parameter(
    name="whose",
    place="query",
    description=mark("This client’s own, or those of its teams that nobody has."),
    example="nobodys",
    schema={"enum": list(task_endpoints.WHOSE), "default": "mine"},
)
KEY = Parameter(
    name="Idempotency-Key",
    place="header",
    description=mark(
        "A key of your own for this one thing to do, such as a UUID. Send the same again, within 30 days, "
        "when you do not know whether it was done: it is done once."
    ),
    example="8e03978e-40d5-43dd-bc93-6894a57f9324",
    schema={"minLength": 16, "maxLength": 255},
)
REPLAYED = Parameter(
    name="Idempotency-Replayed",
    place="header",
    description=mark("“true” when it had been done before."),
    example="true",
)
IF_MATCH = Parameter(
    name="If-Match",
    place="header",
    description=mark(
        "What you read before: its ETag. Where that has changed in between, nothing is done (RFC 9110). "
        "It may be left out."
    ),
    example='"5f1c0d4e9b7a4a5f8f2f3c1d7e6b9a01"',
    optional=True,
)
ETAG = Parameter(
    name="ETag",
    place="header",
    description=mark("What it is now, in short, for If-Match; as etag in the body."),
    example='"5f1c0d4e9b7a4a5f8f2f3c1d7e6b9a01"',
)
QUERY = (
    Parameter(name="service", place="query", description=mark("Of this service only."), example="missed-bin"),
    Parameter(name="team", place="query", description=mark("Of this team only."), example="waste"),
    Parameter(
        name="state",
        place="query",
        description=mark("Those open (as when nothing is said), closed, or all."),
        example="all",
        schema={"enum": list(case_endpoints.STATES), "default": "open"},
    ),
    Parameter(
        name="changed-since",
        place="query",
        description=mark(
            "What has changed at or after this moment. To keep another system up to date, ask again from a "
            "minute before the last time."
        ),
        example="2026-11-23T09:30:00Z",
        schema={"format": "date-time"},
    ),
    paging.LIMIT,
    paging.AFTER,
)
ANYBODY = (problems.NO_CLIENT_KEY, problems.BAD_CLIENT_KEY, problems.KEY_EXPIRED, problems.NO_SCOPE)
WRITING = (
    problems.MALFORMED,
    problems.NO_KEY,
    *ANYBODY,
    problems.NOT_FOUND,
    problems.NOT_NOW,
    problems.CHANGED,
    problems.TOO_LARGE,
    problems.NOT_JSON,
    problems.NOT_TAKEN,
    problems.KEY_REUSED,
)


def _reads(
    name: str,
    path: str,
    title: str,
    description: str,
    call: Callable[..., Reply],
    gives: type[Any],
    *headers: Parameter,
    of: Parameter = CASE,
) -> Route:
    return Route(
        method="GET",
        path=path,
        name=name,
        tag="cases",
        title=title,
        description=description,
        call=call,
        parameters=(of,),
        gives=gives,
        headers=headers,
        problems=(*ANYBODY, problems.NOT_FOUND),
        scope="cases.read",
    )


def _writes(
    name: str,
    path: str,
    title: str,
    description: str,
    call: Callable[..., Reply],
    body: type[msgspec.Struct],
    scope: str,
    *of: Parameter,
) -> Route:
    of = of or (CASE,)
    return Route(
        method="POST",
        path=path,
        name=name,
        tag="cases",
        title=title,
        description=description,
        call=call,
        parameters=(*of, KEY, IF_MATCH),
        body=body,
        gives=task_bodies.TaskDone if TASK in of else case_bodies.Done,
        headers=(REPLAYED,),
        # A note can be written whatever becomes of the case.
        problems=tuple(kind for kind in WRITING if kind is not problems.NOT_NOW or scope != "cases.note"),
        scope=scope,
    )


CASE_ROUTES = (
    Route(
        method="GET",
        path="cases",
        name="cases",
        tag="cases",
        title=mark("Cases"),
        description=mark(
            "The cases this client may see, what changed longest ago first. What changes while you read "
            "comes again at the end, so nothing is missed."
        ),
        call=case_endpoints.list_cases,
        parameters=QUERY,
        gives=case_bodies.CaseList,
        headers=(paging.LINK,),
        problems=(problems.BAD_QUERY, *ANYBODY),
        scope="cases.read",
    ),
    _reads(
        "case",
        "cases/{reference}",
        mark("One case"),
        mark("All there is to know of it, and what can be done with it now."),
        case_endpoints.case,
        case_bodies.Case,
        ETAG,
    ),
    _reads(
        "case-timeline",
        "cases/{reference}/timeline",
        mark("What happened to a case"),
        mark("Every step, in sentences, as officers read it."),
        case_endpoints.timeline,
        case_bodies.Timeline,
    ),
    _reads(
        "case-messages",
        "cases/{reference}/messages",
        mark("Messages of a case"),
        mark("What the council and the resident wrote to each other."),
        case_endpoints.messages,
        case_bodies.Messages,
    ),
    _writes(
        "case-message",
        "cases/{reference}/messages",
        mark("Write to the resident"),
        mark("The resident is told by email and reads it on the status page."),
        case_endpoints.message,
        case_bodies.NewMessage,
        "cases.message",
    ),
    _reads(
        "case-notes",
        "cases/{reference}/notes",
        mark("Notes on a case"),
        mark("What officers wrote for themselves. The resident never sees it."),
        case_endpoints.notes,
        case_bodies.Notes,
    ),
    _writes(
        "case-note",
        "cases/{reference}/notes",
        mark("Write a note"),
        mark("Only officers see it."),
        case_endpoints.note,
        case_bodies.NewNote,
        "cases.note",
    ),
    _writes(
        "case-take",
        "cases/{reference}/take",
        mark("Take a case"),
        mark("From now on this client works on it. Nobody may have taken it before."),
        case_endpoints.take,
        case_bodies.Taking,
        "cases.take",
    ),
    _writes(
        "case-act",
        "cases/{reference}/actions/{action}",
        mark("Do something with a case"),
        mark(
            "One of the actions that the case lists now, with its answers. What cannot be done on the page "
            "cannot be done here: no stage is skipped."
        ),
        case_endpoints.act,
        case_bodies.Doing,
        "cases.act",
        CASE,
        ACTION,
    ),
    _writes(
        "case-hand-over",
        "cases/{reference}/hand-over",
        mark("Hand a case over"),
        mark("To a colleague, or to another team for whoever takes it. Its open tasks go along."),
        case_endpoints.hand_over,
        case_bodies.HandingOver,
        "cases.hand-over",
    ),
    _writes(
        "case-extend",
        "cases/{reference}/extend",
        mark("Put a due date off"),
        mark("Once in a stage, by as much as the service allows. The resident is told why."),
        case_endpoints.extend,
        case_bodies.Extending,
        "cases.act",
    ),
    _reads(
        "case-tasks",
        "cases/{reference}/tasks",
        mark("Tasks of a case"),
        mark("The pieces of work in it, those done too."),
        task_endpoints.tasks_of_case,
        task_bodies.CaseTasks,
    ),
    _writes(
        "case-task-add",
        "cases/{reference}/tasks",
        mark("Add a task to a case"),
        mark("For an officer of its team, or for whoever takes it."),
        case_endpoints.add_task,
        case_bodies.NewTask,
        "cases.task",
    ),
    Route(
        method="GET",
        path="tasks",
        name="tasks",
        tag="cases",
        title=mark("Tasks"),
        description=mark("The open tasks this client has, or could have: the most urgent first."),
        call=task_endpoints.list_tasks,
        parameters=(WHOSE, paging.LIMIT, paging.AFTER),
        gives=task_bodies.TaskList,
        headers=(paging.LINK,),
        problems=(problems.BAD_QUERY, *ANYBODY),
        scope="cases.tasks",
    ),
    _reads(
        "task",
        "tasks/{task}",
        mark("One task"),
        mark("What is to be done, for which case, and what came of it."),
        task_endpoints.task,
        task_bodies.Task,
        ETAG,
        of=TASK,
    ),
    _writes(
        "task-end",
        "tasks/{task}/end",
        mark("Say what came of a task"),
        mark("It is done; or it is not needed, for a reason."),
        task_endpoints.end,
        task_bodies.Ending,
        "cases.task",
        TASK,
    ),
    _writes(
        "task-give",
        "tasks/{task}/give",
        mark("Give a task to somebody"),
        mark("To an officer of its team, to this client itself, or to whoever takes it."),
        task_endpoints.give,
        task_bodies.Giving,
        "cases.task",
        TASK,
    ),
    Route(
        method="GET",
        path="teams",
        name="teams",
        tag="cases",
        title=mark("To whom work can be given"),
        description=mark("Each team, and in it each officer who works its cases."),
        call=task_endpoints.teams,
        gives=task_bodies.TeamList,
        problems=ANYBODY,
        scope="cases.hand-over",
    ),
)
