"""The end of a journey: one transaction in which everything is confirmed, or nothing. See `services.api`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from django.db import IntegrityError
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from vestry.design.capability import Contact, Elsewhere, Row, Stop, Stopped
from vestry.design.questions import Asking, Form, Question, Wrong
from vestry.kernel import Ref, Refused
from vestry.ledger import api as ledger
from vestry.services.api import _sending as sending
from vestry.services.api import _where as pages
from vestry.services.api._finishing import answered_walk, answers_shown
from vestry.services.api._row import JourneyView, digest, find, journeying, new_token, newer, touch, view
from vestry.services.api._versions import definition_of, latest
from vestry.services.api._where import SentBack, Submitted
from vestry.services.definition.capabilities import questions
from vestry.services.journeys import Journeying, nothing_said, take, walk
from vestry.services.models import Journey

# The public channel's address for it; a test there holds the two together.
PAYING_PAGE = "{origin}/services/{service}/{token}/paying/"
NO_HOLDS: Mapping[str, str] = MappingProxyType({})


class NotTaken(Refused):
    """The answers can't be taken. ``faults`` says of each field what is wrong."""

    def __init__(self, faults: list[AnswerFault]) -> None:
        self.faults = faults
        super().__init__()


class KeyReused(Refused):
    """This Idempotency-Key was used for other answers. Send a new key with new answers."""


class NoSuchSubmission(Refused):
    """There is no submission with this reference that this token opens."""


@dataclass(frozen=True, kw_only=True)
class AnswerFault:
    """What is wrong with the answer to one question; ``field`` is empty when it is about all of them."""

    field: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A submission of a machine that another site has to settle something for, such as a payment.

    ``page`` is where a person settles it; ``owed`` how it stands. ``stop`` says why it could not be sent
    although it was settled: on ``page`` a person chooses again. ``changing`` is true while a person changes
    the answers: how they were sent is how they stand no more. ``receipt`` is the token for `get_sending`.
    """

    id: str
    journey: JourneyView
    page: str
    owed: Elsewhere | None
    stop: Stop | None
    changing: bool
    receipt: str

    @property
    def state(self) -> Literal["open", "waiting", "failed", "stranded", "changing"]:
        """In one word. What is settled is waiting for us to see it."""
        if self.stop:
            return "stranded"
        if self.changing:
            return "changing"
        return self.owed.state if self.owed and self.owed.state != "settled" else "waiting"

    @property
    def reason(self) -> str:
        """How it stands, as people are told."""
        if self.stop:
            return _sentence(self.stop)
        if self.changing:
            return _("Somebody is changing the answers, and has not sent them again.")
        return " ".join(filter(None, (self.owed.title, self.owed.text))) if self.owed else ""


def submit(
    *, token: str, service: str = "", now: datetime, agrees: sending.Agrees | None = None
) -> Submitted:
    """Send a journey: confirm every step, open the case, record it, all or nothing. Twice is once.

    ``agrees`` says whether the page *check*, as it is by now, is what they saw when they pressed the button.
    Raises `SentBack` with the page to mend, everything kept; with the page *paying* where another site has to
    settle something first: then `depart`. `NoSuchJourney`.
    """
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        version, said = newer(row)
        if version and said.moves(now):
            raise SentBack(pages.changed(row, version, said, token, now))
        if row.state == Journey.STARTED:
            waits = sending.send(row, token, now, channel="web", agrees=agrees)
        else:
            waits = sending.stands_now(row, token, now)
    # Only now: what was accepted and held is there, whatever becomes of the other site.
    if waits:
        raise SentBack(waits)
    return pages.submitted(row)


def submit_answers(
    *,
    service: str,
    answers: Any,
    holds: Mapping[str, str] = NO_HOLDS,
    key: str,
    client: str,
    origin: str,
    now: datetime,
) -> Submitted | Sending:
    """Send all answers at once, by the same rules as the pages. ``answers`` is by question id.

    ``holds`` is the token of what was held for an answer before, by question id; such a step takes it over.

    The same ``key`` from the same ``client`` with the same answers gives the same submission, however often
    and however fast it comes. `Sending` where another site has to settle something first: the same sent again
    says how it stands and changes nothing, and so does `get_sending`. Raises `NotTaken`, `NoSuchService`;
    `KeyReused` also where what was sent was given up since.
    """
    said = [service, answers, *([holds] if holds else [])]
    body = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    sent = {"service": service, "answers": answers, "holds": holds, "client": client, "origin": origin}
    # A hash of the key: whatever was sent in the header, it fits the column.
    key = digest(key)
    try:
        return _submit_answers(**sent, key=key, body=body, now=now)
    except _OvertakenError:
        # The insert waited for theirs to commit, so it is there to be read.
        return _submit_answers(**sent, key=key, body=body, now=now)


class _OvertakenError(Exception):
    """Somebody else sent the same key, and was a moment faster."""


def _submit_answers(
    *,
    service: str,
    answers: Any,
    holds: Mapping[str, str],
    key: str,
    client: str,
    body: str,
    origin: str,
    now: datetime,
) -> Submitted | Sending:
    with ledger.transaction():
        rows = Journey.objects.select_for_update().filter(client=client, key=key)
        there = rows.first()
        row = there or _claim(service, client, key, body, origin, now)
        # Of what was erased nothing is left to compare with, so nobody can show that it was theirs.
        if row.forgotten_at is not None or row.digest != body:
            raise KeyReused
        # Of the row, not of the key: a key is no secret, and another council may see the same one.
        receipt = _of_row("receipt", row)
        if there is None:
            row.state, row.receipt, row.token = (
                Journey.STARTED,
                digest(receipt),
                digest(_of_row("token", row)),
            )
            row.held = {**row.held, **_taken_over(row, holds, now)}
            row.said = _said(row, answers, now)
            row.held = _held_as_said(row, now)
            try:
                sending.send(row, "", now, channel="api")
            except SentBack as back:
                raise NotTaken(list(_faults(back))) from None
        elif row.state == Journey.SENDING and sending.finish_settled(journey=row.pk, now=now):
            row.refresh_from_db()
        return _sent(row, receipt, now)


def _of_row(what: str, row: Journey) -> str:
    """A secret of a row that is the same each time it is asked for, and is not stored."""
    return salted_hmac(f"vestry.services.{what}", str(row.pk), algorithm="sha256").hexdigest()


def _sent(row: Journey, receipt: str, now: datetime) -> Submitted | Sending:
    if row.state == Journey.SUBMITTED:
        return pages.submitted(row, receipt)
    token = _of_row("token", row)
    stands = sending.as_it_stands(row, token, now) or pages.Where(
        kind="stop", step="", journey=view(row, token)
    )
    return Sending(
        id=str(row.pk),
        journey=stands.journey,
        page=PAYING_PAGE.format(origin=row.origin, service=row.version.slug, token=token),
        owed=stands.to_settle,
        stop=stands.stop,
        changing=row.state == Journey.STARTED,
        receipt=receipt,
    )


def get_sending(*, id: str, receipt: str, now: datetime) -> Submitted | Sending:
    """How a submission of a machine stands that waits for another site. Raises `NoSuchSubmission`."""
    rows = Journey.objects.select_related("version").filter(receipt=digest(receipt)).exclude(receipt="")
    row = rows.exclude(state=Journey.ABANDONED).filter(forgotten_at=None).first()
    if row is None or not constant_time_compare(str(row.pk), id):
        raise NoSuchSubmission
    return _sent(row, receipt, now)


def file_questions(service: str) -> Mapping[str, Question]:
    """The questions of a service that take files, by id; those within a list too. Raises `NoSuchService`."""
    asked = questions(definition_of(latest(service))).values()
    return {one.id: one for each in asked for one in (each, *each.inside()) if one.files}


def take_file(*, service: str, question: str, form: Form, client: str, now: datetime) -> list[str]:
    """Take in a file that a machine will send with its answers: what `submit_answers` takes for ``question``.

    Call it outside any transaction: it takes its time. What is not sent within a day is deleted, and no other
    ``client`` can send it. Raises `NotTaken`, `NoSuchService`.
    """
    asked = file_questions(service).get(question)
    if asked is None:
        sentence = _("This service has no question of that name that takes a file")
        raise NotTaken([AnswerFault(field=question, sentence=sentence)])
    sender = Ref("client", client)
    asking = Asking(now=now, said={}, owners=(sender,), actor=sender)
    try:
        taken: list[str] = asked.clean(asked.receive(asked.read(form), asking), asking)
    except Wrong as wrong:
        raise NotTaken([AnswerFault(field=question, sentence=wrong.sentence)]) from None
    return taken


def get_submission(*, reference: str, receipt: str) -> Submitted:
    """The submission a machine made, by the token it was given. Raises `NoSuchSubmission`."""
    rows = Journey.objects.filter(receipt=digest(receipt), state=Journey.SUBMITTED)
    for row in rows.exclude(receipt=""):
        found = pages.submitted(row)
        if constant_time_compare(found.reference, reference):
            return found
    raise NoSuchSubmission


def shown(subject: Ref) -> list[Row]:
    """The answers of a submission, and what came of each step; nothing for a subject without one."""
    row = _row_of(subject)
    if row is None:
        return []
    return [*answers_shown(answered_walk(journeying(row, row.submitted_at))), *rows_of(row)]


def came_of(subject: Ref) -> list[Row]:
    """What came of each step, such as the day that is booked and what was paid, without any answer."""
    row = _row_of(subject)
    return list(rows_of(row)) if row else []


def rows_of(row: Journey) -> Iterator[Row]:
    """What came of each step of what was sent, as it stands now."""
    journey = journeying(row, row.submitted_at)
    walked = answered_walk(journey)
    for item in journey.definition.journey:
        confirmed = row.confirmed.get(item.id)
        if confirmed is not None:
            visit = journey.visit(item, walked.said, walked.words)
            yield from journey.capabilities[item.word].show(item.options, visit, confirmed["words"])


def contact(subject: Ref) -> Contact:
    """Whom to tell about a submission; nobody for a subject without one."""
    row = _row_of(subject)
    return Contact(**row.contact) if row else Contact()


@dataclass(frozen=True, kw_only=True)
class Belongs:
    """Whose a journey is: ``subject`` what came of it, if anything did; ``team`` answers for its service.

    ``waits`` is true while whoever began it has to choose again: what they paid for could not be had.
    """

    subject: Ref | None
    team: str
    waits: bool


def belongs(*, journey: str) -> Belongs | None:
    """Whose a journey is, by what facts and charges name it; None for none."""
    if not (journey.isascii() and journey.isdecimal() and len(journey) < len(str(2**63))):
        return None
    row = Journey.objects.select_related("version").filter(pk=int(journey)).first()
    if row is None:
        return None
    return Belongs(
        subject=Ref.read(row.subject) if row.subject else None,
        team=definition_of(row.version).owner,
        waits=row.state == Journey.STARTED and "stranded" in row.sending,
    )


def made(subject: Ref) -> list[Ref]:
    """What each step of a submission made, such as a booking; nothing for a subject without one."""
    row = _row_of(subject)
    return [Ref.read(step["ref"]) for step in row.confirmed.values() if step["ref"]] if row else []


def subject_of(*, journey: str) -> Ref | None:
    """What came of a journey, by its number in facts: the case; None for one that was not sent."""
    row = Journey.objects.filter(pk=journey).first() if journey.isdecimal() else None
    return Ref.read(row.subject) if row and row.subject else None


def _row_of(subject: Ref) -> Journey | None:
    return Journey.objects.select_related("version").filter(subject=str(subject)).first()


def _claim(service: str, client: str, key: str, body: str, origin: str, now: datetime) -> Journey:
    """A new row for a key. Raises `_OvertakenError`, and the transaction with it is lost."""
    version = latest(service)
    row = Journey(
        version=version,
        token=digest(new_token()),
        origin=origin,
        client=client,
        key=key,
        digest=body,
        started_at=now,
    )
    touch(row, definition_of(version), now)
    try:
        row.save()
    except IntegrityError:
        raise _OvertakenError from None
    return row


def _said(row: Journey, answers: Any, now: datetime) -> dict[str, Any]:
    """Clean all answers, page by page as they would be asked. Raises `NotTaken`."""
    if not isinstance(answers, Mapping):
        raise NotTaken([AnswerFault(field="", sentence=_("Send the answers as an object, by question id."))])
    journey = journeying(row, now)
    faults = list(_unknown(journey, answers))
    said: dict[str, Any] = {}
    while True:
        walked = walk(replace(journey, said=said))
        here = walked.here
        if here is None or here.stop:
            break
        # A machine sends a list whole, not page by page.
        whole = here.part.whole if here.part else here
        taken = take(replace(journey, said=said), whole, answers)
        for question in taken.asked:
            wrong = taken.wrongs.get(question.id)
            if wrong:
                faults += _fault(question, wrong)
            elif question.id not in taken.said:
                sentence = _("This answer is not complete. Its schema says what can be sent.")
                faults.append(AnswerFault(field=question.id, sentence=sentence))
            # Go on as if it had been left out, so that as much as possible is said at once.
            said[question.id] = taken.said.get(question.id)
    if faults:
        raise NotTaken(faults)
    if here is not None and here.stop:
        raise NotTaken([AnswerFault(field="", sentence=_sentence(here.stop))])
    return said


def _taken_over(row: Journey, holds: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """What was held before, now held for this. Raises `NotTaken`."""
    journey, taken = journeying(row, now), dict[str, Any]()
    asked = {
        question.id: item
        for item in journey.definition.journey
        for question in journey.capabilities[item.word].questions(item.options)
    }
    for question, token in holds.items():
        item = asked.get(question)
        held = None
        if item is not None:
            visit = journey.visit(item, {}, nothing_said(journey.definition, journey.capabilities))
            held = journey.capabilities[item.word].take_over(item.options, visit, token)
        if item is None or held is None:
            sentence = _("Nothing is held that this token opens. Hold it again.")
            raise NotTaken([AnswerFault(field=question, sentence=sentence)])
        taken[item.id] = held
    return taken


def _held_as_said(row: Journey, now: datetime) -> dict[str, Any]:
    """What is held, held for what was answered: it may be another time, or more of it. Raises `NotTaken`."""
    journey = journeying(row, now)
    walked, held = walk(journey), dict(row.held)
    for item in walked.items:
        if item.id not in held:
            continue
        try:
            visit = journey.visit(item, walked.said, walked.words)
            held[item.id] = journey.capabilities[item.word].hold(item.options, visit)
        except Stopped as stopped:
            raise NotTaken([AnswerFault(field="", sentence=_sentence(stopped.stop))]) from None
    return held


def _fault(question: Question, wrong: Wrong) -> Iterator[AnswerFault]:
    """What is wrong with an answer; of a list, with each answer in it (``people/0/born``)."""
    for place, sentence in wrong.inside:
        yield AnswerFault(field=f"{question.id}/{place}", sentence=sentence)
    if not wrong.inside:
        yield AnswerFault(field=question.id, sentence=wrong.sentence)


def _unknown(journey: Journeying, answers: Mapping[Any, Any]) -> Iterator[AnswerFault]:
    known = {
        question.id
        for item in journey.definition.journey
        for question in journey.capabilities[item.word].questions(item.options)
    }
    for field in answers:
        if field not in known:
            sentence = _("There is no such question. The questions are: {known}.")
            yield AnswerFault(field=str(field), sentence=sentence.format(known=", ".join(sorted(known))))


def _faults(back: SentBack) -> Iterator[AnswerFault]:
    for question, wrong in back.where.wrongs.items():
        yield AnswerFault(field=question, sentence=wrong.sentence)
    if back.where.stop:
        yield AnswerFault(field="", sentence=_sentence(back.where.stop))


def _sentence(stop: Stop) -> str:
    return " ".join(filter(None, (f"{stop.title}.", stop.reason, stop.instead)))
