"""Keeping the register: a technology, its contract, and all of it from a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vestry.channels.desk import forms
from vestry.channels.desk.register.looking import CONFLICT, about_technology, around
from vestry.design.kinds import Checkboxes, Choice, Date, LongText, Number, Radios, Select, Text, YesNo
from vestry.design.pages import Fault
from vestry.design.questions import Question
from vestry.design.shown import said
from vestry.kernel import Refused, local_day, utc_now
from vestry.people import api as people
from vestry.people.api import may
from vestry.services import api as services
from vestry.technology import api as technology

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
LONGEST = 2_000
FOR_EVER = "for-ever"
ABOVE = technology.LADDER[:-1]


def questions() -> Sequence[Question]:
    """What is asked of a technology."""
    hosting: dict[str, str | Choice] = {
        "saas": _("Software as a service"),
        "paas": _("A platform"),
        "iaas": _("Rented machines"),
        "on-premises": _("Machines of our own"),
    }
    users: dict[str, str | Choice] = {
        "public": _("The public"),
        "staff": _("Staff"),
        "machines": _("Other systems"),
    }
    classes: dict[str, str | Choice] = {
        "public": _("Public"),
        "official": _("Official"),
        "official-personal": _("Official, about people"),
        "official-sensitive": _("Official, would hurt somebody"),
    }
    teams: dict[str, str | Choice] = {team.slug: team.title for team in people.teams()}
    hint = _("Short names, a comma between them, as in booking, payments.")
    return (
        Text(id="title", ask=_("What is it called?"), name=_("what it is called"), max=120),
        Text(id="supplier", ask=_("Who supplies it?"), optional=True, max=120),
        LongText(id="what", ask=_("What is it for?"), name=_("what it is for"), max=LONGEST, rows=2),
        Text(id="address", ask=_("Where is it on the web?"), optional=True, max=300),
        Radios(id="hosting", ask=_("How is it hosted?"), name=_("how it is hosted"), options=hosting),
        *_steps(hosting),
        Select(id="owner", ask=_("Which team owns it?"), name=_("the team that owns it"), options=teams),
        Radios(
            id="class",
            ask=_("How carefully is it held?"),
            name=_("how carefully it is held"),
            options=classes,
        ),
        Text(id="guide", ask=_("Where is its guide for staff?"), optional=True, max=300),
        Checkboxes(id="users", ask=_("Who uses it?"), name=_("who uses it"), options=users),
        Number(id="people", ask=_("How many people use it?"), name=_("how many"), min=0, max=10_000_000),
        Number(id="pounds", ask=_("What does it cost in a year?"), name=_("the cost"), min=0, max=10**9),
        Text(id="gives", ask=_("Which capabilities does it give?"), hint=hint, optional=True, max=500),
        LongText(
            id="twice",
            ask=_("Why do we need something that we have already?"),
            hint=_("Only where something else gives the same."),
            optional=True,
            max=LONGEST,
            rows=2,
        ),
        Date(id="leaving", ask=_("When do we leave it?"), optional=True),
    )


def _steps(hosting: dict[str, str | Choice]) -> Sequence[Question]:
    asked: list[Question] = []
    for rung in ABOVE:
        better = {"better": str(hosting[rung])}
        asked += [
            LongText(
                id=f"{rung}-reason",
                ask=_("Better: %(better)s. Why will that not do?") % better,
                hint=_("Only if it is hosted in another way, further down."),
                optional=True,
                max=LONGEST,
                rows=2,
            ),
            Number(
                id=f"{rung}-looked",
                ask=_("%(better)s: how many products did you look at?") % better,
                optional=True,
                min=0,
                max=1_000,
            ),
        ]
    return asked


def _begun(entry: technology.Entry) -> dict[str, Any]:
    told = {f"{rung}-reason": step.reason for rung, step in entry.steps.items()}
    told |= {f"{rung}-looked": step.looked_at for rung, step in entry.steps.items()}
    return {
        **{name: getattr(entry, name) for name in SAME},
        **told,
        "class": entry.information_class,
        "gives": ", ".join(entry.capabilities),
        "twice": entry.twice_because,
        "leaving": entry.leaving.isoformat() if entry.leaving else None,
    }


SAME = ("title", "supplier", "what", "address", "hosting", "owner", "guide", "users", "people", "pounds")


def _said(form: forms.Filled, slug: str, before: technology.Entry | None) -> technology.Entry:
    answers = form.answers
    steps = {
        rung: technology.Step(
            reason=answers[f"{rung}-reason"] or "", looked_at=int(answers[f"{rung}-looked"] or 0)
        )
        for rung in ABOVE
        if answers[f"{rung}-reason"]
    }
    return technology.Entry(
        slug=slug,
        **{name: answers[name] or "" for name in SAME if name not in {"users", "people", "pounds"}},
        users=tuple(answers["users"]),
        people=int(answers["people"]),
        pounds=int(answers["pounds"]),
        information_class=answers["class"],
        capabilities=_names(answers["gives"] or ""),
        twice_because=answers["twice"] or "",
        leaving=date.fromisoformat(answers["leaving"]) if answers["leaving"] else None,
        steps=steps,
        contract=before.contract if before else None,
    )


def _names(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for part in typed.split(",") if (each := "-".join(part.lower().split()))))


def _check(form: forms.Filled) -> None:
    """What no single question knows."""
    if "gives" in form.answers and not all(
        each.replace("-", "").isalnum() and each.isascii() for each in _names(form.answers["gives"] or "")
    ):
        form.refuse("gives", _("Use letters, digits and hyphens, and a comma between two of them"))


@may("technology.keep")
@reads_and_posts
def add(request: HttpRequest) -> HttpResponse:
    """Write a technology into the register. What gives the same already is shown before it is saved."""
    return _technology(request, None)


@may("technology.keep")
@reads_and_posts
@about_technology
def change(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """Change what the register says of a technology."""
    return _technology(request, about.entry)


def _technology(request: HttpRequest, before: technology.Entry | None) -> HttpResponse:
    words = {
        **around(request),
        "title": _("Change what it says") if before else _("Add a technology"),
        "caption": before.title if before else _("Technologies"),
        "button_text": _("Save"),
        "slug": before.slug if before else "",
        "over": _seen(request, before),
    }
    if request.method != "POST":
        form = forms.empty(questions(), **(_begun(before) if before else {}))
        return forms.show(request, form, words, template="desk/register/keep.html")
    form = forms.filled(questions(), request.POST, utc_now())
    _check(form)
    if form.wrongs:
        return forms.show(request, form, words, template="desk/register/keep.html")
    entry = _said(form, before.slug if before else technology.name_for(form.answers["title"]), before)
    twice = {} if before and before.capabilities == entry.capabilities else technology.given_already(entry)
    if twice and not entry.twice_because and "twice-seen" not in request.POST:
        page = {**words, "twice": twice}
        return forms.show(request, form, page, template="desk/register/keep.html")
    try:
        _write(request, entry, words["over"])
    except technology.WrittenMeanwhile as refusal:
        # What is new takes the next name, once it is known what that other one gives.
        return _meanwhile(request, form, words, entry, refusal) if before else _technology(request, None)
    messages.success(request, _("It is in the register."))
    return redirect("desk:technology", technology=entry.slug)


def _seen(request: HttpRequest, before: technology.Entry | None) -> str:
    """The digest of what the form began with."""
    return request.POST.get("over", before.digest) if before else ""


def _write(request: HttpRequest, entry: technology.Entry, over: str) -> None:
    by, now = request.officer.ref, utc_now()
    services.write_register(entries=[entry], by=by, now=now, over={entry.slug: over})


def _meanwhile(
    request: HttpRequest, form: forms.Filled, words: dict[str, Any], entry: technology.Entry, why: Refused
) -> HttpResponse:
    """The form as it was typed, and what somebody else has written since."""
    now = technology.get_technology(entry.slug)
    differs = technology.compared(entry, now).fields
    place = "#meanwhile" if differs else f"#{form.questions[0].id}"
    page = {
        **words,
        "form": form,
        "over": now.digest,
        "meanwhile": differs,
        "errors": [Fault(text=said(why), href=place)],
    }
    return render(request, "desk/register/keep.html", page, status=CONFLICT)


def contract_questions() -> Sequence[Question]:
    """What is asked of a contract."""
    tacit = _("Does it go on by itself unless we give notice?")
    return (
        Text(id="reference", ask=_("What is its reference?"), optional=True, max=120),
        Date(id="start", ask=_("When did it start, or will it?"), name=_("the day it starts")),
        Number(
            id="initial", ask=_("How many months does it run at first?"), name=_("months"), min=1, max=240
        ),
        Number(
            id="extension",
            ask=_("By how many months can it be extended each time?"),
            optional=True,
            min=0,
            max=240,
        ),
        Text(
            id="most",
            ask=_("How often can it be extended?"),
            hint=_("A number, or for-ever."),
            optional=True,
            max=20,
        ),
        Number(id="taken", ask=_("How often has it been extended?"), optional=True, min=0, max=240),
        YesNo(id="tacit", ask=tacit, name=_("it goes on by itself")),
        Number(
            id="notice",
            ask=_("How many months before its end is notice given?"),
            optional=True,
            min=0,
            max=240,
        ),
        Number(id="notice-days", ask=_("And how many days?"), optional=True, min=0, max=1_000),
        Text(
            id="breaks",
            ask=_("On which days can it be ended before?"),
            hint=_("For example, 2027-03-31, 2028-03-31"),
            optional=True,
            max=300,
        ),
    )


def _contract_begun(said: technology.Contract) -> dict[str, Any]:
    return {
        "reference": said.reference,
        "start": said.start.isoformat(),
        **{name: getattr(said, name) for name in ("initial", "extension", "taken", "notice", "tacit")},
        "notice-days": said.notice_days,
        "most": FOR_EVER if said.most is None else str(said.most),
        "breaks": ", ".join(day.isoformat() for day in said.breaks),
    }


def _days(typed: str) -> tuple[date, ...]:
    days = tuple(date.fromisoformat(each.strip()) for each in typed.split(",") if each.strip())
    if not all(technology.EARLIEST <= day.year <= technology.LATEST for day in days):
        raise ValueError
    return days


def _contract_said(form: forms.Filled) -> technology.Contract | None:
    """The contract; what no single question knows is refused in the form."""
    answers, most, breaks = form.answers, (form.answers.get("most") or "0").strip().lower(), ()
    if most != FOR_EVER and not (most.isdecimal() and int(most) <= 100):  # noqa: PLR2004 - nobody extends oftener
        form.refuse("most", _("Enter a number up to 100, or for-ever"))
    try:
        breaks = _days(answers.get("breaks") or "")
    except ValueError:
        form.refuse("breaks", _("Enter days as in 2027-03-31, with a comma between two of them"))
    if form.wrongs:
        return None
    return technology.Contract(
        reference=answers["reference"] or "",
        start=date.fromisoformat(answers["start"]),
        tacit=bool(answers["tacit"]),
        most=None if most == FOR_EVER else int(most),
        breaks=breaks,
        notice_days=int(answers["notice-days"] or 0),
        **{name: int(answers[name] or 0) for name in ("initial", "extension", "taken", "notice")},
    )


@may("technology.keep")
@reads_and_posts
@about_technology
def contract(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """Write down its contract: the days that follow are shown, and remembered, by themselves."""
    entry = about.entry
    words = {
        **around(request),
        "title": _("Contract"),
        "caption": entry.title,
        "button_text": _("Save"),
        "slug": entry.slug,
        "over": _seen(request, entry),
    }
    if request.method != "POST":
        form = forms.empty(
            contract_questions(), **(_contract_begun(entry.contract) if entry.contract else {})
        )
        return forms.show(request, form, words, template="desk/register/keep.html")
    form = forms.filled(contract_questions(), request.POST, utc_now())
    made = _contract_said(form)
    if made is None:
        return forms.show(request, form, words, template="desk/register/keep.html")
    changed = replace(entry, contract=made)
    try:
        _write(request, changed, words["over"])
    except technology.WrittenMeanwhile as refusal:
        return _meanwhile(request, form, words, changed, refusal)
    days = changed.renewal(local_day(utc_now()))
    messages.success(request, _("The contract is kept.") if days else _("It is kept."))
    return redirect("desk:technology", technology=entry.slug)
