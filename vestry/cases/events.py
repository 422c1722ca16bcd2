"""What the cases room states. The subject is the case; of a task outside any case, the task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vestry.kernel import Fact, mark

_PRIVACY = (
    "Stages, teams, officers' short names, dates, numbers of rows and of words; never what anybody wrote."
)


@dataclass(frozen=True, kw_only=True)
class Opened(Fact):
    """A case was opened for a submission."""

    name = "cases.opened"
    sentence = mark("The case was opened.")
    privacy = _PRIVACY

    team: str
    stage: str
    due: date | None


@dataclass(frozen=True, kw_only=True)
class Taken(Fact):
    """An officer took the case to work on it."""

    name = "cases.taken"
    sentence = mark("{actor} took the case.")
    privacy = _PRIVACY

    owner: str


@dataclass(frozen=True, kw_only=True)
class HandedOver(Fact):
    """The case was given to another officer or team; without an owner, to whoever in the team takes it."""

    name = "cases.handed_over"
    sentence = mark("{actor} handed the case over. It is now with {team} ({owner}).")
    privacy = _PRIVACY

    team: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class Noted(Fact):
    """A note was written, for officers only."""

    name = "cases.noted"
    sentence = mark("{actor} wrote a note.")
    privacy = _PRIVACY

    note: int
    words: int = 0


@dataclass(frozen=True, kw_only=True)
class Asked(Fact):
    """The resident was sent a message that wants an answer."""

    name = "cases.asked"
    sentence = mark("{actor} asked the resident something.")
    told = mark("We asked you something.")
    privacy = _PRIVACY

    message: int
    words: int = 0


@dataclass(frozen=True, kw_only=True)
class Told(Fact):
    """The resident was sent a message."""

    name = "cases.told"
    sentence = mark("{actor} wrote to the resident.")
    told = mark("We wrote to you.")
    privacy = _PRIVACY

    message: int
    words: int = 0


@dataclass(frozen=True, kw_only=True)
class Replied(Fact):
    """The resident wrote back."""

    name = "cases.replied"
    sentence = mark("The resident wrote to us.")
    told = mark("You wrote to us.")
    privacy = _PRIVACY

    message: int
    words: int = 0


@dataclass(frozen=True, kw_only=True)
class Moved(Fact):
    """The case went to another stage, by an action or, without one, by the resident's answer.

    ``title`` and ``said`` are the definition's words: what the stage is called, what the resident is told.
    ``done`` is the row with the officer's answers, 0 without one.
    """

    name = "cases.moved"
    sentence = mark("{actor} moved the case to “{title}”.")
    told = "{said}"
    privacy = _PRIVACY

    action: str
    came_from: str
    stage: str
    title: str
    said: str
    done: int


@dataclass(frozen=True, kw_only=True)
class ClockStopped(Fact):
    """The due date waits."""

    name = "cases.clock_stopped"
    sentence = mark("The clock stopped.")
    privacy = _PRIVACY

    on: date


@dataclass(frozen=True, kw_only=True)
class ClockStarted(Fact):
    """The due date is counted again."""

    name = "cases.clock_started"
    sentence = mark("The clock runs again. The case is due on {due}.")
    privacy = _PRIVACY

    on: date
    due: date | None


@dataclass(frozen=True, kw_only=True)
class DueChanged(Fact):
    """The due date is another one: an officer set it, the reason in a note, or the stage brought its own."""

    name = "cases.due_changed"
    sentence = mark("The case is now due on {due}.")
    told = mark("We now expect to finish this by {due}.")
    privacy = _PRIVACY

    due: date
    was: date | None
    note: int


@dataclass(frozen=True, kw_only=True)
class Reopened(Fact):
    """The resident answered in time, and the case goes on."""

    name = "cases.reopened"
    sentence = mark("The case was opened again.")
    told = mark("We opened this again.")
    privacy = _PRIVACY

    was: str
    """How it had ended."""


@dataclass(frozen=True, kw_only=True)
class Closed(Fact):
    """The case came to its end."""

    name = "cases.closed"
    sentence = mark("The case was closed.")
    told = mark("We closed this.")
    privacy = _PRIVACY

    outcome: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class Extended(Fact):
    """The due date of a stage was put off, as its definition allows once. The message says why."""

    name = "cases.extended"
    sentence = mark("{actor} extended the time. The case is now due on {due}.")
    told = mark("We need more time. We now expect to finish this by {due}.")
    privacy = _PRIVACY

    stage: str
    due: date
    was: date
    message: int


@dataclass(frozen=True, kw_only=True)
class TaskAdded(Fact):
    """There is something to be done. ``plan_task`` is its id in the definition; empty when it was added."""

    name = "cases.task_added"
    sentence = mark("{actor} added the task “{task}”.")
    privacy = _PRIVACY

    task: int
    plan_task: str
    team: str
    owner: str
    due: date | None


@dataclass(frozen=True, kw_only=True)
class TaskGiven(Fact):
    """A task is somebody else's; without an owner, whoever's in the team does it."""

    name = "cases.task_given"
    sentence = mark("{actor} gave the task “{task}” to {owner}.")
    privacy = _PRIVACY

    task: int
    owner: str


@dataclass(frozen=True, kw_only=True)
class TaskFinished(Fact):
    """A task was done."""

    name = "cases.task_finished"
    sentence = mark("{actor} has done the task “{task}”.")
    privacy = _PRIVACY

    task: int


@dataclass(frozen=True, kw_only=True)
class TaskNotNeeded(Fact):
    """A task was found not to be needed, by somebody who said why, or because the case is closed."""

    name = "cases.task_not_needed"
    sentence = mark("The task “{task}” is not needed.")
    privacy = _PRIVACY

    task: int


@dataclass(frozen=True, kw_only=True)
class Linked(Fact):
    """Two cases have to do with each other. Stated of both; whoever sees one may not see the other.

    ``role`` is what the other is to this one: ``related``, ``parent`` or ``part``.
    """

    name = "cases.linked"
    sentence = mark("{actor} linked the case with another.")
    privacy = _PRIVACY

    other: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Unlinked(Fact):
    """Two cases have no more to do with each other. Stated of both."""

    name = "cases.unlinked"
    sentence = mark("{actor} took the link with another case away.")
    privacy = _PRIVACY

    other: str
    role: str


@dataclass(frozen=True, kw_only=True)
class LegalHoldPlaced(Fact):
    """The personal details are kept for longer than the definition says, until it is lifted."""

    name = "cases.legal_hold_placed"
    sentence = mark("{actor} placed a legal hold on the case. Its personal details are not erased.")
    privacy = _PRIVACY


@dataclass(frozen=True, kw_only=True)
class LegalHoldLifted(Fact):
    """There is no legal hold on the case any more."""

    name = "cases.legal_hold_lifted"
    sentence = mark("{actor} lifted the legal hold on the case.")
    privacy = _PRIVACY


@dataclass(frozen=True, kw_only=True)
class Forgotten(Fact):
    """The personal details were erased: what was said, written and found by. What happened stays."""

    name = "cases.forgotten"
    sentence = mark("The personal details were erased.")
    told = mark("We erased your personal details.")
    privacy = _PRIVACY
