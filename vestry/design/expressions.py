"""The one expression language: conditions, guards and amounts in a service definition.

It sees plain values and has no effects: names (question ids with ``-`` written ``_``, and what earlier steps
gave), ``home.postcode``, text, numbers, ``== != < <= > >= in and or not + - * /``, a choice
(``a if b else c``), and the functions ``len(a)``, ``any(a)``, ``all(a)``, ``today()`` and
``working_days(after, until)``. Of a list of things it sees one answer of each: ``any(people.student)``.

1. `read` reads an expression once and refuses what is not in the language; `names` says what it uses.
2. `may_fail` tries it at publish with everything that may be missing missing.
3. `work_out` gives its value for somebody's answers, `work_out_exactly` an amount without floats; `holds`
   says whether a condition is met.
"""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import simpleeval
import structlog
from django.utils.translation import gettext as _

from vestry.kernel import WorkingCalendar

log = structlog.get_logger()

FUNCTIONS = {"len": 1, "any": 1, "all": 1, "today": 0, "working_days": 2}
"""What can be called, and with how many values."""
# Far beyond any condition a person can read; it keeps the tree shallow enough to be walked safely.
LONGEST = 500
DEEPEST = 30
# Longer than any time limit of a service, and short enough to be counted day by day.
FARTHEST_DAYS = 4000

_NODES = (
    *(ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div),
    *(ast.IfExp, ast.Name, ast.Load, ast.Attribute, ast.Call, ast.Constant, ast.List, ast.Tuple),
)
_PLAIN = (str, int, float, Decimal, date, datetime, list, tuple, dict, frozenset, set, type(None))
SAID_OTHERWISE = {"true": True, "false": False, "none": None}
"""How some write the values that Python begins with a capital."""


class NotUnderstood(ValueError):
    """An expression that isn't one, with the reason and what to write instead."""

    def __init__(self, what: str, instead: str = "") -> None:
        self.what = what
        self.instead = instead
        super().__init__(what)


class CannotWorkOut(ValueError):
    """An expression that is well formed but has no value for these answers."""


@dataclass(frozen=True, kw_only=True)
class Today:
    """What an expression may know beside the answers."""

    day: date
    calendar: WorkingCalendar


@lru_cache(maxsize=4096)
def read(text: str) -> ast.expr:
    """The expression as a tree. Raises `NotUnderstood`."""
    if len(text) > LONGEST:
        what = _("This condition is longer than {most} characters.").format(most=LONGEST)
        raise NotUnderstood(what, _("Make it two questions."))
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        what = _("This condition cannot be read ({text}).").format(text=text)
        raise NotUnderstood(what, _hint(text)) from None
    _check_depth(tree.body, DEEPEST)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        _check_node(node, text, called)
    return tree.body


def _hint(text: str) -> str:
    bare = text.replace("==", "").replace("!=", "").replace("<=", "").replace(">=", "")
    if "=" in bare:
        return _('Write == to compare, for example bin == "garden".')
    if "&" in text or "|" in text:
        return _("Write the words: and, or, not.")
    return _('It should look like this: bin == "garden" and not assisted.')


def _check_depth(node: ast.AST, left: int) -> None:
    if left == 0:
        what = _("This condition has too many brackets inside each other.")
        raise NotUnderstood(what, _("Make it simpler."))
    for child in ast.iter_child_nodes(node):
        _check_depth(child, left - 1)


def _check_node(node: ast.AST, text: str, called: set[int]) -> None:
    known = isinstance(node, _NODES)
    if not known or (isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | None)):
        what = _("This uses something a condition cannot ({text}).")
        raise NotUnderstood(what.format(text=text), _hint(text))
    name = getattr(node, "attr", "") or getattr(node, "id", "")
    if name.startswith("_"):
        raise NotUnderstood(_('"{name}" cannot be used in a condition.').format(name=name))
    if isinstance(node, ast.Name) and name in FUNCTIONS and id(node) not in called:
        what = _('"{name}" needs its brackets here.').format(name=name)
        raise NotUnderstood(what, _("Write {name}(...).").format(name=name))
    if isinstance(node, ast.Call):
        _check_call(node)


def _check_call(node: ast.Call) -> None:
    known = ", ".join(f"{name}()" for name in FUNCTIONS)
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        what = _('"{name}" cannot be called in a condition.').format(name=ast.unparse(node.func))
        raise NotUnderstood(what, _("What can be called: {known}.").format(known=known))
    wanted = FUNCTIONS[node.func.id]
    if len(node.args) != wanted or node.keywords:
        what = {
            0: _("{name}() takes nothing between its brackets."),
            1: _("{name}() takes one value between its brackets."),
            2: _("{name}() takes two values between its brackets."),
        }[wanted]
        raise NotUnderstood(what.format(name=node.func.id))


def names(text: str) -> frozenset[str]:
    """The names an expression uses, functions aside. Raises `NotUnderstood`."""
    tree = read(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and id(node) not in called and node.id not in SAID_OTHERWISE
    )


def parts(text: str) -> frozenset[tuple[str, str]]:
    """The parts of names it looks at: of ``home.ward`` ``("home", "ward")``. Raises `NotUnderstood`."""
    return frozenset(
        (node.value.id, node.attr)
        for node in ast.walk(read(text))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )


def name_of(id: str) -> str:
    """How an expression writes an id: ``bin-kind`` is ``bin_kind``."""
    return id.replace("-", "_")


class _Evaluator(simpleeval.EvalWithCompoundTypes):
    """simpleeval, with nothing reachable but plain values."""

    def _eval_attribute(self, node: ast.Attribute) -> Any:
        thing = self._eval(node.value)
        # What was not asked has nothing in it: `home.ward` of no address is no ward.
        if thing is None:
            return None
        if isinstance(thing, list | tuple):
            return [self._part(each, node.attr) for each in thing]
        return self._part(thing, node.attr)

    @staticmethod
    def _part(thing: Any, name: str) -> Any:
        if isinstance(thing, Mapping):
            value = thing.get(name)
        elif isinstance(thing, Unknown):
            return thing
        elif is_dataclass(thing) and name not in thing.__dataclass_fields__:
            raise CannotWorkOut(f'There is no "{name}" in it.')
        else:
            value = getattr(thing, name, None)
        if not isinstance(value, _PLAIN) and not is_dataclass(value):
            raise CannotWorkOut(f'"{name}" cannot be used in a condition.')
        return value


def work_out(
    text: str, words: Mapping[str, Any], today: Today, *, kind: type[_Evaluator] = _Evaluator
) -> Any:
    """The value of an expression. Raises `NotUnderstood`, `CannotWorkOut`."""
    tree = read(text)
    functions: dict[str, Callable[..., Any]] = {
        "len": _length,
        "any": lambda things: _truth(any, things),
        "all": lambda things: _truth(all, things),
        "today": lambda: today.day,
        "working_days": lambda after, until: _working_days(today.calendar, after, until),
    }
    evaluator = kind(functions=functions, names=ChainMap(words, SAID_OTHERWISE))  # type: ignore[arg-type]
    try:
        value = evaluator.eval(text, previously_parsed=tree)
    except CannotWorkOut:
        raise
    except Exception as error:
        # Whatever can go wrong with these values (text against a number, no such name) is the definition's.
        raise CannotWorkOut(f'"{text}" cannot be worked out for these answers.') from error
    return value


class _Exact(_Evaluator):
    """The same in whole numbers and decimals: no float ever stands for money."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.nodes[ast.Constant] = lambda node: _exactly(node.value)
        self.operators[ast.Div] = lambda one, other: Decimal(one) / Decimal(other)


def _exactly(value: Any) -> Any:
    # As it is written: 0.1 is a tenth.
    return Decimal(repr(value)) if isinstance(value, float) else value


def work_out_exactly(text: str, words: Mapping[str, Any], today: Today) -> Decimal:
    """The value of an expression that gives a number, worked out without floats.

    Raises `NotUnderstood`, `CannotWorkOut`; the latter for what is no number, or none that ends.
    """
    value = work_out(text, {name: _exactly(word) for name, word in words.items()}, today, kind=_Exact)
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise CannotWorkOut(f'"{text}" is no number for these answers.')
    return Decimal(value)


def holds(text: str, words: Mapping[str, Any], today: Today) -> bool:
    """Whether a condition is met; an empty one always is.

    One that can't be worked out counts as met, and is logged: a question too many does less harm than one
    never asked, and nobody's journey ends over a mistake in a definition.
    """
    if not text:
        return True
    try:
        return bool(work_out(text, words, today))
    except CannotWorkOut as fault:
        log.warning("condition_cannot_be_worked_out", condition=text, fault=str(fault))
        return True


def may_fail(text: str, words: Iterable[str], maybe_missing: Iterable[str], today: Today) -> bool:
    """Whether an expression can't be worked out when some of its words have no value yet."""
    missing = dict.fromkeys(maybe_missing)
    for truth in (True, False):
        try:
            work_out(text, {**dict.fromkeys(words, _Something(truth=truth)), **missing}, today)
        except CannotWorkOut:
            return True
    return False


def _length(thing: Any) -> Any:
    if isinstance(thing, Unknown):
        return thing.length()
    return 0 if thing is None else len(thing)


def _truth(which: Callable[[Any], bool], things: Any) -> Any:
    return things if isinstance(things, Unknown) else which(() if things is None else things)


def _working_days(calendar: WorkingCalendar, after: Any, until: Any) -> Any:
    for one, other in ((after, until), (until, after)):
        if isinstance(one, Unknown):
            if other is None:
                raise CannotWorkOut("working_days() needs two dates.")
            return one.counted()
    if isinstance(after, datetime) or isinstance(until, datetime):
        raise CannotWorkOut("working_days() needs two dates without a time.")
    if (
        not isinstance(after, date)
        or not isinstance(until, date)
        or abs((until - after).days) > FARTHEST_DAYS
    ):
        raise CannotWorkOut("working_days() needs two dates, at most ten years apart.")
    return calendar.count(after, until)


class Unknown:
    """Stands for an answer when an expression is tried without one: its parts are as unknown as itself."""

    def length(self) -> Any:
        """What ``len()`` gives."""
        raise NotImplementedError

    def counted(self) -> Any:
        """What ``working_days()`` gives."""
        raise NotImplementedError


class _Something(Unknown):
    """Stands for an answer not given yet: anything may be done with it, but not together with nothing."""

    def __init__(self, *, truth: bool) -> None:
        self.truth = truth

    def __bool__(self) -> bool:
        return self.truth

    def length(self) -> int:
        return int(self.truth)

    def counted(self) -> int:
        return 1

    def __contains__(self, thing: object) -> bool:
        return self.truth

    def __neg__(self) -> _Something:
        return self

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return self.truth

    def _with(self, other: object) -> Any:
        return NotImplemented if other is None else self

    __lt__ = __le__ = __gt__ = __ge__ = _with
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _with
