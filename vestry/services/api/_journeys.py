"""Walking through a service, page by page. See `services.api`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from vestry.design.capability import Stopped
from vestry.design.questions import Form, Question, Wrong
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.services.api._moving import move
from vestry.services.api._row import (
    TOUCHED,
    JourneyView,
    abandon,
    course,
    digest,
    find,
    journeying,
    new_token,
    newer,
    touch,
    view,
)
from vestry.services.api._sending import as_it_stands
from vestry.services.api._versions import definition_of, latest
from vestry.services.api._where import PAYING, TASKS, Where, changed, page_again, stopped_at, where
from vestry.services.definition.language import CHECK
from vestry.services.events import JourneyStarted
from vestry.services.journeys import Journeying, Taken, Walk, give_back, take, walk
from vestry.services.listing import put
from vestry.services.models import Journey
from vestry.services.settling import settle_all
from vestry.services.stages import Stage


def start(*, service: str, origin: str, now: datetime) -> JourneyView:
    """Begin a journey through the latest version of a service. Raises `NoSuchService`.

    ``origin`` is where the person came in (``https://council.example``), for links in messages.
    """
    version = latest(service)
    token = new_token()
    with ledger.transaction():
        row = Journey(version=version, token=digest(token), origin=origin, started_at=now)
        touch(row, definition_of(version), now)
        row.save()
        ledger.record(JourneyStarted(), subject=Ref("journey", str(row.pk)), **course(row, now))
    return view(row, token)


def at(*, token: str, step: str = "", service: str = "", now: datetime) -> Where:
    """The page asked for, or the first unfinished one when the path has not come to it. Changes nothing.

    Without a step, the page where to go on. ``service`` is the one in the address, for this and the next
    ones: a journey through another is no journey there. Raises `NoSuchJourney`.
    """
    row = find(token, now, service)
    if (row.state != Journey.STARTED or step == PAYING) and (found := as_it_stands(row, token, now)):
        return found
    version, said = newer(row)
    if version and said.moves(now):
        return changed(row, version, said, token, now)
    journey = journeying(row, now)
    return where(journey, walk(journey), view(row, token, said.until), step)


def takes_files(*, token: str, step: str, service: str = "", now: datetime) -> bool:
    """Whether a page asks for files. Raises `NoSuchJourney`."""
    return bool(_files_asked(find(token, now, service), step, now))


def receive(
    *, token: str, step: str, service: str = "", form: Form, no_files: str = "", now: datetime
) -> Mapping[str, Any]:
    """Take in the files posted to a page, before `answer`: that takes its time, so no transaction is open.

    What to hand to `answer` as ``received``. ``no_files`` says why no new file is taken now, if none is.
    Raises `NoSuchJourney`.
    """
    row = find(token, now, service)
    asking = replace(journeying(row, now).asking(), no_files=no_files)
    return {
        question.id: question.receive(question.read(form), asking)
        for question in _files_asked(row, step, now)
    }


def _files_asked(row: Journey, step: str, now: datetime) -> list[Question]:
    if row.state != Journey.STARTED:
        return []
    stage = walk(journeying(row, now)).stage(step)
    return [question for question in stage.page.questions if question.files] if stage and stage.page else []


def answer(
    *,
    token: str,
    step: str,
    service: str = "",
    form: Form,
    received: Mapping[str, Any] = MappingProxyType({}),
    now: datetime,
    save: bool = False,
) -> Where:
    """Take the answers posted to a page, and say where to go on: to the same page where something is wrong.

    ``form`` names the questions it showed in ``asked``; ``received`` is what `receive` gave, if the page asks
    for files. With ``save`` somebody wants to come back later: what can't be taken as it is, on a page filled
    in halfway, is kept as it was typed. Raises `NoSuchJourney`.
    """
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        if row.state != Journey.STARTED and (found := as_it_stands(row, token, now)):
            return found
        version, said = newer(row)
        journey, seen = journeying(row, now), view(row, token, said.until)
        walked = walk(journey)
        stage = walked.stage(step)
        if version and said.moves(now):
            # Typed into a page that was open when the service changed: it goes along.
            if stage and stage.page:
                taken = _posted(journey, stage, form, received)
                _take_along(row, journey, walked, taken, form, received)
            return changed(row, version, said, token, now)
        if stage is None or stage.page is None:
            return where(journey, walked, seen)
        taken = _posted(journey, stage, form, received)
        went = _go_on(row, journey, walked, taken, seen)
        if went.again and save:
            _keep(row, taken, form, received)
            touch(row, journey.definition, now)
            row.save(update_fields=["typed", *TOUCHED])
            return where(journeying(row, now), walk(journeying(row, now)), seen, step)
        return went


def _posted(journey: Journeying, stage: Stage, form: Form, received: Mapping[str, Any]) -> Taken:
    """What came of the answers posted to a page."""
    asked = stage.page.questions if stage.page else ()
    raws = {question.id: question.read(form) for question in asked} | dict(received)
    return take(journey, stage, raws, shown=frozenset(form.getlist("asked")) or None)


def _go_on(row: Journey, journey: Journeying, walked: Walk, taken: Taken, seen: JourneyView) -> Where:
    """Keep the answers, where all of a page can be taken; hold what is chosen by them."""
    stage = taken.stage
    if not taken.whole:
        return page_again(walked, taken, seen)
    typed = {page: raws for page, raws in journey.typed.items() if page != stage.id}
    journey = replace(journey, said=put(journey.said, stage, taken.said), typed=typed)
    try:
        # A savepoint: where one step can hold nothing, what was held before stays held.
        with ledger.transaction():
            journey, after = settle_all(journey, walked)
    except Stopped as stopped:
        # What was chosen stands on the page when they come back to choose again.
        row.typed = {**typed, stage.id: {id: plain(raw) for id, raw in taken.raws.items()}}
        touch(row, journey.definition, journey.now)
        row.save(update_fields=["typed", *TOUCHED])
        return stopped_at(walked, stage.id, stopped.stop, seen)
    except Wrong as wrong:
        return page_again(walked, replace(taken, wrongs={stage.asked[0].id: wrong}), seen)
    row.said, row.typed, row.held = dict(journey.said), typed, dict(journey.held)
    touch(row, journey.definition, journey.now)
    row.save(update_fields=["said", "typed", "held", *TOUCHED])
    return where(journey, after, seen, going_on(walked, after, stage))


def going_on(before: Walk, after: Walk, stage: Stage) -> str:
    """Where one goes on from a page: through its task, then to the list of tasks, or back to the check."""
    if stage.back_to:
        return stage.back_to
    task = after.task(stage.id)
    if task is None:
        return ""
    if task.here:
        return task.here.id
    if before.here is None:
        return CHECK
    pages = [page.id for page in task.pages if not (page.part and page.part.item)]
    return next(iter(pages[pages.index(stage.id) + 1 :]), TASKS) if stage.id in pages else TASKS


def _take_along(
    row: Journey, journey: Journeying, walked: Walk, taken: Taken, form: Form, received: Mapping[str, Any]
) -> None:
    """Keep what was posted to a page of a version that is over. What it calls for is held by the new one."""
    if taken.whole:
        row.said = put(row.said, taken.stage, taken.said)
        row.typed = {page: raws for page, raws in row.typed.items() if page != taken.stage.id}
        after = walk(replace(journey, said=row.said, typed=row.typed))
        row.held = give_back(journey, walked, after)
    else:
        _keep(row, taken, form, received)
    touch(row, journey.definition, journey.now)
    row.save(update_fields=["said", "typed", "held", *TOUCHED])


def _keep(row: Journey, taken: Taken, form: Form, received: Mapping[str, Any]) -> None:
    """Keep what was typed on a page although it is no answer yet."""
    shown, said, stood = form.getlist("asked"), taken.stage.typed or {}, taken.stage.answers
    raws = {question.id: question.read(form) for question in taken.asked} | dict(received)
    typed = {
        question.id: plain(raws[question.id])
        for question in taken.asked
        if question.id in shown and raws[question.id] != question.refill(stood.get(question.id))
    }
    row.typed = {**row.typed, taken.stage.id: {**said, **typed}}


def plain(raw: Any) -> Any:
    """What was typed, as JSON can hold it in any database."""
    if isinstance(raw, str):
        return raw.replace("\0", "").encode(errors="replace").decode()
    if isinstance(raw, Mapping):
        return {plain(str(key)): plain(each) for key, each in raw.items()}
    if isinstance(raw, list | tuple):
        return [plain(each) for each in raw]
    return raw if raw is None or isinstance(raw, bool | int | float) else ""


def carry_over(*, token: str, service: str = "", now: datetime) -> Where:
    """Go on with the newer version of the service, and with every answer that still fits.

    Nothing happens where nobody has to. Raises `NoSuchJourney`.
    """
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        version, said = newer(row)
        if version and said.moves(now):
            move(row, version, now)
        return at(token=token, service=service, now=now)


def leave(*, token: str, service: str = "", now: datetime) -> bool:
    """End a journey on purpose: holds are given back, answers deleted. Raises `NoSuchJourney`.

    Whether it was ended: what is being sent, or was sent by now, stays as it is.
    """
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        if row.state != Journey.STARTED:
            return False
        abandon(row, now, left=True)
        return True
