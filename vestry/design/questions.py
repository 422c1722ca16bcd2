"""What every question type is. The types themselves are in `design.kinds`; a room may add its own
(entry points, group ``vestry.questions``), as `places` adds ``address``.

An answer has three shapes:

* *raw*: what a person typed or a machine sent: text, or a dict of texts such as ``{"day": "1", ...}``;
* the *answer*: what is stored, plain JSON (``"2026-11-23"``);
* the *word*: what an expression sees (a ``date``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

import msgspec

from vestry.design.expressions import Today, holds
from vestry.kernel import Ref, WorkingCalendar, local_day


class Form(Protocol):
    """A posted form, as Django's QueryDict gives it."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def getlist(self, key: str) -> list[str]: ...
    def __contains__(self, key: object) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Asking:
    """When and among which other answers a question is asked.

    ``said`` are the answers before it, ``words`` the same as an expression sees them.
    """

    now: datetime
    said: Mapping[str, Any]
    words: Mapping[str, Any] = field(default_factory=dict)
    today: Today | None = None
    tried: bool = False
    """True where a service is only tried out: what would have to be received may be left out."""
    owners: tuple[Ref, ...] = ()
    """Whose what is given beside an answer may be: the journey itself first. Nobody's outside a journey."""
    actor: Ref | None = None
    no_files: str = ""
    """Why no file is taken now, to stand beside the field; empty where one is."""

    def holds(self, condition: str, words: Mapping[str, Any]) -> bool:
        """Whether a condition is met, given these words beside those before."""
        today = self.today or Today(day=local_day(self.now), calendar=WorkingCalendar(frozenset()))
        return holds(condition, {**self.words, **words}, today)


class Wrong(Exception):
    """An answer that can't be taken, with the sentence to show beside the field.

    ``part`` names the part of a composed question at fault (``day`` of a date), so that the error summary
    leads to the right input. ``inside`` says it of each answer within a list that a machine sent: where
    (``1/born``, counted from nought) and why.
    """

    def __init__(self, sentence: str, part: str = "", inside: Sequence[tuple[str, str]] = ()) -> None:
        self.sentence = sentence
        self.part = part
        self.inside = tuple(inside)
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
    files: ClassVar[bool] = False
    """True for a kind that takes files: its page sends them, and `receive` is called."""
    about_all: ClassVar[bool] = False
    """True for a kind that speaks of every answer before it: in a long service it is asked after them all."""

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

    def receive(self, raw: Any, asking: Asking) -> Any:
        """Take in what can't wait in an answer, such as a file, outside any transaction; the raw answer then.

        Never fails: what is refused is for `clean` to say.
        """
        return raw

    def too_big(self) -> str:
        """The sentence for more than can be received."""
        raise NotImplementedError

    def clean(self, raw: Any, asking: Asking) -> Any:
        """The answer, ready for storage; None when nothing was given and it is optional.

        Raises `Wrong`, or `NotYet`. Takes anything JSON can hold: machines send nonsense too.
        """
        raise NotImplementedError

    def confirm(self, answer: Any, asking: Asking, to: Ref) -> None:
        """The answer was sent, inside that transaction: what was received belongs to ``to`` from now on."""

    def release(self, asking: Asking) -> None:
        """The journey is over, inside that transaction: give up what was received and not confirmed."""

    @classmethod
    def forget(cls, owner: Ref, *, actor: Ref, now: datetime) -> None:
        """Erase all that was ever received for a journey or for what came of it, inside a transaction."""

    def refill(self, answer: Any) -> Any:
        """The raw shape of a stored answer, to fill the form again."""
        return "" if answer is None else answer

    def word(self, answer: Any) -> Any:
        """What an expression sees."""
        return answer

    def shown(self, answer: Any) -> str:
        """What the check page, the status page and the desk show."""
        return "" if answer is None else str(answer)

    def label(self) -> str:
        """What is asked for in a word or two, where there is no room for the question."""
        return self.ask

    def summary(self, answer: Any) -> Sequence[tuple[str, str]]:
        """The lines of a summary, each a label and what it says."""
        return ((self.ask, self.shown(answer)),)

    def inside(self) -> Sequence[Question]:
        """The questions each thing on a list is asked about; none but a list has any."""
        return ()

    def schema(self) -> dict[str, Any]:
        """JSON Schema of what a machine sends."""
        return {"type": "string"}

    def problems(self) -> list[str]:
        """What is wrong with the question itself, beyond its types, in sentences."""
        return []
