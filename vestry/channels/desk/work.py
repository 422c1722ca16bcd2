"""What can be done with a case: a page for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vestry.cases import api as cases
from vestry.channels.desk import forms
from vestry.channels.desk.case import about_a_case
from vestry.channels.desk.forms import Filled
from vestry.channels.desk.frame import frame
from vestry.design import shown
from vestry.design.kinds import Date, LongText, Radios, Select, YesNo
from vestry.design.questions import Question
from vestry.design.shown import said
from vestry.kernel import utc_now
from vestry.people import api as people
from vestry.people.api import may

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
# As in the cases room; the field counts along.
LONGEST = 50_000
# More than these are easier found in a list that opens.
RADIOS = 8
TEXT = "text-to-resident"

Do = Callable[[Filled, datetime], None]


def case_form(
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
    return _parts(request, case) if words.get("closes") else _back(request, case)


def _back(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """To the case; to the inbox when it is another team's by now."""
    try:
        cases.get_case(officer=request.officer, reference=case.reference)
    except cases.NoSuchCase:
        return redirect("desk:inbox")
    return redirect("desk:case", reference=case.reference)


def _parts(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """After a case is closed: its open parts are offered, or back to the case when there are none."""
    try:
        parts = cases.open_parts(officer=request.officer, reference=case.reference)
    except cases.NoSuchCase:
        parts = []
    if not parts:
        return _back(request, case)
    chosen = [("part-of", case.reference), *(("case", part.reference) for part in parts)]
    return redirect(f"{reverse('desk:together')}?{urlencode(chosen)}")


@about_a_case("cases.take")
@reads_and_posts
def take(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """Take the case."""

    def do(form: Filled, now: datetime) -> None:
        cases.take(officer=request.officer, reference=case.reference, now=now)

    words = {"title": _("Take this case"), "button_text": _("Take it"), "done": _("The case is yours.")}
    return case_form(request, case, (), do, words)


@may("cases.hand-over")
@reads_and_posts
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the case to a colleague or a team. The same form again finds it given, and out of sight maybe."""
    team, _slash, owner = request.POST.get("to", "").partition("/")
    given = {"officer": request.officer, "reference": reference, "team": team, "owner": owner}
    if request.method == "POST" and cases.is_handed_over(**given):
        messages.success(request, _handed_over(reference))
        return redirect("desk:inbox")
    return _hand_over(request, reference=reference)


def _handed_over(reference: str) -> str:
    return _("You have handed %(case)s over.") % {"case": reference}


@about_a_case("cases.hand-over")
def _hand_over(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    # Not to who has it already.
    question = recipient_question(but=f"{case.team}/{case.owner}")

    def do(form: Filled, now: datetime) -> None:
        team, _slash, owner = form.answers["to"].partition("/")
        mine = {"officer": request.officer, "reference": case.reference}
        cases.hand_over(**mine, team=team, owner=owner, now=now)

    words = {
        "title": question.ask,
        "button_text": _("Hand over"),
        "done": _handed_over(case.reference),
    }
    return case_form(request, case, (question,), do, words)


def recipient_question(*, but: str = "") -> Question:
    """To whom, as ``team/officer``; the officer empty for whoever in the team takes it."""
    to = _recipients()
    to.pop(but, None)
    kind = Radios if len(to) <= RADIOS else Select
    ask = _("Who should have this case?") if but else _("Who should have these cases?")
    return kind(id="to", ask=ask, options=to, name=_("who should have it"))


def _recipients() -> dict[str, str]:
    """Each team, and in it each officer who works its cases."""
    found = {}
    for team in people.teams():
        found[f"{team.slug}/"] = _("%(team)s: whoever takes it") % {"team": team.title}
        for officer in people.find_officers():
            if team.slug in people.reach(officer, "cases.take"):
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
    return case_form(request, case, (question,), do, words)


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
        try:
            cases.message(
                officer=request.officer,
                reference=case.reference,
                text=form.answers[TEXT],
                # Asked for, also where the case was closed since and the question is gone from the form.
                wants_answer=request.POST.get("answer") == "yes",
                now=now,
                key=form.key,
            )
        except cases.CaseForgotten:
            raise
        except cases.CaseClosed:
            told = _(
                "The case is closed now, so the resident cannot answer. Send it only if you need no answer"
            )
            form.refuse(TEXT, told)

    words = {
        "title": title,
        "button_text": _("Send to the resident"),
        "done": _("Your message is on its way to the resident."),
    }
    return case_form(request, case, questions, do, words)


def questions_of(action: cases.ActionView) -> list[Question]:
    """What an action asks of the officer: its own questions, and the message that goes with it."""
    questions = [*action.asks]
    if action.message:
        ask = _("What do you want to ask?") if action.wants_answer else _("What do you want to tell them?")
        questions.append(_text(ask, optional=action.message == "optional"))
    return questions


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
    return case_form(request, case, questions, do, words)


@about_a_case("cases.act")
@reads_and_posts
def extend(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """Put the due date off, once, and tell the resident why."""
    mine = {"officer": request.officer, "reference": case.reference}
    if request.method == "POST" and cases.is_extended(**mine, key=request.POST.get("form-key", "")):
        return _back(request, case)
    until = shown.day(cases.get_extension(**mine).until)
    ask = _("Why do you need more time?")
    hint = _("The resident reads this, and the new date.")
    question = LongText(
        id="reason", ask=ask, name=_("why you need more time"), hint=hint, max=LONGEST, rows=8
    )

    def do(form: Filled, now: datetime) -> None:
        cases.extend(**mine, reason=form.answers["reason"], now=now, key=form.key)

    words = {
        "title": _("Extend the time until %(day)s") % {"day": until},
        "button_text": _("Extend the time"),
        "done": _("The case is now due on %(day)s.") % {"day": until},
        "warning": _("The time can be extended once at this stage."),
    }
    return case_form(request, case, (question,), do, words)


@about_a_case("cases.act")
@reads_and_posts
def act(request: HttpRequest, case: cases.CaseView, action: str) -> HttpResponse:
    """Do what the definition allows, with its questions and its message."""
    mine = {"officer": request.officer, "reference": case.reference}
    if request.method == "POST" and cases.is_done(**mine, key=request.POST.get("form-key", "")):
        return _back(request, case)
    chosen = cases.get_action(**mine, action=action, now=utc_now())

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
    return case_form(request, case, questions_of(chosen), do, words)
