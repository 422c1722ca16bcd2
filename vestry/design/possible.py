"""Whether a condition can ever hold, whatever people answer: what the publish gate asks.

It tries the real evaluator on examples. A question whose answers can be listed (options, yes or no) is tried
with each; a number or a day with one example on, and on either side of, everything it is compared with; an
answer of any other sort, or one that is used in another way, is *anything*: every comparison with it may come
out either way. So what is said to be impossible is; what is said to be possible may be so only on paper.

1. `Asked` says what is known of one name; a name that is no question may be anything.
2. `possible` tries conditions together: whether all of them can hold at once. What one `Effort` may take is
   shared by everything that is asked of one definition, so that nobody's text keeps a server busy.
3. `strangers` names the values a condition compares with a question that nobody can answer with.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from vestry.design import expressions
from vestry.design.expressions import CannotWorkOut, NotUnderstood, Today, Unknown, work_out
from vestry.design.kinds.bounds import read_bound
from vestry.design.questions import Question
from vestry.kernel import WorkingCalendar

# Beyond so many tries a condition counts as possible: what can't be found out is not refused.
MOST_TRIES = 5_000
# Together, for one definition: a few seconds at the longest. The largest of our own take a hundred.
MOST_EFFORT = 10_000
# A list of options longer than this is tried by those a condition names, and by one it does not.
MOST_VALUES = 12
# Any day will do: a condition that names a day of its own is not understood that far.
TODAY = Today(day=date(2026, 1, 5), calendar=WorkingCalendar(frozenset()))
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A name in conditions: a question, and the conditions under which it is asked, its page's and its own.

    ``missing`` is true where it may not have been answered yet, as on the same page.
    """

    question: Question
    whens: tuple[str, ...] = ()
    missing: bool = False


class NotProved(Exception):
    """All that may be tried for one definition was tried, so nothing is known."""


class _TooMuch(Exception):
    """More to try than is worth it."""


@dataclass
class Effort:
    """What may still be tried for one definition, in conditions worked out and examples made."""

    left: int = MOST_EFFORT

    def take(self, many: int = 1) -> None:
        """Raises `NotProved`, now and from now on, when it is used up."""
        self.left -= many
        if self.left < 0:
            raise NotProved


def possible(whens: Sequence[str], names: Mapping[str, Asked], effort: Effort | None = None) -> bool:
    """Whether all of these conditions can hold at once. One that can't be read or known may.

    Raises `NotProved` when the ``effort`` is used up.
    """
    effort = effort or Effort()
    conditions = [when for when in whens if when]
    if not conditions:
        return True
    try:
        uses = _Uses(_all_conditions(conditions, names))
        values = {name: _examples(names[name].question, use) for name, use in uses.items() if name in names}
        effort.take(sum(map(len, values.values())))
        return _Search(names, values, effort).finds(conditions)
    except (_TooMuch, NotUnderstood, RecursionError):
        return True


def _all_conditions(whens: Sequence[str], names: Mapping[str, Asked]) -> list[str]:
    """These, and those that say whether what they use is asked at all."""
    found: list[str] = []
    waiting = list(whens)
    while waiting:
        when = waiting.pop()
        if when and when not in found:
            found.append(when)
            for name in expressions.names(when):
                waiting += names[name].whens if name in names else ()
    return found


@dataclass
class _Search:
    """Goes through all that can be chosen, depth first: each run follows the choices of the one before.

    A condition that fails does so because of some of the choices. The last of those is changed next, and what
    was chosen after it is not gone through first: it made no difference.
    """

    names: Mapping[str, Asked]
    values: Mapping[str, Sequence[Any]]
    """What each name may stand for where it was answered; nothing listed means anything."""
    effort: Effort
    choices: list[_Choice] = field(default_factory=list)
    at: int = 0
    because: list[set[int]] = field(default_factory=list)
    """Of each thing that is being worked out, the choices it depends on, by their place."""

    def finds(self, whens: Sequence[str]) -> bool:
        for _ in range(MOST_TRIES):
            self.at, self.because = 0, []
            words = _Words(self)
            for when in whens:
                met, why = self.told(partial(words.meet, when))
                if not met:
                    break
            else:
                return True
            if not self._change_the_last_of(why):
                return False
        raise _TooMuch

    def told(self, work: Callable[[], Any]) -> tuple[Any, set[int]]:
        """What comes of it, and the choices that depends on."""
        self.because.append(set())
        try:
            return work(), self.because[-1]
        finally:
            why = self.because.pop()
            self.depends(why)

    def depends(self, why: Iterable[int]) -> None:
        """What is being worked out depends on these choices."""
        if self.because:
            self.because[-1].update(why)

    def choose(self, count: int) -> int:
        if self.at == len(self.choices):
            self.choices.append(_Choice(count))
        self.depends((self.at,))
        self.at += 1
        return self.choices[self.at - 1].taken

    def _change_the_last_of(self, why: set[int]) -> bool:
        """Take the next of the last choice that matters; where there is none, of the one before it."""
        while why:
            last = max(why)
            choice = self.choices[last]
            choice.why |= why - {last}
            del self.choices[last + 1 :]
            if choice.taken + 1 < choice.count:
                choice.taken += 1
                return True
            why = choice.why
            del self.choices[last:]
        return False


@dataclass
class _Choice:
    """One of so many, and the earlier choices because of which what was taken before it failed."""

    count: int
    taken: int = 0
    why: set[int] = field(default_factory=set)


class _Words(Mapping[str, Any]):
    """The words of one try. What a word is, is chosen when a condition first asks for it."""

    def __init__(self, search: _Search) -> None:
        self.search = search
        self.chosen: dict[str, tuple[Any, set[int]]] = {}

    def __getitem__(self, name: str) -> Any:
        if name in expressions.SAID_OTHERWISE:
            raise KeyError(name)
        if name not in self.chosen:
            self.chosen[name] = self.search.told(partial(self._choose, name))
        word, why = self.chosen[name]
        self.search.depends(why)
        return word

    def __iter__(self) -> Iterator[str]:
        return iter(self.search.names)

    def __len__(self) -> int:
        return len(self.search.names)

    def meet(self, when: str) -> bool:
        """As `expressions.holds`: what can't be worked out counts as met."""
        self.search.effort.take()
        try:
            return bool(work_out(when, self, TODAY))
        except CannotWorkOut:
            return True

    def _choose(self, name: str) -> Any:
        asked = self.search.names.get(name)
        if asked is None:
            return _Anything(self.search)
        if not all(self.meet(when) for when in asked.whens if when):
            return asked.question.word(None)
        listed = list(self.search.values[name]) or [_Anything(self.search)]
        if asked.missing or asked.question.optional:
            listed.append(asked.question.word(None))
        return listed[self.search.choose(len(listed))]


class _Anything(Unknown):
    """An answer nothing is known of, but that it was given."""

    def __init__(self, search: _Search) -> None:
        self.search = search

    def __bool__(self) -> bool:
        return self.search.choose(2) == 0

    def __contains__(self, thing: object) -> bool:
        return bool(self)

    def __eq__(self, other: object) -> bool:
        return other is not None and bool(self)

    def __hash__(self) -> int:
        return 0

    def __neg__(self) -> _Anything:
        return self

    def length(self) -> Any:
        return self

    def counted(self) -> Any:
        return self

    def _compare(self, other: object) -> Any:
        return NotImplemented if other is None else bool(self)

    def _with(self, other: object) -> Any:
        return NotImplemented if other is None else self

    __lt__ = __le__ = __gt__ = __ge__ = _compare
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _with


@dataclass
class _Use:
    """How conditions use a name: the values it is held against; ``otherwise`` when in any other way, too."""

    values: list[Any] = field(default_factory=list)
    members: list[Any] = field(default_factory=list)
    lengths: list[Any] = field(default_factory=list)
    otherwise: bool = False


class _Uses(dict[str, _Use]):
    """The use of each name, by conditions."""

    def __init__(self, whens: Sequence[str]) -> None:
        super().__init__()
        for when in whens:
            self._look(expressions.read(when), truth=True)

    def __missing__(self, name: str) -> _Use:
        return self.setdefault(name, _Use())

    def _look(self, node: ast.AST, *, truth: bool = False) -> None:
        if isinstance(node, ast.Name):
            self[node.id].otherwise |= not truth
        elif truth and (name := _measured(node)):
            self[name].lengths.append(0)
        elif isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
            for one, op, other in zip(operands, node.ops, operands[1:], strict=False):
                self._compare(one, op, other)
        elif isinstance(node, ast.BoolOp | ast.UnaryOp):
            inside = truth if isinstance(node, ast.BoolOp) else isinstance(node.op, ast.Not)
            for child in ast.iter_child_nodes(node):
                self._look(child, truth=inside)
        elif isinstance(node, ast.IfExp):
            self._look(node.test, truth=True)
            self._look(node.body, truth=truth)
            self._look(node.orelse, truth=truth)
        else:
            for child in ast.iter_child_nodes(node):
                self._look(child)

    def _compare(self, one: ast.AST, op: ast.AST, other: ast.AST) -> None:
        within = isinstance(op, ast.In | ast.NotIn)
        for this, that, left in ((one, other, True), (other, one, False)):
            constants = fixed_values(that)
            if constants is None:
                continue
            if isinstance(this, ast.Name):
                use = self[this.id]
                if within and left and not isinstance(that, ast.List | ast.Tuple):
                    use.otherwise = True  # part of a text
                    return
                (use.members if within and not left else use.values).extend(constants)
                return
            if name := _measured(this):
                self[name].lengths.extend(constants)
                return
        self._look(one)
        self._look(other)


def _measured(node: ast.AST) -> str:
    """``len(items)``: whose length it is."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
        return node.args[0].id if isinstance(node.args[0], ast.Name) else ""
    return ""


def fixed_values(node: ast.AST) -> list[Any] | None:
    """The values it stands for; None where it depends on an answer."""
    if isinstance(node, ast.List | ast.Tuple):
        inside = [fixed_values(each) for each in node.elts]
        return None if None in inside else [one for each in inside if each for one in each]
    if any(isinstance(each, ast.Name) and not _is_fixed(each.id) for each in ast.walk(node)):
        return None
    try:
        return [work_out(ast.unparse(node), {}, TODAY)]
    except (CannotWorkOut, NotUnderstood):
        return None


def _is_fixed(name: str) -> bool:
    return name in expressions.SAID_OTHERWISE or name == "today"


def plain_schema(question: Question) -> dict[str, Any]:
    """The schema of an answer that was given."""
    schema = question.schema()
    inside = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return dict(inside[0]) if len(inside) == 1 else schema


def _examples(question: Question, use: _Use) -> Sequence[Any]:
    """One answer of every sort that makes a difference, as a word; none where it may be anything."""
    schema = plain_schema(question)
    if "enum" in schema:
        found = _of_options(schema["enum"], use)
    elif schema.get("type") == "boolean":
        found = [True, False]
    elif schema.get("type") == "array":
        found = _of_lists(schema, use)
    elif use.otherwise or use.members or use.lengths:
        found = []
    elif schema.get("type") in ("integer", "number"):
        found = _of_numbers(schema, use)
    elif schema.get("format") == "date":
        return _of_days(question, use)
    else:
        found = _of_texts(schema, use)
    # A kind may show conditions something else than what is stored; then nothing is known of it.
    return found if all(_seen_as_stored(question, each) for each in found) else []


def _seen_as_stored(question: Question, value: Any) -> bool:
    try:
        word = question.word(value)
    except Exception:  # noqa: BLE001 - another room's kind, asked about an answer it never gave
        return False
    return type(word) is type(value) and bool(word == value)


def _of_options(options: Sequence[Any], use: _Use) -> list[Any]:
    if len(options) <= MOST_VALUES:
        return list(options)
    if use.otherwise or use.members or use.lengths:
        return []
    named = [one for one in options if one in use.values]
    others = [one for one in options if one not in named]
    return [*named, *others[:1]]


def _of_lists(schema: Mapping[str, Any], use: _Use) -> list[Any]:
    options = schema.get("items", {}).get("enum")
    if options is None or use.otherwise or use.values:
        return []
    named = [one for one in options if one in use.members]
    others = [one for one in options if one not in named]
    most = len(others) if use.lengths else min(len(others), 1)
    if 2 ** len(named) * (most + 1) > MOST_TRIES:
        return []
    found = []
    for picked in itertools.product((False, True), repeat=len(named)):
        ticked = {one for one, is_picked in zip(named, picked, strict=True) if is_picked}
        for count in range(most + 1):
            chosen = ticked | set(others[:count])
            if len(chosen) >= schema.get("minItems", 0):
                found.append([one for one in options if one in chosen])
    return found


def _of_numbers(schema: Mapping[str, Any], use: _Use) -> list[Any]:
    """On and beside each number it is compared with, as far as it may be answered."""
    whole = schema["type"] == "integer"
    grain = Decimal(1) if whole else Decimal(str(schema.get("multipleOf", "0.000001")))
    compared = [Decimal(str(one)) for one in (*use.values, 0) if isinstance(one, int | float)]
    bounds = [Decimal(str(schema[end])) for end in ("minimum", "maximum") if end in schema]
    around = {
        number * grain + step * grain
        for number in ((each / grain).to_integral_value("ROUND_FLOOR") for each in (*compared, *bounds))
        for step in (-1, 0, 1, 2)
    }
    least, most = (
        Decimal(str(schema.get(end, far))) for end, far in (("minimum", "-inf"), ("maximum", "inf"))
    )
    return [
        int(each) if whole or each == int(each) else float(each)
        for each in sorted(around)
        if least <= each <= most
    ]


def _of_days(question: Question, use: _Use) -> list[Any]:
    """On and beside today, each day it is compared with, and the last it may be.

    An answer is older than its question's "today" by the time a condition is looked at again, so that only
    ``latest`` can be relied on; and what is fixed lies before some todays and after others.
    """
    latest = read_bound(getattr(question, "latest", ""))
    last = latest.on(TODAY.day) if latest and not latest.fixed else None
    compared = {TODAY.day, *([last] if last else ()), *(one for one in use.values if type(one) is date)}
    around = sorted({one + step * _DAY for one in compared for step in (-1, 0, 1)})
    days = [day for day in around if last is None or day <= last]
    return days if [question.word(each.isoformat()) for each in days] == days else []


def _of_texts(schema: Mapping[str, Any], use: _Use) -> list[Any]:
    if schema.get("type") != "string":
        return []
    # Longer than any condition, so that it is none of the texts there.
    return [*(one for one in use.values if isinstance(one, str) and one), "x" * (expressions.LONGEST + 1)]


def strangers(when: str, names: Mapping[str, Asked]) -> Iterator[tuple[str, Any, Sequence[str]]]:
    """Values a condition looks for in an answer that never has them: the name, the value, the options.

    The options are empty for a question that has none: ``assisted == "yes"`` of a yes or no. A condition
    that can't be read has none.
    """
    try:
        uses = _Uses([when])
    except NotUnderstood:
        return
    for name, use in uses.items():
        if name not in names:
            continue
        schema = plain_schema(names[name].question)
        options = schema.get("enum") or schema.get("items", {}).get("enum", ())
        looked_for = use.members if schema.get("type") == "array" else use.values
        for value in looked_for:
            if isinstance(value, str):
                if value and options and value not in options:
                    yield name, value, options
                elif schema.get("type") in ("boolean", "integer", "number"):
                    yield name, value, ()
