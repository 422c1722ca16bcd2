"""What a condition holds against each other although it is never alike: the publish gate tells it.

Such a condition comes out one way whatever people answer, or can't be worked out and then counts as met.
Nobody who reads it would think so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from vestry.design import expressions
from vestry.design.expressions import NotUnderstood
from vestry.design.possible import Asked, fixed_values, plain_schema

_EQUAL = {ast.Eq: "==", ast.NotEq: "!=", ast.In: "==", ast.NotIn: "!="}


@dataclass(frozen=True, kw_only=True)
class Unlike:
    """One of them. ``name`` is the answer as the condition writes it: ``signs``, ``people.college``.

    ``why`` is *several* where the answer is a list and is held against one thing, *day* where it is a date
    and the other is none, *always* where it stands alone as a condition and there always is one.
    ``values`` are what it is held against. ``op`` is ``!=`` for ``not in`` too, ``==`` for ``in``, and empty
    for what asks for an order.
    """

    name: str
    why: Literal["several", "day", "always"]
    op: str = ""
    values: tuple[Any, ...] = ()


def unlike(when: str, names: Mapping[str, Asked]) -> Iterator[Unlike]:
    """All of them in a condition, in its order. One that can't be read has none."""
    try:
        tree = expressions.read(when)
    except NotUnderstood:
        return
    yield from _alone(tree, names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
            for one, op, other in zip(operands, node.ops, operands[1:], strict=False):
                yield from _compared(one, op, other, names)


def _compared(one: ast.AST, op: ast.cmpop, other: ast.AST, names: Mapping[str, Asked]) -> Iterator[Unlike]:
    within = isinstance(op, ast.In | ast.NotIn)
    # What a list is looked through for is no comparison: `"burnt" in signs`.
    for this, that in ((one, other),) if within else ((one, other), (other, one)):
        why = _sort(this, names)
        values = fixed_values(that) if within or not isinstance(that, ast.List | ast.Tuple) else None
        if why == "several":
            wrong = tuple(each for each in values or () if isinstance(each, str | int | float))
        elif why == "day":
            wrong = tuple(each for each in values or () if each is not None and type(each) is not date)
        else:
            continue
        if wrong:
            yield Unlike(name=ast.unparse(this), why=why, op=_EQUAL.get(type(op), ""), values=wrong)


def _sort(node: ast.AST, names: Mapping[str, Asked]) -> Literal["several", "day", ""]:
    """Whether it is the answer to a question that takes several, or a day."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
        return "several" if names[node.value.id].question.inside() else ""
    if not isinstance(node, ast.Name) or node.id not in names:
        return ""
    schema = plain_schema(names[node.id].question)
    if schema.get("type") == "array":
        return "several"
    return "day" if schema.get("format") == "date" else ""


def _alone(node: ast.AST, names: Mapping[str, Asked], *, guards: bool = False) -> Iterator[Unlike]:
    """Texts that stand where a yes or no is wanted, and are always there.

    In front of an `and` it does no harm: it asks whether there is an answer before that is looked at.
    """
    if isinstance(node, ast.Name) and node.id in names and not guards:
        asked = names[node.id]
        may_miss = asked.missing or asked.question.optional or any(asked.whens)
        if not may_miss and plain_schema(asked.question).get("type") == "string":
            yield Unlike(name=node.id, why="always")
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from _alone(each, names, guards=isinstance(node.op, ast.And))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _alone(node.operand, names)
