"""What every journey is made of: ``page`` asks, ``check`` shows the answers before they are sent.

In a long one ``task`` stands over the pages that belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar

import msgspec
from django.utils.translation import gettext as _

from vestry.design.capability import Capability, Outline, Page, Problem, Visit
from vestry.design.questions import Question


class PageOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page with questions: one thing per page."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    """What the page is about."""
    ask: Annotated[tuple[Question, ...], msgspec.Meta(min_length=1)]
    """Its questions: most pages have one."""
    guidance: str = ""
    """Text above the questions, where the questions alone don't say enough."""


class TaskOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pages under it, up to the next task, are one task: people choose which to do first."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    """What somebody gets done with it: Tell us where you move to."""
    hint: str = ""
    """What it takes, under the title."""


class CheckOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The page that shows all answers, each with a link to change it."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    """Usually: Check your answers."""
    declaration: str = ""
    """What somebody says by sending it, above the button."""


class Pages(Capability):
    """Asks questions; each only when its condition holds, which the journey knows."""

    word: ClassVar[str] = "page"
    options: ClassVar[type[msgspec.Struct]] = PageOptions

    def problems(self, options: PageOptions, outline: Outline) -> Iterable[Problem]:
        """What each question says is wrong with itself."""
        for index, question in enumerate(options.ask):
            for sentence in question.problems():
                yield Problem(path=("ask", index, question.kind), what=sentence)
            if question.inside() and len(options.ask) > 1:
                what = _("A list stands alone on its page.")
                instead = _("Move the other questions to a page of their own.")
                yield Problem(path=("ask", index, question.kind), what=what, instead=instead)

    def questions(self, options: PageOptions) -> Sequence[Question]:
        """All of them, asked or not."""
        return options.ask

    def ask(self, options: PageOptions, visit: Visit) -> Page:
        """All of them: whether a condition holds may depend on an answer on the same page."""
        return Page(questions=options.ask, title=options.title, guidance=options.guidance)


class CheckAnswers(Capability):
    """Where the answers are checked. What the page shows is the journey's to know."""

    word: ClassVar[str] = "check"
    options: ClassVar[Any] = CheckOptions


class Tasks(Capability):
    """A heading over the pages below it: a long service is done task by task, from a list."""

    word: ClassVar[str] = "task"
    options: ClassVar[Any] = TaskOptions
