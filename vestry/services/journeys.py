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
from functools import partial
from types import MappingProxyType
from typing import Any

from vestry.design.capability import Capability, Elsewhere, Stop, Stopped, Visit
from vestry.design.expressions import Today, holds, name_of
from vestry.design.kinds import Listed
from vestry.design.questions import Asking, NotYet, Question, Wrong
from vestry.kernel import Ref
from vestry.services import listing
from vestry.services.definition.language import CHECK, Definition, Item
from vestry.services.once import once
from vestry.services.stages import Stage
from vestry.services.tasks import Task, tasks_of

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
    """Every answer ever given, by question id; of a list how far it has come (`listing.Progress`)."""
    held: Mapping[str, Any]
    actor: Ref
    now: datetime
    typed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What was typed on a page and is no answer yet, by the page's id: such a page is not finished."""
    client: str = ""
    """The machine that sends it, if one does."""
    tried: bool = False
    """True while a draft is tried out: it is nobody's journey."""

    def asking(
        self, said: Mapping[str, Any] = MappingProxyType({}), words: Mapping[str, Any] = MappingProxyType({})
    ) -> Asking:
        """When and among which answers a question is asked, and whose what is given beside it may be."""
        owners = (Ref("journey", self.journey), *([Ref("client", self.client)] if self.client else ()))
        among = {"said": said, "words": words, "today": self.today, "tried": self.tried}
        return Asking(now=self.now, owners=owners, actor=self.actor, **among)

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
            today=self.today,
            actor=self.actor,
            prefix=self.definition.reference,
            information_class=self.definition.information_class,
            held=self.held.get(item.id),
        )


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far a task is. It has no pages while it has to wait for another."""

    task: Task
    pages: tuple[Stage, ...] = ()

    @property
    def here(self) -> Stage | None:
        """Its first page that is not finished."""
        return next((page for page in self.pages if not page.finished), None)


@dataclass(frozen=True, kw_only=True)
class Walk:
    """The way through, as far as it goes."""

    stages: tuple[Stage, ...]
    items: tuple[Item, ...]
    """The steps on the path that are done, in order."""
    said: Mapping[str, Any]
    """The answers on the path."""
    words: Words
    passed: tuple[Item, ...] = ()
    """The steps it has come to whose condition does not hold. What is further on may be either."""
    tasks: tuple[Standing, ...] = ()
    """In a long service the tasks, once somebody has come to them."""

    def task(self, id: str) -> Standing | None:
        """The task a page is part of."""
        return next((task for task in self.tasks if any(page.id == id for page in task.pages)), None)

    @property
    def here(self) -> Stage | None:
        """The first page that is not finished; None when all are."""
        return next((stage for stage in self.stages if not stage.finished), None)

    def stage(self, id: str) -> Stage | None:
        """The page with that place in the address, if the path has come to it."""
        return next((stage for stage in self.stages if stage.id == id), None)

    def before(self, id: str) -> Stage | None:
        """The page before; None when there is none. For an id that is no page (`check`), the last one.

        From one item of a list it leads to the list, not to another item.
        """
        here, passed = self.stage(id), None
        for stage in self.stages:
            if stage is here:
                break
            if here.follows(stage) if here else not (stage.part and stage.part.item):
                passed = stage
        return passed


def questions(definition: Definition, capabilities: Mapping[str, Capability]) -> Iterator[Question]:
    """Every question the definition may ever ask."""
    for item in definition.journey:
        yield from capabilities[item.word].questions(item.options)


@once
def nothing_said(definition: Definition, capabilities: Mapping[str, Capability]) -> Words:
    """The words before anything was said: each question and each step is there, with nothing in it."""
    steps = (getattr(item.options, "id", "") for item in definition.journey)
    return MappingProxyType(
        dict.fromkeys(name_of(id) for id in steps if id)
        | {name_of(question.id): question.word(None) for question in questions(definition, capabilities)}
    )


def walk(journey: Journeying) -> Walk:
    """Go through the steps as far as the answers lead; of tasks, through each that need not wait."""
    words = dict(nothing_said(journey.definition, journey.capabilities))
    way, tasks, finished = _Way(words=words), list[Standing](), set[str]()
    for task in tasks_of(journey.definition, journey.capabilities):
        if not task.needs <= finished:
            tasks.append(Standing(task=task))
            continue
        before = len(way.stages)
        if way.through(journey, task.items):
            finished.add(task.id)
        # One whose pages do not apply is nobody's to do.
        if pages := way.stages[before:]:
            tasks.append(Standing(task=task, pages=tuple(pages)))
    return Walk(
        stages=tuple(way.stages),
        items=tuple(way.items),
        passed=tuple(way.passed),
        said=way.said,
        words=way.words,
        tasks=tuple(each for each in tasks if each.task.title) if "" in finished else (),
    )


@dataclass(kw_only=True)
class _Way:
    """A walk on its way: what it has come by."""

    words: dict[str, Any]
    said: dict[str, Any] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    passed: list[Item] = field(default_factory=list)

    def through(self, journey: Journeying, items: Sequence[Item]) -> bool:
        """Go through these steps, up to the first page that is not finished. Whether there is none."""
        for item in items:
            if item.word == CHECK:
                continue
            if not holds(item.when, self.words, journey.today):
                self.passed.append(item)
                continue
            for asked in _stages(journey, item, self.said, self.words):
                stage, *parts = (_with_typed(journey, each) for each in asked)
                self.stages += [stage, *parts]
                finished = all(each.finished for each in (stage, *parts))
                for question, answer in _heard(stage, parts, finished=finished):
                    self.said[question.id] = answer
                    self.words[name_of(question.id)] = question.word(answer)
                if not finished:
                    return False
            self.items.append(item)
            visit = journey.visit(item, self.said, self.words)
            if given := journey.capabilities[item.word].gives(item.options, visit):
                self.words[name_of(item.id)] = given
        return True


def _heard(stage: Stage, parts: Sequence[Stage], *, finished: bool) -> Iterator[tuple[Question, Any]]:
    """The answers given on a page. A list is one answer, and none before it is done."""
    if stage.part is None:
        yield from ((each, stage.answers[each.id]) for each in stage.asked if each.id in stage.answers)
    elif finished:
        yield stage.part.listed, listing.answer([stage, *parts], stage.part.listed.id)


def _stages(
    journey: Journeying, item: Item, said: dict[str, Any], words: dict[str, Any]
) -> Iterator[Sequence[Stage]]:
    """The pages of one step; those of a list come together. ``said`` and ``words`` grow in between."""
    seen: set[tuple[str, ...]] = set()
    for number in range(1, MOST_PAGES):
        asked = journey.capabilities[item.word].ask(item.options, journey.visit(item, said, words))
        if asked is None:
            return
        stage = Stage(id=item.id if number == 1 else f"{item.id}-{number}", item=item, before=dict(words))
        stage = replace(stage, said=dict(said))
        if isinstance(asked, Stop):
            yield (replace(stage, stop=asked),)
            return
        ids = tuple(question.id for question in asked.questions)
        if ids in seen:
            return
        seen.add(ids)
        applying = _applying(journey, asked.questions, words)
        missing = any(question.id not in journey.said for question in applying)
        answers = {each.id: journey.said[each.id] for each in asked.questions if each.id in journey.said}
        stage = replace(stage, page=asked, asked=applying, answers=answers, missing=missing)
        if applying and isinstance(applying[0], Listed):
            yield listing.pages(stage, applying[0], journey.said, partial(holds, today=journey.today))
        elif applying:
            yield (stage,)
    raise RuntimeError(f"The step {item.id!r} of {journey.definition.service!r} goes on asking for ever.")


def _with_typed(journey: Journeying, stage: Stage) -> Stage:
    """A page with what was typed on it last time: shown again, and to be finished."""
    typed = journey.typed.get(stage.id)
    if not typed or stage.page is None:
        return stage
    asked = tuple(
        question for question in stage.page.questions if question in stage.asked or typed.get(question.id)
    )
    mine = {question.id: typed[question.id] for question in asked if question.id in typed}
    return replace(stage, asked=asked, typed=mine, missing=stage.missing or bool(mine))


def _applying(
    journey: Journeying, asked: Sequence[Question], words: Mapping[str, Any]
) -> tuple[Question, ...]:
    """Those whose condition holds, given also the answers on this page."""
    seen, found = dict(words), []
    for question in asked:
        if not holds(question.when, seen, journey.today):
            continue
        found.append(question)
        # A list stands alone, and how far it has come is no answer yet.
        if question.id in journey.said and not question.inside():
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
                asking = journey.asking({**stage.said, **answers}, words)
                answers[question.id] = question.clean(raws.get(question.id), asking)
            elif question.id in stage.answers:
                answers[question.id] = stage.answers[question.id]
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
        if stage.part and (stage.part.removes or not stage.part.item):
            continue
        raws = {question.id: question.refill(stage.answers.get(question.id)) for question in stage.asked}
        taken = take(journey, stage, raws)
        if not taken.whole:
            return said, taken
        said = listing.put(said, stage, taken.said)
    for stage in walked.stages:
        if stage.part and not stage.part.item:
            items = listing.Progress.read(said.get(stage.part.listed.id)).items
            said[stage.part.listed.id] = [dict(item) for item in items.values()] or None
    return said, None


def settle(journey: Journeying, before: Walk, after: Walk) -> dict[str, Any]:
    """Hold what is chosen by now, and give back what isn't any more. Returns what is held, by step.

    ``before`` and ``after`` are the walks around the last answers. A step whose answers changed gives back
    first.
    """
    held = give_back(journey, before, after)
    for item in after.items:
        if item.id not in held and holds_something(journey, after, item):
            held[item.id] = hold(replace(journey, held=held), after, item)
    return held


def give_back(journey: Journeying, before: Walk, after: Walk) -> dict[str, Any]:
    """Give back what isn't chosen any more. Returns what is still held, by step.

    A step that the walk does not come to, because something before it is asked now, keeps what it holds.
    """
    held = dict(journey.held)
    for item in (*after.passed, *after.items):
        if item.id in held and (item in after.passed or answers(before, item) != answers(after, item)):
            release(journey, before, item)
            del held[item.id]
    return held


def holds_something(journey: Journeying, walked: Walk, item: Item) -> bool:
    """Whether a step has something to set aside by now: its questions are answered."""
    holds = type(journey.capabilities[item.word]).hold is not Capability.hold
    return holds and bool(answers(walked, item))


def hold(journey: Journeying, walked: Walk, item: Item) -> Any:
    """Set aside what was chosen in a step. Raises `Stopped`, `Wrong`."""
    visit = journey.visit(item, walked.said, walked.words)
    return journey.capabilities[item.word].hold(item.options, visit)


def owed(journey: Journeying, walked: Walk) -> list[tuple[Item, Elsewhere]]:
    """What only another site can do before it can be sent, and what it has done: each with its step."""
    found = []
    for item in walked.items:
        visit = journey.visit(item, walked.said, walked.words)
        if (each := journey.capabilities[item.word].owes(item.options, visit)) is not None:
            found.append((item, each))
    return found


def hold_on(journey: Journeying, walked: Walk, until: datetime) -> dict[str, Any]:
    """Make what is held last until then, and hold what is not yet: what is held only when somebody sends, and
    what a machine chose, which sends all answers at once.

    Returns what is held, by step. Raises `CannotHold`.
    """
    held = dict(journey.held)
    for item in walked.items:
        capability = journey.capabilities[item.word]
        asks = bool(capability.questions(item.options))
        try:
            if not asks or (item.id not in held and holds_something(journey, walked, item)):
                held[item.id] = hold(replace(journey, held=held), walked, item)
            if asks and item.id in held:
                visit = replace(journey, held=held).visit(item, walked.said, walked.words)
                held[item.id] = capability.extend(item.options, visit, until)
        except (Stopped, Wrong) as refusal:
            raise CannotHold(item, refusal) from None
    return {id: each for id, each in held.items() if each}


class CannotHold(Exception):
    """A step that can't hold what it has to, and why."""

    def __init__(self, item: Item, why: Stopped | Wrong) -> None:
        self.item, self.why = item, why
        super().__init__()


def confirm_received(journey: Journeying, walked: Walk, to: Ref) -> None:
    """What came with the answers belongs to ``to``; what came and was not sent after all is given up."""
    for question in questions(journey.definition, journey.capabilities):
        if walked.said.get(question.id) is not None:
            question.confirm(walked.said[question.id], journey.asking(), to)
    _give_up(journey)


def _give_up(journey: Journeying) -> None:
    for question in questions(journey.definition, journey.capabilities):
        question.release(journey.asking())


def release_all(journey: Journeying) -> None:
    """Give back everything that is held or was received."""
    _give_up(journey)
    walked = walk(journey)
    for item in journey.definition.journey:
        if item.id in journey.held:
            release(journey, walked, item)


def release_off_path(journey: Journeying, walked: Walk) -> None:
    """Give back what is held by steps that time has taken off the path."""
    for item in journey.definition.journey:
        if item.id in journey.held and item not in walked.items:
            release(journey, walked, item)


def release(journey: Journeying, walked: Walk, item: Item) -> None:
    """Give back what one step holds."""
    visit = journey.visit(item, walked.said, walked.words)
    journey.capabilities[item.word].release(item.options, visit)


def answers(walked: Walk, item: Item) -> dict[str, Any]:
    """The answers to a step's own questions."""
    asked = [question for stage in walked.stages if stage.item.id == item.id for question in stage.asked]
    return {question.id: walked.said.get(question.id) for question in asked}
