"""Walking a definition: which page comes now, and what an answer changes. No database and no clock.

1. `walk` goes through the steps in order. A step whose ``when`` does not hold is passed by. Its capability
   says what it has to ask; the first question without an answer, or a stop, is where the walk ends.
2. `take` puts posted answers into what was said so far.
3. Only answers on the path count: what somebody said before they changed their mind is kept, in case they
   change it back, but it is not on the path and goes no further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from vestry.design.capability import Capability, Page, Stop, Visit
from vestry.design.expressions import Today, holds, name_of
from vestry.design.questions import Asking, NotYet, Question, Wrong
from vestry.kernel import Ref
from vestry.services.definition.language import Definition, Item

CHECK = "check"
# A capability that goes on asking for ever is a fault of the capability; better an error than a loop.
MOST_PAGES = 50

Words = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Journeying:
    """One journey at one moment: all that walking needs."""

    definition: Definition
    version: int
    capabilities: Mapping[str, Capability]
    today: Today
    journey: str
    said: Mapping[str, Any]
    """Every answer ever given, by question id."""
    held: Mapping[str, Any]
    actor: Ref
    now: datetime

    def visit(self, item: Item, said: Mapping[str, Any], words: Words) -> Visit:
        """The journey as the capability of one step sees it."""
        return Visit(
            service=self.definition.service,
            title=self.definition.title,
            version=self.version,
            journey=self.journey,
            said=dict(said),
            words=dict(words),
            now=self.now,
            actor=self.actor,
            prefix=self.definition.reference,
            information_class=self.definition.information_class,
            held=self.held.get(item.id),
        )


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One page somebody has come to: its questions, or a stop. ``id`` is its place in the address."""

    id: str
    item: Item
    page: Page | None = None
    stop: Stop | None = None
    asked: tuple[Question, ...] = ()
    """Those of the page's questions whose condition holds."""
    before: Words = field(default_factory=dict)
    """The words as they were before this page."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """The answers on the path before this page."""
    missing: bool = False
    """True while a question has no answer."""

    @property
    def finished(self) -> bool:
        """True when there is nothing left to do on it."""
        return not self.missing and self.stop is None


@dataclass(frozen=True, kw_only=True)
class Walk:
    """The way through, as far as it goes."""

    stages: tuple[Stage, ...]
    items: tuple[Item, ...]
    """The steps on the path that are done, in order."""
    said: Mapping[str, Any]
    """The answers on the path."""
    words: Words

    @property
    def here(self) -> Stage | None:
        """The first page that is not finished; None when all are."""
        return next((stage for stage in self.stages if not stage.finished), None)

    def stage(self, id: str) -> Stage | None:
        """The page with that place in the address, if the path has come to it."""
        return next((stage for stage in self.stages if stage.id == id), None)

    def before(self, id: str) -> Stage | None:
        """The page before; None when there is none. For an id that is no page (`check`), the last one."""
        passed = None
        for stage in self.stages:
            if stage.id == id:
                break
            passed = stage
        return passed


def questions(definition: Definition, capabilities: Mapping[str, Capability]) -> Iterator[Question]:
    """Every question the definition may ever ask."""
    for item in definition.journey:
        yield from capabilities[item.word].questions(item.options)


def nothing_said(journey: Journeying) -> dict[str, Any]:
    """The words before anything was said: each question is there, without an answer."""
    return {
        name_of(question.id): question.word(None)
        for question in questions(journey.definition, journey.capabilities)
    }


def walk(journey: Journeying) -> Walk:
    """Go through the steps as far as the answers lead."""
    stages: list[Stage] = []
    items: list[Item] = []
    said: dict[str, Any] = {}
    words = nothing_said(journey)
    for item in journey.definition.journey:
        if item.word == CHECK or not holds(item.when, words, journey.today):
            continue
        for stage in _stages(journey, item, said, words):
            stages.append(stage)
            for question in stage.asked:
                if question.id in journey.said:
                    said[question.id] = journey.said[question.id]
                    words[name_of(question.id)] = question.word(said[question.id])
            if not stage.finished:
                return Walk(stages=tuple(stages), items=tuple(items), said=said, words=words)
        items.append(item)
    return Walk(stages=tuple(stages), items=tuple(items), said=said, words=words)


def _stages(journey: Journeying, item: Item, said: dict[str, Any], words: dict[str, Any]) -> Iterator[Stage]:
    """The pages of one step. ``said`` and ``words`` grow between one page and the next."""
    seen: set[tuple[str, ...]] = set()
    for number in range(1, MOST_PAGES):
        asked = journey.capabilities[item.word].ask(item.options, journey.visit(item, said, words))
        if asked is None:
            return
        stage = Stage(id=item.id if number == 1 else f"{item.id}-{number}", item=item, before=dict(words))
        stage = replace(stage, said=dict(said))
        if isinstance(asked, Stop):
            yield replace(stage, stop=asked)
            return
        ids = tuple(question.id for question in asked.questions)
        if ids in seen:
            return
        seen.add(ids)
        applying = _applying(journey, asked.questions, words)
        missing = any(question.id not in journey.said for question in applying)
        if applying:
            yield replace(stage, page=asked, asked=applying, missing=missing)
    raise RuntimeError(f"The step {item.id!r} of {journey.definition.service!r} goes on asking for ever.")


def _applying(
    journey: Journeying, asked: Sequence[Question], words: Mapping[str, Any]
) -> tuple[Question, ...]:
    """Those whose condition holds, given also the answers on this page."""
    seen, found = dict(words), []
    for question in asked:
        if not holds(question.when, seen, journey.today):
            continue
        found.append(question)
        if question.id in journey.said:
            seen[name_of(question.id)] = question.word(journey.said[question.id])
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What came of posted answers: new answers, and for those that can't be taken, why."""

    said: Mapping[str, Any]
    """The answers that can be taken."""
    stage: Stage
    wrongs: Mapping[str, Wrong] = field(default_factory=dict)
    raws: Mapping[str, Any] = field(default_factory=dict)
    """What to fill the page with when it is shown again."""
    asked: tuple[Question, ...] = ()
    more: bool = False
    """True when a question has more to show before it can be answered."""

    @property
    def whole(self) -> bool:
        """True when every answer could be taken."""
        return not self.wrongs and not self.more


def take(
    journey: Journeying, stage: Stage, raws: Mapping[str, Any], *, shown: frozenset[str] | None = None
) -> Taken:
    """Clean what was posted to a page.

    ``shown`` are the questions the page showed (None: all that apply). One that applies only now, because of
    another answer on the same page, was not seen yet, so it can't be answered wrongly.
    """
    words, answers, wrongs = dict(stage.before), {}, {}
    raws, asked, more = dict(raws), [], False
    for question in stage.page.questions if stage.page else ():
        unseen = shown is not None and question.id not in shown
        if not holds(question.when, words, journey.today):
            # What it depends on may be the very answer that is wrong: what was typed must not vanish.
            if wrongs and not unseen and raws.get(question.id):
                asked.append(question)
            continue
        asked.append(question)
        try:
            if not unseen:
                asking = Asking(now=journey.now, said={**stage.said, **answers})
                answers[question.id] = question.clean(raws.get(question.id), asking)
            elif question.id in journey.said:
                answers[question.id] = journey.said[question.id]
        except Wrong as wrong:
            wrongs[question.id] = wrong
        except NotYet as not_yet:
            raws[question.id], more = not_yet.raw, True
        words[name_of(question.id)] = question.word(answers.get(question.id))
        if unseen:
            raws[question.id] = question.refill(answers.get(question.id))
    return Taken(said=answers, stage=stage, wrongs=wrongs, raws=raws, asked=tuple(asked), more=more)


def clean_again(journey: Journeying, walked: Walk) -> tuple[dict[str, Any], Taken | None]:
    """Take the answers on the path once more, as time has gone on.

    Every answer on the path and nothing else; and what came of the first page that can't be taken, if any.
    """
    said: dict[str, Any] = {}
    for stage in walked.stages:
        raws = {question.id: question.refill(walked.said.get(question.id)) for question in stage.asked}
        taken = take(journey, stage, raws)
        if not taken.whole:
            return said, taken
        said |= taken.said
    return said, None


def settle(journey: Journeying, before: Walk, after: Walk) -> dict[str, Any]:
    """Hold what is chosen by now, and give back what isn't any more. Returns what is held, by step.

    ``before`` and ``after`` are the walks around the last answers. A step whose answers changed gives back
    first.
    """
    held = dict(journey.held)
    on_path = {item.id for item in after.items}
    for item in journey.definition.journey:
        if item.id in held and (item.id not in on_path or _answers(before, item) != _answers(after, item)):
            _release(journey, before, item)
            del held[item.id]
    for item in after.items:
        capability = journey.capabilities[item.word]
        holds_something = type(capability).hold is not Capability.hold
        if holds_something and item.id not in held and _answers(after, item):
            held[item.id] = capability.hold(item.options, journey.visit(item, after.said, after.words))
    return held


def release_all(journey: Journeying) -> None:
    """Give back everything that is held."""
    walked = walk(journey)
    for item in journey.definition.journey:
        if item.id in journey.held:
            _release(journey, walked, item)


def _release(journey: Journeying, walked: Walk, item: Item) -> None:
    visit = journey.visit(item, walked.said, walked.words)
    journey.capabilities[item.word].release(item.options, visit)


def _answers(walked: Walk, item: Item) -> dict[str, Any]:
    """The answers to a step's own questions."""
    asked = [question for stage in walked.stages if stage.item.id == item.id for question in stage.asked]
    return {question.id: walked.said.get(question.id) for question in asked}
