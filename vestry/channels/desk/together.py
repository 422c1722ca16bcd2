"""The same done with several cases: choose them in a list, choose what, do it, see what came of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vestry.cases import api as cases
from vestry.channels.desk import forms
from vestry.channels.desk.forms import Filled
from vestry.channels.desk.frame import frame, not_possible
from vestry.channels.desk.work import TEXT, questions_of, reads_and_posts, recipient_question
from vestry.design.questions import Question
from vestry.design.shown import said
from vestry.kernel import utc_now
from vestry.people import api as people
from vestry.people.api import may

# What came of the last few times, kept in the officer's session so that a page can be loaded again.
BATCHES, KEPT = "desk-together", 5
# How what to do is written in an address: act.<service>.<action>.
ACT = "act."


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One thing to do with several cases: what it asks, and how it is done with one."""

    title: str
    questions: Sequence[Question]
    do: Callable[[str, Filled, datetime], None]
    closes: bool = False
    told: str = ""


@may("cases.read")
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What can be done with the cases that were chosen."""
    chosen = request.GET.getlist("case")
    possible = cases.possible_together(officer=request.officer, references=chosen, now=utc_now())
    do_items = [{"value": "take", "text": _("Take them")}] if possible.take else []
    do_items += [{"value": "hand-over", "text": _("Hand them over")}] if possible.hand_over else []
    for shared in possible.actions:
        hint = _("%(service)s: %(number)s of them") % {"service": shared.title, "number": shared.cases}
        value = f"{ACT}{shared.service}.{shared.action.id}"
        do_items.append({"value": value, "text": shared.action.do, "hint": hint})
    part_of = request.GET.get("part-of", "")
    words = {"cases": possible.cases, "items": do_items, "part_of": part_of if part_of.isascii() else ""}
    return render(request, "desk/together.html", {**frame(request), **words})


def _plan(request: HttpRequest, do: str, references: Sequence[str]) -> Plan | None:
    officer = request.officer
    if do == "take":

        def take(reference: str, form: Filled, now: datetime) -> None:
            cases.take(officer=officer, reference=reference, now=now)

        return Plan(title=_("Take these cases"), questions=(), do=take)
    if do == "hand-over":
        question = recipient_question()

        def hand_over(reference: str, form: Filled, now: datetime) -> None:
            team, _slash, owner = form.answers["to"].partition("/")
            cases.hand_over(officer=officer, reference=reference, team=team, owner=owner, now=now)

        return Plan(title=_("Hand these cases over"), questions=(question,), do=hand_over)
    return _plan_of_action(request, do, references)


def _plan_of_action(request: HttpRequest, do: str, references: Sequence[str]) -> Plan | None:
    possible = cases.possible_together(officer=request.officer, references=references, now=utc_now())
    named = {f"{ACT}{shared.service}.{shared.action.id}": shared.action for shared in possible.actions}
    action = named.get(do)
    if action is None:
        return None

    def act(reference: str, form: Filled, now: datetime) -> None:
        cases.act(
            officer=request.officer,
            reference=reference,
            action=action.id,
            answers={question.id: form.raws[question.id] for question in action.asks},
            text=form.answers.get(TEXT) or "",
            now=now,
            key=form.key,
        )

    return Plan(
        title=action.do, questions=questions_of(action), do=act, closes=action.closes, told=action.told
    )


@may("cases.read")
@reads_and_posts
def do(request: HttpRequest) -> HttpResponse:
    """Ask what it needs, and do it: each case on its own."""
    asked = request.POST if request.method == "POST" else request.GET
    references, wanted = asked.getlist("case"), asked.get("do", "")
    if request.method == "POST" and asked.get("form-key", "") in request.session.get(BATCHES, {}):
        # The same form sent again: what came of it is known.
        return redirect("desk:together-done", batch=asked["form-key"])
    plan = _plan(request, wanted, references)
    if plan is None and people.written(request):
        told = _("This cannot be done with these cases now. Somebody may have done it already.")
        return not_possible(request, cases.NotPossible(), sentence=told)
    if plan is None or not references:
        again = urlencode([("case", reference) for reference in references])
        return redirect(f"{reverse('desk:together')}?{again}")
    words = {
        **frame(request),
        "caption": ", ".join(references),
        "title": plan.title,
        "button_text": plan.title,
        "closes": plan.closes,
        "told": plan.told,
        "hidden": [("do", wanted), *(("case", reference) for reference in references)],
    }
    if request.method != "POST":
        return forms.show(request, forms.empty(plan.questions), words)
    now = utc_now()
    form = forms.filled(plan.questions, request.POST, now)
    if form.wrongs:
        return forms.show(request, form, words)
    tried = cases.together(references=references, do=lambda reference: plan.do(reference, form, now))
    _remember(request, form.key, plan.title, tried)
    return redirect("desk:together-done", batch=form.key)


def _remember(request: HttpRequest, key: str, title: str, tried: Sequence[cases.Tried]) -> None:
    came = [(one.reference, said(one.refusal) if one.refusal else "") for one in tried]
    before = list(request.session.get(BATCHES, {}).items())
    request.session[BATCHES] = dict([*before[1 - KEPT :], (key, {"title": title, "came": came})])


@may("cases.read")
@require_safe
def done(request: HttpRequest, batch: str) -> HttpResponse:
    """What came of each case."""
    kept = request.session.get(BATCHES, {}).get(batch)
    if kept is None:
        raise Http404
    came = kept["came"]
    words = {
        "title": kept["title"],
        "done": [reference for reference, why in came if not why],
        "refused": [(reference, why) for reference, why in came if why],
    }
    return render(request, "desk/together_done.html", {**frame(request), **words})
