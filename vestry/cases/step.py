"""The capability ``case``: a definition's section that says how its cases are worked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import msgspec
from django.utils.translation import gettext as _

from vestry.cases import api, rules
from vestry.cases.api import asking
from vestry.cases.options import RESIDENT, RUNNING, STARTS_OVER, Action, Options, Stage
from vestry.councils import api as councils
from vestry.design import expressions, shown
from vestry.design.capability import (
    Capability,
    Confirmed,
    Forgetting,
    Happening,
    Outline,
    Problem,
    Standing,
    Visit,
    Work,
)
from vestry.information import api as information
from vestry.kernel import SYSTEM, Ref, local_day

# Fact to the word under ``on:``. Beside these there is ``case.<stage>`` and ``case.<outcome>``.
HAPPENINGS = {
    "cases.opened": "case.opened",
    "cases.taken": "case.taken",
    "cases.handed_over": "case.handed-over",
    "cases.asked": "case.asked",
    "cases.told": "case.told",
    "cases.replied": "case.replied",
    "cases.due_changed": "case.due-changed",
    "cases.extended": "case.extended",
    "cases.closed": "case.closed",
    "cases.reopened": "case.reopened",
}
MOVED, CLOSED = "cases.moved", "cases.closed"
_DECIDED = re.compile(r"\bdecided\.(\w+)")
ALWAYS = frozenset({"reference", "stage", "next", "due"})
WITH_TEXT = frozenset({"cases.asked", "cases.told", "cases.replied", "cases.extended"})


class Cases(Capability):
    """Opens a case when the journey is submitted, and says what becomes of it."""

    word: ClassVar[str] = "case"
    options: ClassVar[type[msgspec.Struct]] = Options
    section: ClassVar[bool] = True
    happenings: ClassVar[Mapping[str, str]] = HAPPENINGS
    takes_work: ClassVar[bool] = True

    def problems(self, options: Options, outline: Outline) -> Iterable[Problem]:
        """Names that don't exist, stages nobody comes to or gets out of, questions that are none."""
        yield from _unknown("team", options.team, outline.known.get("teams"), ("team",))
        yield from _stage_problems(options)
        for slug, stage in options.stages.items():
            yield from _work_problems(options, slug, stage, outline)
        for number, action in enumerate(options.actions):
            yield from _action_problems(options, number, action, outline)
        if not any(_missing_stages(options)):
            yield from _way_problems(options)

    def readers(self, options: Options) -> Iterable[str]:
        """Whose case it is, and becomes."""
        return [options.team, *(stage.team for stage in options.stages.values() if stage.team)]

    def confirm(self, options: Options, visit: Visit) -> Confirmed:
        """The case is opened."""
        day = expressions.Today(
            day=local_day(visit.now), calendar=councils.working_calendar(options.calendar)
        )
        held = information.control(visit.information_class or information.CLASSES[-1])
        case = api.open_case(
            origin=api.Origin(
                service=visit.service,
                title=visit.title,
                version=visit.version,
                journey=visit.journey,
                prefix=visit.prefix,
                information_class=visit.information_class or information.CLASSES[-1],
            ),
            plan=options,
            actor=visit.actor,
            now=visit.now,
            place=_place(visit.said) if held.list_shows_place else "",
            shut=[one.id for one in options.actions if not expressions.holds(one.when, visit.words, day)],
            words=visit.texts if held.search_finds_words else (),
        )
        words = {"reference": case.reference, "due": shown.day(case.due) if case.due else ""}
        return Confirmed(words=words, ref=case.ref)

    def announces(self, options: Options) -> Mapping[str, frozenset[str]]:
        """What rules may react to, and what a message about it can say."""
        said = dict.fromkeys(HAPPENINGS.values(), ALWAYS)
        for fact in WITH_TEXT:
            said[HAPPENINGS[fact]] = ALWAYS | {"message"}
        for slug, stage in options.stages.items():
            coming = [action for action in options.actions if action.to == slug]
            asked = [_ids(action) for action in coming]
            # Only what every way into the stage asks is sure to be there.
            sure = frozenset.intersection(*asked) if asked else frozenset()
            said[f"case.{slug}"] = ALWAYS | sure
            if stage.end:
                named = f"case.{stage.end}"
                said[named] = said.get(named, ALWAYS | sure) & (ALWAYS | sure)
        return said

    def happened(self, options: Options, fact: str, payload: Mapping[str, Any]) -> Sequence[str]:
        """Closing answers to ``case.closed``, its stage and its outcome; each once."""
        if fact == MOVED:
            ends = options.stages[payload["stage"]].end
            return () if ends else (f"case.{payload['stage']}",)
        named = super().happened(options, fact, payload)
        if fact == CLOSED:
            return tuple(dict.fromkeys((*named, f"case.{payload['stage']}", f"case.{payload['outcome']}")))
        return named

    def words(self, options: Options, about: Ref, fact: str, payload: Mapping[str, Any]) -> Mapping[str, str]:
        """The reference, stage and due date; the text of a message; what the last action asked."""
        standing = api.next_step(reference=about.key)
        said = {
            "reference": about.key,
            "stage": standing.stage,
            "next": standing.sentence,
            "due": shown.day(standing.due) if standing.due else "",
        }
        if fact in WITH_TEXT:
            open_text = information.control(standing.information_class).message_shows_text
            text = api.message_text(reference=about.key, message=payload["message"]) if open_text else ""
            said["message"] = text or _("Read it where you can see how your case stands.")
        if fact in (MOVED, CLOSED):
            said |= api.answers_given(reference=about.key, stage=payload["stage"])
        return said

    def listens(self, options: Options) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """What actions follow from by themselves."""
        return [(("actions", place, "on"), each.on) for place, each in enumerate(options.actions) if each.on]

    def follow(self, options: Options, happening: Happening) -> None:
        """The action is done, where it can be done now."""
        if happening.about.kind == "case" and api.exists(happening.about.key):
            api.follow(reference=happening.about.key, on=happening.on, key=happening.key, now=happening.now)

    def take_work(self, work: Work, *, about: Ref, key: str, now: datetime) -> None:
        """It becomes a task: of the case it is about, of a team, or of whoever looks after Vestry."""
        said = {"title": work.title, "hint": work.hint, "team": work.team}
        api.raise_task(about=about, key=key, now=now, actor=SYSTEM, **said)

    def end_work(self, called: str, *, why: str, now: datetime) -> None:
        """Its task, where it is open, is not needed any more, and says why."""
        api.settle_tasks(called=called, why=why, now=now)

    def stands(self, about: Ref) -> Standing | None:
        """A case is over when it is closed, with nothing left to do in it and no legal hold on it."""
        known = about.kind == "case" and api.exists(about.key)
        return api.standing(reference=about.key) if known else None

    def forget(self, forgetting: Forgetting) -> None:
        """What was said in the case and what it is found by. The case itself stays, so that counts do."""
        for reference in filter(api.exists, forgetting.keys("case")):
            api.forget(reference=reference, actor=forgetting.actor, now=forgetting.now)


def _place(said: Mapping[str, Any]) -> str:
    """The first address that was answered, on one line."""
    for answer in said.values():
        if isinstance(answer, Mapping) and {"line", "postcode"} <= answer.keys():
            return ", ".join(filter(None, (answer["line"], answer["postcode"])))
    return ""


def _unknown(
    what: str, written: str, known: Iterable[str] | None, path: tuple[str | int, ...]
) -> Iterator[Problem]:
    if written in (known or ()):
        return
    names = sorted(known or ())
    near = difflib.get_close_matches(written, names, n=1, cutoff=0.6)
    instead = _("Did you mean “{name}”?").format(name=near[0]) if near else ""
    if not near and names:
        instead = _("There are: {names}.").format(names=", ".join(names))
    sentence = {
        "team": _("There is no team “{name}”."),
        "role": _("There is no role “{name}”."),
        "stage": _("There is no stage “{name}”."),
        "word": _("Nothing is called “{name}” here."),
        "task": _("There is no task “{name}”."),
        "kind": _("There is no type of question called “{name}”."),
    }[what]
    yield Problem(path=path, what=sentence.format(name=written), instead=instead)


def _stage_problems(options: Options) -> Iterator[Problem]:
    taken = {word.removeprefix("case.") for word in HAPPENINGS.values()}
    for slug, stage in options.stages.items():
        path: tuple[str | int, ...] = ("stages", slug)
        if slug in taken:
            yield Problem(path=path, what=_("“{name}” already means something under “on”.").format(name=slug))
        if stage.end in taken:
            yield Problem(
                path=(*path, "end"),
                what=_("“{name}” already means something under “on”.").format(name=stage.end),
            )
        if stage.on_reply:
            yield from _unknown("stage", stage.on_reply, options.stages, (*path, "on-reply"))
        if stage.end and (stage.clock != RUNNING or stage.due):
            what = _("A case that has ended waits for nothing: it has no “clock” or “due”.")
            yield Problem(path=(*path, "end"), what=what)
        if bool(stage.end and stage.on_reply) != bool(stage.reply_within):
            what = _("A stage that ends and can be answered needs “end”, “on-reply” and “reply-within”.")
            instead = _("For example: end: resolved, on-reply: reported, reply-within: 5 working days.")
            where = "reply-within" if stage.reply_within else "on-reply"
            yield Problem(path=(*path, where), what=what, instead=instead)
        back = options.stages.get(stage.on_reply or "")
        if stage.end and back and (back.end or back.clock != RUNNING):
            what = _("A case is opened again where somebody works on it: “{name}” ends or waits.")
            yield Problem(path=(*path, "on-reply"), what=what.format(name=stage.on_reply))
        if stage.clock == STARTS_OVER and not options.due:
            what = _("Without a “due” of the case there is nothing to count anew.")
            yield Problem(path=(*path, "clock"), what=what)


def _work_problems(options: Options, slug: str, stage: Stage, outline: Outline) -> Iterator[Problem]:
    path: tuple[str | int, ...] = ("stages", slug)
    if stage.team:
        yield from _unknown("team", stage.team, outline.known.get("teams"), (*path, "team"))
    for place, role in enumerate(stage.extend.roles if stage.extend else ()):
        yield from _unknown("role", role, outline.known.get("roles"), (*path, "extend", "roles", place))
    if stage.end and (stage.team or stage.extend or stage.tasks):
        what = _("A case that has ended is worked no more: it has no “team”, “extend” or “tasks”.")
        yield Problem(path=(*path, "end"), what=what)
    if stage.extend and not (stage.due or options.due):
        what = _("Without a “due” of the stage or of the case there is nothing to extend.")
        yield Problem(path=(*path, "extend"), what=what)
    if (stage.reply_ask or stage.reply_do) and not stage.reply_within:
        what = _("“reply-ask” and “reply-do” are for a stage that ends and can be answered.")
        yield Problem(path=(*path, "reply-ask" if stage.reply_ask else "reply-do"), what=what)
    seen: set[str] = set()
    for place, task in enumerate(stage.tasks):
        if task.id in seen:
            what = _("Another task of this stage is already called “{name}”.").format(name=task.id)
            yield Problem(path=(*path, "tasks", place, "id"), what=what)
        seen.add(task.id)


def _missing_stages(options: Options) -> Iterator[str]:
    for action in options.actions:
        yield from (slug for slug in (*action.starts, action.to) if slug not in options.stages)
    for stage in options.stages.values():
        if stage.on_reply and stage.on_reply not in options.stages:
            yield stage.on_reply


def _action_problems(options: Options, number: int, action: Action, outline: Outline) -> Iterator[Problem]:
    path: tuple[str | int, ...] = ("actions", number)
    if any(other.id == action.id for other in options.actions[:number]):
        what = _("Another action is already called “{name}”.").format(name=action.id)
        yield Problem(path=(*path, "id"), what=what)
    yield from _unknown("stage", action.to, options.stages, (*path, "to"))
    for place, slug in enumerate(action.starts):
        where = (*path, "from") if isinstance(action.from_, str) else (*path, "from", place)
        yield from _unknown("stage", slug, options.stages, where)
        if slug in options.stages and options.stages[slug].end:
            what = _("At “{name}” the case has ended; nothing can be done with it any more.")
            yield Problem(path=where, what=what.format(name=slug))
    yield from _by_problems(action, outline, path)
    yield from _condition_problems(action.when, outline.words, (*path, "when"), outline.hopeless)
    yield from _condition_problems(action.guard, rules.GUARD_WORDS, (*path, "guard"))
    yield from _guard_problems(options, action, path)
    tasks = {task.id for stage in options.stages.values() for task in stage.tasks}
    for place, task in enumerate(action.needs):
        yield from _unknown("task", task, tasks, (*path, "needs", place))
    yield from _question_problems(action, path)


def _by_problems(action: Action, outline: Outline, path: tuple[str | int, ...]) -> Iterator[Problem]:
    roles = outline.known.get("roles")
    for place, role in enumerate(action.by):
        if role != RESIDENT:
            yield from _unknown("role", role, roles, (*path, "by", place))
    asks = action.ask or action.guard or action.needs or action.message == "required"
    if action.on and asks:
        what = _("What follows by itself asks nothing and waits for nobody.")
        yield Problem(path=(*path, "on"), what=what, instead=_("Write an action of its own for officers."))
    if action.on.startswith("case."):
        what = _("What becomes of the case follows from the case already.")
        yield Problem(path=(*path, "on"), what=what, instead=_("Let the action before lead to that stage."))
    if RESIDENT in action.by and asks:
        what = _("What the resident does by themselves asks nothing and waits for nobody.")
        instead = _("Write an action of its own for officers.")
        yield Problem(path=(*path, "by"), what=what, instead=instead)


def _condition_problems(
    condition: str,
    words: frozenset[str],
    path: tuple[str | int, ...],
    hopeless: Callable[[str], Iterable[tuple[str, str]]] = lambda condition: (),
) -> Iterator[Problem]:
    if not condition:
        return
    try:
        used = expressions.names(condition)
    except expressions.NotUnderstood as fault:
        yield Problem(path=path, what=fault.what, instead=fault.instead)
        return
    unknown = sorted(used - words)
    for name in unknown:
        yield from _unknown("word", name, words, path)
    for what, instead in () if unknown else hopeless(condition):
        yield Problem(path=path, what=what, instead=instead)


def _guard_problems(options: Options, action: Action, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if action.guard_says and not action.guard:
        what = _("“guard-says” is why a “guard” keeps somebody from it, and there is none.")
        yield Problem(path=(*path, "guard-says"), what=what)
    stages = {expressions.name_of(slug) for slug in options.stages}
    for stage in sorted(set(_DECIDED.findall(action.guard)) - stages):
        yield from _unknown("stage", stage, stages, (*path, "guard"))


def _question_problems(action: Action, path: tuple[str | int, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, written in enumerate(action.ask):
        where = (*path, "ask", place)
        try:
            made = asking.question(written)
        except asking.NotAQuestion as fault:
            if fault.known and len(written) == 1:
                yield from _unknown("kind", next(iter(written)), fault.known, where)
            else:
                yield Problem(path=(*where, *fault.path), what=fault.what)
            continue
        if made.id in seen:
            what = _("Another question of this action is already called “{name}”.").format(name=made.id)
            yield Problem(path=(*where, made.kind, "id"), what=what)
        seen.add(made.id)
        for what in made.problems():
            yield Problem(path=(*where, made.kind), what=what)


def _way_problems(options: Options) -> Iterator[Problem]:
    for slug in rules.unreachable(options):
        what = _("No case ever comes to “{name}”.").format(name=slug)
        instead = _("Let an action lead to it, or take it out.")
        yield Problem(path=("stages", slug), what=what, instead=instead)
    for slug in rules.never_ending(options):
        what = _("A case at “{name}” never comes to an end.").format(name=slug)
        instead = _("Let an action lead on from it, or give it an “end”.")
        yield Problem(path=("stages", slug), what=what, instead=instead)


def _ids(action: Action) -> frozenset[str]:
    # A question that is wrong is told by `problems`; here it only has no word.
    found = set()
    for written in action.ask:
        try:
            found.add(asking.question(written).id)
        except asking.NotAQuestion:
            continue
    return frozenset(found)
