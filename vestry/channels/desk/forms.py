"""Forms of the desk: made of the same questions as everything else, shown by one template."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vestry.design.pages import error_summary
from vestry.design.questions import Asking, Form, NotYet, Question, Wrong

UNPROCESSABLE = 422


@dataclass(kw_only=True)
class Filled:
    """A form: its questions, what was typed, the answers, and what is wrong with them."""

    questions: Sequence[Question]
    raws: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    wrongs: dict[str, Wrong] = field(default_factory=dict)
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    """So that the same form sent twice counts once."""

    def refuse(self, question: str, sentence: str) -> None:
        """Say what is wrong with an answer, once somebody else has looked at it."""
        self.wrongs[question] = Wrong(sentence)


def empty(questions: Sequence[Question], **answers: Any) -> Filled:
    """A form to fill in; ``answers`` are what it begins with."""
    named = {question.id: question for question in questions}
    return Filled(
        questions=questions, raws={id_: named[id_].refill(answer) for id_, answer in answers.items()}
    )


def filled(questions: Sequence[Question], form: Form, now: datetime) -> Filled:
    """A form as it was posted."""
    made = Filled(questions=questions, raws={question.id: question.read(form) for question in questions})
    made.key = key_of(form) or made.key
    for question in questions:
        try:
            made.answers[question.id] = question.clean(
                made.raws[question.id], Asking(now=now, said=made.answers)
            )
        except Wrong as wrong:
            made.wrongs[question.id] = wrong
        except NotYet as more:
            made.raws[question.id] = more.raw
            made.wrongs[question.id] = Wrong("")
    return made


def key_of(form: Form) -> str:
    """The key a form was posted with; of a forged one what can be stored."""
    return "".join(filter(str.isalnum, form.get("form-key", "")))[:32]


def show(
    request: HttpRequest, form: Filled, words: Mapping[str, Any], template: str = "desk/form.html"
) -> HttpResponse:
    """The page of one form; with what is wrong at the top and beside each field."""
    said = {"form": form, "errors": error_summary(form.questions, form.wrongs), **words}
    return render(request, template, said, status=UNPROCESSABLE if form.wrongs else 200)
