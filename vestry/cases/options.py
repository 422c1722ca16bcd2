"""What a service definition may say under ``case:``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

Slug = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Days = Annotated[
    str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,2} (working )?days?$", examples=["20 working days", "5 days"])
]
Calendar = Literal["", "england-and-wales", "scotland", "northern-ireland", "united-kingdom"]
# A question as it is written, by its kind: the schema of definitions knows what each kind takes.
WrittenQuestion = Annotated[dict[str, Any], msgspec.Meta(extra_json_schema={"$ref": "#/$defs/question"})]


class Task(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A piece of work that a stage brings with it."""

    id: Slug
    title: Text
    """What is to be done: Speak to whoever complained."""
    hint: str = ""
    due: Days | None = None
    """When it is due, counted from the day the case comes to its stage."""


class Extension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """How the due date of a stage can be put off: once, with a reason that the resident is told."""

    by: Days
    """How much later it is then due."""
    roles: list[Slug] = []
    """The roles that may do it; when none is named, all who work cases."""


RESIDENT = "resident"
RUNNING: Literal["running"] = "running"
STARTS_OVER: Literal["starts-over"] = "starts-over"


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Where a case can stand."""

    title: Text
    """What officer and resident call it: With the crew."""
    next: str = ""
    """What happens next, said to the resident."""
    told: str = ""
    """What the resident's timeline says when the case comes here; nothing when empty."""
    end: Slug | None = None
    """The case is closed here, with this word for how it went: resolved, refused."""
    clock: Literal["running", "stopped", "starts-over"] = RUNNING
    """``stopped``: here the due date waits, and moves on by the working days that go by. ``starts-over``: it
    waits, and is counted anew from the day the case leaves."""
    due: Days | None = None
    """When it is due, counted from the day it comes here; otherwise the due date stays as it was."""
    on_reply: Slug | None = None
    """Where the case goes when the resident answers."""
    reply_within: Days | None = None
    """Where the case has ended: how long the resident may still answer, and so open it again."""
    reply_ask: str = ""
    """What the status page asks there: Why should somebody else look at your complaint?"""
    reply_do: str = ""
    """What its button says: Ask for stage 2."""
    team: Slug | None = None
    """The team that gets the case when it comes here; otherwise it stays where it is."""
    extend: Extension | None = None
    tasks: list[Task] = []
    """The work that begins when the case comes here."""


class Action(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What can be done with a case, and by whom."""

    id: Slug
    do: Text
    """What the button says: Mark as collected."""
    from_: Slug | list[Slug] = msgspec.field(name="from")
    """The stages in which it can be done."""
    to: Slug
    """The stage it leads to; may be the same again."""
    by: list[Slug] = []
    """The roles that may do it; when none is named, all who work cases, or nobody where it follows by itself
    (``on``). ``resident`` is whoever sent it, on the status page."""
    on: str = ""
    """What happens that it follows from by itself, where it can be done then: book.all-cancelled."""
    when: str = ""
    """A condition over the answers of the journey, worked out once, when the case is opened."""
    guard: str = ""
    """A condition over the case, worked out when it is to be done: officer != decided.stage_1"""
    guard_says: str = ""
    """Why it cannot be done when that does not hold, for the officer."""
    needs: list[Slug] = []
    """The tasks that have to be done before this can be."""
    after: Days | None = None
    """How long the case must have been in its stage before this can be done."""
    ask: list[WrittenQuestion] = []
    """Questions to the officer. Their answers stay with the case, and messages can say them."""
    message: Literal["", "optional", "required"] = ""
    """Whether a text for the resident goes with it."""

    @property
    def starts(self) -> tuple[str, ...]:
        """The stages in which it can be done."""
        return (self.from_,) if isinstance(self.from_, str) else tuple(self.from_)


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``case: {team: waste, due: 2 working days, stages: {...}, actions: [...]}``; the first stage begins."""

    team: Slug
    """The team whose case it is at first."""
    due: Days | None = None
    """When it is due, counted from the day after it was opened."""
    calendar: Calendar = ""
    """Whose bank holidays don't count; the council's own when empty."""
    stages: Annotated[dict[Slug, Stage], msgspec.Meta(min_length=1)]
    actions: list[Action] = []

    @property
    def first(self) -> str:
        """The stage a case begins at."""
        return next(iter(self.stages))
