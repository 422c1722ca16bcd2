"""What a journey looks like from outside: the page somebody is on, made of a walk. See `services.api`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from django.utils.translation import gettext as _

from vestry.design.capability import Elsewhere, Page, Stop
from vestry.design.kinds.listed import More
from vestry.design.questions import Question, Wrong
from vestry.design.waiting import Waiting
from vestry.kernel import Ref, Refused
from vestry.services.api._moving import upon
from vestry.services.api._row import JourneyView, journeying, view
from vestry.services.api._versions import definition_of
from vestry.services.carrying import Carried, carry
from vestry.services.definition.language import CHECK
from vestry.services.journeys import Journeying, Taken, Walk, owed
from vestry.services.midway import Say
from vestry.services.models import Journey, Version
from vestry.services.stages import Stage

SUBMITTED = "submitted"
CHANGED, TASKS, PAYING = "changed", "tasks", "paying"


class SentBack(Refused):
    """This can't be sent as it is. The page to mend is in ``where``."""

    def __init__(self, where: Where) -> None:
        self.where = where
        super().__init__()


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """A submission. ``receipt`` lets a machine ask how it stands; empty for one made on pages.

    ``message_follows`` is true when the service sends one, and there is an address to send it to.
    """

    ref: Ref
    service: str
    version: int
    title: str
    at: datetime
    message_follows: bool
    receipt: str = ""

    @property
    def reference(self) -> str:
        """The reference as people read it."""
        return self.ref.key


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """One answer on the check page, and the page where it can be changed.

    What was said about one thing on a list is a ``group`` of its own, called like that thing.
    """

    label: str
    text: str
    question: str
    step: str
    group: str = ""
    task: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """One task of a long service. ``step`` is the page that leads on in it; empty while it has to wait."""

    title: str
    hint: str
    state: Literal["completed", "incomplete", "waiting"]
    step: str


@dataclass(frozen=True, kw_only=True)
class Where:
    """The page somebody is on. ``step`` is its place in the address.

    A ``page`` has ``asked``, filled with ``raws``, and ``wrongs`` beside the questions; ``about`` is the
    thing on a list that it is about. A ``stop`` says why and what to do instead. ``rows`` are the answers
    so far. ``back`` is the page before, if there is one.
    ``tasks`` are those of a long service, to be done in whatever order, on the page that lists them.
    ``changes``, on a page *changed*, are those of the newer version that the person has to go on with.
    ``again`` is true for a page to be shown again at once: something is wrong, or there is more to choose.
    ``files`` is true for a page that may send files.
    ``waiting`` is what somebody waits for, or may, on a page *waiting*.
    ``owed`` is what another site has to settle before it can be sent, or has settled: said on the check page,
    and on the page *paying* while somebody sends. A ``stop`` on that page says why it can't be sent although
    it was settled; ``change`` is then where to choose again.
    """

    kind: Literal["page", "stop", "tasks", "check", "changed", "paying", "waiting", "done"]
    step: str
    journey: JourneyView
    title: str = ""
    about: str = ""
    guidance: str = ""
    asked: tuple[Question, ...] = ()
    raws: Mapping[str, Any] = field(default_factory=dict)
    wrongs: Mapping[str, Wrong] = field(default_factory=dict)
    again: bool = False
    files: bool = False
    stop: Stop | None = None
    rows: tuple[AnswerRow, ...] = ()
    declaration: str = ""
    back: str = ""
    submitted: Submitted | None = None
    changes: Carried | None = None
    waiting: Waiting | None = None
    tasks: tuple[TaskRow, ...] = ()
    owed: tuple[Elsewhere, ...] = ()
    change: str = ""

    @property
    def to_settle(self) -> Elsewhere | None:
        """What has to be settled first of what is owed; None when nothing is left."""
        return next((each for each in self.owed if each.state != "settled"), None)

    @property
    def groups(self) -> tuple[tuple[str, tuple[AnswerRow, ...]], ...]:
        """The answers so far, those about one thing on a list together under what it is called."""
        # Two of them may be called the same; their pages are not.
        runs = groupby(
            self.rows, lambda row: (row.group, row.group and row.step.rpartition("/")[0], row.task)
        )
        return tuple((called, tuple(rows)) for (called, *_), rows in runs)


def changed(row: Journey, version: Version, said: Say, token: str, now: datetime) -> Where:
    """The page that says what has changed since, and what is asked again."""
    seen = view(row, token, said.until)
    return Where(
        kind="changed",
        step=CHANGED,
        journey=seen,
        title=_("This service has changed"),
        changes=carry(journeying(row, now), upon(row, version, now)),
    )


def submitted(row: Journey, receipt: str = "") -> Submitted:
    """What came of a journey that was sent."""
    definition = definition_of(row.version)
    return Submitted(
        ref=Ref.read(row.subject),
        service=row.version.slug,
        version=row.version.number,
        title=definition.title,
        at=row.submitted_at,
        message_follows=bool(row.contact.get("email") and definition.on.get(SUBMITTED)),
        receipt=receipt,
    )


def paying(journey: Journeying, walked: Walk, seen: JourneyView) -> Where:
    """The page of somebody who sends, while another site has to settle something."""
    found = tuple(each for _item, each in owed(journey, walked))
    title = next((each.title for each in found if each.state != "settled"), "")
    return Where(
        kind="paying",
        step=PAYING,
        journey=seen,
        title=title or _("We are sending this"),
        rows=_rows(walked),
        owed=found,
        back=CHECK,
    )


def stranded(found: tuple[Elsewhere, ...], stop: Stop, change: str, seen: JourneyView) -> Where:
    """The same page where it was settled and can't be sent all the same."""
    return Where(
        kind="paying", step=PAYING, journey=seen, title=stop.title, stop=stop, owed=found, change=change
    )


def done(row: Journey, token: str) -> Where:
    """The confirmation page."""
    return Where(kind="done", step="done", journey=view(row, token), submitted=submitted(row))


def page_again(walked: Walk, taken: Taken, seen: JourneyView) -> Where:
    """A page with what was typed, and what is wrong with it."""
    shown = _page(walked, taken.stage, seen)
    return replace(shown, asked=taken.asked, raws=taken.raws, wrongs=taken.wrongs, again=True)


def stopped_at(walked: Walk, step: str, stop: Stop, seen: JourneyView) -> Where:
    """A stop page."""
    return Where(
        kind="stop",
        step=step,
        journey=seen,
        title=stop.title,
        stop=stop,
        rows=_rows(walked),
        back=_back(walked, step),
        again=True,
    )


def where(journey: Journeying, walked: Walk, seen: JourneyView, step: str = "") -> Where:
    """The page asked for if the walk has come to it; otherwise the tasks, or the first unfinished one."""
    stage = walked.stage(step)
    if stage is None and walked.tasks and (walked.here or step != CHECK):
        return _tasks(walked, seen)
    stage = stage or walked.here
    if stage is None:
        return _check(journey, walked, seen)
    if stage.stop:
        return replace(stopped_at(walked, stage.id, stage.stop, seen), again=False)
    return _page(walked, stage, seen)


def _page(walked: Walk, stage: Stage, seen: JourneyView) -> Where:
    page = stage.page or Page(questions=())
    return Where(
        kind="page",
        step=stage.id,
        journey=seen,
        title=page.title,
        about=stage.part.title if stage.part else "",
        guidance=page.guidance,
        asked=stage.asked,
        files=any(question.files for question in page.questions),
        raws={
            question.id: stage.typed.get(question.id, question.refill(stage.answers.get(question.id)))
            for question in stage.asked
        },
        back=_back(walked, stage.id),
    )


def _check(journey: Journeying, walked: Walk, seen: JourneyView) -> Where:
    options = next((item.options for item in journey.definition.journey if item.word == CHECK), None)
    return Where(
        kind="check",
        step=CHECK,
        journey=seen,
        title=getattr(options, "title", "") or _("Check your answers"),
        declaration=getattr(options, "declaration", ""),
        rows=_rows(walked),
        back=_back(walked, CHECK),
        owed=tuple(found for _item, found in owed(journey, walked)),
    )


def _tasks(walked: Walk, seen: JourneyView) -> Where:
    rows = [
        TaskRow(
            title=each.task.title,
            hint=each.task.hint,
            state="waiting" if not each.pages else "incomplete" if each.here else "completed",
            step=(each.here or each.pages[0]).id if each.pages else "",
        )
        for each in walked.tasks
    ]
    first = next((each.pages[0] for each in walked.tasks if each.pages), None)
    before = walked.before(first.id) if first else None
    return Where(
        kind="tasks",
        step=TASKS,
        journey=seen,
        title=seen.title,
        tasks=tuple(rows),
        back=before.id if before else "",
    )


def _back(walked: Walk, step: str) -> str:
    """The page before one: of a task's first page, and of the check, the list of tasks."""
    before, task = walked.before(step), walked.task(step)
    if walked.tasks and (step == CHECK or (task and (before is None or before not in task.pages))):
        return TASKS
    return before.id if before else ""


def _rows(walked: Walk) -> tuple[AnswerRow, ...]:
    tasks = {page.id: each.task.title for each in walked.tasks for page in each.pages}
    return tuple(
        replace(row, task=tasks.get(stage.id, "")) for stage in walked.stages for row in _rows_of(stage)
    )


def _rows_of(stage: Stage) -> Iterator[AnswerRow]:
    part = stage.part
    if part and (part.removes or (part.item and len(part.listed.each) == 1)):
        return
    for question in stage.asked:
        if isinstance(question, More):
            names = "\n".join(entry.title for entry in question.entries)
            yield AnswerRow(label=question.listed.ask, text=names, question=question.id, step=stage.id)
        elif question.id in stage.answers:
            yield AnswerRow(
                label=question.ask,
                text=question.shown(stage.answers[question.id]),
                question=question.id,
                step=stage.id,
                group=part.title if part else "",
            )
