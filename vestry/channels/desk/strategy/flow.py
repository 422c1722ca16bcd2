"""From a form to a change: what is typed, then what it would do, then it is saved or proposed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vestry.channels.desk import forms
from vestry.channels.desk.strategy.looking import around
from vestry.design.kinds import LongText, Text
from vestry.design.pages import error_summary
from vestry.design.questions import Question
from vestry.design.shown import said
from vestry.kernel import Refused, utc_now
from vestry.strategy import api as strategy

View = Callable[..., HttpResponse]
CONFLICT, UNPROCESSABLE = 409, 422
# A sentence of the strategy is short; what is longer is a paste gone wrong.
LONGEST = 3_000
# The question a refusal is about, where it is about one.
ABOUT: Mapping[type[Refused], str] = {
    strategy.SaysNothing: "sentence",
    strategy.ServesNothing: "parent",
    strategy.NotAbove: "parent",
    strategy.NoSuchStatement: "parent",
    strategy.SkipsLayer: "because",
}


def of_statement(view: View) -> View:
    """A page about a statement that stands: 404 for one that isn't there, and a refusal in words."""

    @wraps(view)
    def guarded(request: HttpRequest, statement: str, **more: Any) -> HttpResponse:
        try:
            return view(request, statement, **more)
        except strategy.NoSuchStatement:
            raise Http404 from None
        except Refused as refusal:
            words = {**around(request), "sentence": said(refusal), "slug": statement}
            return render(request, "desk/strategy/refused.html", words, status=CONFLICT)

    return guarded


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A change that is asked about: in which layer, with which questions before those about the decision, and
    how the answers make the change. ``about`` is None for a new statement.
    """

    title: str
    layer: str
    questions: Sequence[Question]
    change: Callable[[Mapping[str, Any]], strategy.Change]
    about: strategy.StatementView | None = None
    begin: Mapping[str, Any] = field(default_factory=dict)
    searches: bool = False


def decision_questions(*, decides: bool) -> list[Question]:
    """Why, and where it was decided; whoever proposes has to say why."""
    reason = _("Why does it change?") if decides else _("Why should it change?")
    asked: list[Question] = [
        LongText(
            id="reason", ask=reason, name=_("why it should change"), max=LONGEST, rows=3, optional=decides
        )
    ]
    if decides:
        where = _("For example, Cabinet, 12 March 2026.")
        asked.append(Text(id="decided", ask=_("Where was this decided?"), hint=where, optional=True, max=200))
    return asked


def go_on(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The form; then what the change would do; then it is saved, or proposed where it isn't theirs."""
    now, layer = utc_now(), strategy.layer_of(asked.layer)
    decides = strategy.decides(request.officer, layer)
    questions = [*asked.questions, *decision_questions(decides=decides)]
    words: dict[str, Any] = {**around(request), "asked": asked, "layer": layer, "decides": decides}
    if request.method != "POST":
        return _form(request, forms.empty(questions, **asked.begin), words)
    form = forms.filled(questions, request.POST, now)
    if "search" in request.POST or "again" in request.POST:
        form.wrongs.clear()
        return _form(request, form, words)
    if not form.wrongs:
        try:
            change = asked.change(form.answers)
            if "save" in request.POST:
                return _save(request, change, form, decides=decides)
            saving = strategy.before_saving(officer=request.officer, change=change, now=now)
        except (strategy.NotUnderstood, strategy.NoSuchStatement) as refusal:
            _refuse(form, refusal)
        else:
            return render(request, "desk/strategy/saving.html", {**words, "form": form, "saving": saving})
    return _form(request, form, words)


def _refuse(form: forms.Filled, refusal: Refused) -> None:
    question = ABOUT.get(type(refusal), "")
    if question not in {each.id for each in form.questions}:
        raise refusal
    form.refuse(question, said(refusal))


def _form(request: HttpRequest, form: forms.Filled, words: Mapping[str, Any]) -> HttpResponse:
    told = {**words, "form": form, "errors": error_summary(form.questions, form.wrongs)}
    status = UNPROCESSABLE if form.wrongs else 200
    return render(request, "desk/strategy/form.html", told, status=status)


def _save(
    request: HttpRequest, change: strategy.Change, form: forms.Filled, *, decides: bool
) -> HttpResponse:
    asked: dict[str, Any] = {"officer": request.officer, "change": change, "now": utc_now()}
    asked["reason"] = form.answers["reason"] or ""
    if decides:
        strategy.carry_out(**asked, decided_in=form.answers["decided"] or "")
        messages.success(request, DONE[change.kind]())
    else:
        strategy.propose(**asked, slug=change.slug)
        messages.success(request, _("Proposed. It waits for a decision by those whose layer it is."))
    there = decides or change.kind != strategy.ADD
    return redirect(
        reverse("desk:strategy-statement", kwargs={"statement": change.slug})
        if there
        else reverse("desk:strategy-proposals")
    )


DONE: Mapping[str, Callable[[], str]] = {
    strategy.REWORD: lambda: _("Changed. What hangs from it is marked to be read again."),
    strategy.ADD: lambda: _("Added to the strategy."),
    strategy.END: lambda: _("It is no longer part of the strategy."),
    strategy.LINK: lambda: _("Linked."),
    strategy.UNLINK: lambda: _("The link is taken away."),
}
