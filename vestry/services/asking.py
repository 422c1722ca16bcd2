"""The two capabilities every journey has: ``page`` asks, ``check`` shows the answers before they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar

import msgspec

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
