"""What is sent and answered, as types. The endpoints make these, and the OpenAPI document describes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from vestry.kernel import mark


def said(description: str, *examples: Any) -> msgspec.Meta:
    """What a field means."""
    return msgspec.Meta(description=description, examples=list(examples) or None)


Slug = Annotated[str, said(mark("The service’s name in addresses. It never changes."), "missed-bin")]
Version = Annotated[int, said(mark("The published version of the service. A version never changes."), 3)]
Title = Annotated[str, said(mark("What residents call it."), "Report a missed bin")]
Reference = Annotated[str, said(mark("What the resident and the council call it."), "MB-7K3N-9QFA")]
Moment = Annotated[datetime, said(mark("When it was sent."), "2026-11-23T09:30:00Z")]
Link = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uri"})]


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on."""

    self: Annotated[Link, said(mark("This service."))]
    questions: Annotated[Link, said(mark("What it asks, as a JSON Schema."))]
    submissions: Annotated[Link, said(mark("Where to send answers."))]
    page: Annotated[Link, said(mark("The same service for people."))]


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service of the council."""

    service: Slug
    title: Title
    summary: Annotated[str, said(mark("What it is for, in a sentence."))]
    version: Version
    why: Annotated[
        str, said(mark("The statement of the council’s strategy that it serves."), "clean-streets")
    ]
    lgsl: Annotated[int | None, said(mark("Its number in the national Local Government Service List."), 524)]
    lgil: Annotated[
        int | None, said(mark("Its number in the national Local Government Interaction List."), 8)
    ]
    links: Annotated[Links, said(mark("Where to go on."))]


class Council(msgspec.Struct, frozen=True, kw_only=True):
    """Whose services these are."""

    slug: Annotated[str, said(mark("The council’s short name."), "harrowmere")]
    name: Annotated[str, said(mark("The council’s name."), "Harrowmere District Council")]


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the council offers."""

    council: Annotated[Council, said(mark("Whose services these are."))]
    services: Annotated[list[Service], said(mark("The latest version of each, by title."))]


class Submission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers to a service's questions, all at once."""

    answers: Annotated[
        dict[str, Any],
        said(mark("The answers, by question id. The service’s questions are the schema of this object.")),
    ]
    holds: Annotated[
        dict[str, str],
        # More than any service books at once: each of them is looked up, whoever sends it.
        msgspec.Meta(max_length=20),
        said(
            mark("The token of what is held for an answer, by question id. Nothing need be held."),
            {"round-time": "BK-7K3N-9QFA.5f1d…"},
        ),
    ] = {}


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file was taken in, and waits to be sent with answers."""

    id: Annotated[
        str,
        said(mark("What an answer says for the file."), "9b2f6f0f5c0e4b7e8f0a1d2c3b4a5968"),
    ]
    name: Annotated[str, said(mark("What it is called from now on."), "letter.pdf")]
    media_type: Annotated[
        str, said(mark("What it was found to be, whatever was said of it."), "application/pdf")
    ]
    size: Annotated[int, said(mark("Its size in bytes."), 48_213)]
    sha256: Annotated[str, said(mark("Its SHA-256, in hexadecimal: what you sent is what arrived."))]
    checked: Annotated[
        bool,
        said(mark("Whether it was checked for viruses already. If not, it will be before anybody opens it.")),
    ]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """A submission was taken."""

    reference: Reference
    service: Slug
    version: Version
    title: Title
    submitted_at: Moment
    status: Annotated[Link, said(mark("Where to ask how it stands."))]
    token: Annotated[str, said(mark("Opens the status. Keep it like a password."))]


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """Answers were accepted, and a person has to pay before they are sent."""

    id: Annotated[str, said(mark("What the answers are called until they are sent."), "4711")]
    service: Slug
    version: Version
    title: Title
    state: Annotated[
        Literal["open", "waiting", "failed", "stranded", "changing"],
        said(
            mark(
                "open: a person has to go to the page. waiting: whether they paid is not known yet. failed: "
                "they did not pay, and can try again. stranded: it was paid for and cannot be sent; on "
                "the page a person chooses again, or the money goes back. changing: on the page a person "
                "changes the answers."
            )
        ),
    ]
    reason: Annotated[str, said(mark("How it stands, or why it failed, as people are told."))]
    page: Annotated[Link, said(mark("Where a person pays. Whoever has it sees the answers."))]
    status: Annotated[Link, said(mark("Where to ask how it stands."))]
    token: Annotated[str, said(mark("Opens the status. Keep it like a password."))]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened."""

    at: Annotated[datetime, said(mark("When it happened."), "2026-11-23T09:30:00Z")]
    what: Annotated[str, said(mark("What happened, as the resident is told."), "You sent this to us.")]


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How a submission stands: what the resident may know of it. What was answered is not in it."""

    reference: Reference
    service: Slug
    version: Version
    title: Title
    submitted_at: Moment
    stage: Annotated[str, said(mark("Where it stands."), "With the crew")]
    closed: Annotated[bool, said(mark("Whether the council is done with it."))]
    outcome: Annotated[str, said(mark("How it ended, as a word; empty while it is open."), "resolved")]
    erased_at: Annotated[
        datetime | None, said(mark("When the personal details in it were erased; null: not yet."))
    ]
    next: Annotated[str, said(mark("What happens next, in a sentence; may be empty."))]
    due: Annotated[date | None, said(mark("By when, if there is a date."), "2026-11-25")]
    waiting_for_resident: Annotated[bool, said(mark("Whether the council waits for the resident’s answer."))]
    history: Annotated[list[Line], said(mark("What happened so far, oldest first."))]


class FieldError(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one part of what was sent."""

    pointer: Annotated[
        str, said(mark("Where it is in the body, as a JSON Pointer (RFC 6901)."), "/answers/day")
    ]
    detail: Annotated[str, said(mark("What is wrong, in a sentence that can be shown to a person."))]


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong (RFC 9457)."""

    type: Annotated[Link, said(mark("The kind of problem; its page explains it."))]
    title: Annotated[str, said(mark("The kind of problem in a few words."))]
    status: Annotated[int, said(mark("The HTTP status."), 422)]
    detail: Annotated[str, said(mark("What happened and what to do."))]
    errors: Annotated[list[FieldError], said(mark("What is wrong with which field."))] = []
