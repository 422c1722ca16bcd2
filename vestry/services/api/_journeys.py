"""Walking through a service, page by page. See `services.api`."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _

from vestry.councils import api as councils
from vestry.design.capability import Page, Stop, Stopped
from vestry.design.expressions import Today
from vestry.design.questions import Form, Question, Wrong
from vestry.information import api as information
from vestry.kernel import Ref, Refused, local_day
from vestry.ledger import api as ledger
from vestry.services.api._versions import definition_of, latest
from vestry.services.definition.capabilities import installed
from vestry.services.definition.language import Definition
from vestry.services.events import JourneyAbandoned, JourneyStarted
from vestry.services.journeys import (
    CHECK,
    Journeying,
    Stage,
    Taken,
    Walk,
    release_all,
    settle,
    take,
    walk,
)
from vestry.services.models import Journey

SUBMITTED = "submitted"
# 256 bits: the address is all that stands between a stranger and the answers.
TOKEN_BYTES = 32
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


class NoSuchJourney(Refused):
    """There is no such page. It may have been closed because nobody came back to it for a while."""


class SentBack(Refused):
    """This can't be sent as it is. The page to mend is in ``where``."""

    def __init__(self, where: Where) -> None:
        self.where = where
        super().__init__()


@dataclass(frozen=True, kw_only=True)
class JourneyView:
    """A journey. ``token`` is its place in the address; ``id`` is what facts and other rooms call it.

    After ``open_until`` the address leads nowhere, unless somebody answers something before.
    """

    id: str
    token: str
    service: str
    version: int
    title: str
    state: str
    open_until: datetime


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """A submission. ``receipt`` lets a machine ask how it stands; empty for one made on pages.

    ``message_follows`` is true when the service sends one, and there is an address to send it to.
    """

    ref: Ref
    service: str
    version: int
    title: str
    at: datetime
    message_follows: bool
    receipt: str = ""

    @property
    def reference(self) -> str:
        """The reference as people read it."""
        return self.ref.key


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """One answer on the check page, and the page where it can be changed."""

    label: str
    text: str
    question: str
    step: str


@dataclass(frozen=True, kw_only=True)
class Where:
    """The page somebody is on. ``step`` is its place in the address.

    A ``page`` has ``asked``, filled with ``raws``, and ``wrongs`` beside the questions. A ``stop`` says why
    and what to do instead. ``rows`` are the answers so far. ``back`` is the page before, if there is one.
    ``again`` is true for a page to be shown again at once: something is wrong, or there is more to choose.
    """

    kind: Literal["page", "stop", "check", "done"]
    step: str
    journey: JourneyView
    title: str = ""
    guidance: str = ""
    asked: tuple[Question, ...] = ()
    raws: Mapping[str, Any] = field(default_factory=dict)
    wrongs: Mapping[str, Wrong] = field(default_factory=dict)
    again: bool = False
    stop: Stop | None = None
    rows: tuple[AnswerRow, ...] = ()
    declaration: str = ""
    back: str = ""
    submitted: Submitted | None = None


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def resident(row: Journey) -> Ref:
    """Whoever holds the address."""
    return Ref("resident", str(row.pk))


def start(*, service: str, origin: str, now: datetime) -> JourneyView:
    """Begin a journey through the latest version of a service. Raises `NoSuchService`.

    ``origin`` is where the person came in (``https://council.example``), for links in messages.
    """
    version = latest(service)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with ledger.transaction():
        row = Journey(version=version, token=digest(token), origin=origin, started_at=now)
        touch(row, definition_of(version), now)
        row.save()
        ledger.record(JourneyStarted(), subject=Ref("journey", str(row.pk)), **course(row, now))
    return view(row, token)


def at(*, token: str, step: str = "", service: str = "", now: datetime) -> Where:
    """The page asked for, or the first unfinished one when the path has not come to it. Changes nothing.

    Without a step, the page where to go on. ``service`` is the one in the address, for this and the next
    three: a journey through another is no journey there. Raises `NoSuchJourney`.
    """
    row = find(token, now, service)
    if row.state == Journey.SUBMITTED:
        return done(row, token)
    journey = journeying(row, now)
    return where(journey.definition, walk(journey), view(row, token), step)


def answer(*, token: str, step: str, service: str = "", form: Form, now: datetime) -> Where:
    """Take the answers posted to a page, and say where to go on: to the same page where something is wrong.

    ``form`` names the questions it showed in ``asked``. Raises `NoSuchJourney`.
    """
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        if row.state == Journey.SUBMITTED:
            return done(row, token)
        journey = journeying(row, now)
        seen = view(row, token)
        walked = walk(journey)
        stage = walked.stage(step)
        if stage is None or stage.page is None:
            return where(journey.definition, walked, seen)
        raws = {question.id: question.read(form) for question in stage.page.questions}
        taken = take(journey, stage, raws, shown=frozenset(form.getlist("asked")) or None)
        if not taken.whole:
            return page_again(walked, taken, seen)
        journey = replace(journey, said={**journey.said, **taken.said})
        after = walk(journey)
        try:
            row.held = settle(journey, walked, after)
        except Stopped as stopped:
            return stopped_at(walked, stage.id, stopped.stop, seen)
        except Wrong as wrong:
            return page_again(walked, replace(taken, wrongs={stage.asked[0].id: wrong}), seen)
        row.said = dict(journey.said)
        touch(row, journey.definition, now)
        row.save(update_fields=["said", "held", "touched_at", "open_until"])
        return where(journey.definition, after, seen)


def leave(*, token: str, service: str = "", now: datetime) -> None:
    """End a journey on purpose: holds are given back, answers deleted. Raises `NoSuchJourney`."""
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        if row.state == Journey.STARTED:
            abandon(row, now, left=True)


def abandon(row: Journey, now: datetime, *, left: bool) -> None:
    """Give back what is held and delete what was said, inside a transaction."""
    release_all(journeying(row, now))
    row.said, row.held, row.state, row.open_until = {}, {}, Journey.ABANDONED, now
    row.save()
    fact = JourneyAbandoned(left=left)
    ledger.record(fact, subject=Ref("journey", str(row.pk)), **course(row, now))


def find(token: str, now: datetime, service: str = "", *, lock: bool = False) -> Journey:
    """The open journey of a token. Raises `NoSuchJourney` alike for one that never was."""
    rows = Journey.objects.select_for_update() if lock else Journey.objects.select_related("version")
    row = rows.filter(token=digest(token), open_until__gt=now).exclude(state=Journey.ABANDONED).first()
    if row is None or (service and row.version.slug != service):
        raise NoSuchJourney
    return row


def touch(row: Journey, definition: Definition, now: datetime) -> None:
    """Keep the address open as long as its class allows, and no longer than answers are kept."""
    number, unit = definition.keep.abandoned.split()
    kept = timedelta(days=int(number) * DAYS[unit.removesuffix("s")])
    idle = information.control(definition.information_class).journey_idle
    row.touched_at = now
    row.open_until = now + min(kept, idle)


def course(row: Journey, now: datetime) -> dict[str, Any]:
    """What every fact of a journey says beside itself."""
    return {
        "actor": resident(row),
        "now": now,
        "service": row.version.slug,
        "version": row.version.number,
        "journey": str(row.pk),
    }


def view(row: Journey, token: str) -> JourneyView:
    """A journey as others see it."""
    return JourneyView(
        id=str(row.pk),
        token=token,
        service=row.version.slug,
        version=row.version.number,
        title=definition_of(row.version).title,
        state=row.state,
        open_until=row.open_until,
    )


def journeying(row: Journey, now: datetime) -> Journeying:
    """A journey as walking needs it."""
    return Journeying(
        definition=definition_of(row.version),
        version=row.version.number,
        capabilities=installed(),
        today=Today(day=local_day(now), calendar=councils.working_calendar()),
        journey=str(row.pk),
        said=row.said,
        held=row.held,
        actor=resident(row),
        now=now,
    )


def submitted(row: Journey, receipt: str = "") -> Submitted:
    """What came of a journey that was sent."""
    definition = definition_of(row.version)
    return Submitted(
        ref=Ref.read(row.subject),
        service=row.version.slug,
        version=row.version.number,
        title=definition.title,
        at=row.submitted_at,
        message_follows=bool(row.contact.get("email") and definition.on.get(SUBMITTED)),
        receipt=receipt,
    )


def done(row: Journey, token: str) -> Where:
    """The confirmation page."""
    return Where(kind="done", step="done", journey=view(row, token), submitted=submitted(row))


def page_again(walked: Walk, taken: Taken, seen: JourneyView) -> Where:
    """A page with what was typed, and what is wrong with it."""
    shown = _page(walked, taken.stage, seen)
    return replace(shown, asked=taken.asked, raws=taken.raws, wrongs=taken.wrongs, again=True)


def stopped_at(walked: Walk, step: str, stop: Stop, seen: JourneyView) -> Where:
    """A stop page."""
    before = walked.before(step)
    return Where(
        kind="stop",
        step=step,
        journey=seen,
        title=stop.title,
        stop=stop,
        rows=_rows(walked),
        back=before.id if before else "",
        again=True,
    )


def where(definition: Definition, walked: Walk, seen: JourneyView, step: str = "") -> Where:
    """The page asked for if the walk has come to it; otherwise the first unfinished one."""
    stage = walked.stage(step) or walked.here
    if stage is None:
        return _check(definition, walked, seen)
    if stage.stop:
        return replace(stopped_at(walked, stage.id, stage.stop, seen), again=False)
    return _page(walked, stage, seen)


def _page(walked: Walk, stage: Stage, seen: JourneyView) -> Where:
    before, page = walked.before(stage.id), stage.page or Page(questions=())
    return Where(
        kind="page",
        step=stage.id,
        journey=seen,
        title=page.title,
        guidance=page.guidance,
        asked=stage.asked,
        raws={question.id: question.refill(walked.said.get(question.id)) for question in stage.asked},
        back=before.id if before else "",
    )


def _check(definition: Definition, walked: Walk, seen: JourneyView) -> Where:
    options = next((item.options for item in definition.journey if item.word == CHECK), None)
    last = walked.before(CHECK)
    return Where(
        kind="check",
        step=CHECK,
        journey=seen,
        title=getattr(options, "title", "") or _("Check your answers"),
        declaration=getattr(options, "declaration", ""),
        rows=_rows(walked),
        back=last.id if last else "",
    )


def _rows(walked: Walk) -> tuple[AnswerRow, ...]:
    return tuple(
        AnswerRow(
            label=question.ask,
            text=question.shown(walked.said[question.id]),
            question=question.id,
            step=stage.id,
        )
        for stage in walked.stages
        for question in stage.asked
        if question.id in walked.said
    )
