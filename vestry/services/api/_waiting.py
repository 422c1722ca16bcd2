"""Waiting for what cannot be had now: the journey stays as it is, and goes on once something came free.

Whoever waits has something held for them, a place on a list, so that it is given back like every hold: when
they choose something else, and when the journey ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from vestry.design.capability import Capability, Visit
from vestry.design.questions import Form, NotYet, Question, Wrong
from vestry.design.waiting import Waiting
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.services.api._row import (
    JourneyView,
    NoSuchJourney,
    course,
    digest,
    find,
    found,
    journeying,
    new_token,
    touch,
    view,
)
from vestry.services.api._sending import as_it_stands
from vestry.services.api._versions import definition_of
from vestry.services.api._where import Where, where
from vestry.services.definition.language import Item
from vestry.services.events import JourneyTookWaited, JourneyWaited
from vestry.services.journeys import Journeying, Walk, walk
from vestry.services.midway import span
from vestry.services.models import Journey


@dataclass(frozen=True, kw_only=True)
class _Step:
    """The step somebody waits at, as its capability sees it."""

    journey: Journeying
    walked: Walk
    item: Item
    visit: Visit

    @property
    def capability(self) -> Capability:
        return self.journey.capabilities[self.item.word]

    def waiting(self) -> Waiting | None:
        """What its capability says; nothing where the definition would never tell whoever waits."""
        announced = self.capability.announces(self.item.options)
        keys = self.capability.addresses
        told = {on for on, words in announced.items() if words & keys} & self.journey.definition.on.keys()
        return self.capability.waiting(self.item.options, self.visit) if told else None


def _step_of(row: Journey, step: str, now: datetime) -> _Step | None:
    """The step with that page, if the walk has come to it."""
    journey = journeying(row, now)
    walked = walk(journey)
    stage = walked.stage(step)
    if row.state != Journey.STARTED or stage is None:
        return None
    # What is said on the page itself is what they would have instead.
    visit = journey.visit(stage.item, stage.said, stage.before)
    return _Step(journey=journey, walked=walked, item=stage.item, visit=visit)


def waiting(*, token: str, step: str, service: str = "", now: datetime) -> Where:
    """How somebody stands who waits at this page, or may: a page *waiting*. Changes nothing.

    Where nothing can be waited for there, the page where to go on. Raises `NoSuchJourney`.
    """
    row = find(token, now, service)
    return _shown(row, token, step, now)


def _shown(row: Journey, token: str, step: str, now: datetime) -> Where:
    here = _step_of(row, step, now)
    how = here.waiting() if here else None
    if here is None or how is None:
        stands = as_it_stands(row, token, now) if row.state != Journey.STARTED else None
        journey = journeying(row, now)
        return stands or where(journey, walk(journey), view(row, token), step)
    return Where(
        kind="waiting",
        step=step,
        journey=view(row, token),
        title=how.title,
        waiting=how,
        asked=tuple(how.questions),
        back=step,
    )


Bars = Callable[[Mapping[str, Any]], Mapping[str, Wrong]]


def wait(
    *,
    token: str,
    step: str,
    service: str = "",
    form: Form,
    bars: Bars = lambda answers: {},
    now: datetime,
) -> Where:
    """Begin to wait. The page that says how they stand; the same again with what is wrong.

    ``bars`` is asked last, about answers with which nothing is wrong: what speaks against them all the same,
    by question. Nothing happens for who waits already. Raises `NoSuchJourney`.
    """
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        shown, here = _shown(row, token, step, now), _step_of(row, step, now)
        if here is None or shown.waiting is None or shown.waiting.state != "open":
            return shown
        raws = {question.id: question.read(form) for question in shown.asked}
        answers, wrongs = _cleaned(here, shown.asked, raws)
        if not wrongs:
            try:
                with ledger.transaction():
                    _begin(row, here, answers)
                    if barred := dict(bars(answers)):
                        raise _Barred(barred)
                return _shown(row, token, step, now)
            except _Barred as refusal:
                wrongs = refusal.wrongs
            except Wrong as wrong:
                wrongs = {shown.asked[-1].id: wrong}
        return replace(shown, raws=raws, wrongs=wrongs, again=True)


class _Barred(Exception):
    def __init__(self, wrongs: dict[str, Wrong]) -> None:
        self.wrongs = wrongs
        super().__init__()


def _cleaned(
    here: _Step, asked: tuple[Question, ...], raws: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Wrong]]:
    answers: dict[str, Any] = {}
    wrongs: dict[str, Wrong] = {}
    for question in asked:
        try:
            answers[question.id] = question.clean(raws[question.id], here.journey.asking())
        except NotYet as more:
            raws[question.id], wrongs[question.id] = more.raw, Wrong("")
        except Wrong as wrong:
            wrongs[question.id] = wrong
    return answers, wrongs


def _begin(row: Journey, here: _Step, answers: dict[str, Any]) -> None:
    now, item = here.journey.now, here.item
    waits = here.capability.wait(item.options, here.visit, answers)
    # What was chosen before is not held any more.
    theirs = {question.id for question in here.capability.questions(item.options)}
    row.said = {id: answer for id, answer in row.said.items() if id not in theirs}
    row.held = {**row.held, item.id: waits.held}
    row.waits_until = max(filter(None, (row.waits_until, waits.until)))
    touch(row, here.journey.definition, now)
    row.save()
    ledger.record(JourneyWaited(step=item.id), subject=_about(row), **course(row, now))


def stop_waiting(*, journey: str, step: str, link: str = "", now: datetime) -> None:
    """Wait no more at a step; nothing happens for who does not wait.

    Only for whoever has shown that it is theirs: by the address of the journey, or by the ``link`` of a
    `Waiting`, which is good only as long as they wait by it. Raises `NoSuchJourney`.
    """
    with ledger.transaction():
        row, at, item, visit = _theirs(journey, step, now)
        how = at.capabilities[item.word].waiting(item.options, visit)
        if how is None or how.state == "open" or (link and link != how.link):
            return
        at.capabilities[item.word].release(item.options, visit)
        row.held = {id: held for id, held in row.held.items() if id != item.id}
        _waits_no_more(row, now)
        touch(row, at.definition, now)
        row.save()


def waited(*, journey: int, now: datetime) -> None:
    """Keep the answers of whoever waits no more only as long as others', counted from now.

    However it ended; nothing happens for who still waits, or waits again. The journey's address is not kept
    open for it.
    """
    with ledger.transaction(), suppress(NoSuchJourney):
        row = found(lock=True, pk=journey)
        if row.state != Journey.STARTED or row.waits_until is None or not _waits_no_more(row, now):
            return
        kept = now + span(definition_of(row.version).keep.abandoned)
        row.kept_until = max(filter(None, (row.open_until, row.link_until, kept)))
        row.save(update_fields=["waits_until", "kept_until"])


def _waits_no_more(row: Journey, now: datetime) -> bool:
    """Whether they wait at no step any more; then their answers are not kept for that."""
    at = journeying(row, now)
    walked = walk(at)
    for item in at.definition.journey:
        if item.id in row.held:
            visit = at.visit(item, walked.said, walked.words)
            how = at.capabilities[item.word].waiting(item.options, visit)
            if how is not None and how.state != "open":
                return False
    row.waits_until = None
    return True


def _theirs(
    journey: str, step: str, now: datetime, states: Collection[str] = (Journey.STARTED,)
) -> tuple[Journey, Journeying, Item, Visit]:
    row = found(lock=True, pk=int(journey)) if journey.isdecimal() else None
    if row is None or row.state not in states:
        raise NoSuchJourney
    at = journeying(row, now)
    item = at.definition.item(step)
    if item is None:
        raise NoSuchJourney
    walked = walk(at)
    return row, at, item, at.visit(item, walked.said, walked.words)


def take_waited(*, journey: str, step: str, link: str, now: datetime) -> JourneyView:
    """Take what came free for who waits at a step, and go on at a new address; the one before is closed.

    Only for whoever has shown that it is theirs, by the ``link`` of the `Waiting`. Again it leads to the same
    place as long as that is held, also while it is being sent. Raises `NoSuchJourney`, and `Stopped` where it
    is kept no more.
    """
    with ledger.transaction():
        row, at, item, visit = _theirs(journey, step, now, Journey.UNDER_WAY)
        taken = at.capabilities[item.word].take_waited(item.options, visit, link)
        # What was accepted stays as it was accepted.
        if row.state == Journey.STARTED:
            row.said = {**row.said, **taken.said}
            row.typed = {page: typed for page, typed in row.typed.items() if page != item.id}
            row.held = {**row.held, item.id: taken.held}
            _waits_no_more(row, now)
            touch(row, at.definition, now)
        token = new_token()
        row.token = digest(token)
        row.save()
        ledger.record(JourneyTookWaited(step=step), subject=_about(row), **course(row, now))
        return view(row, token)


def _about(row: Journey) -> Ref:
    return Ref("journey", str(row.pk))
