"""How a capability takes part in a service: the one protocol between `services` and everything it can do.

A service definition names capabilities by their word (``report: {...}``). `services` finds the word among
the installed ones (entry points, group ``vestry.capabilities``) and from then on only speaks this protocol:

1. ``options`` says what a definition may write; its JSON Schema comes from there.
2. ``problems`` is asked when a definition is checked or published.
3. ``ask`` is asked again and again while somebody answers: a page, a stop, or nothing more to ask.
4. ``hold`` may set something aside until the end; ``release`` gives it back.
5. ``confirm`` runs inside the submission's transaction: all capabilities confirm, or none.
6. ``show`` says on the status page and on the desk what came of it.
7. ``announces``, ``happened``, ``words`` and ``react`` serve the definition's ``on:`` rules: what may happen,
   which rules a fact sets off, what a message about it may say, and what to do.

A capability knows no service and no other capability. What it needs of the journey is in the `Visit`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

import msgspec

from vestry.design.questions import Question
from vestry.kernel import Ref, Refused


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A mistake in a definition, told to the person who wrote it.

    ``path`` leads to it from the capability's own options, such as ``("stages", "booked", "due")``.
    ``instead`` is what would be right, where that can be known.
    """

    path: tuple[str | int, ...]
    what: str
    instead: str = ""
    message: str = ""
    """The message whose text is at fault, by name; ``path`` then leads from it: ``("body",)``."""


class Template(Protocol):
    """A message as a definition writes it, with ``((words))`` to fill in."""

    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What a capability may know of the definition it is part of, when it is checked."""

    service: str
    questions: Mapping[str, Question]
    """Every question asked before this step, by id."""
    words: frozenset[str]
    """Every name an expression at this place may use."""
    messages: Mapping[str, Template]
    """The definition's message templates, by name."""
    known: Mapping[str, frozenset[str]]
    """What the council has: ``teams``, ``roles``, ``statements``, ``schedules`` ..., each a set of slugs."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One journey as a capability sees it, at one moment.

    ``said`` holds the plain answers by question id (as stored: JSON values); ``words`` the same as an
    expression sees them (dates are dates), and what earlier steps gave. ``held`` is what this capability's
    own ``hold`` returned. ``prefix`` is what the service's references begin with,
    ``information_class`` how carefully what it collects is held; empty counts as the most careful.
    """

    service: str
    title: str
    version: int
    journey: str
    said: Mapping[str, Any]
    words: Mapping[str, Any]
    now: datetime
    actor: Ref
    prefix: str = ""
    information_class: str = ""
    held: Any = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page with questions. One thing per page: most have one question."""

    questions: Sequence[Question]
    title: str = ""
    guidance: str = ""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A page that ends the journey here: why, and what to do instead. Changing an answer reopens it."""

    title: str
    reason: str
    instead: str = ""


class Stopped(Refused):
    """This can't go on with the answers as they are now."""

    def __init__(self, stop: Stop) -> None:
        self.stop = stop
        super().__init__(stop.reason)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a summary: a label and what it says."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom messages go to. Either may be empty: a person need not give both."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """A fact that a definition reacts to, with all that a reaction may use."""

    on: str
    """The word in the definition's ``on:``, such as ``submitted`` or ``case.closed``."""
    key: str
    """The same for the same fact and rule for ever: doing it twice must come to the same as once."""
    about: Ref
    service: str
    version: int
    to: Contact
    words: Mapping[str, str]
    messages: Mapping[str, Template]
    """The version's message templates, by name."""
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What came of a step: words for later steps and messages, and the reference of what was made."""

    words: Mapping[str, Any] = field(default_factory=dict)
    ref: Ref | None = None


class Capability:
    """Base of every capability: each answer has a plain default, so that one says only what it has to say."""

    word: ClassVar[str]
    """Its name in a definition."""
    options: ClassVar[type[msgspec.Struct]]
    """What a definition may write under that name."""
    happenings: ClassVar[Mapping[str, str]] = {}
    """Fact name to the word in ``on:`` that it answers to, for the facts this capability states."""
    reacts: ClassVar[bool] = False
    """True when it may stand under ``on:``."""

    def problems(self, options: Any, outline: Outline) -> Iterable[Problem]:
        """What is wrong with these options in this definition, beyond their types."""
        return ()

    def questions(self, options: Any) -> Sequence[Question]:
        """All the questions it may ever ask, for the JSON Schema and the publish checks."""
        return ()

    def ask(self, options: Any, visit: Visit) -> Page | Stop | None:
        """The page to show now, or None when there is nothing to ask; an answered page may come again."""
        return None

    def hold(self, options: Any, visit: Visit) -> Any:
        """Set aside what was chosen; return what JSON can store. Called when its questions are answered."""
        return None

    def release(self, options: Any, visit: Visit) -> None:
        """Give back what ``hold`` set aside."""

    def confirm(self, options: Any, visit: Visit) -> Confirmed:
        """Make it so, inside the submission's transaction. Raise `Stopped` when it can't be done any more."""
        return Confirmed()

    def show(self, options: Any, visit: Visit, confirmed: Mapping[str, Any]) -> Sequence[Row]:
        """What came of it, for resident and officer alike. ``confirmed`` is the words ``confirm`` gave."""
        return ()

    def announces(self, options: Any) -> Mapping[str, frozenset[str]]:
        """Every ``on:`` word its facts may answer to, each with the words ``words`` then gives a message.

        Asked at publish, so that a rule on something that never happens, or a ((word)) left empty, is told.
        """
        return dict.fromkeys(self.happenings.values(), frozenset())

    def happened(self, options: Any, fact: str, payload: Mapping[str, Any]) -> Sequence[str]:
        """The ``on:`` words this fact of its own answers to, such as ``("case.closed", "case.answered")``."""
        return (self.happenings[fact],) if fact in self.happenings else ()

    def words(self, options: Any, about: Ref, fact: str, payload: Mapping[str, Any]) -> Mapping[str, str]:
        """What a message about this fact of its own may say, personal details included; none is kept."""
        return {}

    def react(self, options: Any, happening: Happening) -> None:
        """Do what the rule asks. Called at least once for each happening; must be safe to do twice."""
        raise NotImplementedError
