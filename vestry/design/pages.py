"""What channels use to show questions and what is wrong with the answers.

`render_question` is a global of every template; `error_summary` makes the `errors` that the layouts show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import Environment, pass_environment
from markupsafe import Markup

from vestry.design.questions import Question, Wrong


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One line of the error summary: what is wrong, and the input it leads to."""

    text: str
    href: str


def fault(question: Question, wrong: Wrong) -> Fault:
    """The line for one wrong answer. A question made of parts leads to the part at fault, or to its first."""
    part = wrong.part or getattr(question, "first_part", "")
    return Fault(text=wrong.sentence, href=f"#{question.id}-{part}" if part else f"#{question.id}")


def error_summary(questions: Iterable[Question], wrongs: Mapping[str, Wrong]) -> list[Fault]:
    """`errors` for the layouts: a line for each wrong answer, in the order in which they are asked."""
    return [fault(question, wrongs[question.id]) for question in questions if question.id in wrongs]


@pass_environment
def render_question(
    environment: Environment,
    question: Question,
    raw: Any = None,
    error: Wrong | None = None,
    as_heading: bool = False,
) -> Markup:
    """Draw a question with its template, filled with the raw answer.

    ``as_heading`` makes its label the page's h1, as on a page that asks one thing. The template gets the
    label beside the question: it says when the answer may be left out.
    """
    label = _("%(question)s (optional)") % {"question": question.ask} if question.optional else question.ask
    words = {"question": question, "label": label, "raw": raw, "error": error, "as_heading": as_heading}
    return Markup(environment.get_template(question.template).render(words))  # noqa: S704 - autoescaped
