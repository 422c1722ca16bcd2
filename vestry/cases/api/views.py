"""What the cases room hands out, and how it refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from vestry.design.questions import Question, Wrong
from vestry.kernel import Ref, Refused


class NoSuchCase(Refused):
    """There is no case {reference} here that you can see. Check the reference."""


class NotPossible(Refused):
    """This cannot be done with this case now."""


class NotYours(NotPossible):
    """Your role does not let you do this with this case."""


class CaseClosed(NotPossible):
    """The case is closed, so this cannot be done any more."""


class CaseForgotten(CaseClosed):
    """The personal details of this case were erased, so nothing can be written to it any more."""


class CannotForget(NotPossible):
    """The details of {reference} cannot be erased yet. {why}"""


class AlreadyTaken(NotPossible):
    """{name} has already taken this case. Ask for it to be handed over."""


class NotNow(NotPossible):
    """The case is at “{stage}” now. Somebody may have done this already, or it is too early for it."""


class HeldUp(NotPossible):
    """This cannot be done yet. {why}"""


class NobodyThere(NotPossible):
    """There is no such team, or nobody of that name who works its cases. Choose again."""


class NotADueDate(NotPossible):
    """The due date must be today or later, and within two years."""


class NothingWritten(Refused):
    """Nothing is written."""


class WrittenTooLong(Refused):
    """It must be {most} characters or fewer."""


class TakesNoMessage(Refused):
    """No message goes with this. Write to the resident by itself."""


class NotAnswered(Refused):
    """Some answers cannot be taken."""

    # ``wrongs`` says which and why, ``raws`` what to show in the form again.
    def __init__(self, *, wrongs: Mapping[str, Wrong], raws: Mapping[str, Any]) -> None:
        self.wrongs = wrongs
        self.raws = raws
        super().__init__()


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case. ``place`` is the address it is about, where a list may show it.

    ``due`` is None for one without a due date; ``clock_stopped`` while it waits for the resident. ``next`` is
    what happens next, in the words for the resident.
    """

    reference: str
    service: str
    title: str
    version: int
    journey: str
    information_class: str
    place: str
    team: str
    owner: str
    stage: str
    stage_title: str
    next: str
    due: date | None
    clock_stopped: bool
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    outcome: str
    forgotten_at: datetime | None = None
    """When its personal details were erased."""

    @property
    def ref(self) -> Ref:
        """How the ledger names it."""
        return Ref("case", self.reference)

    @property
    def closed(self) -> bool:
        """Whether it came to its end."""
        return self.closed_at is not None

    def overdue(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return not self.closed and not self.clock_stopped and self.due is not None and self.due < today


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to list. ``whose``: my own, my teams', those of them nobody has taken, or all I may see.

    ``team`` is one team's queue, ``waiting`` those whose clock stands still.
    """

    whose: Literal["mine", "nobodys", "team", "all"] = "team"
    team: str = ""
    closed: bool = False
    service: str = ""
    overdue: bool = False
    waiting: bool = False


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """Some cases, and where the next page begins; empty when there is none."""

    cases: Sequence[CaseView]
    after: str


@dataclass(frozen=True, kw_only=True)
class ActionView:
    """Something the definition lets this officer do now."""

    id: str
    do: str
    asks: Sequence[Question]
    message: Literal["", "optional", "required"]
    wants_answer: bool
    """Whether the resident is expected to answer the message."""
    closes: bool
    told: str
    """What the resident's timeline will say."""


@dataclass(frozen=True, kw_only=True)
class Barred:
    """Something the stage allows and something else stands against: ``why`` says what."""

    do: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ExtensionView:
    """The one extension: when it is due now, and until when that can be put off."""

    due: date
    until: date


@dataclass(frozen=True, kw_only=True)
class Possible:
    """What an officer can do with a case now."""

    take: bool
    hand_over: bool
    note: bool
    message: bool
    due: bool
    task: bool
    link: bool
    extend: bool
    actions: Sequence[ActionView]
    barred: Sequence[Barred]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a timeline. ``text`` is what was written, where the reader may see it."""

    at: datetime
    what: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class NoteView:
    """A note, for officers only."""

    by: str
    at: datetime
    text: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """A message between the council and the resident."""

    by: str
    at: datetime
    text: str
    from_resident: bool
    wants_answer: bool


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    """What an officer answered when an action was done."""

    at: datetime
    action: str
    question: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Next:
    """What the resident may know of where their case stands.

    ``sentence`` is what happens next, ``due`` by when; None while the clock stands still or without a date.
    ``takes_reply_until`` is the last day on which an answer opens a closed case again; None where none does.
    """

    service: str
    title: str
    information_class: str
    opened_at: datetime
    stage: str
    sentence: str
    due: date | None
    waiting_for_you: bool
    closed: bool
    outcome: str
    takes_reply_until: date | None = None
    forgotten_at: datetime | None = None
    """When the personal details were erased."""
    reply_ask: str = ""
    """What to ask where an answer opens a closed case again, and what the button says; may be empty."""
    reply_do: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """A piece of work. ``about`` is the case, or what else it speaks of; ``reference`` only for a case's.

    ``state`` is ``open``, ``done`` or ``not-needed``, then with ``reason``; ``due`` None without a date.
    """

    id: int
    about: Ref
    reference: str
    title: str
    hint: str
    team: str
    owner: str
    due: date | None
    state: str
    added_at: datetime
    ended_at: datetime | None
    ended_by: str
    reason: str

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.ended_at is None

    def overdue(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.open and self.due is not None and self.due < today


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """Some tasks, and where the next page begins; empty when there is none."""

    tasks: Sequence[TaskView]
    after: str


@dataclass(frozen=True, kw_only=True)
class LinkView:
    """Another case this one has to do with. ``role`` is what it is to this one: related, parent, part."""

    case: CaseView
    role: str


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of one case when something was done with several; ``refusal`` None when it was done."""

    reference: str
    refusal: Refused | None
