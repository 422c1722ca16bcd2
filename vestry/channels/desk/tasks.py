"""Tasks: one's own, one's teams', and what can be done with one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vestry.cases import api as cases
from vestry.channels.desk import forms
from vestry.channels.desk.case import about_a_case
from vestry.channels.desk.forms import Filled
from vestry.channels.desk.frame import CONFLICT, frame, not_possible
from vestry.channels.desk.work import LONGEST, case_form, reads_and_posts
from vestry.design.kinds import Date, LongText, Radios, Select, Text
from vestry.design.questions import Question
from vestry.design.shown import said
from vestry.kernel import Ref, local_day, utc_now
from vestry.people import api as people
from vestry.people.api import may

View = Callable[..., HttpResponse]
# What the database can hold as a number of a row.
LARGEST = 2**63 - 1


@may("cases.tasks")
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks an officer has; or those of their teams that nobody has."""
    officer = request.officer
    whose = request.GET.get("whose", "")
    mine = whose != "team"
    page = cases.tasks(officer=officer, mine=mine, after=request.GET.get("after", ""))
    again = "?whose=mine" if mine else "?whose=team"
    words = {
        "tasks": page.tasks,
        "mine": mine,
        "today": local_day(utc_now()),
        "teams": {team.slug: team.title for team in people.teams()},
        "begun": bool(request.GET.get("after")),
        "again": again,
        "next": f"{again}&after={page.after}" if page.after else "",
    }
    return render(request, "desk/tasks.html", {**frame(request, here="tasks"), **words})


@about_a_case("cases.task")
@reads_and_posts
def add(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """Add a task to a case."""
    to = _workers(case.team)
    questions: tuple[Question, ...] = (
        Text(id="title", ask=_("What is to be done?"), name=_("what is to be done"), max=200),
        Select(id="owner", ask=_("Who should do it?"), options=to, name=_("who should do it")),
        Date(id="due", ask=_("When is it due?"), name=_("the due date"), earliest="today", optional=True),
    )

    def do(form: Filled, now: datetime) -> None:
        due, owner = form.answers["due"], form.answers["owner"]
        try:
            cases.add_to_case(
                officer=request.officer,
                reference=case.reference,
                title=form.answers["title"],
                owner="" if owner == NOBODY else owner,
                due=date.fromisoformat(due) if due else None,
                now=now,
                key=form.key,
            )
        except cases.NotADueDate as refusal:
            form.refuse("due", said(refusal))

    words = {"title": _("Add a task"), "button_text": _("Add the task"), "done": _("The task is added.")}
    return case_form(request, case, questions, do, words, owner=NOBODY)


NOBODY = "-"


def _workers(team: str) -> dict[str, str]:
    found = {NOBODY: _("Whoever takes it")}
    for officer in people.find_officers() if team else ():
        if team in people.reach(officer, "cases.take"):
            found[officer.slug] = officer.name
    return found


def about_a_task(view: View) -> View:
    """A page about a task: the same 404 for one that isn't there and one that isn't for this officer."""

    @may("cases.tasks")
    @wraps(view)
    def guarded(request: HttpRequest, task: int) -> HttpResponse:
        try:
            if task > LARGEST:
                raise cases.NoSuchTask
            found = cases.get_task(officer=request.officer, task=task)
            request.service = _service_of(request.officer, found)
            return view(request, found)
        except cases.NoSuchTask:
            raise Http404 from None
        except cases.NotPossible as refusal:
            return not_possible(request, refusal, here="tasks")

    return guarded


def _service_of(officer: people.OfficerView, task: cases.TaskView) -> str:
    """What the case of a task is about; empty for none, or for one this officer does not see."""
    try:
        return cases.get_case(officer=officer, reference=task.reference).service if task.reference else ""
    except cases.NoSuchCase:
        return ""


@about_a_task
@reads_and_posts
def task(request: HttpRequest, task: cases.TaskView) -> HttpResponse:
    """A task, and what came of it."""
    questions = (
        Radios(
            id="came",
            ask=_("What came of it?"),
            name=_("what came of it"),
            options={"done": _("It is done"), "not-needed": _("It is not needed")},
        ),
        LongText(
            id="reason",
            ask=_("Why is it not needed?"),
            hint=_("Only if it is not needed."),
            optional=True,
            max=LONGEST,
            rows=3,
        ),
    )
    if request.method != "POST":
        return forms.show(request, forms.empty(questions), _words(request, task), template="desk/task.html")
    now = utc_now()
    form = forms.filled(questions, request.POST, now)
    reason = form.answers.get("reason") or ""
    if form.answers.get("came") == "not-needed" and not reason and not form.wrongs:
        form.refuse("reason", _("Enter why it is not needed"))
    if form.wrongs and task.open:
        return forms.show(request, form, _words(request, task), template="desk/task.html")
    if not form.wrongs:
        not_needed = reason if form.answers["came"] == "not-needed" else ""
        cases.end(officer=request.officer, task=task.id, now=now, not_needed=not_needed)
        task = cases.get_task(officer=request.officer, task=task.id)
        if (task.state, task.reason) == (form.answers["came"], not_needed):
            told = _("The task is not needed.") if not_needed else _("The task is done.")
            messages.success(request, told)
            return _back(task)
    words = {**_words(request, task), "late": True, "written": people.written(request)}
    return render(request, "desk/task.html", words, status=CONFLICT)


def _words(request: HttpRequest, task: cases.TaskView) -> dict[str, Any]:
    return {
        **frame(request, here="tasks"),
        "task": task,
        "today": local_day(utc_now()),
        "owner": people.officer_name(Ref("officer", task.owner)) if task.owner else "",
        "title": task.title,
        "charge": task.about.key if task.about.kind == "charge" else "",
        "day": task.about.key if task.about.kind == "payments" else "",
    }


def _back(task: cases.TaskView) -> HttpResponse:
    return redirect("desk:case", reference=task.reference) if task.reference else redirect("desk:tasks")


@about_a_task
@reads_and_posts
def give(request: HttpRequest, task: cases.TaskView) -> HttpResponse:
    """Give a task to somebody else, or take it."""
    to = _workers(task.team)
    to.setdefault(request.officer.slug, request.officer.name)
    to.pop(task.owner or NOBODY, None)
    question = Select(id="to", ask=_("Who should do it?"), options=to, name=_("who should do it"))
    words = {
        **frame(request, here="tasks"),
        "task": task,
        "caption": task.title,
        "title": question.ask,
        "button_text": _("Give the task"),
    }
    if request.method != "POST":
        return forms.show(request, forms.empty((question,)), words)
    now = utc_now()
    form = forms.filled((question,), request.POST, now)
    if form.wrongs:
        return forms.show(request, form, words)
    owner = form.answers["to"]
    cases.give_task(officer=request.officer, task=task.id, owner="" if owner == NOBODY else owner, now=now)
    messages.success(request, _("The task is given."))
    return _back(task)
