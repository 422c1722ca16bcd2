"""What every question type is. The types themselves are in `design.kinds`; a room may add its own
(entry points, group ``vestry.questions``), as `places` adds ``address``.

An answer has three shapes:

* *raw*: what a person typed or a machine sent: text, or a dict of texts such as ``{"day": "1", ...}``;
* the *answer*: what is stored, plain JSON (``"2026-11-23"``);
* the *word*: what an expression sees (a ``date``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

import msgspec


class Form(Protocol):
    """A posted form, as Django's QueryDict gives it."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def getlist(self, key: str) -> list[str]: ...
    def __contains__(self, key: object) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Asking:
    """When and among which other answers a question is asked."""

    now: datetime
    said: Mapping[str, Any]


class Wrong(Exception):
    """An answer that can't be taken, with the sentence to show beside the field.

    ``part`` names the part of a composed question at fault (``day`` of a date), so that the error summary
    leads to the right input.
    """

    def __init__(self, sentence: str, part: str = "") -> None:
        self.sentence = sentence
        self.part = part
        super().__init__(sentence)


class NotYet(Exception):
    """Nothing is wrong; the question has more to show before it can be answered (addresses at a postcode).

    ``raw`` is what to show, in the raw shape, with what was found.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        super().__init__()


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question, as a definition writes it. Each type is a subclass with its own extra words."""

    kind: ClassVar[str] = ""
    """Its word in a definition: ``radios``."""
    template: ClassVar[str] = ""
    """The Jinja template that draws it."""

    id: str
    ask: str
    """The question itself, as the person reads it."""
    hint: str = ""
    optional: bool = False
    when: str = ""
    """An expression over earlier answers; the question is asked only when it holds."""

    def read(self, form: Form) -> Any:
        """The raw answer in a posted form. Never fails: nonsense is for `clean` to refuse."""
        return form.get(self.id, "")

    def clean(self, raw: Any, asking: Asking) -> Any:
        """The answer, ready for storage; None when nothing was given and it is optional.

        Raises `Wrong`, or `NotYet`. Takes anything JSON can hold: machines send nonsense too.
        """
        raise NotImplementedError

    def refill(self, answer: Any) -> Any:
        """The raw shape of a stored answer, to fill the form again."""
        return "" if answer is None else answer

    def word(self, answer: Any) -> Any:
        """What an expression sees."""
        return answer

    def shown(self, answer: Any) -> str:
        """What the check page, the status page and the desk show."""
        return "" if answer is None else str(answer)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of what a machine sends."""
        return {"type": "string"}

    def problems(self) -> list[str]:
        """What is wrong with the question itself, beyond its types, in sentences."""
        return []
