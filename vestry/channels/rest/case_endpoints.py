"""Cases for officers' systems: read the request, one call to a door as the client, one body back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from vestry.cases import api as cases
from vestry.channels.rest import bodies, case_bodies, clients, paging, preconditions, problems, reading
from vestry.channels.rest.bodies import FieldError
from vestry.channels.rest.problems import Trouble, pointer
from vestry.channels.rest.replies import Reply
from vestry.design.shown import said
from vestry.kernel import tidy_reference, utc_now
from vestry.services import api as services

STATES = ("open", "closed", "all")


@contextmanager
def as_problems(written: str = "text", recipient: str = "owner") -> Iterator[None]:
    """What the pages refuse is refused here, with the same sentence, at the field it is about."""
    try:
        yield
    except (cases.NoSuchCase, cases.NoSuchTask):
        raise Trouble(kind=problems.NOT_FOUND) from None
    except cases.NobodyThere as refused:
        raise not_taken(recipient, said(refused)) from None
    except cases.NotADueDate as refused:
        raise not_taken("due", said(refused)) from None
    except cases.NotPossible as refused:
        raise Trouble(kind=problems.NOT_NOW, detail=said(refused)) from None
    except cases.NotAnswered as refused:
        errors = [
            FieldError(pointer=pointer("answers", name), detail=wrong.sentence)
            for name, wrong in refused.wrongs.items()
        ]
        raise Trouble(kind=problems.NOT_TAKEN, errors=errors) from None
    except (cases.NothingWritten, cases.WrittenTooLong, cases.TakesNoMessage) as refused:
        raise not_taken(written, said(refused)) from None


def not_taken(name: str, sentence: str) -> Trouble:
    """Refuse a field of the body."""
    return Trouble(kind=problems.NOT_TAKEN, errors=[FieldError(pointer=pointer(name), detail=sentence)])


def list_cases(request: HttpRequest) -> Reply:
    """The cases a client may see, what changed longest ago first."""
    asked = paging.asked(request, {"service": "", "team": "", "state": "open", "changed-since": ""})
    paging.one_of("state", asked["state"], STATES)
    try:
        page = cases.changed(
            officer=request.client,
            which=cases.Changed(
                service=asked["service"],
                team=asked["team"],
                state=asked["state"],
                since=paging.moment("changed-since", asked["changed-since"]),
            ),
            after=asked["after"],
            limit=asked["limit"],
        )
    except cases.NotAPlace as refused:
        raise paging.wrong("after", said(refused)) from None
    following, headers = paging.onwards(request, page.after)
    return Reply(
        body=case_bodies.CaseList(
            cases=[case_bodies.CaseInList(**_fields(request, case)) for case in page.cases],
            next=following,
        ),
        headers=headers,
    )


def _found(request: HttpRequest, reference: str) -> cases.CaseView:
    """The case, alike refused when it is not there and when it is not the client's."""
    with as_problems():
        return cases.get_case(officer=request.client, reference=tidy_reference(reference))


def _fields(request: HttpRequest, case: cases.CaseView) -> dict[str, Any]:
    def link(name: str) -> str:
        return request.build_absolute_uri(reverse(name, args=[case.reference]))

    return {
        "reference": case.reference,
        "service": case.service,
        "version": case.version,
        "title": case.title,
        "team": case.team,
        "owner": case.owner,
        "stage": case.stage,
        "stage_title": case.stage_title,
        "place": case.place,
        "due": case.due,
        "clock_stopped": case.clock_stopped,
        "opened_at": case.opened_at,
        "changed_at": case.changed_at,
        "closed_at": case.closed_at,
        "outcome": case.outcome,
        "erased_at": case.forgotten_at,
        "links": case_bodies.CaseLinks(
            self=link("rest:case"),
            timeline=link("rest:case-timeline"),
            messages=link("rest:case-messages"),
            notes=link("rest:case-notes"),
            tasks=link("rest:case-tasks"),
            page=link("desk:case"),
        ),
    }


def _case(request: HttpRequest, case: cases.CaseView) -> case_bodies.Case:
    mine = {"officer": request.client, "reference": case.reference}
    possible = cases.possible(**mine, now=utc_now())
    said = case_bodies.Case(
        **_fields(request, case),
        etag="",
        information_class=case.information_class,
        answers=[case_bodies.Answer(question=row.label, answer=row.text) for row in services.shown(case.ref)],
        found=[
            case_bodies.Answer(question=answer.question, answer=answer.text)
            for answer in cases.answers(**mine)
        ],
        actions=[_action(request, case, action) for action in possible.actions],
        can_be_taken=possible.take,
        can_be_handed_over=possible.hand_over,
        extension=cases.get_extension(**mine).until if possible.extend else None,
    )
    return preconditions.tagged(said)


def _action(request: HttpRequest, case: cases.CaseView, action: cases.ActionView) -> case_bodies.Action:
    schema = {
        "type": "object",
        "properties": {asked.id: {**asked.schema(), "title": asked.ask} for asked in action.asks},
        "required": [asked.id for asked in action.asks if not asked.optional],
        "additionalProperties": False,
    }
    return case_bodies.Action(
        action=action.id,
        title=action.do,
        answers=schema,
        message=action.message,
        closes=action.closes,
        link=request.build_absolute_uri(reverse("rest:case-act", args=[case.reference, action.id])),
    )


def case(request: HttpRequest, reference: str) -> Reply:
    """One case."""
    found = _case(request, _found(request, reference))
    return Reply(body=found, headers={"ETag": found.etag})


def timeline(request: HttpRequest, reference: str) -> Reply:
    """What happened to it."""
    found = _found(request, reference)
    lines = cases.timeline(officer=request.client, reference=found.reference)
    return Reply(body=case_bodies.Timeline(lines=[bodies.Line(at=line.at, what=line.what) for line in lines]))


def messages(request: HttpRequest, reference: str) -> Reply:
    """What the council and the resident wrote to each other."""
    found = _found(request, reference)
    return Reply(
        body=case_bodies.Messages(
            messages=[
                case_bodies.Message(
                    at=message.at,
                    by=message.by,
                    text=message.text,
                    from_resident=message.from_resident,
                    wants_answer=message.wants_answer,
                )
                for message in cases.messages(officer=request.client, reference=found.reference)
            ]
        )
    )


def notes(request: HttpRequest, reference: str) -> Reply:
    """What officers wrote for themselves."""
    found = _found(request, reference)
    written = cases.notes(officer=request.client, reference=found.reference)
    return Reply(
        body=case_bodies.Notes(
            notes=[case_bodies.Note(at=note.at, by=note.by, text=note.text) for note in written]
        )
    )


def take(request: HttpRequest, reference: str) -> Reply:
    """Take a case nobody has."""
    reading.body(request, case_bodies.Taking)
    return _done(request, reference, lambda mine, key: cases.take(**mine))


def note(request: HttpRequest, reference: str) -> Reply:
    """Write a note."""
    sent = reading.body(request, case_bodies.NewNote)
    return _done(request, reference, lambda mine, key: cases.note(**mine, text=sent.text, key=key))


def message(request: HttpRequest, reference: str) -> Reply:
    """Write to the resident."""
    sent = reading.body(request, case_bodies.NewMessage)
    return _done(
        request,
        reference,
        lambda mine, key: cases.message(**mine, text=sent.text, wants_answer=sent.wants_answer, key=key),
    )


def act(request: HttpRequest, reference: str, action: str) -> Reply:
    """Do one of the actions that the case allows now."""
    sent = reading.body(request, case_bodies.Doing)
    return _done(
        request,
        reference,
        lambda mine, key: cases.act(**mine, action=action, answers=sent.answers, text=sent.text, key=key),
    )


def hand_over(request: HttpRequest, reference: str) -> Reply:
    """Give a case to a colleague or another team."""
    sent = reading.body(request, case_bodies.HandingOver)
    return _done(
        request,
        reference,
        lambda mine, key: cases.hand_over(**mine, team=sent.team, owner=sent.owner),
        recipient="owner" if sent.owner else "team",
    )


def extend(request: HttpRequest, reference: str) -> Reply:
    """Put the due date off, once."""
    sent = reading.body(request, case_bodies.Extending)
    return _done(
        request,
        reference,
        lambda mine, key: cases.extend(**mine, reason=sent.reason, key=key),
        written="reason",
    )


def add_task(request: HttpRequest, reference: str) -> Reply:
    """Add a task to a case."""
    sent = reading.body(request, case_bodies.NewTask)
    return _done(
        request,
        reference,
        lambda mine, key: cases.add_to_case(
            **mine, title=sent.title, owner=sent.owner, due=sent.due, key=key
        ),
        written="title",
    )


def _done(
    request: HttpRequest, reference: str, do: Callable[[dict[str, Any], str], None], **fields: str
) -> Reply:
    """Do it once, to the case that is meant, and give the case as it is then. ``fields``: `as_problems`."""
    tidy = tidy_reference(reference)
    mine = {"officer": request.client, "reference": tidy}

    def did(key: str, now: datetime) -> None:
        with as_problems(**fields), cases.alone_with(**mine) as found:
            if preconditions.asked(request):
                preconditions.check(request, _case(request, found).etag)
            do({**mine, "now": now}, key)

    def gives() -> case_bodies.Done:
        try:
            return case_bodies.Done(reference=tidy, case=_case(request, cases.get_case(**mine)))
        except cases.NoSuchCase:
            return case_bodies.Done(reference=tidy, case=None)

    return clients.once(request, did, gives)
