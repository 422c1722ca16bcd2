"""The questions an action asks the officer, written in a definition like any other question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from vestry.cases.api.views import NotAnswered
from vestry.cases.options import Action, Options
from vestry.design.kinds import question_kinds
from vestry.design.questions import Asking, NotYet, Question, Wrong


class NotAQuestion(ValueError):
    """A line under ``ask:`` that isn't a question; ``path`` leads to what is wrong in it."""

    def __init__(self, what: str, path: tuple[str, ...] = (), known: Sequence[str] = ()) -> None:
        self.what = what
        self.path = path
        self.known = known
        super().__init__(what)


def question(written: Mapping[str, Any]) -> Question:
    """The question that a line says. Raises `NotAQuestion`."""
    if len(written) != 1:
        raise NotAQuestion(
            _("A question is written as its type with its words, like 'long-text: {id: why, ...}'.")
        )
    ((kind, words),) = written.items()
    kinds = question_kinds()
    if kind not in kinds:
        what = _("There is no type of question called “{name}”.").format(name=kind)
        raise NotAQuestion(what, (), sorted(kinds))
    if kinds[kind].files or kinds[kind].inside is not Question.inside:
        what = _("An action is done on one page without files, so it cannot ask “{kind}”.")
        raise NotAQuestion(what.format(kind=kind), (kind,))
    try:
        made = msgspec.convert(words, kinds[kind])
    except msgspec.ValidationError as error:
        raise NotAQuestion(str(error), (kind,)) from None
    if made.when:
        what = _("A question of an action is always asked, so it takes no 'when'.")
        raise NotAQuestion(what, (kind, "when"))
    return made


def questions(action: Action) -> list[Question]:
    """All that an action asks."""
    return [question(written) for written in action.ask]


def clean(action: Action, raws: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The answers, ready for storage. Raises `NotAnswered`."""
    answers: dict[str, Any] = {}
    wrongs: dict[str, Wrong] = {}
    shown = dict(raws)
    wanted = questions(action)
    known = ", ".join(asked.id for asked in wanted) or _("none")
    for name in set(raws) - {asked.id for asked in wanted}:
        wrongs[name] = Wrong(_("There is no such question. The questions are: {known}.").format(known=known))
    for asked in wanted:
        try:
            answers[asked.id] = asked.clean(raws.get(asked.id), Asking(now=now, said=answers))
        except Wrong as wrong:
            wrongs[asked.id] = wrong
        except NotYet as more:
            shown[asked.id] = more.raw
            wrongs[asked.id] = Wrong(_("Choose from what was found"))
    if wrongs:
        raise NotAnswered(wrongs=wrongs, raws=shown)
    return answers


def shown(plan: Options, action: str, answers: Mapping[str, Any]) -> Iterator[tuple[Question, str]]:
    """Each question of an action with its stored answer as people read it."""
    for chosen in plan.actions:
        if chosen.id == action:
            yield from ((asked, asked.shown(answers.get(asked.id))) for asked in questions(chosen))
