"""Deciding what was assessed, and waivers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vestry.channels.desk import forms
from vestry.channels.desk.register.assessing import LONGEST, UNPROCESSABLE, reads_and_posts
from vestry.channels.desk.register.looking import STATES, about_technology, around
from vestry.design.kinds import Date, LongText, Radios, Text
from vestry.design.pages import error_summary
from vestry.design.shown import said
from vestry.kernel import mark, utc_now
from vestry.people.api import may
from vestry.technology import api as technology

WHYS = {
    "nothing-else": mark("Nothing on the market does better"),
    "too-soon-to-leave": mark("The contract cannot be left yet"),
    "law": mark("The law asks for it"),
    "being-built": mark("Something better is being built"),
    "emergency": mark("It is an emergency"),
}


@may("technology.decide")
@reads_and_posts
@about_technology
def decide(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """Decide: only what the six words allow can be chosen."""
    outcomes = {each: _(STATES[each]) for each in technology.allowed(about)}
    questions = [
        Radios(id="outcome", ask=_("What is decided?"), name=_("what is decided"), options=dict(outcomes)),
        LongText(id="reason", ask=_("Why?"), name=_("why"), max=LONGEST, rows=3),
        LongText(
            id="conditions",
            ask=_("Conditions"),
            hint=_("What has to be done, where something is only partly met."),
            max=LONGEST,
            rows=3,
            optional=True,
        ),
        Date(id="conditions-by", ask=_("By when?"), earliest="today", optional=True),
    ]
    form = forms.filled(questions, request.POST, utc_now()) if request.method == "POST" else None
    if form and not form.wrongs:
        until = form.answers["conditions-by"]
        made = technology.Deciding(
            outcome=form.answers["outcome"],
            reason=form.answers["reason"],
            conditions=form.answers["conditions"] or "",
            conditions_by=date.fromisoformat(until) if until else None,
        )
        try:
            technology.decide(technology=about.entry.slug, made=made, by=request.officer.ref, now=utc_now())
        except technology.NotPossibleNow as refusal:
            form.refuse("conditions" if made.outcome == "conditions" else "outcome", said(refusal))
        else:
            messages.success(request, _("Decided."))
            return redirect("desk:technology", technology=about.entry.slug)
    return _show(request, about, form or forms.empty(questions), "decide")


@may("technology.assess")
@reads_and_posts
@about_technology
def waive(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """Ask for a waiver: somebody else has to grant it."""
    titles = around(request)["titles"]
    open_ = [each for each in about.words if each.verdict.value in ("not-met", "not-known")]
    questions: list[Any] = [
        Radios(
            id="principle",
            ask=_("Which principle?"),
            name=_("a principle"),
            options={each.principle: titles[each.principle] for each in open_ or about.words},
        ),
        Radios(
            id="why", ask=_("Why?"), name=_("why"), options={slug: _(text) for slug, text in WHYS.items()}
        ),
        LongText(id="reason", ask=_("Say more about why"), name=_("why"), max=LONGEST, rows=3),
        Text(id="owner", ask=_("Who answers for it?"), name=_("who answers for it"), max=80),
        LongText(
            id="instead", ask=_("What is done instead?"), name=_("what is done instead"), max=LONGEST, rows=3
        ),
        LongText(
            id="exit",
            ask=_("By which step do we leave?"),
            name=_("the step by which we leave"),
            max=LONGEST,
            rows=3,
        ),
        Date(id="ends", ask=_("When does it end?"), name=_("the day it ends"), earliest="today"),
        Text(
            id="decided",
            ask=_("Where did members decide it?"),
            hint=_("Only the second time that it is renewed."),
            optional=True,
            max=200,
        ),
    ]
    form = forms.filled(questions, request.POST, utc_now()) if request.method == "POST" else None
    if form and not form.wrongs:
        try:
            technology.ask_waiver(
                technology=about.entry.slug, made=_waiving(form), by=request.officer.ref, now=utc_now()
            )
        except technology.NotPossibleNow as refusal:
            form.refuse("ends", said(refusal))
        else:
            messages.success(request, _("Asked. Somebody else has to grant it."))
            return redirect("desk:technology", technology=about.entry.slug)
    return _show(request, about, form or forms.empty(questions), "waive")


def _waiving(form: forms.Filled) -> technology.Waiving:
    given = form.answers
    return technology.Waiving(
        principle=given["principle"],
        why=given["why"],
        reason=given["reason"],
        owner=given["owner"],
        instead=given["instead"],
        exit_step=given["exit"],
        ends=date.fromisoformat(given["ends"]),
        decided_in=given["decided"] or "",
    )


def _show(request: HttpRequest, about: technology.Stand, form: forms.Filled, what: str) -> HttpResponse:
    words = {**around(request), "about": about, "form": form, "what": what}
    words["errors"] = error_summary(form.questions, form.wrongs)
    status = UNPROCESSABLE if form.wrongs else 200
    return render(request, "desk/register/decide.html", words, status=status)


@may("technology.decide")
@require_POST
@about_technology
def settle(request: HttpRequest, about: technology.Stand, waiver: int) -> HttpResponse:
    """Grant a waiver that somebody else asked for, or decline it."""
    technology.settle_waiver(
        technology=about.entry.slug,
        number=waiver,
        grant="grant" in request.POST,
        by=request.officer.ref,
        now=utc_now(),
    )
    messages.success(request, _("Settled."))
    return redirect("desk:technology", technology=about.entry.slug)
