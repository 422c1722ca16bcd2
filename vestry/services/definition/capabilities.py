"""The capabilities that are installed here, by their word. `services` knows none of them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

import msgspec

from vestry.design.capability import Capability
from vestry.design.questions import Question
from vestry.services.definition.language import SECTIONS, Definition, Item


@cache
def installed() -> Mapping[str, Capability]:
    """Every capability (entry points, group ``vestry.capabilities``), by word."""
    found = [entry.load()() for entry in entry_points(group="vestry.capabilities")]
    return MappingProxyType({capability.word: capability for capability in found})


def steps() -> Mapping[str, Capability]:
    """Those that may be a step of a journey."""
    return {
        word: capability
        for word, capability in installed().items()
        if not capability.reacts and word not in SECTIONS
    }


def sections() -> Mapping[str, Capability]:
    """Those that are sections of their own, after the journey."""
    return {word: installed()[word] for word in SECTIONS if word in installed()}


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
