"""Walking through a draft, as a resident would walk through it once it is published.

The same definition, the same walk, the same pages. But nothing is a journey: the answers are whoever tries
it out's own to keep, no capability holds or confirms anything, and nothing is stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from vestry.councils import api as councils
from vestry.design.expressions import Today
from vestry.design.questions import Form
from vestry.kernel import Ref, Refused, local_day
from vestry.people import api as people
from vestry.services.api._drafts import check, find
from vestry.services.api._journeys import going_on
from vestry.services.api._row import JourneyView
from vestry.services.api._versions import ServiceView, view_of
from vestry.services.api._where import Where, page_again, where
from vestry.services.definition.capabilities import installed
from vestry.services.definition.language import Definition
from vestry.services.journeys import Journeying, take, walk
from vestry.services.listing import put

Tried = Mapping[str, Any]
"""What somebody has answered while trying a draft out, and of which edition; empty for a beginning."""
NOBODY = Ref("resident", "preview")


class NotReady(Refused):
    """This draft has mistakes, so there is nothing to try out yet. Mend them first."""


def try_start(*, draft: int, officer: people.OfficerView) -> ServiceView:
    """What its start page says. Raises `NoSuchDraft`, `NotReady`."""
    return view_of(_definition(draft, officer)[0], 0)


def try_at(*, draft: int, officer: people.OfficerView, tried: Tried, step: str = "", now: datetime) -> Where:
    """The page of a draft somebody has come to with these answers. Raises `NoSuchDraft`, `NotReady`."""
    journey, _edition = _journeying(draft, officer, tried, now)
    return where(journey, walk(journey), _seen(draft, journey), step)


def try_answer(
    *, draft: int, officer: people.OfficerView, tried: Tried, step: str, form: Form, now: datetime
) -> tuple[Where, Tried]:
    """Take the answers posted to a page: where that leads, and all the answers now.

    Raises `NoSuchDraft`, `NotReady`.
    """
    journey, edition = _journeying(draft, officer, tried, now)
    seen, walked = _seen(draft, journey), walk(journey)
    stage = walked.stage(step)
    if stage is None or stage.page is None:
        return where(journey, walked, seen), _tried(journey, edition)
    raws = {question.id: question.read(form) for question in stage.page.questions}
    taken = take(journey, stage, raws, shown=frozenset(form.getlist("asked")) or None)
    if not taken.whole:
        return page_again(walked, taken, seen), _tried(journey, edition)
    journey = replace(journey, said=put(journey.said, stage, taken.said))
    after = walk(journey)
    went = where(journey, after, seen, going_on(walked, after, stage))
    return went, _tried(journey, edition)


def _tried(journey: Journeying, edition: int) -> Tried:
    return {"edition": edition, "said": dict(journey.said)}


def _definition(draft: int, officer: people.OfficerView) -> tuple[Definition, int]:
    row = find(draft, officer)
    definition = check(row).definition
    if definition is None:
        raise NotReady
    return definition, row.edition


def _journeying(
    draft: int, officer: people.OfficerView, tried: Tried, now: datetime
) -> tuple[Journeying, int]:
    definition, edition = _definition(draft, officer)
    # What was answered to another text may be no answer to this one.
    said = tried.get("said", {}) if tried.get("edition") == edition else {}
    journey = Journeying(
        definition=definition,
        version=0,
        capabilities=installed(),
        today=Today(day=local_day(now), calendar=councils.working_calendar()),
        journey=NOBODY.key,
        said=said,
        held={},
        tried=True,
        actor=NOBODY,
        now=now,
    )
    return journey, edition


def _seen(draft: int, journey: Journeying) -> JourneyView:
    return JourneyView(
        id=NOBODY.key,
        token=str(draft),
        service=journey.definition.service,
        version=0,
        title=journey.definition.title,
        state="started",
        open_until=journey.now,
    )
