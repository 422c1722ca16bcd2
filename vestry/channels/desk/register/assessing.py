"""Assessing: beginning, and the questions of one principle after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vestry.channels.desk import forms
from vestry.channels.desk.register.looking import CONFLICT, MEANS, about_technology, around
from vestry.design.kinds import Choice, LongText, Radios, Select
from vestry.design.pages import Fault, error_summary
from vestry.kernel import mark, utc_now
from vestry.people.api import may
from vestry.technology import api as technology

UNPROCESSABLE = 422
LONGEST = 2_000
DECIDED = mark(
    "The assessment was decided before you saved. What you typed is still here: "
    "begin another assessment in another window, then save this page again."
)
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@may("technology.assess")
@reads_and_posts
@about_technology
def begin(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """Begin an assessment: to buy, to renew or to build."""
    slug = about.entry.slug
    if about.open:
        return redirect("desk:assess", technology=slug, principle=technology.PRINCIPLES[0])
    options: dict[str, str | Choice] = {
        "renew": _("Whether to renew it"),
        "buy": _("Whether to buy it"),
        "build": _("Whether to build it"),
    }
    question = Radios(id="kind", ask=_("What is to be decided?"), name=_("what is decided"), options=options)
    form = forms.filled([question], request.POST, utc_now()) if request.method == "POST" else None
    if form and not form.wrongs:
        technology.begin(technology=slug, kind=form.answers["kind"], by=request.officer.ref, now=utc_now())
        return redirect("desk:assess", technology=slug, principle=technology.PRINCIPLES[0])
    form = form or forms.empty([question])
    words = {**around(request), "about": about, "form": form}
    words["errors"] = error_summary(form.questions, form.wrongs)
    return render(request, "desk/register/begin.html", words, status=UNPROCESSABLE if form.wrongs else 200)


@may("technology.assess")
@reads_and_posts
@about_technology
def principle(request: HttpRequest, about: technology.Stand, principle: str) -> HttpResponse:
    """The questions of one principle. What is known already stands there; only what is new is kept."""
    asked = [each for each in about.criteria if each.principle == principle and _can_be_told(each)]
    questions = [question for each in asked for question in _questions(each)]
    typed = request.method == "POST" and questions
    if principle not in technology.PRINCIPLES or not (about.open or typed):
        raise Http404
    if request.method != "POST":
        form = forms.empty(questions, **_begun(about, asked))
        return _show(request, about, principle, form)
    form = forms.filled(questions, request.POST, utc_now())
    for each in asked:
        _needs_a_reason(form, about, each)
    if form.wrongs or not about.open:
        return _show(request, about, principle, form)
    for each in asked:
        _keep(request, form, about, each)
    after = technology.PRINCIPLES.index(principle) + 1
    if after < len(technology.PRINCIPLES):
        return redirect("desk:assess", technology=about.entry.slug, principle=technology.PRINCIPLES[after])
    messages.success(request, _("The answers are kept."))
    return redirect("desk:technology", technology=about.entry.slug)


def _can_be_told(criterion: technology.Criterion) -> bool:
    """Whether there is anything to ask: what the register works out, nobody has to answer."""
    return criterion.means != ("worked-out",) and criterion.id not in ("C1", "F6", "S1")


def _questions(criterion: technology.Criterion) -> Sequence[Any]:
    options: dict[str, str | Choice] = {
        "met": Choice(label=_("Met"), hint=_(criterion.met)),
        "partly": Choice(label=_("Partly met"), hint=_(criterion.partly)),
        "not-met": Choice(label=_("Not met"), hint=_(criterion.not_met)),
        "not-known": _("Not known"),
        "not-applicable": _("Does not apply here"),
    }
    means: dict[str, str | Choice] = {
        each: _(MEANS[each]) for each in criterion.means if each != "worked-out"
    }
    return (
        Radios(id=f"{criterion.id}-verdict", ask=_(criterion.asks), options=options, optional=True),
        Select(id=f"{criterion.id}-means", ask=_("How do you know?"), options=means, optional=True),
        LongText(
            id=f"{criterion.id}-says", ask=_("What did you see or read?"), max=LONGEST, rows=2, optional=True
        ),
    )


def _begun(about: technology.Stand, asked: Sequence[technology.Criterion]) -> dict[str, str]:
    known: dict[str, str] = {}
    for each in asked:
        piece = about.standings[each.id].piece
        if piece and about.standings[each.id].why != "stale":
            known[f"{each.id}-verdict"] = piece.verdict.value
            known[f"{each.id}-means"] = piece.means
    return known


def _is_new(form: forms.Filled, about: technology.Stand, criterion: technology.Criterion) -> bool:
    verdict, means, says = _answered(form, criterion)
    if not verdict:
        return False
    begun = _begun(about, [criterion])
    known, by = begun.get(f"{criterion.id}-verdict"), begun.get(f"{criterion.id}-means")
    # How it is known may not be among the answers: then none of them was chosen.
    return bool(says) or verdict != known or means not in ("", by)


def _answered(form: forms.Filled, criterion: technology.Criterion) -> tuple[str, str, str]:
    verdict, means, says = (
        form.answers.get(f"{criterion.id}-{what}") or "" for what in ("verdict", "means", "says")
    )
    return verdict, means, says


def _needs_a_reason(form: forms.Filled, about: technology.Stand, criterion: technology.Criterion) -> None:
    verdict, means, says = _answered(form, criterion)
    if not verdict and (means or says):
        form.refuse(f"{criterion.id}-verdict", _("Select how it stands"))
    if not _is_new(form, about, criterion):
        return
    if not says:
        form.refuse(f"{criterion.id}-says", _("Enter what you saw or read"))
    if not means:
        form.refuse(f"{criterion.id}-means", _("Select how you know"))


def _keep(
    request: HttpRequest, form: forms.Filled, about: technology.Stand, criterion: technology.Criterion
) -> None:
    if _is_new(form, about, criterion):
        technology.answer(
            technology=about.entry.slug,
            criterion=criterion.id,
            verdict=technology.Verdict(form.answers[f"{criterion.id}-verdict"]),
            means=form.answers[f"{criterion.id}-means"],
            sentence=form.answers[f"{criterion.id}-says"],
            by=request.officer.ref,
            now=utc_now(),
        )


def _show(request: HttpRequest, about: technology.Stand, principle: str, form: forms.Filled) -> HttpResponse:
    asked = [each for each in about.criteria if each.principle == principle]
    errors = error_summary(form.questions, form.wrongs)
    if not about.open:
        errors = [Fault(text=_(DECIDED), href=f"#{form.questions[0].id}"), *errors]
    words = {
        **around(request),
        "about": about,
        "principle": principle,
        "place": technology.PRINCIPLES.index(principle) + 1,
        "known": [each for each in asked if not _can_be_told(each)],
        "form": form,
        "errors": errors,
    }
    status = CONFLICT if not about.open else UNPROCESSABLE if form.wrongs else 200
    return render(request, "desk/register/principle.html", words, status=status)
