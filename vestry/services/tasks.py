"""A long service as a list of tasks: which pages belong to each, and what each has to wait for. No database.

A task waits for an earlier one when a condition of its pages uses an answer given there, or when a question
names one. What a step that is no page works from can't be seen from here, so a task with one waits for all
before it; so does one with a declaration, which is about all that was said. Any other can be done in whatever
order people like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from vestry.design import expressions
from vestry.design.capability import Capability
from vestry.design.questions import Question
from vestry.services.definition.language import CHECK, PAGE, TASK, Definition, Item
from vestry.services.once import once


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task.

    The pages above the first are a task without a title, that all others wait for; what stands at and below
    the page to check the answers is one that waits for all others.
    """

    id: str
    title: str
    hint: str
    items: tuple[Item, ...]
    needs: frozenset[str]
    """The tasks to be finished first."""


@once
def tasks_of(definition: Definition, capabilities: Mapping[str, Capability]) -> tuple[Task, ...]:
    """The journey by tasks, in order."""
    made: list[Task] = []
    asked: dict[str, str] = {}
    for heading, items in _grouped(definition.journey):
        used = set().union(*(_names(item, capabilities) for item in items))
        needs = {asked[name] for name in used if name in asked} | {task.id for task in made[:1]}
        questions = tuple(_questions(items, capabilities))
        if any(item.word != PAGE for item in items) or any(each.about_all for each in questions):
            needs |= {task.id for task in made}
        id = heading.id if heading else ""
        for question in questions:
            asked[expressions.name_of(question.id)] = id
        made.append(
            Task(
                id=id,
                title=heading.options.title if heading and heading.word == TASK else "",
                hint=heading.options.hint if heading and heading.word == TASK else "",
                items=items,
                needs=frozenset(needs - {id}),
            )
        )
    return tuple(made)


def _grouped(journey: tuple[Item, ...]) -> Iterator[tuple[Item | None, tuple[Item, ...]]]:
    """Each task's heading with what stands under it."""
    heading: Item | None = None
    items: list[Item] = []
    for item in journey:
        if item.word not in (TASK, CHECK):
            items.append(item)
            continue
        yield heading, tuple(items)
        heading, items = item, [item] if item.word == CHECK else []
    yield heading, tuple(items)


def _questions(items: tuple[Item, ...], capabilities: Mapping[str, Capability]) -> Iterator[Question]:
    for item in items:
        yield from capabilities[item.word].questions(item.options)


def _names(item: Item, capabilities: Mapping[str, Capability]) -> set[str]:
    """What a step's conditions use, and whatever else in its questions may be the name of an answer."""
    used = set(expressions.names(item.when)) if item.when else set()
    for question in capabilities[item.word].questions(item.options):
        for text in _texts(msgspec.to_builtins(question)):
            used.add(expressions.name_of(text))
            used |= _in_condition(text)
    return used


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from _texts(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)


def _in_condition(text: str) -> frozenset[str]:
    """The names in a text, should it be a condition."""
    try:
        return frozenset(expressions.names(text))
    except expressions.NotUnderstood:
        return frozenset()
