"""What can be done with a case: a page for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vestry.cases import api as cases
from vestry.channels.desk import forms
from vestry.channels.desk.case import about_a_case, said
from vestry.channels.desk.forms import Filled
from vestry.channels.desk.frame import frame
from vestry.design.kinds import Date, LongText, Radios, Select, YesNo
from vestry.design.questions import Question
from vestry.kernel import utc_now
from vestry.people import api as people

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
# As in the cases room; the field counts along.
LONGEST = 50_000
# More than these are easier found in a list that opens.
RADIOS = 8
TEXT = "text-to-resident"

Do = Callable[[Filled, datetime], None]


def _form(
    request: HttpRequest,
    case: cases.CaseView,
    questions: Sequence[Question],
    do: Do,
    words: dict[str, Any],
    **begin: Any,
) -> HttpResponse:
    """Show a form, or do what it asks and go back to the case. What is wrong is shown with what was typed."""
    words = {**frame(request), "case": case, **words}
    if request.method != "POST":
        return forms.show(request, forms.empty(questions, **begin), words)
    now = utc_now()
    form = forms.filled(questions, request.POST, now)
    if not form.wrongs:
        do(form, now)
    if form.wrongs:
        return forms.show(request, form, words)
    messages.success(request, words["done"])
    return _back(request, case)


def _back(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """To the case; to the inbox when it is another team's by now."""
    try:
        cases.get_case(officer=request.officer, reference=case.reference)
    except cases.NoSuchCase:
        return redirect("desk:inbox")
    return redirect("desk:case", reference=case.reference)


@about_a_case("cases.take")
@reads_and_posts
def take(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """Take the case."""

    def do(form: Filled, now: datetime) -> None:
        cases.take(officer=request.officer, reference=case.reference, now=now)

    words = {"title": _("Take this case"), "button_text": _("Take it"), "done": _("The case is yours.")}
    return _form(request, case, (), do, words)


@about_a_case("cases.hand-over")
@reads_and_posts
def hand_over(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """Give the case to a colleague or a team."""
    to = _recipients()
    to.pop(f"{case.team}/{case.owner}", None)  # who has it already
    kind = Radios if len(to) <= RADIOS else Select
    ask = _("Who should have this case?")
    question = kind(id="to", ask=ask, options=to, name=_("who should have this case"))

    def do(form: Filled, now: datetime) -> None:
        team, _slash, owner = form.answers["to"].partition("/")
        mine = {"officer": request.officer, "reference": case.reference}
        cases.hand_over(**mine, team=team, owner=owner, now=now)

    done = _("You have handed %(case)s over.") % {"case": case.reference}
    words = {"title": ask, "button_text": _("Hand over"), "done": done}
    return _form(request, case, (question,), do, words)


def _recipients() -> dict[str, str]:
    """Each team, and in it each officer who works its cases."""
    found = {}
    for team in people.teams():
        found[f"{team.slug}/"] = _("%(team)s: whoever takes it") % {"team": team.title}
        for officer in people.find_officers(team.slug):
            if people.allowed(officer, "cases.take"):
                found[f"{team.slug}/{officer.slug}"] = f"{team.title}: {officer.name}"
    return found


@about_a_case("cases.note")
@reads_and_posts
def note(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """Write a note."""
    hint = _("Only officers see this. The resident does not.")
    question = LongText(id="note", ask=_("Write a note"), name=_("a note"), hint=hint, max=LONGEST, rows=8)

    def do(form: Filled, now: datetime) -> None:
        mine = {"officer": request.officer, "reference": case.reference}
        cases.note(**mine, text=form.answers["note"], now=now, key=form.key)

    words = {"title": question.ask, "button_text": _("Save the note"), "done": _("Your note is saved.")}
    return _form(request, case, (question,), do, words)


@about_a_case("cases.message")
@reads_and_posts
def message(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """Write to the resident."""
    title = _("Write to the resident")
    questions: list[Question] = [_text(title if case.closed else _("What do you want to tell them?"))]
    if not case.closed:
        ask = _("Do you need an answer?")
        questions.append(YesNo(id="answer", ask=ask, name=_("you need an answer")))

    def do(form: Filled, now: datetime) -> None:
        cases.message(
            officer=request.officer,
            reference=case.reference,
            text=form.answers[TEXT],
            wants_answer=form.answers.get("answer") is True,
            now=now,
            key=form.key,
        )

    words = {
        "title": title,
        "button_text": _("Send to the resident"),
        "done": _("Your message is on its way to the resident."),
    }
    return _form(request, case, questions, do, words)


def _text(ask: str, *, optional: bool = False) -> LongText:
    hint = _("The resident reads this, in an email or on the page that shows how their case stands.")
    return LongText(id=TEXT, ask=ask, name=_("a message"), hint=hint, optional=optional, max=LONGEST, rows=8)


@about_a_case("cases.due")
@reads_and_posts
def due(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """Set another due date."""
    questions = (
        Date(id="due", ask=_("When is it due?"), name=_("the due date"), earliest="today"),
        LongText(
            id="reason",
            ask=_("Why are you changing it?"),
            name=_("why you are changing it"),
            hint=_("Only officers see the reason. The resident sees the date."),
            max=LONGEST,
        ),
    )

    def do(form: Filled, now: datetime) -> None:
        try:
            cases.set_due(
                officer=request.officer,
                reference=case.reference,
                due=date.fromisoformat(form.answers["due"]),
                reason=form.answers["reason"],
                now=now,
            )
        except cases.NotADueDate as refusal:
            form.refuse("due", said(refusal))

    words = {
        "title": _("Change the due date"),
        "button_text": _("Change the due date"),
        "done": _("The due date is changed."),
    }
    return _form(request, case, questions, do, words)


@about_a_case("cases.act")
@reads_and_posts
def act(request: HttpRequest, case: cases.CaseView, action: str) -> HttpResponse:
    """Do what the definition allows, with its questions and its message."""
    mine = {"officer": request.officer, "reference": case.reference}
    if request.method == "POST" and cases.is_done(**mine, key=request.POST.get("form-key", "")):
        return _back(request, case)
    chosen = cases.get_action(**mine, action=action, now=utc_now())
    questions = [*chosen.asks]
    if chosen.message:
        ask = _("What do you want to ask?") if chosen.wants_answer else _("What do you want to tell them?")
        questions.append(_text(ask, optional=chosen.message == "optional"))

    def do(form: Filled, now: datetime) -> None:
        raws = {question.id: form.raws[question.id] for question in chosen.asks}
        text = form.answers.get(TEXT) or ""
        cases.act(**mine, action=action, answers=raws, text=text, now=now, key=form.key)

    words = {
        "title": chosen.do,
        "button_text": chosen.do,
        "done": _("Done: %(what)s.") % {"what": chosen.do},
        "closes": chosen.closes,
        "told": chosen.told,
    }
    return _form(request, case, questions, do, words)
