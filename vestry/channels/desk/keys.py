"""Keys of the programs of officers' systems: for whoever looks after Vestry, and for who leads a team."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vestry.channels.desk import forms
from vestry.channels.desk.forms import Filled
from vestry.channels.desk.frame import frame
from vestry.channels.desk.work import reads_and_posts
from vestry.design.kinds import Checkboxes, Date, Radios, Select, Text
from vestry.design.questions import Question
from vestry.design.shown import said
from vestry.kernel import local_day, utc_now
from vestry.people import api as people
from vestry.people.api import may

COUNCIL = "-"
LONGEST_NAME = 60


@may("programs.keys")
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of programs: what each may, until when, and when it was used."""
    today, theirs = local_day(utc_now()), _theirs(request.officer)
    good = [key for key in theirs if key.taken_back_at is None and today <= key.expires]
    words = {
        "good": [_line(key) for key in good],
        "ended": [_line(key) for key in theirs if key not in good],
    }
    return render(request, "desk/keys.html", {**frame(request, here="keys"), **words})


def _theirs(officer: people.OfficerView) -> list[people.KeyView]:
    """Those that reach no further than the officer does."""
    mine = people.reach(officer, "programs.keys")
    return [key for key in people.client_keys() if mine.every or all(one.team in mine for one in key.held)]


def _line(key: people.KeyView) -> dict[str, Any]:
    titles = {team.slug: team.title for team in people.teams()}
    held = sorted(key.held, key=lambda one: (one.team, one.role))
    return {
        "key": key,
        "held": [
            _("%(role)s in %(team)s") % {"role": one.role, "team": titles.get(one.team, one.team)}
            if one.team
            else _("%(role)s for the whole council") % {"role": one.role}
            for one in held
        ],
        "may": [_(people.PERMISSIONS[scope].sentence) for scope in sorted(key.scopes)],
    }


@may("programs.keys")
@reads_and_posts
def new(request: HttpRequest) -> HttpResponse:
    """Make a key; it is shown this once."""
    questions = _questions(request.officer)
    words = {
        **frame(request, here="keys"),
        "caption": _("Programs"),
        "title": _("Make a key for a program"),
        "button_text": _("Make the key"),
        "back": "desk:keys",
    }
    if request.method != "POST":
        return forms.show(request, forms.empty(questions), words)
    now = utc_now()
    form = forms.filled(questions, request.POST, now)
    token = _made(form, request.officer, now) if not form.wrongs else ""
    if form.wrongs:
        return forms.show(request, form, words)
    words |= {"token": token, "client": form.answers["client"], "expires": form.answers["expires"]}
    return render(request, "desk/key_made.html", words)


def _questions(officer: people.OfficerView) -> tuple[Question, ...]:
    mine = people.reach(officer, "programs.keys")
    teams = {team.slug: team.title for team in people.teams() if team.slug in mine}
    if mine.every:
        teams[COUNCIL] = _("The whole council")
    # Whoever may not read a case finds nothing to do anything with.
    able = people.PERMISSIONS["cases.read"].roles
    return (
        Text(
            id="client",
            ask=_("What is the program called?"),
            name=_("what the program is called"),
            hint=_(
                "Letters, digits and hyphens, such as crew-tablets. Cases show what it did under this name."
            ),
            max=LONGEST_NAME,
        ),
        Radios(
            id="role",
            ask=_("As what does it act?"),
            name=_("as what it acts"),
            options={
                role: f"{role}: {_(sentence)}" for role, sentence in people.ROLES.items() if role in able
            },
        ),
        Select(id="team", ask=_("For which team?"), name=_("the team"), options=teams),
        Checkboxes(
            id="scopes",
            ask=_("What may it do?"),
            name=_("what it may do"),
            hint=_("Of what its role may. Without the first it finds nothing to do anything with."),
            options={
                scope: f"{_(permission.sentence)} ({scope})"
                for scope, permission in people.PERMISSIONS.items()
                if scope in people.SCOPES
            },
        ),
        Date(
            id="expires",
            ask=_("Until which day is it good?"),
            name=_("the last day"),
            hint=_("Two years from now at the latest."),
            earliest="today",
        ),
    )


def _made(form: Filled, officer: people.OfficerView, now: datetime) -> str:
    """The key; empty when it could not be made, and the form says why."""
    said_of = form.answers
    team = "" if said_of["team"] == COUNCIL else said_of["team"]
    try:
        return people.new_key(
            client=said_of["client"],
            held=[people.Held(said_of["role"], team)],
            scopes=said_of["scopes"],
            expires=date.fromisoformat(said_of["expires"]),
            now=now,
            actor=officer.ref,
            form=form.key,
        )
    except people.NotAKey as refused:
        form.refuse(refused.words["about"], refused.words["why"])
    except people.KeyMadeAlready as refused:
        form.refuse("client", said(refused))
    return ""


@may("programs.keys")
@require_POST
def end(request: HttpRequest, prefix: str) -> HttpResponse:
    """From now on a key opens nothing."""
    found = next((key for key in _theirs(request.officer) if key.prefix == prefix), None)
    if found is None:
        raise Http404
    # Ended already, it may be by the same button pressed twice, it needs nothing.
    with suppress(people.NoSuchKey):
        people.take_key_back(prefix=prefix, now=utc_now(), actor=request.officer.ref)
    messages.success(request, _("The key of %(program)s opens nothing any more.") % {"program": found.client})
    return redirect("desk:keys")
