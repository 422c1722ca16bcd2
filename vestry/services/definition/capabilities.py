"""The capabilities that are installed here, by their word. `services` knows none of them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

import msgspec

from vestry.design.capability import Capability, PackFile
from vestry.design.questions import Question
from vestry.services.definition.language import Definition, Item


@cache
def installed() -> Mapping[str, Capability]:
    """Every capability (entry points, group ``vestry.capabilities``), by word."""
    found = [entry.load()() for entry in entry_points(group="vestry.capabilities")]
    return MappingProxyType({capability.word: capability for capability in found})


@cache
def pack_files() -> Sequence[PackFile]:
    """The files that rooms bring to every pack (entry points, group ``vestry.pack_files``), by name."""
    found = [entry.load()() for entry in entry_points(group="vestry.pack_files")]
    return tuple(sorted(found, key=lambda file: str(file.name)))


def is_own(word: str) -> bool:
    """Whether a word is one of `services`' own ways to ask, and no capability of the council."""
    return type(installed()[word]).__module__.startswith("vestry.services.")


def steps() -> Mapping[str, Capability]:
    """Those that may be a step of a journey."""
    return {
        word: capability
        for word, capability in installed().items()
        if capability.written and not capability.reacts and not capability.section
    }


def sections() -> Mapping[str, Capability]:
    """Those that are sections of their own, after the journey; in this order they are confirmed."""
    return {word: capability for word, capability in sorted(installed().items()) if capability.section}


def reactions() -> Mapping[str, Capability]:
    """Those that may stand under ``on:``."""
    return {word: capability for word, capability in installed().items() if capability.reacts}


def has_words(options: Any) -> bool:
    """Whether a capability's options are words of their own, or one value such as a message's name."""
    return isinstance(options, type) and issubclass(options, msgspec.Struct)


def title_field(options: Any) -> bool:
    """Whether the step is written ``word: Its title`` with its other words beside it, as a page is."""
    return has_words(options) and "title" in options.__struct_fields__


def questions_of(item: Item) -> Sequence[Question]:
    """Every question a step may ever ask."""
    return installed()[item.word].questions(item.options)


def questions(definition: Definition) -> dict[str, Question]:
    """Every question a definition may ever ask, by id, in the order of the journey."""
    return {question.id: question for item in definition.journey for question in questions_of(item)}
