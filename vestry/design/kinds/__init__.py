"""The kinds of question, and how others add theirs.

A kind is a subclass of `design.questions.Question` with a ``kind``, its word in a definition, and a
``template``. A room or a package adds its own through the entry-point group ``vestry.questions``.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from vestry.design.kinds.chosen import Checkboxes, Choice, Declaration, Radios, Select, YesNo
from vestry.design.kinds.dates import Date
from vestry.design.kinds.listed import Listed
from vestry.design.kinds.typed import Email, LongText, Money, Name, Number, Phone, Text
from vestry.design.questions import Question

__all__ = [
    "BUILT_IN",
    "Checkboxes",
    "Choice",
    "Date",
    "Declaration",
    "Email",
    "Listed",
    "LongText",
    "Money",
    "Name",
    "Number",
    "Phone",
    "Radios",
    "Select",
    "Text",
    "YesNo",
    "question_kinds",
]

GROUP = "vestry.questions"
BUILT_IN: tuple[type[Question], ...] = (
    Text,
    LongText,
    Number,
    Money,
    Radios,
    Checkboxes,
    Select,
    YesNo,
    Date,
    Email,
    Phone,
    Name,
    Declaration,
    Listed,
)


@cache
def question_kinds() -> dict[str, type[Question]]:
    """Every kind by its word. LookupError when two claim one word, or an entry point is no question."""
    found: dict[str, type[Question]] = {kind.kind: kind for kind in BUILT_IN}
    for entry in entry_points(group=GROUP):
        kind = entry.load()
        if not (isinstance(kind, type) and issubclass(kind, Question) and kind.kind and kind.template):
            raise LookupError(f"{entry.value} is no kind of question: it needs a `kind` and a `template`.")
        if kind.kind in found:
            raise LookupError(f"Two kinds of question are called '{kind.kind}'; the other is {entry.value}.")
        found[kind.kind] = kind
    return found
