"""From what is written to what it means: plain values into the structs of language and capabilities."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from vestry.design.kinds import question_kinds
from vestry.design.questions import Question
from vestry.services.definition import capabilities
from vestry.services.definition.language import TASK, Definition, Heading, Item, Reaction
from vestry.services.definition.mistakes import Path


class NotMeant(Exception):
    """A value has the right shape and still can't be meant; ``path`` leads to it."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what
        super().__init__(what)


def word_of(written: Mapping[str, Any]) -> str:
    """The capability a step names."""
    return next(word for word in capabilities.steps() if word in written)


def options_path(written: Mapping[str, Any]) -> Path:
    """From a step to where its options stand: beside its word, or under it."""
    word = word_of(written)
    return () if capabilities.title_field(capabilities.steps()[word].options) else (word,)


def item(written: Mapping[str, Any]) -> Item:
    """A step. Raises `NotMeant`."""
    word = word_of(written)
    wanted = capabilities.steps()[word].options
    if not capabilities.has_words(wanted):
        return Item(id=word, word=word, options=decode(written[word], wanted))
    said = dict(written) if capabilities.title_field(wanted) else dict(written[word])
    if capabilities.title_field(wanted):
        said["title"] = said.pop(word)
    when, named = said.pop("when", ""), said.get("id", "")
    if "id" not in wanted.__struct_fields__:
        said.pop("id", None)
    options = decode(said, wanted)
    return Item(id=named or _derived(word, options), word=word, options=options, when=when)


def _derived(word: str, options: Any) -> str:
    """A page with one question is called like it, one with several like its title; others like their word."""
    asked = capabilities.installed()[word].questions(options)
    title = "-".join(re.findall("[a-z0-9]+", str(getattr(options, "title", word)).lower()))
    if word == TASK:
        # No address: a page may have the same title.
        return f"{TASK}-{title}"
    if not asked:
        return word
    return str(asked[0].id) if len(asked) == 1 else title or word


def section(word: str, written: Any) -> Item:
    """A section after the journey. Raises `NotMeant`."""
    return Item(id=word, word=word, options=decode(written, capabilities.sections()[word].options))


def reaction(written: Mapping[str, Any]) -> Reaction:
    """A line under ``on:``. Raises `NotMeant`."""
    ((word, said),) = written.items()
    return Reaction(word=word, options=decode(said, capabilities.reactions()[word].options))


def definition(written: Mapping[str, Any]) -> Definition:
    """A whole definition, known to be of the right shape. Raises `NotMeant`."""
    own = {name: written[name] for name in Heading.__struct_encode_fields__ if name in written}
    heading = decode(own, Heading)
    steps = [item(each) for each in written["journey"]]
    steps += [section(word, written[word]) for word in capabilities.sections() if word in written]
    on = {word: tuple(map(reaction, rules)) for word, rules in written.get("on", {}).items()}
    said = {name: getattr(heading, name) for name in Heading.__struct_fields__}
    return Definition(**said, journey=tuple(steps), on=on)


def decode(value: Any, wanted: Any, path: Path = ()) -> Any:
    """A plain value as the type wants it. Questions are written by their kind, which types can't say."""
    if not _holds_questions(wanted):
        return _convert(value, wanted, path)
    inner = typing.get_args(wanted)
    origin = typing.get_origin(wanted)
    if origin is typing.Annotated:
        return decode(value, inner[0], path)
    if origin in (types.UnionType, typing.Union):
        return decode(value, next(each for each in inner if _holds_questions(each)), path)
    if wanted is Question:
        ((kind, words),) = value.items()
        return _struct(words, question_kinds()[kind], (*path, kind))
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        return _struct(value, wanted, path)
    if isinstance(value, Mapping):
        return {key: decode(each, inner[1], (*path, key)) for key, each in value.items()}
    listed = (decode(each, inner[0], (*path, index)) for index, each in enumerate(value))
    return list(listed) if origin is list else tuple(listed)


def _struct(value: Mapping[str, Any], wanted: type[msgspec.Struct], path: Path) -> Any:
    if not any(map(_holds_questions, _hints(wanted).values())):
        return _convert(value, wanted, path)
    hints = _hints(wanted)
    names = dict(zip(wanted.__struct_encode_fields__, wanted.__struct_fields__, strict=True))
    said = {names[key]: decode(each, hints[names[key]], (*path, key)) for key, each in value.items()}
    try:
        return wanted(**said)
    except (TypeError, ValueError) as error:
        raise NotMeant(path, str(error)) from None


def _convert(value: Any, wanted: Any, path: Path) -> Any:
    try:
        return msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        # msgspec ends its messages with where it was: "... - at `$.stages[0]`"
        what, _, where = str(error).partition(" - at `$")
        inner = (int(index) if index else name for name, index in re.findall(r"\.([\w-]+)|\[(\d+)\]", where))
        raise NotMeant((*path, *inner), what) from None


@cache
def _hints(struct: type[msgspec.Struct]) -> dict[str, Any]:
    hints = typing.get_type_hints(struct, include_extras=True)
    return {name: hints[name] for name in struct.__struct_fields__}


@cache
def _holds_questions(wanted: Any) -> bool:
    return _reaches_question(wanted, frozenset())


def _reaches_question(wanted: Any, seen: frozenset[Any]) -> bool:
    if wanted is Question:
        return True
    if wanted in seen:
        return False
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        return any(_reaches_question(each, seen | {wanted}) for each in _hints(wanted).values())
    return any(_reaches_question(each, seen) for each in typing.get_args(wanted) if not isinstance(each, str))
