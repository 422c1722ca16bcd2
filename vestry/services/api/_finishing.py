"""What is accepted when somebody sends, and the one transaction in which all of it is confirmed.

`accept` looks at the answers once more; `confirm` makes everything so, or nothing. In between may lie what
only another site can settle: `_sending`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from vestry.design.capability import Confirmed, Row, Stop, Stopped
from vestry.design.expressions import name_of
from vestry.design.questions import Wrong
from vestry.kernel import Ref, word_count
from vestry.ledger import api as ledger
from vestry.services.api import _where as pages
from vestry.services.api._days import set_timers
from vestry.services.api._row import JourneyView, course, journeying, mailbox_of, touch
from vestry.services.api._versions import definition_of
from vestry.services.api._where import SentBack
from vestry.services.definition.language import Item
from vestry.services.events import JourneySubmitted
from vestry.services.journeys import (
    Journeying,
    Walk,
    clean_again,
    confirm_received,
    nothing_said,
    release_off_path,
    walk,
)
from vestry.services.keeping import kept_until
from vestry.services.models import Journey
from vestry.services.stages import Stage


class CannotConfirm(Exception):
    """A step can't be confirmed any more; ``stop`` says why."""

    def __init__(self, item: Item, stop: Stop) -> None:
        self.item, self.stop = item, stop
        super().__init__(stop.reason)


def accept(row: Journey, seen: JourneyView, now: datetime) -> tuple[Journeying, Walk]:
    """Take the answers on the path once more, as time has gone on. Raises `SentBack`, the page to mend."""
    journey = journeying(row, now)
    walked = walk(journey)
    said, failed = clean_again(journey, walked)
    if failed:
        raise SentBack(pages.page_again(walked, failed, seen))
    # From here on only what is on the path exists: what somebody said before they changed their mind is gone.
    # A page nobody has answered yet is to be seen first, even if it may be left empty.
    if not walked.here and said != walked.said:
        walked = walk(replace(journey, said=said))
    if walked.here:
        raise SentBack(pages.where(journey, walked, seen))
    release_off_path(journey, walked)
    return journey, walked


def accepted(journey: Journeying, items: Iterable[str], said: dict[str, Any]) -> Walk:
    """The walk as it was accepted, whatever a capability would say to the answers today."""
    answered = answered_walk(replace(journey, said=said))
    path = tuple(item for id in items if (item := journey.definition.item(id)))
    words = {**nothing_said(journey.definition, journey.capabilities), **answered.words}
    for item in path:
        visit = journey.visit(item, said, words)
        if given := journey.capabilities[item.word].gives(item.options, visit):
            words[name_of(item.id)] = given
    return replace(answered, items=path, words=words)


def answered_walk(journey: Journeying) -> Walk:
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


def answers_shown(walked: Walk) -> Iterator[Row]:
    """The answers of a walk as a person reads them."""
    for stage in walked.stages:
        for question in stage.asked:
            if walked.said.get(question.id) is not None:
                for label, text in question.summary(walked.said[question.id]):
                    yield Row(label=label, text=text)


def confirm(row: Journey, journey: Journeying, walked: Walk, *, channel: str) -> None:
    """Confirm and mark a journey, inside the transaction. Raises `CannotConfirm`; all of it is lost then."""
    now = journey.now
    subject = Ref("journey", str(row.pk))
    words, texts = dict(walked.words), [answer.text for answer in answers_shown(walked)]
    made: dict[str, Any] = {}
    for item in walked.items:
        try:
            visit = replace(journey.visit(item, walked.said, words), texts=texts)
            confirmed = journey.capabilities[item.word].confirm(item.options, visit)
        except Stopped as stopped:
            raise CannotConfirm(item, stopped.stop) from None
        except Wrong as wrong:
            stop = Stop(title=_("This cannot be sent as it is"), reason=wrong.sentence)
            raise CannotConfirm(item, stop) from None
        made[item.id] = _plain(confirmed)
        # A page is called after its first question, whose answer must not vanish behind it.
        if confirmed.words:
            words[name_of(item.id)] = confirmed.words
        # The case comes last, and what is made last is what people ask about.
        subject = confirmed.ref or subject
    confirm_received(journey, walked, subject)
    row.confirmed = made
    _mark(row, walked, subject, now)
    set_timers(row, now)
    fact = JourneySubmitted(channel=channel, words=word_count(walked.said))
    ledger.record(fact, subject=subject, **course(row, now))


def _mark(row: Journey, walked: Walk, subject: Ref, now: datetime) -> None:
    definition = definition_of(row.version)
    row.contact = {
        "name": str(walked.said.get(definition.contact.name) or ""),
        "email": str(walked.said.get(definition.contact.email) or ""),
    }
    row.mailbox = mailbox_of(row.contact["email"])
    row.said, row.typed, row.held, row.sending = dict(walked.said), {}, {}, {}
    row.state, row.submitted_at, row.subject = Journey.SUBMITTED, now, str(subject)
    row.forget_after = kept_until(now, definition.keep.closed)
    touch(row, definition, now)
    row.save()


def _plain(confirmed: Confirmed) -> dict[str, Any]:
    ref = str(confirmed.ref) if confirmed.ref else ""
    return {"words": msgspec.to_builtins(dict(confirmed.words)), "ref": ref}
