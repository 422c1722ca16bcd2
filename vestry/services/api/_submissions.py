"""The end of a journey: one transaction in which everything is confirmed, or nothing. See `services.api`."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from vestry.design.capability import Confirmed, Contact, Row, Stop, Stopped
from vestry.design.expressions import name_of
from vestry.design.questions import Question, Wrong
from vestry.kernel import Ref, Refused
from vestry.ledger import api as ledger
from vestry.services.api import _journeys as journeys
from vestry.services.api._journeys import SentBack, Submitted
from vestry.services.api._versions import definition_of, latest
from vestry.services.definition.language import Item
from vestry.services.events import JourneySubmitted
from vestry.services.journeys import Journeying, Stage, Walk, clean_again, take, walk
from vestry.services.models import Journey


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


def submit(*, token: str, service: str = "", now: datetime) -> Submitted:
    """Send a journey: confirm every step, open the case, record it, all or nothing. Twice is once.

    Raises `SentBack` with the page to mend, everything kept; `NoSuchJourney`.
    """
    with ledger.transaction():
        row = journeys.find(token, now, service, lock=True)
        if row.state != Journey.SUBMITTED:
            _finish(row, token, now, channel="web")
        return journeys.submitted(row)


def submit_answers(
    *, service: str, answers: Any, key: str, client: str, origin: str, now: datetime
) -> Submitted:
    """Send all answers at once, by the same rules as the pages. ``answers`` is by question id.

    The same ``key`` from the same ``client`` with the same answers gives the same submission, however often
    and however fast it comes. Raises `NotTaken`, `KeyReused`, `NoSuchService`.
    """
    body = hashlib.sha256(json.dumps([service, answers], sort_keys=True).encode()).hexdigest()
    # A hash of the key: whatever was sent in the header, it fits the column.
    key = journeys.digest(key)
    with ledger.transaction():
        row = Journey.objects.filter(client=client, key=key).first()
        row = row or _claim(service, client, key, body, origin, now)
        if row.digest != body:
            raise KeyReused
        # Of the row, not of the key: a key is no secret, and another council may see the same one.
        receipt = salted_hmac("vestry.services.receipt", str(row.pk), algorithm="sha256").hexdigest()
        if row.state != Journey.SUBMITTED:
            row.receipt = journeys.digest(receipt)
            row.said = _said(row, answers, now)
            try:
                _finish(row, "", now, channel="api")
            except SentBack as back:
                raise NotTaken(list(_faults(back))) from None
        return journeys.submitted(row, receipt)


def get_submission(*, reference: str, receipt: str) -> Submitted:
    """The submission a machine made, by the token it was given. Raises `NoSuchSubmission`."""
    rows = Journey.objects.filter(receipt=journeys.digest(receipt), state=Journey.SUBMITTED)
    for row in rows.exclude(receipt=""):
        found = journeys.submitted(row)
        if constant_time_compare(found.reference, reference):
            return found
    raise NoSuchSubmission


def shown(subject: Ref) -> list[Row]:
    """The answers of a submission, and what came of each step; nothing for a subject without one."""
    row = _row_of(subject)
    if row is None:
        return []
    journey = journeys.journeying(row, row.submitted_at)
    walked, rows = _confirmed_walk(journey), []
    for stage in walked.stages:
        rows += [
            Row(label=question.ask, text=question.shown(walked.said[question.id]))
            for question in stage.asked
            if walked.said.get(question.id) is not None
        ]
    for item in journey.definition.journey:
        confirmed = row.confirmed.get(item.id)
        if confirmed is not None:
            visit = journey.visit(item, walked.said, walked.words)
            rows += journey.capabilities[item.word].show(item.options, visit, confirmed["words"])
    return rows


def contact(subject: Ref) -> Contact:
    """Whom to tell about a submission; nobody for a subject without one."""
    row = _row_of(subject)
    return Contact(**row.contact) if row else Contact()


def _row_of(subject: Ref) -> Journey | None:
    return Journey.objects.select_related("version").filter(subject=str(subject)).first()


def _confirmed_walk(journey: Journeying) -> Walk:
    """Every question answered at submission, whatever a capability would say to it today."""
    stages = [
        Stage(id=item.id, item=item, asked=tuple(asked))
        for item in journey.definition.journey
        if (
            asked := [
                q for q in journey.capabilities[item.word].questions(item.options) if q.id in journey.said
            ]
        )
    ]
    words = {
        name_of(question.id): question.word(journey.said[question.id])
        for stage in stages
        for question in stage.asked
    }
    return Walk(stages=tuple(stages), items=(), said=journey.said, words=words)


def _answered(journey: Journeying, item: Item) -> list[Question]:
    asked = journey.capabilities[item.word].questions(item.options)
    return [question for question in asked if question.id in journey.said]


def _finish(row: Journey, token: str, now: datetime, *, channel: str) -> None:
    """Confirm and mark a journey, inside the transaction. Raises `SentBack`."""
    seen = journeys.view(row, token)
    journey = journeys.journeying(row, now)
    walked = walk(journey)
    said, failed = clean_again(journey, walked)
    if failed:
        raise SentBack(journeys.page_again(walked, failed, seen))
    # From here on only what is on the path exists: what somebody said before they changed their mind is gone.
    if said != walked.said:
        walked = walk(replace(journey, said=said))
    if walked.here:
        raise SentBack(journeys.where(journey.definition, walked, seen))
    subject = Ref("journey", str(row.pk))
    words = dict(walked.words)
    row.confirmed = {}
    for item in walked.items:
        try:
            confirmed = journey.capabilities[item.word].confirm(
                item.options, journey.visit(item, walked.said, words)
            )
        except Stopped as stopped:
            raise SentBack(journeys.stopped_at(walked, item.id, stopped.stop, seen)) from None
        except Wrong as wrong:
            stop = Stop(title=_("This cannot be sent as it is"), reason=wrong.sentence)
            raise SentBack(journeys.stopped_at(walked, item.id, stop, seen)) from None
        row.confirmed[item.id] = _plain(confirmed)
        words[name_of(item.id)] = confirmed.words
        # The case comes last, and what is made last is what people ask about.
        subject = confirmed.ref or subject
    _mark(row, walked, subject, now)
    ledger.record(JourneySubmitted(channel=channel), subject=subject, **journeys.course(row, now))


def _mark(row: Journey, walked: Walk, subject: Ref, now: datetime) -> None:
    definition = definition_of(row.version)
    row.contact = {
        "name": str(walked.said.get(definition.contact.name) or ""),
        "email": str(walked.said.get(definition.contact.email) or ""),
    }
    row.said, row.held, row.subject = dict(walked.said), {}, str(subject)
    row.state, row.submitted_at = Journey.SUBMITTED, now
    journeys.touch(row, definition, now)
    row.save()


def _plain(confirmed: Confirmed) -> dict[str, Any]:
    ref = str(confirmed.ref) if confirmed.ref else ""
    return {"words": msgspec.to_builtins(dict(confirmed.words)), "ref": ref}


def _claim(service: str, client: str, key: str, body: str, origin: str, now: datetime) -> Journey:
    """A new row for a key, or the row of whoever was a moment faster."""
    version = latest(service)
    row = Journey(
        version=version,
        token=journeys.digest(secrets.token_urlsafe(journeys.TOKEN_BYTES)),
        origin=origin,
        client=client,
        key=key,
        digest=body,
        started_at=now,
    )
    journeys.touch(row, definition_of(version), now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # The insert waited for theirs to commit, so it is there to be read.
        return Journey.objects.get(client=client, key=key)
    return row


def _said(row: Journey, answers: Any, now: datetime) -> dict[str, Any]:
    """Clean all answers, page by page as they would be asked. Raises `NotTaken`."""
    if not isinstance(answers, Mapping):
        raise NotTaken([AnswerFault(field="", sentence=_("Send the answers as an object, by question id."))])
    journey = journeys.journeying(row, now)
    faults = list(_unknown(journey, answers))
    said: dict[str, Any] = {}
    while True:
        walked = walk(replace(journey, said=said))
        here = walked.here
        if here is None or here.stop:
            break
        taken = take(replace(journey, said=said), here, answers)
        for question in taken.asked:
            wrong = taken.wrongs.get(question.id)
            if wrong:
                faults.append(AnswerFault(field=question.id, sentence=wrong.sentence))
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
