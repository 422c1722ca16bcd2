"""After the last answers: what is chosen by now is held, and what is held is what the answers ask for.

What a step holds may depend on answers before it: how many, how long, which calendar. Once those change, what
was held for them is given back and chosen anew: by the same answer where it can still be had, else the step
is asked again. No database of its own and no clock.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vestry.services import listing
from vestry.services.definition.language import Item
from vestry.services.journeys import Journeying, Walk, release, settle, take, walk


def settle_all(journey: Journeying, before: Walk) -> tuple[Journeying, Walk]:
    """Hold what is chosen by now, and give back what isn't any more, after the last answers.

    What one step holds may decide which come after it, so this goes on until nothing changes. ``before`` is
    the walk before those answers. Raises `Stopped`, `Wrong`.
    """
    after = walk(journey)
    for _step in journey.definition.journey:
        journey, after = _fitted(journey, before, after)
        held = settle(journey, before, after)
        if held == journey.held:
            break
        journey, before = replace(journey, held=held), after
        after = walk(journey)
    return journey, after


def _fitted(journey: Journeying, before: Walk, after: Walk) -> tuple[Journeying, Walk]:
    """Without what is held for other answers than those given by now."""
    for item in journey.definition.journey:
        if item.id in journey.held and _other(before, after, item) and not _fits(journey, after, item):
            said = _said_again(journey, after, item)
            release(journey, after, item)
            held = {id: each for id, each in journey.held.items() if id != item.id}
            journey = replace(journey, said=said, held=held)
            after = walk(journey)
    return journey, after


def _other(before: Walk, after: Walk, item: Item) -> bool:
    """Whether anything was said differently before the step's page, if the walk comes to it."""
    then, now = before.stage(item.id), after.stage(item.id)
    return now is not None and (then is None or then.before != now.before)


def _fits(journey: Journeying, walked: Walk, item: Item) -> bool:
    visit = journey.visit(item, walked.said, walked.words)
    return journey.capabilities[item.word].fits(item.options, visit)


def _said_again(journey: Journeying, walked: Walk, item: Item) -> dict[str, Any]:
    """All that was said, the step's own answers as its questions take them now, or not at all."""
    said = dict(journey.said)
    for stage in walked.stages:
        if stage.item.id != item.id:
            continue
        raws = {question.id: question.refill(stage.answers.get(question.id)) for question in stage.asked}
        taken = take(journey, stage, raws)
        if taken.whole:
            said = dict(listing.put(said, stage, taken.said))
        else:
            asked = {question.id for question in stage.asked}
            said = {id: each for id, each in said.items() if id not in asked}
    return said
