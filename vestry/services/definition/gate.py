"""The publish gate: what is wrong with a definition although each of its parts has the right shape.

1. Names that lead nowhere: why, owner, contact, conditions, happenings.
2. Ids that stand twice, or can't be used.
3. Conditions no answers can meet, so that a page or a question is never come to.
4. A journey that asks nothing, or never shows the answers before they are sent.
5. Links that would lead nowhere.
6. What each capability says of its own options.

Parts that could not be decoded are left out, so that one mistake is told once.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from vestry.design import expressions
from vestry.design.capability import Outline, Problem
from vestry.design.kinds import question_kinds
from vestry.design.possible import Asked, Effort
from vestry.design.questions import Question
from vestry.kernel import WorkingCalendar
from vestry.services.definition import capabilities
from vestry.services.definition import timed as timing
from vestry.services.definition.hopeless import hopeless
from vestry.services.definition.language import CHECK, TASK, Item, Message, Reaction
from vestry.services.definition.links import link_mistakes
from vestry.services.definition.mistakes import Mistake, Path, did_you_mean, nearest
from vestry.services.definition.principles import research_mistakes
from vestry.services.definition.reading import Tree

SUBMITTED = "submitted"
KINDS = ("teams", "roles", "statements", "schedules", "services")
"""What a council has, and a definition may name."""
COMMON_WORDS = frozenset(
    {"reference", "service", "council", "name", "status_page", "service_page", "came_of"}
)
"""What every message may say; `services.readers` fills them."""
# Addresses of a journey that are not steps of the definition.
RESERVED = frozenset({"done", "leave", "save", "changed", "tasks", "paying"})
# A terminal shows these best, and one list of mistakes has one kind of quotes.
_STRAIGHT = str.maketrans("“”", '""')
# Any day will do to try a condition on.
_SOME_DAY = expressions.Today(day=date(2026, 1, 5), calendar=WorkingCalendar(frozenset()))


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step as far as it could be decoded: ``item`` is None where it has a mistake."""

    item: Item | None
    path: Path
    """Where the step stands."""
    options: Path
    """Where its options stand."""
    words: tuple[str, ...]
    """What stands there, as it is written: one of them is the capability's."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A line under ``on:``, as far as it could be decoded."""

    on: str
    reaction: Reaction
    path: Path


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A definition on its way through the gate."""

    tree: Tree
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...]
    messages: Mapping[str, Message]
    loose: frozenset[str]
    """Ids in parts that could not be decoded: nothing is said about their absence."""
    known: Mapping[str, frozenset[str]]
    whole: bool
    """True when nothing of the journey had to be left out."""
    effort: Effort = field(default_factory=Effort)
    """What may still be tried to find out whether conditions can ever be met, for all of them together."""

    @property
    def items(self) -> list[Item]:
        """The steps that could be decoded."""
        return [step.item for step in self.steps if step.item]


def mistakes(draft: Draft) -> Iterator[Mistake]:
    """Everything that keeps a definition from being published."""
    yield from _council_mistakes(draft)
    yield from _technology_mistakes(draft)
    yield from research_mistakes(draft.tree)
    yield from _midway_mistakes(draft.tree)
    yield from _id_mistakes(draft)
    yield from _walk_mistakes(draft)
    yield from _contact_mistakes(draft)
    yield from _order_mistakes(draft)
    yield from _rule_mistakes(draft)
    yield from link_mistakes(draft.tree, draft.known)


def _council_mistakes(draft: Draft) -> Iterator[Mistake]:
    for word, kind, what in (
        ("why", "statements", _('"{name}" is not a statement of the council’s strategy.')),
        ("owner", "teams", _('"{name}" is not a team of the council.')),
    ):
        name = draft.tree.at((word,))
        if isinstance(name, str) and kind in draft.known and name not in draft.known[kind]:
            yield draft.tree.mistake((word,), what.format(name=name), did_you_mean(name, draft.known[kind]))


def _technology_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Technologies that are not in the register, or that nothing may be published on."""
    written = draft.tree.at(("runs-on",))
    known = draft.known.get("technologies")
    if known is None or not isinstance(written, list):
        return
    for index, name in enumerate(written):
        path: Path = ("runs-on", index)
        if not isinstance(name, str):
            continue
        if name not in known:
            what = _('"{name}" is not in the council’s register of technologies.').format(name=name)
            yield draft.tree.mistake(path, what, did_you_mean(name, known))
        if name in draft.known.get("barred", frozenset()):
            what = _('No service may run on "{name}": it is refused, or nobody has assessed it yet.')
            better = _("Assess and decide it under Technologies, or run on something else.")
            yield draft.tree.mistake(path, what.format(name=name), better)


def _midway_mistakes(tree: Tree) -> Iterator[Mistake]:
    path = ("people-midway", "finish-by")
    written = tree.at(path)
    if isinstance(written, str) and written.count("-") == 2:  # noqa: PLR2004 - year, month, day
        try:
            date.fromisoformat(written)
        except ValueError:
            yield tree.mistake(path, _("There is no such day."), _("Write the year, the month and the day."))


def _asked(step: Step) -> Iterator[tuple[Question, Path]]:
    """The questions of a step, each with where it stands."""
    if step.item is None:
        return
    listed = getattr(step.item.options, "ask", ())
    for index, question in enumerate(capabilities.questions_of(step.item)):
        in_list = index < len(listed) and listed[index] is question
        yield question, (*step.options, "ask", index, question.kind) if in_list else step.path


def _inside(question: Question, path: Path) -> Iterator[tuple[Question, Path]]:
    """The questions about each thing on a list, with where they stand."""
    for index, each in enumerate(question.inside()):
        yield each, (*path, "each", index, each.kind)


def _id_mistakes(draft: Draft) -> Iterator[Mistake]:
    tree, seen = draft.tree, dict[str, Path]()
    for step in draft.steps:
        for question, path in _asked(step):
            for each, where in ((question, path), *_inside(question, path)):
                yield from _one_id(tree, each.id, (*where, "id"), seen)
        named = getattr(step.item.options, "id", "") if step.item else ""
        if named:
            yield from _one_id(tree, named, (*step.options, "id"), seen)
    yield from _address_mistakes(draft, seen)


def _address_mistakes(draft: Draft, words: Mapping[str, Path]) -> Iterator[Mistake]:
    """Each step has an address of its own. Where two have the same word, that has been told already."""
    tree = draft.tree
    pages = dict[str, Path]()
    for step in draft.steps:
        if step.item is None:
            continue
        called = step.item.id
        path = (*step.options, "id") if (*step.options, "id") in tree.keys else step.path
        if called in RESERVED or (called == CHECK and step.item.word != CHECK):
            what = _('A step cannot be called "{name}": that address has a meaning of its own.')
            yield tree.mistake(path, what.format(name=called), _("Give it another id."))
        elif called in pages and expressions.name_of(called) not in words:
            what = _('Another step is already called "{name}", on line {line}.')
            what = what.format(name=called, line=tree.place(pages[called]).line)
            yield tree.mistake(path, what, _('Give it an "id" of its own.'))
        pages.setdefault(called, path)


def _one_id(tree: Tree, id: str, path: Path, seen: dict[str, Path]) -> Iterator[Mistake]:
    name = expressions.name_of(id)
    if name in seen:
        what = _('Something else is already called "{name}", on line {line}.')
        yield tree.mistake(
            path, what.format(name=id, line=tree.place(seen[name]).line), _("Use another word.")
        )
    elif keyword.iskeyword(name) or name in expressions.FUNCTIONS or name in ("true", "false", "none"):
        what = _('"{name}" has a meaning of its own in conditions, so nothing can be called that.')
        yield tree.mistake(path, what.format(name=id), _("Use another word."))
    seen.setdefault(name, path)


@dataclass
class _SoFar:
    """What is known at one point of the way through a journey."""

    questions: dict[str, Question] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    """Words that may have no value."""
    asked: dict[str, Asked] = field(default_factory=dict)
    """The questions by their word, each with when it is asked."""

    def add(self, question: Question, when: str = "") -> None:
        """A question that was asked; ``when`` is the condition of its page."""
        name = expressions.name_of(question.id)
        self.questions.setdefault(question.id, question)
        self.words.add(name)
        if question.optional or question.when or when:
            self.maybe.add(name)
        # On its own page it may still be without an answer; `turn` is told when that is over.
        self.asked.setdefault(name, Asked(question=question, whens=(when, question.when), missing=True))

    def turn(self) -> None:
        """The page is behind us: what had to be answered there was."""
        self.asked = {
            name: replace(one, missing=False) if one.missing else one for name, one in self.asked.items()
        }


def _walk_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Go through the journey as somebody who answers would, with what is known at each point."""
    far = _SoFar()
    later = {expressions.name_of(q.id): path for step in draft.steps for q, path in _asked(step)}
    for step in draft.steps:
        item = step.item
        if item is None:
            for question in _meant(draft.tree.at(step.path)):
                far.add(question)
                # Nothing is known of its answers.
                far.asked.pop(expressions.name_of(question.id), None)
            continue
        inside = (*step.options, "when")
        yield from _condition(draft, (item.when,), inside, far, later)
        for question, path in _asked(step):
            yield from _condition(draft, (item.when, question.when), (*path, "when"), far, later)
            yield from _inside_mistakes(draft, (item.when, question), path, far, later)
            far.add(question, item.when)
        far.turn()
        outline = replace(
            _outline(draft, far.questions, frozenset(far.words)),
            hopeless=lambda when, asked=far.asked: hopeless((when,), asked, draft.effort),
        )
        for problem in capabilities.installed()[item.word].problems(item.options, outline):
            yield _from_problem(draft, problem, step.options)
        if getattr(item.options, "id", ""):
            far.words.add(expressions.name_of(item.id))
            # Where the step is passed by, there is nothing in it.
            far.maybe |= {expressions.name_of(item.id)} if item.when else set()


def _inside_mistakes(
    draft: Draft, asked: tuple[str, Question], path: Path, far: _SoFar, later: Mapping[str, Path]
) -> Iterator[Mistake]:
    """Conditions within a list see what was said of the same item; what comes after the list does not."""
    when, question = asked
    inside = replace(
        far, questions=dict(far.questions), words=set(far.words), maybe=set(far.maybe), asked=dict(far.asked)
    )
    for each, where in _inside(question, path):
        yield from _condition(draft, (when, question.when, each.when), (*where, "when"), inside, later)
        inside.add(each)
        inside.turn()


def _meant(written: Any) -> Iterator[Question]:
    """The questions of a page that could not be decoded, as far as what comes later needs to know of them."""
    if isinstance(written, list):
        for each in written:
            yield from _meant(each)
    for word, said in written.items() if isinstance(written, dict) else ():
        if isinstance(said, dict) and isinstance(named := said.get("id"), str):
            kind = word if word in question_kinds() else nearest(word, question_kinds())
            yield _unread(kind)(id=named, ask="")
        else:
            yield from _meant(said)


@cache
def _unread(kind: str) -> type[Question]:
    return msgspec.defstruct("Unread", (), bases=(Question,), namespace={"kind": kind})


def _condition(
    draft: Draft, whens: Sequence[str], path: Path, far: _SoFar, later: Mapping[str, Path]
) -> Iterator[Mistake]:
    """What is wrong with the last of these conditions; the others hold as well where it is looked at."""
    text = whens[-1]
    if not text:
        return
    try:
        used = expressions.names(text)
    except expressions.NotUnderstood as fault:
        yield draft.tree.mistake(path, fault.what, fault.instead)
        return
    loose = set(map(expressions.name_of, draft.loose))
    unknown = sorted(used - far.words - loose)
    for name in unknown:
        if name in later:
            line = draft.tree.place(later[name]).line
            what = _('"{name}" is asked only later, on line {line}.').format(name=name, line=line)
            yield draft.tree.mistake(path, what, _("A condition can use what was asked before it."))
        else:
            what = _('Nothing is called "{name}" before this.').format(name=name)
            yield draft.tree.mistake(path, what, did_you_mean(name, far.words))
    strange = list(_strange_parts(text, far))
    for what, instead in strange:
        yield draft.tree.mistake(path, what, instead)
    if unknown or strange:
        return
    if expressions.may_fail(text, used, used & far.maybe, _SOME_DAY):
        missing = ", ".join(f'"{name}"' for name in sorted(used & far.maybe))
        what = _("This cannot be worked out when there is no answer to {missing}.")
        if not used & far.maybe:
            what = _("This cannot be worked out.")
        instead = _('Ask first whether there is one, like this: "day and day < today()".')
        yield draft.tree.mistake(path, what.format(missing=missing), instead)
        return
    for what, instead in hopeless(whens, far.asked, draft.effort):
        yield draft.tree.mistake(path, what, instead)


def _strange_parts(text: str, far: _SoFar) -> Iterator[tuple[str, str]]:
    """What is asked of each thing on a list, and isn't asked of them."""
    lists = {expressions.name_of(each.id): each for each in far.questions.values() if each.inside()}
    for name, part in sorted(expressions.parts(text)):
        asked = {expressions.name_of(one.id) for one in lists[name].inside()} if name in lists else {part}
        if part not in asked:
            what = _('Of each thing on the list "{name}", nothing is asked that is called "{part}".')
            yield what.format(name=name, part=part), did_you_mean(part, asked)


class _Anything(frozenset[str]):
    """Stands for what isn't known, because its file can't be read: whatever is named may be there."""

    def __contains__(self, name: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


def _outline(draft: Draft, questions: Mapping[str, Question], words: frozenset[str]) -> Outline:
    return Outline(
        service=str(draft.tree.at(("service",)) or ""),
        questions=dict(questions),
        words=words,
        messages=draft.messages,
        known={
            kind: draft.known.get(kind, _Anything())
            for kind in (*KINDS, *(kind for file in capabilities.pack_files() for kind in file.kinds))
        },
    )


def _from_problem(draft: Draft, problem: Problem, options: Path) -> Mistake:
    instead = problem.instead
    if instead and not instead.endswith((".", "?")):
        instead = _('Did you mean "{word}"?').format(word=instead)
    start = ("messages", problem.message) if problem.message else options
    what, instead = (said.translate(_STRAIGHT) for said in (problem.what, instead))
    return draft.tree.mistake((*start, *problem.path), what, instead)


def _contact_mistakes(draft: Draft) -> Iterator[Mistake]:
    questions = {question.id for step in draft.steps for question, _path in _asked(step)}
    for part in ("name", "email"):
        named = draft.tree.at(("contact", part))
        if draft.whole and isinstance(named, str) and named not in questions | draft.loose:
            what = _('No question is called "{name}".').format(name=named)
            yield draft.tree.mistake(("contact", part), what, did_you_mean(named, questions))


def _order_mistakes(draft: Draft) -> Iterator[Mistake]:
    tree, where = draft.tree, ("journey",)
    checks = [index for index, step in enumerate(draft.steps) if step.item and step.item.word == CHECK]
    if not draft.whole:
        return
    if not any(True for step in draft.steps for _question in _asked(step)):
        what = _("The journey asks nothing, so nobody can use this service on their own.")
        yield tree.mistake(where, what, _('Add a step such as "page: What is your name?".'), key=True)
    if not checks:
        what = _("Nobody is shown their answers before they are sent.")
        yield tree.mistake(where, what, _('Add "- check: Check your answers" as the last step.'), key=True)
    for index in checks[1:]:
        what = _("There is a second page to check the answers.")
        yield tree.mistake(draft.steps[index].path, what, _("Keep the last one."))
    for step in draft.steps[checks[0] + 1 :] if checks else ():
        if any(True for _question in _asked(step)):
            what = _("This asks something after the answers were checked.")
            yield tree.mistake(step.path, what, _('Move it above the "check" step.'))
    yield from _task_mistakes(draft)
    for index in checks:
        if draft.steps[index].item and draft.steps[index].item.when:
            what = _("The answers are always checked, so this step takes no condition.")
            yield tree.mistake((*draft.steps[index].path, "when"), what, _("Take it out."))


def _task_mistakes(draft: Draft) -> Iterator[Mistake]:
    """A task stands over pages, and is there whatever was answered: its pages have the conditions."""
    for step, below in pairwise([*draft.steps, None]):
        if step is None or step.item is None or step.item.word != TASK:
            continue
        if step.item.when:
            what = _("A task takes no condition.")
            instead = _("Give the condition to its pages; a task without a page to answer is not shown.")
            yield draft.tree.mistake((*step.path, "when"), what, instead)
        if (
            below is None
            or below.item is None
            or below.item.word in (TASK, CHECK)
            or below.path[0] != "journey"
        ):
            what = _("There is no page under this task.")
            yield draft.tree.mistake(step.path, what, _("Put its pages below it, or take it out."))


def _rule_mistakes(draft: Draft) -> Iterator[Mistake]:
    announced = {SUBMITTED: frozenset[str]()}
    for item in draft.items:
        announced |= capabilities.installed()[item.word].announces(item.options)
    all_known = not any(map(_may_announce, draft.steps))
    written = draft.tree.at(("on",))
    written = written if isinstance(written, dict) else {}
    timed = [on for on in written if timing.looks_timed(on)]
    announced |= dict.fromkeys(timed, frozenset({timing.DAY}))
    yield from _timed_mistakes(draft, timed)
    heard: list[tuple[Path, str]] = [(("on", on), on) for on in written]
    for step in draft.steps:
        listened = capabilities.installed()[step.item.word].listens(step.item.options) if step.item else ()
        heard += [((*step.options, *path), on) for path, on in listened]
    for path, on in heard if all_known else ():
        if on not in announced:
            what = _('Nothing that is called "{name}" ever happens here.').format(name=on)
            yield draft.tree.mistake(path, what, did_you_mean(on, announced), key=path[0] == "on")
    for rule in draft.rules:
        words = announced.get(rule.on)
        outline = _outline(draft, {}, COMMON_WORDS | (words or frozenset()))
        outline = replace(outline, named=_named(draft))
        for problem in capabilities.installed()[rule.reaction.word].problems(rule.reaction.options, outline):
            # What a message may say isn't known while nobody knows what happens.
            if not problem.message or words is not None:
                yield _from_problem(draft, problem, rule.path)


def _timed_mistakes(draft: Draft, timed: Sequence[str]) -> Iterator[Mistake]:
    """Days that can't be read, or are counted from what is no day. What could not be decoded may be one."""
    days = {q.id for item in draft.items for q in capabilities.questions_of(item) if q.kind == "date"}
    days |= {item.id for item in draft.items if capabilities.installed()[item.word].dated}
    for on in timed:
        fault = timing.wrong(on, days | draft.loose)
        if fault:
            yield draft.tree.mistake(("on", on), *fault, key=True)


def _named(draft: Draft) -> frozenset[str]:
    """What rules may name; anything, where a step could not be decoded."""
    found = {name for item in draft.items for name in capabilities.installed()[item.word].names(item.options)}
    return frozenset(found) if draft.whole else _Anything()


def _may_announce(step: Step) -> bool:
    """Whether a step that could not be decoded might have said more of what happens."""
    meant = [word for word in step.words if word in capabilities.installed()]
    return step.item is None and (
        not meant or any(capabilities.installed()[word].happenings for word in meant)
    )
