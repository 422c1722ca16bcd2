"""What is sent and answered about cases, as types."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from vestry.channels.rest.bodies import Line, Link, Reference, Slug, Title, Version, said
from vestry.kernel import mark

Team = Annotated[str, said(mark("The team that has it, by its short name."), "waste")]


class CaseLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on."""

    self: Annotated[Link, said(mark("This case, with all there is to know of it."))]
    timeline: Annotated[Link, said(mark("What happened to it."))]
    messages: Annotated[Link, said(mark("What the council and the resident wrote to each other."))]
    notes: Annotated[Link, said(mark("What officers wrote for themselves."))]
    tasks: Annotated[Link, said(mark("The pieces of work in it."))]
    page: Annotated[Link, said(mark("The same case for officers."))]


class CaseInList(msgspec.Struct, frozen=True, kw_only=True):
    """A case, as lists show it."""

    reference: Reference
    service: Slug
    version: Version
    title: Title
    team: Team
    owner: Annotated[str, said(mark("Who works on it; empty while nobody does."), "priya")]
    stage: Annotated[str, said(mark("Where it stands, as a word that never changes."), "reported")]
    stage_title: Annotated[str, said(mark("Where it stands, for people."), "Reported")]
    place: Annotated[str, said(mark("Where it is, if its information class lets a list show that."))]
    due: Annotated[date | None, said(mark("By when, if there is a date."), "2026-11-25")]
    clock_stopped: Annotated[bool, said(mark("Whether the due date waits, mostly for the resident."))]
    opened_at: Annotated[datetime, said(mark("When it was opened."), "2026-11-23T09:30:00Z")]
    changed_at: Annotated[datetime, said(mark("When anything last happened to it."), "2026-11-23T09:30:00Z")]
    closed_at: Annotated[datetime | None, said(mark("When it was closed; null while it is open."))]
    outcome: Annotated[str, said(mark("How it ended, as a word; empty while it is open."), "resolved")]
    erased_at: Annotated[datetime | None, said(mark("When its personal details were erased; null: not yet."))]
    links: Annotated[CaseLinks, said(mark("Where to go on."))]


class CaseList(msgspec.Struct, frozen=True, kw_only=True):
    """Cases, what changed longest ago first."""

    cases: Annotated[list[CaseInList], said(mark("One page of them."))]
    next: Annotated[Link | None, said(mark("The next page; null where there is none. As in the header."))]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A question and its answer, as people read them."""

    question: Annotated[str, said(mark("What was asked."), "What is your address?")]
    answer: Annotated[str, said(mark("What was answered."), "2 High Street")]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be done with the case now."""

    action: Annotated[str, said(mark("Its name in addresses."), "collected")]
    title: Annotated[str, said(mark("What it does."), "Mark as collected")]
    answers: Annotated[dict[str, Any], said(mark("A JSON Schema (2020-12) of the answers that it asks for."))]
    message: Annotated[
        str, said(mark("Whether a message to the resident goes with it: empty, optional or required."))
    ]
    closes: Annotated[bool, said(mark("Whether it closes the case."))]
    link: Annotated[Link, said(mark("Where to do it."))]


class Case(CaseInList, frozen=True, kw_only=True):
    """A case, with all there is to know of it."""

    information_class: Annotated[str, said(mark("How carefully it is held."), "official-personal")]
    answers: Annotated[list[Answer], said(mark("What the resident told the council."))]
    found: Annotated[list[Answer], said(mark("What officers answered when they did something."))]
    actions: Annotated[list[Action], said(mark("What this client can do with it now."))]
    can_be_taken: Annotated[bool, said(mark("Whether this client can take it now."))]
    can_be_handed_over: Annotated[bool, said(mark("Whether this client can give it to somebody else now."))]
    extension: Annotated[
        date | None,
        said(mark("Until when this client can put the due date off; null: it cannot."), "2026-12-23"),
    ]
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


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to a case."""

    lines: Annotated[list[Line], said(mark("Oldest first, as officers read it."))]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message between the council and the resident."""

    at: Annotated[datetime, said(mark("When it was written."), "2026-11-23T09:30:00Z")]
    by: Annotated[str, said(mark("Who wrote it."), "Priya Nair")]
    text: Annotated[str, said(mark("What it says."))]
    from_resident: Annotated[bool, said(mark("Whether the resident wrote it."))]
    wants_answer: Annotated[bool, said(mark("Whether the resident was asked to answer."))]


class Messages(msgspec.Struct, frozen=True, kw_only=True):
    """The messages of a case."""

    messages: Annotated[list[Message], said(mark("Oldest first."))]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One note, for officers only."""

    at: Annotated[datetime, said(mark("When it was written."), "2026-11-23T09:30:00Z")]
    by: Annotated[str, said(mark("Who wrote it."), "Priya Nair")]
    text: Annotated[str, said(mark("What it says."))]


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """The notes on a case."""

    notes: Annotated[list[Note], said(mark("Oldest first."))]


class NewNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A note to write."""

    text: Annotated[str, said(mark("What it says. Only officers read it."), "The crew has been told.")]


class NewMessage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message to send to the resident."""

    text: Annotated[str, said(mark("What it says. The resident reads it."), "We come back on Friday.")]
    wants_answer: Annotated[bool, said(mark("Whether the resident is asked to answer."))] = False


class Doing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An action to do."""

    answers: Annotated[
        dict[str, Any], said(mark("The answers it asks for, by question id. Its schema is on the case."))
    ] = {}
    text: Annotated[str, said(mark("The message to the resident, where one goes with it."))] = ""


class HandingOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who should have the case."""

    team: Annotated[str, said(mark("The team, by its short name."), "waste")]
    owner: Annotated[str, said(mark("One of its officers; empty for whoever takes it."), "priya")] = ""


class Extending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Putting the due date off."""

    reason: Annotated[
        str, said(mark("Why. The resident reads it, and the new date."), "We wait for the archive.")
    ]


class NewTask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A task to add to a case."""

    title: Annotated[
        str, said(mark("What is to be done, in one line of 200 characters at most."), "Ring them")
    ]
    owner: Annotated[
        str, said(mark("An officer of the case’s team; empty for whoever takes it."), "priya")
    ] = ""
    due: Annotated[date | None, said(mark("By when, if there is a date."), "2026-11-25")] = None


class Taking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Taking a case: there is nothing to say."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """It is done."""

    reference: Reference
    case: Annotated[
        Case | None,
        said(mark("The case as it is now; null when it has gone where this client cannot see it.")),
    ]
