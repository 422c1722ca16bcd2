"""Carrying a journey over to a newer version: what goes along, and what is asked again. No database.

An answer goes along when the question reads as it did, the answer reads as it did, and the newer version
takes it. What does not is asked again, with what was answered filled in where the kind is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from vestry.design.capability import Stopped
from vestry.design.kinds import Listed
from vestry.design.questions import Asking, NotYet, Question, Wrong
from vestry.services.journeys import Journeying, Walk, hold, holds_something, release, walk
from vestry.services.listing import Progress

NOT_SAID = object()


@dataclass(frozen=True, kw_only=True)
class Again:
    """A question that is asked again, as the newer version asks it, and what was answered."""

    ask: str
    before: str


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A journey as the newer version goes on with it, and what a person has to know about that."""

    journey: Journeying
    kept: int
    again: tuple[Again, ...]
    gone: tuple[str, ...]
    """Questions that were answered and are not there any more."""
    added: tuple[str, ...]
    """Questions everybody is asked that were not there before."""


def carry(old: Journeying, new: Journeying) -> Carried:
    """What goes along from one version to a newer one. Holds are for `settled`."""
    was, becomes = _questions(old), _questions(new)
    # Kept until it is sent, in case a later version asks for it again.
    said = {id: answer for id, answer in old.said.items() if id not in becomes}
    again = []
    for id, question in becomes.items():
        if id not in old.said:
            continue
        asking = new.asking(said)
        if isinstance(question, Listed):
            fits, said[id] = _fitting_list(was.get(id), question, old.said[id], asking)
        else:
            fits, answer = _fitting(was.get(id), question, old.said[id], asking)
            said |= {id: answer} if fits else {}
        if not fits:
            again.append(id)
    journey = replace(new, said=said, typed=_typed(old, new, again))
    answered = walk(old).said
    return Carried(
        journey=journey,
        kept=sum(id in becomes and id not in again for id in said),
        again=tuple(
            Again(ask=becomes[id].ask, before=was[id].shown(answered[id])) for id in again if id in answered
        ),
        gone=tuple(was[id].ask for id in answered if id not in becomes),
        added=tuple(
            question.ask
            for item in new.definition.journey
            for question in new.capabilities[item.word].questions(item.options)
            if question.id not in was and not (item.when or question.when)
        ),
    )


def settled(old: Journeying, carried: Carried) -> tuple[Journeying, dict[str, Any]]:
    """Give back what the newer version holds otherwise, and hold what it can. The journey, and what is held.

    What can't be held any more is asked again.
    """
    journey, before = carried.journey, walk(old)
    after = walk(journey)
    held = {id: kept for id, kept in old.held.items() if _holds_the_same(old, journey, after, id)}
    for item in old.definition.journey:
        if item.id in old.held and item.id not in held:
            release(old, before, item)
    for item in journey.definition.journey:
        walked = walk(replace(journey, held=held))
        if item.id in held or item not in walked.items or not holds_something(journey, walked, item):
            continue
        try:
            held[item.id] = hold(replace(journey, held=held), walked, item)
        except (Stopped, Wrong):
            asked = {question.id for question in journey.capabilities[item.word].questions(item.options)}
            said = {id: answer for id, answer in journey.said.items() if id not in asked}
            journey = replace(journey, said=said)
    return journey, held


def _holds_the_same(old: Journeying, new: Journeying, after: Walk, id: str) -> bool:
    was, becomes = old.definition.item(id), new.definition.item(id)
    if was is None or becomes is None or becomes in after.passed:
        return False
    asked = new.capabilities[becomes.word].questions(becomes.options)
    return (was.word, was.options) == (becomes.word, becomes.options) and all(
        # Of what is waited for, neither has an answer yet.
        new.said.get(question.id, NOT_SAID) == old.said.get(question.id, NOT_SAID)
        for question in asked
    )


def _questions(journey: Journeying) -> dict[str, Question]:
    return {
        question.id: question
        for item in journey.definition.journey
        for question in journey.capabilities[item.word].questions(item.options)
    }


def _fitting(was: Question | None, becomes: Question, answer: Any, asking: Asking) -> tuple[bool, Any]:
    if was is None or was.kind != becomes.kind or was.ask != becomes.ask:
        return False, None
    try:
        taken = becomes.clean(becomes.refill(answer), asking)
    except (Wrong, NotYet):
        return False, None
    return becomes.shown(taken) == was.shown(answer), taken


def _fitting_list(was: Question | None, becomes: Listed, stored: Any, asking: Asking) -> tuple[bool, Any]:
    """A list as far as it goes along: what does not fit is asked again of each thing on it."""
    if not isinstance(was, Listed) or stored is None:
        return False, None if becomes.optional else Progress().stored()
    before, progress = {question.id: question for question in was.each}, Progress.read(stored)
    items: dict[int, dict[str, Any]] = {}
    for number, item in progress.items.items():
        kept = items.setdefault(number, {})
        for question in becomes.each:
            if question.id in item:
                fits, answer = _fitting(before.get(question.id), question, item[question.id], asking)
                kept |= {question.id: answer} if fits else {}
    lost = any(items[number].keys() != item.keys() for number, item in progress.items.items())
    return not lost, replace(progress, items=items).stored()


def _typed(old: Journeying, new: Journeying, again: list[str]) -> dict[str, Mapping[str, Any]]:
    """What stands filled in on the pages that ask again, and what was typed and not taken yet."""
    kinds = {id: question.kind for id, question in _questions(old).items()}
    waiting = {id: raw for typed in old.typed.values() for id, raw in typed.items()}
    found: dict[str, dict[str, Any]] = {}
    for item in new.definition.journey:
        for question in new.capabilities[item.word].questions(item.options):
            if kinds.get(question.id) != question.kind:
                continue
            if question.id in waiting:
                found.setdefault(item.id, {})[question.id] = waiting[question.id]
            elif question.id in again and not question.inside():
                found.setdefault(item.id, {})[question.id] = question.refill(old.said[question.id])
    return {**{page: dict(typed) for page, typed in old.typed.items()}, **found}
