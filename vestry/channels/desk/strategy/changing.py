"""Changing it: new words, new statements, links, and what ends; each shown before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vestry.channels.desk import forms
from vestry.channels.desk.strategy.flow import LONGEST, UNPROCESSABLE, Asked, go_on, of_statement
from vestry.channels.desk.strategy.looking import around, titles
from vestry.design.kinds import LongText, Radios, Select, Text
from vestry.design.pages import error_summary
from vestry.design.questions import Question
from vestry.design.shown import said
from vestry.kernel import Refused, utc_now
from vestry.people import api as people
from vestry.people.api import may
from vestry.strategy import api as strategy

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
# As many as can be looked through; the search finds the others.
OFFERED = 12
NOBODY = "-"


@may("strategy.propose")
@reads_and_posts
@of_statement
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Other words for a statement."""
    about = _standing(slug)
    return go_on(
        request,
        Asked(
            title=_("Change what it says"),
            layer=about.layer,
            questions=[_sentence_question()],
            change=lambda answers: strategy.Change(
                kind=strategy.REWORD, slug=slug, sentence=answers["sentence"]
            ),
            about=about,
            begin={"sentence": about.sentence},
        ),
    )


def _sentence_question() -> LongText:
    ask, name = _("What should it say?"), _("what it should say")
    return LongText(id="sentence", ask=ask, name=name, max=LONGEST, rows=4)


def _standing(slug: str) -> strategy.StatementView:
    about = strategy.get_statement(slug)
    if about.ended_on:
        raise strategy.NoSuchStatement
    return about


@may("strategy.propose")
@reads_and_posts
def add(request: HttpRequest) -> HttpResponse:
    """A new statement, under one above it."""
    known = {layer.slug: layer for layer in strategy.layers()}
    under = request.GET.get("under", "")
    chosen = request.POST.get("layer") or request.GET.get("layer") or list(known)[-1]
    layer = chosen if chosen in known else list(known)[-1]
    teams = {team.slug: team.title for team in people.teams()}
    questions: list[Question] = [
        Select(id="layer", ask=_("In which layer?"), name=_("the layer"), options=titles()),
        LongText(
            id="sentence", ask=_("What should it say?"), name=_("what it should say"), max=LONGEST, rows=4
        ),
        Select(
            id="owner",
            ask=_("Which team looks after it?"),
            name=_("the team"),
            options={NOBODY: _("None"), **teams},
        ),
        *_parent_questions(request, _above(layer), under),
    ]

    def change(answers: Mapping[str, Any]) -> strategy.Change:
        parent = answers.get("parent")
        return strategy.Change(
            kind=strategy.ADD,
            slug=strategy.name_for(answers["sentence"]),
            layer=answers["layer"],
            sentence=answers["sentence"],
            serves={parent: answers["because"] or ""} if parent else {},
            owner="" if answers["owner"] == NOBODY else answers["owner"],
        )

    begin = {"layer": layer, "owner": NOBODY} | ({"parent": under} if under else {})
    asked = Asked(
        title=_("Add to the strategy"),
        layer=layer,
        questions=questions,
        change=change,
        begin=_known(begin, questions),
        searches=True,
    )
    try:
        return go_on(request, asked)
    except Refused as refusal:
        words = {**around(request), "sentence": said(refusal), "slug": ""}
        return render(request, "desk/strategy/refused.html", words, status=409)


def _known(begin: Mapping[str, Any], questions: list[Question]) -> Mapping[str, Any]:
    """What a form begins with, of the questions it has."""
    ids = {question.id for question in questions}
    return {id_: answer for id_, answer in begin.items() if id_ in ids}


def _above(layer: str) -> list[str]:
    """The layers above one, the nearest first."""
    slugs = [each.slug for each in strategy.layers()]
    return slugs[: slugs.index(layer)][::-1]


def _parent_questions(
    request: HttpRequest, layers: list[str], first: str = "", but: str = ""
) -> list[Question]:
    """Which statement above, out of those that say what was searched for; none at the top."""
    if not layers:
        return []
    searched = request.POST.get("find", "")
    options: dict[str, str] = {}
    for slug in filter(None, [first, request.POST.get("parent", "")]):
        try:
            options[slug] = _standing(slug).sentence
        except strategy.NoSuchStatement:
            continue
    for layer in layers:
        found, _number = strategy.find(layer=layer, saying=searched, most=OFFERED)
        for each in found:
            if len(options) < OFFERED and each.slug != but:
                options.setdefault(each.slug, each.sentence)
    if not options:
        return []
    return [
        Text(
            id="find",
            ask=_("Find what it should serve, by a word of it"),
            hint=_("Only if it is not in the list below."),
            optional=True,
            max=100,
        ),
        Radios(id="parent", ask=_("What does it serve?"), name=_("what it serves"), options=options),
        Text(
            id="because",
            ask=_("If it skips a layer, why?"),
            name=_("why it skips a layer"),
            optional=True,
            max=300,
        ),
    ]


@may("strategy.propose")
@reads_and_posts
@of_statement
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a statement out of the strategy."""
    about = _standing(slug)
    return go_on(
        request,
        Asked(
            title=_("Take it out of the strategy"),
            layer=about.layer,
            questions=[],
            change=lambda answers: strategy.Change(kind=strategy.END, slug=slug),
            about=about,
        ),
    )


@may("strategy.propose")
@reads_and_posts
@of_statement
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a statement serve, or be guided by, one above it."""
    about = _standing(slug)
    how = Radios(
        id="how",
        ask=_("How are they linked?"),
        name=_("how they are linked"),
        options={
            strategy.SERVES: _("It serves it: that is why it is done"),
            strategy.GUIDED: _("It is guided by it: that is how it is done"),
        },
    )
    parents = _parent_questions(request, _above(about.layer), but=slug)
    if not parents:
        raise strategy.NotAbove
    return go_on(
        request,
        Asked(
            title=_("Link it to something above it"),
            layer=about.layer,
            questions=[how, *parents],
            change=lambda answers: strategy.Change(
                kind=strategy.LINK,
                slug=slug,
                parent=answers["parent"],
                how=answers["how"],
                because=answers["because"] or "",
            ),
            about=about,
            begin={"how": strategy.SERVES},
            searches=True,
        ),
    )


@may("strategy.propose")
@reads_and_posts
@of_statement
def unlink(request: HttpRequest, slug: str, parent: str, how: str) -> HttpResponse:
    """Take a link away."""
    about, other = _standing(slug), strategy.get_statement(parent)
    linked = strategy.linked(slug)
    if (parent, how) not in linked:
        raise strategy.NoSuchStatement
    return go_on(
        request,
        Asked(
            title=_("Take away the link to “%(other)s”") % {"other": other.sentence},
            layer=about.layer,
            questions=[],
            change=lambda answers: strategy.Change(kind=strategy.UNLINK, slug=slug, parent=parent, how=how),
            about=about,
        ),
    )


@may("strategy.propose")
@require_POST
@of_statement
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """It was read again, and stays as it is."""
    strategy.confirm(officer=request.officer, slug=slug, now=utc_now())
    messages.success(request, _("Noted that it was read again and stays as it is."))
    return redirect("desk:strategy-statement", statement=slug)


@may("strategy.read")
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a decision."""
    waiting = strategy.proposals()
    words = {**around(request), "proposals": waiting, "names": _names(waiting)}
    return render(request, "desk/strategy/proposals.html", words)


def _names(waiting: list[strategy.ProposalView]) -> Mapping[Any, str]:
    return {each.by: people.officer_name(each.by) for each in waiting}


@may("strategy.change")
@reads_and_posts
@of_statement
def decide(request: HttpRequest, slug: str, proposal: int) -> HttpResponse:
    """Accept a proposal, or decline it and say why."""
    now = utc_now()
    waiting = strategy.get_proposal(slug=slug, number=proposal)
    questions = [
        LongText(
            id="answer",
            ask=_("What do you answer?"),
            name=_("your answer"),
            max=LONGEST,
            rows=3,
            optional=True,
        ),
        Text(id="decided", ask=_("Where was this decided?"), optional=True, max=200),
    ]
    words = {**around(request), "proposal": waiting, "names": _names([waiting])}
    words |= _foreseen(request, waiting)
    if request.method != "POST":
        words |= {"form": forms.empty(questions), "errors": []}
        return render(request, "desk/strategy/decide.html", words)
    form = forms.filled(questions, request.POST, now)
    if not form.wrongs:
        try:
            strategy.decide(
                officer=request.officer,
                slug=slug,
                number=proposal,
                accept="accept" in request.POST,
                answer=form.answers["answer"] or "",
                decided_in=form.answers["decided"] or "",
                now=now,
            )
        except strategy.NoAnswer as refusal:
            form.refuse("answer", said(refusal))
        else:
            messages.success(request, _("Decided."))
            return redirect("desk:strategy-proposals")
    words |= {"form": form, "errors": error_summary(questions, form.wrongs)}
    return render(request, "desk/strategy/decide.html", words, status=UNPROCESSABLE)


def _foreseen(request: HttpRequest, waiting: strategy.ProposalView) -> dict[str, Any]:
    """What accepting it would do; or why that can't be done as things stand by now."""
    decides = strategy.may_decide(request.officer, waiting)
    parents = [*waiting.change.serves, *filter(None, [waiting.change.parent])]
    told = {"decides": decides, "sentences": _sentences(parents)}
    try:
        saving = strategy.before_saving(officer=request.officer, change=waiting.change, now=utc_now())
    except Refused as refusal:
        return {**told, "saving": None, "hindered": said(refusal)}
    return {**told, "saving": saving, "hindered": ""}


def _sentences(slugs: list[str]) -> list[str]:
    found = []
    for slug in slugs:
        try:
            found.append(strategy.get_statement(slug).sentence)
        except strategy.NoSuchStatement:
            found.append(slug)
    return found
