"""The difference between two versions of a service in words, for people who do not read YAML."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from vestry.design.questions import Question
from vestry.services.definition.capabilities import has_words, questions_of
from vestry.services.definition.language import Definition, Heading, Item

# Said in parts of their own.
_ELSEWHERE = {"service", "messages"}
# Longer texts are compared sentence by sentence.
_SHORT = 80
_NAMED_BY = ("title", "do", "label", "ask", "subject", "id")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a service, and what is different in it."""

    title: str
    sentences: tuple[str, ...]


def compare(old: Definition, new: Definition) -> tuple[Part, ...]:
    """What is different in ``new``, part by part; nothing where nothing is."""
    parts = (
        (_("What it says of itself"), _heading(old, new)),
        (_("What people are asked"), _questions(old, new)),
        (_("The way through"), _steps(old, new)),
        (_("Messages"), _messages(old, new)),
        (_("What happens by itself"), _rules(old, new)),
    )
    said = (Part(title=title, sentences=tuple(dict.fromkeys(found))) for title, found in parts)
    return tuple(part for part in said if part.sentences)


def _labels() -> Mapping[str, str]:
    return {
        "title": _("The title"),
        "summary": _("The summary"),
        "before": _("The start page"),
        "why": _("The reason why"),
        "owner": _("The owner"),
        "class": _("The information class"),
        "reference": _("What references begin with"),
        "people-midway": _("What happens to people in the middle of it"),
        "contact": _("Whom messages go to"),
        "keep": _("How long it is kept"),
        "standard": _("Its number in the national lists"),
        "runs-on": _("What it runs on"),
        "research": _("Research with people"),
        "although": _("Why it is published all the same"),
    }


def _heading(old: Definition, new: Definition) -> Iterator[str]:
    labels = _labels()
    before, after = msgspec.to_builtins(old), msgspec.to_builtins(new)
    for name in Heading.__struct_encode_fields__:
        if name not in _ELSEWHERE:
            label = labels.get(name, f"“{name}”")
            yield from _value(label, before.get(name), after.get(name))


def _value(where: str, old: Any, new: Any) -> Iterator[str]:
    """What is different in one value, whatever it is."""
    old, new = (None if each in ("", [], {}, ()) else each for each in (old, new))
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _words(where, old, new)
    elif isinstance(old or new, list) and isinstance(old or [], list) and isinstance(new or [], list):
        yield from _lists(where, old or [], new or [])
    elif isinstance(old, str) and isinstance(new, str) and (len(old) > _SHORT or len(new) > _SHORT):
        yield from _texts(where, old, new)
    elif old is None:
        yield _("{where} is now {new}.").format(where=where, new=_shown(new))
    elif new is None:
        yield _("{where} is no longer {old}.").format(where=where, old=_shown(old))
    else:
        said = _("{where} changed from {old} to {new}.")
        yield said.format(where=where, old=_shown(old), new=_shown(new))


def _words(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for word in dict.fromkeys((*old, *new)):
        before, after = old.get(word), new.get(word)
        if isinstance(before or after, dict) and not (before and after):
            said = _("{where}: {new} is new.") if after else _("{where}: {new} is gone.")
            yield said.format(where=where, new=_called(word, after or before))
        elif isinstance(after, dict):
            yield from _value(f"{where}: {_called(word, after)}", before, after)
        else:
            yield from _value(f"{where}: “{word}”", before, after)


def _lists(where: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    named = all(_id(each) for each in (*old, *new))
    before, after = ({_id(each) or str(each): each for each in listed} for listed in (old, new))
    for name in dict.fromkeys((*before, *after)):
        if name not in before:
            yield _("{where}: {new} is new.").format(where=where, new=_called(name, after[name]))
        elif name not in after:
            yield _("{where}: {new} is gone.").format(where=where, new=_called(name, before[name]))
        elif named:
            yield from _value(f"{where}: {_called(name, after[name])}", before[name], after[name])
    if before.keys() == after.keys() and list(before) != list(after):
        yield _("{where}: the order changed.").format(where=where)


def _id(thing: Any) -> str:
    """Its name among its neighbours; a question stands under its kind."""
    if isinstance(thing, dict):
        inner = next(iter(thing.values())) if len(thing) == 1 else thing
        return str(inner.get("id", "")) if isinstance(inner, dict) else ""
    return ""


def _called(word: str, thing: Any) -> str:
    """A thing as people know it: by its title, by what its button says, by its question."""
    if isinstance(thing, dict):
        if len(thing) == 1 and isinstance(inner := next(iter(thing.values())), dict):
            thing = inner
        named = next((thing[name] for name in _NAMED_BY if isinstance(thing.get(name), str)), word)
        return f"“{named}”"
    return f"“{word}”"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{word} {_shown(each)}" for word, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return f"“{value}”"


def _texts(where: str, old: str, new: str) -> Iterator[str]:
    """A longer text: the sentences that are gone, and those that are new."""
    before, after = _sentences(old), _sentences(new)
    told = False
    for step, start, end, other, until in difflib.SequenceMatcher(None, before, after).get_opcodes():
        gone, come = " ".join(before[start:end]), " ".join(after[other:until])
        told |= step != "equal"
        if step == "replace":
            said = _("{where} says “{new}” instead of “{old}”.")
            yield said.format(where=where, old=gone, new=come)
        elif step == "delete":
            yield _("{where} no longer says “{old}”.").format(where=where, old=gone)
        elif step == "insert":
            yield _("{where} now also says “{new}”.").format(where=where, new=come)
    if not told:
        yield _("{where} is laid out in another way; its words are the same.").format(where=where)


def _sentences(text: str) -> list[str]:
    return [one for line in text.splitlines() for one in re.split(r"(?<=[.!?:]) +", line.strip()) if one]


def _questions(old: Definition, new: Definition) -> Iterator[str]:
    before, after = _asked(old), _asked(new)
    for id_, (question, when) in after.items():
        if id_ not in before:
            only = _(", only when {when}").format(when=when) if when else ""
            yield _("Now also asks “{ask}”{only}.").format(ask=question.ask, only=only)
    for id_, (question, _when) in before.items():
        if id_ not in after:
            yield _("No longer asks “{ask}”.").format(ask=question.ask)
    for id_, (question, when) in after.items():
        if id_ in before:
            yield from _question(*before[id_], question, when)
    common = [id_ for id_ in before if id_ in after]
    moved = [id_ for id_ in after if id_ in before]
    if common != moved:
        asked = " → ".join(f"“{after[id_][0].ask}”" for id_ in moved)
        yield _("The questions come in another order: {asked}.").format(asked=asked)


def _asked(definition: Definition) -> dict[str, tuple[Question, str]]:
    """Every question by its id, with the conditions under which it is asked."""
    return {
        question.id: (question, " and ".join(filter(None, (item.when, question.when))))
        for item in definition.journey
        for question in questions_of(item)
    }


def _question(old: Question, was: str, new: Question, when: str) -> Iterator[str]:
    named = {"ask": new.ask}
    if old.ask != new.ask:
        yield _("“{old}” now reads “{ask}”.").format(old=old.ask, **named)
    if old.kind != new.kind:
        said = _("“{ask}” is answered in another way: {new} instead of {old}.")
        yield said.format(**named, new=new.kind, old=old.kind)
    if was != when:
        said = _("“{ask}” is now asked only when {when}.") if when else _("“{ask}” is now always asked.")
        yield said.format(**named, when=when)
    if old.optional != new.optional:
        said = _("“{ask}” may now be left out.") if new.optional else _("“{ask}” must now be answered.")
        yield said.format(**named)
    before, after = msgspec.to_builtins(old), msgspec.to_builtins(new)
    yield from _choices(new.ask, before.pop("options", None) or {}, after.pop("options", None) or {})
    for said_elsewhere in ("id", "ask", "when", "optional"):
        before.pop(said_elsewhere, None)
        after.pop(said_elsewhere, None)
    if old.kind == new.kind:
        yield from _words(f"“{new.ask}”", before, after)


def _choices(ask: str, old: Any, new: Any) -> Iterator[str]:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield from _value(f"“{ask}”", old, new)
        return
    for value in dict.fromkeys((*old, *new)):
        before, after = (_label(each.get(value)) for each in (old, new))
        if value not in old:
            yield _("“{ask}” has a new choice: “{label}”.").format(ask=ask, label=after)
        elif value not in new:
            yield _("“{ask}” no longer has the choice “{label}”.").format(ask=ask, label=before)
        elif old[value] != new[value]:
            said = _("“{ask}”: the choice “{before}” now reads “{label}”.")
            yield said.format(ask=ask, before=before, label=after)
    if old.keys() == new.keys() and list(old) != list(new):
        yield _("“{ask}”: the choices come in another order.").format(ask=ask)


def _label(option: Any) -> str:
    if isinstance(option, dict):
        return " – ".join(filter(None, (option.get("label"), option.get("hint"))))
    return str(option or "")


def _steps(old: Definition, new: Definition) -> Iterator[str]:
    """What is different in each step beside its questions."""
    before, after = ({item.id: item for item in each.journey} for each in (old, new))
    for id_, item in after.items():
        if id_ not in before and not _only_asks(item):
            yield _("A new step: {name}.").format(name=_step(item))
    for id_, item in before.items():
        if id_ not in after and not _only_asks(item):
            yield _("A step is gone: {name}.").format(name=_step(item))
    for id_, item in after.items():
        was = before.get(id_)
        if was is None or was.word != item.word:
            continue
        if was.when != item.when and not _only_asks(item):
            yield from _value(_("{name}: the condition").format(name=_step(item)), was.when, item.when)
        if has_words(type(item.options)):
            yield from _words(_step(item), _own(was), _own(item))
        else:
            yield from _value(_step(item), was.options, item.options)


def _only_asks(item: Item) -> bool:
    return bool(questions_of(item))


def _step(item: Item) -> str:
    title = getattr(item.options, "title", "")
    if title or item.id == item.word:
        return f"“{title or item.word}”"
    return _("{word} “{id}”").format(word=item.word, id=item.id)


def _own(item: Item) -> dict[str, Any]:
    """The options of a step without its questions, which are told by themselves."""
    said: dict[str, Any] = msgspec.to_builtins(item.options)
    if _only_asks(item):
        said.pop("ask", None)
    return said


def _messages(old: Definition, new: Definition) -> Iterator[str]:
    for name in dict.fromkeys((*old.messages, *new.messages)):
        before, after = old.messages.get(name), new.messages.get(name)
        where = _("The message “{name}”").format(name=name)
        if before is None and after is not None:
            yield _("There is a new message, “{name}”: {subject}").format(name=name, subject=after.subject)
        elif after is None:
            yield _("The message “{name}” is gone.").format(name=name)
        elif before is not None:
            yield from _value(_("{where}: its subject").format(where=where), before.subject, after.subject)
            if before.body != after.body:
                yield from _texts(where, before.body, after.body)


def _rules(old: Definition, new: Definition) -> Iterator[str]:
    for on in dict.fromkeys((*old.on, *new.on)):
        before, after = (_done(each, on) for each in (old, new))
        for done in after:
            if done not in before:
                yield _("When “{on}” happens, now also: {done}.").format(on=on, done=done)
        for done in before:
            if done not in after:
                yield _("When “{on}” happens, no longer: {done}.").format(on=on, done=done)


def _done(definition: Definition, on: str) -> list[str]:
    return [f"{rule.word} {_shown(msgspec.to_builtins(rule.options))}" for rule in definition.on.get(on, ())]
