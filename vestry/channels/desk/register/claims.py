"""What a supplier says: taken in from a form or as a whole, and beside what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from vestry.channels.desk import forms
from vestry.channels.desk.pasted import FILE, TEXT, Pasted, given, taking
from vestry.channels.desk.register.looking import about_technology, around
from vestry.channels.desk.register.tables import told
from vestry.design.kinds import Checkboxes, Choice, Date, LongText, Radios, Text
from vestry.design.pages import Fault, error_summary
from vestry.design.questions import Question
from vestry.kernel import utc_now
from vestry.people import api as people
from vestry.people.api import may
from vestry.technology import api as technology

UNPROCESSABLE = 422
LONGEST = 2_000
# Two answers are told apart at a glance; more are ticked.
TWO = 2
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@may("technology.read")
@require_safe
@about_technology
def beside(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """What the supplier says beside what was seen, criterion by criterion; disagreements first."""
    rows = technology.beside(about)
    words = {
        **around(request),
        "about": about,
        "differ": [each for each in rows if each.differs],
        "agree": [each for each in rows if not each.differs and each.claims],
        "silent": [each for each in rows if not each.claims],
        "question_words": {name: _(each.asks) for name, each in technology.questions().questions.items()},
        "may_assess": people.allowed(request.officer, "technology.assess"),
    }
    return render(request, "desk/register/claims.html", words)


def _of_all() -> tuple[Question, Question]:
    """What is asked of all answers together."""
    return (
        Text(
            id="source",
            ask=_("Where does the supplier say so?"),
            name=_("where the supplier says so"),
            hint=_("For example, the address of its page on the Digital Marketplace, or a letter."),
            max=300,
        ),
        Date(
            id="day",
            ask=_("When did they say so?"),
            name=_("the day on which they said so"),
            latest="today",
        ),
    )


def _asked(name: str, meaning: technology.Meaning) -> Question:
    """One of the published questions, as a form asks it."""
    said: dict[str, Any] = {"id": name, "ask": _(meaning.asks), "optional": True}
    options: dict[str, str | Choice] = {label: _(label) for label in meaning.options.values()}
    criterion = technology.rubrics().criteria[meaning.criterion]
    if criterion.proof or "claimed" not in criterion.means:
        said["hint"] = _("This takes proof: what the supplier says stands beside it, and is not enough.")
    if not options:
        return LongText(max=LONGEST, rows=2, **said)
    return Radios(options=options, **said) if len(options) <= TWO else Checkboxes(options=options, **said)


@may("technology.assess")
@reads_and_posts
@about_technology
def add(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """Take in what a supplier says, question by question. What is left empty says nothing."""
    asked = technology.questions().questions
    questions = [*_of_all(), *(_asked(name, meaning) for name, meaning in asked.items())]
    words = {**around(request), "about": about}
    if request.method != "POST":
        form = forms.empty(questions)
        return forms.show(request, form, words, template="desk/register/claims_add.html")
    form = forms.filled(questions, request.POST, utc_now())
    read = technology.read_answers(_answers(form, asked))
    for wrong in read.wrong:
        form.refuse(wrong.column, f"{wrong.what} {wrong.right}")
    if not read.claims and not form.wrongs:
        form.refuse(next(iter(asked)), _("Answer one of the questions"))
    if form.wrongs:
        return forms.show(request, form, words, template="desk/register/claims_add.html")
    return _kept(request, about, form, read.claims)


def _answers(form: forms.Filled, asked: Mapping[str, technology.Meaning]) -> dict[str, Sequence[str]]:
    said = {name: form.answers.get(name) for name in asked}
    return {name: each if isinstance(each, list) else [each] for name, each in said.items() if each}


def _kept(
    request: HttpRequest, about: technology.Stand, form: forms.Filled, claims: Sequence[technology.Claim]
) -> HttpResponse:
    number = technology.take_claims(
        technology=about.entry.slug,
        claims=claims,
        source=form.answers["source"],
        day=date.fromisoformat(form.answers["day"]),
        by=request.officer.ref,
        now=utc_now(),
    )
    done = ngettext("%(number)s answer is kept.", "%(number)s answers are kept.", number)
    messages.success(request, done % {"number": number})
    return redirect("desk:technology-claims", technology=about.entry.slug)


def _too_long(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    fault = Fault(text=_("The table is too long to be taken in here"), href=f"#{TEXT}")
    return _show(request, about, forms.empty(_of_all()), "", [fault])


@may("technology.assess")
@reads_and_posts
@about_technology
@taking(_too_long)
def take(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """Paste or upload a supplier's answers; see what they would mean; take them in, all or none."""
    if request.method != "POST":
        return _show(request, about, forms.empty(_of_all()), "", [])
    form = forms.filled(_of_all(), request.POST, utc_now())
    pasted = given(request)
    if "again" in request.POST:
        return _show(request, about, form, pasted.text, [])
    read = technology.read_claims(pasted.text)
    faults = _faults(pasted, read)
    if faults or form.wrongs:
        return _show(request, about, form, pasted.text, faults)
    if "save" in request.POST:
        return _kept(request, about, form, read.claims)
    words = {
        **around(request),
        "about": about,
        "form": form,
        "text": pasted.text,
        "read": read,
        "held": {each.criterion.id: each for each in technology.beside(about)},
        "criteria": technology.rubrics().criteria,
        "day": date.fromisoformat(form.answers["day"]),
    }
    return render(request, "desk/register/claims_taking.html", words)


def _faults(pasted: Pasted, read: technology.ReadClaims) -> list[Fault]:
    if not pasted.readable:
        return [Fault(text=_("The file must be text: CSV or JSON, in UTF-8"), href=f"#{FILE}")]
    if not pasted.text.strip():
        return [Fault(text=_("Paste their answers, or choose a file"), href=f"#{TEXT}")]
    if read.wrong:
        return [told(each) for each in read.wrong]
    if not read.claims:
        return [Fault(text=_("None of these answers is about any of our criteria"), href=f"#{TEXT}")]
    return []


def _show(
    request: HttpRequest, about: technology.Stand, form: forms.Filled, text: str, faults: Sequence[Fault]
) -> HttpResponse:
    words = {
        **around(request),
        "about": about,
        "form": form,
        "text": text,
        "wrong": faults[0].text if faults else "",
        "errors": [*error_summary(form.questions, form.wrongs), *faults],
    }
    status = UNPROCESSABLE if words["errors"] else 200
    return render(request, "desk/register/claims_take.html", words, status=status)
