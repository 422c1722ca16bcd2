"""What is sent and answered about tasks, as types."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from vestry.channels.rest.bodies import Link, said
from vestry.kernel import mark

TeamName = Annotated[str, said(mark("The team, by its short name."), "waste")]


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be given work."""

    officer: Annotated[str, said(mark("Their short name, as an owner is called."), "priya")]
    name: Annotated[str, said(mark("What they are called."), "Priya Nair")]


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """A team."""

    team: TeamName
    title: Annotated[str, said(mark("What people call it."), "Waste")]
    officers: Annotated[list[Colleague], said(mark("Who works its cases, by name."))]


class TeamList(msgspec.Struct, frozen=True, kw_only=True):
    """The teams."""

    teams: Annotated[list[Team], said(mark("Every team of the council, by title."))]


class TaskLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on."""

    self: Annotated[Link, said(mark("This task."))]
    case: Annotated[Link | None, said(mark("Its case; null where it is about something else."))]
    page: Annotated[Link, said(mark("The same task for officers."))]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work."""

    task: Annotated[int, said(mark("Its number."), 4711)]
    reference: Annotated[
        str, said(mark("The reference of its case; empty where it is about something else."), "MB-7K3N-9QFA")
    ]
    title: Annotated[str, said(mark("What is to be done."), "Ring them")]
    hint: Annotated[str, said(mark("What helps to do it; mostly empty."))]
    team: Annotated[str, said(mark("The team whose it is; it goes with the case."), "waste")]
    owner: Annotated[str, said(mark("Who does it; empty while nobody does."), "priya")]
    due: Annotated[date | None, said(mark("By when, if there is a date."), "2026-11-25")]
    state: Annotated[str, said(mark("open, done or not-needed."), "open")]
    reason: Annotated[str, said(mark("Why it was not needed; mostly empty."))]
    added_at: Annotated[datetime, said(mark("When it was added."), "2026-11-23T09:30:00Z")]
    ended_at: Annotated[datetime | None, said(mark("When it was done, or not needed; null: not yet."))]
    ended_by: Annotated[str, said(mark("Who ended it; empty while it is open."), "Priya Nair")]
    etag: Annotated[
        str,
        said(
            mark(
                "All that is said here, in short: another one as soon as anything is different. Send it as "
                "If-Match, with its quotation marks, to do nothing where that has happened."
            ),
            '"5f1c0d4e9b7a4a5f8f2f3c1d7e6b9a01"',
        ),
    ]
    links: Annotated[TaskLinks, said(mark("Where to go on."))]


class TaskList(msgspec.Struct, frozen=True, kw_only=True):
    """Open tasks, the most urgent first."""

    tasks: Annotated[list[Task], said(mark("One page of them."))]
    next: Annotated[Link | None, said(mark("The next page; null where there is none. As in the header."))]


class CaseTasks(msgspec.Struct, frozen=True, kw_only=True):
    """The tasks of a case."""

    tasks: Annotated[list[Task], said(mark("What is open first; then what was done or not needed."))]


class Ending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came of a task."""

    came: Annotated[Literal["done", "not-needed"], said(mark("Whether it is done, or not needed."), "done")]
    reason: Annotated[str, said(mark("Why it is not needed; only then."))] = ""


class Giving(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who should do a task."""

    owner: Annotated[
        str,
        said(
            mark("An officer of its team, this client itself, or nobody (empty): whoever takes it."),
            "client:crm",
        ),
    ]


class TaskDone(msgspec.Struct, frozen=True, kw_only=True):
    """It is done."""

    task: Annotated[int, said(mark("Its number."), 4711)]
    now: Annotated[
        Task | None,
        said(mark("The task as it is now; null when it has gone where this client cannot see it.")),
    ]
