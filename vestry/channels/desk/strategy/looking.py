"""Looking at it: the picture on any day, one sentence, gaps, what changed, and all of it on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vestry.channels.desk.frame import frame
from vestry.channels.desk.strategy import drawing, written
from vestry.kernel import SYSTEM, Ref, local_day, mark, utc_now
from vestry.people import api as people
from vestry.people.api import may
from vestry.strategy import api as strategy

A_YEAR = timedelta(days=365)
LONG_AGO = date(1900, 1, 1)
# Of one layer, as many sentences as anybody reads on one page; a number of more digits is nonsense.
A_PAGE, TOO_LONG = 100, 9
# Of each kind of gap, as many as show what is meant.
A_FEW, REREAD = 10, "reread"
NOTHING = strategy.Hanging(by_layer={}, cases=0)
CHECKS: Mapping[str, str] = {
    "orphan": mark("No why"),
    "barren": mark("Promises with no work"),
    "skip": mark("Layers skipped without a reason"),
    "downward": mark("Links that lead down or across"),
    "circle": mark("Circles"),
    "empty": mark("Empty layers"),
    "words": mark("Words that do not grow going down"),
    "change": mark("Change that does not grow going down"),
    "long": mark("Too long for their layer"),
    "stale": mark("Not read again in time"),
    "restless": mark("Changed more often than their layer"),
    "twins": mark("Said twice"),
    "uncited": mark("Principles nobody goes by"),
    "everywhere": mark("Principles everything goes by"),
}


def day_asked(request: HttpRequest, name: str, otherwise: date) -> date:
    """A day from the address; the other one when there is none, when it is no day, or before any council."""
    try:
        asked = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return otherwise
    return max(asked, LONG_AGO)


def titles() -> dict[str, str]:
    """The names of the layers, in the reader's language where they are the usual ones."""
    return {layer.slug: _(layer.title) for layer in strategy.layers()}


def around(request: HttpRequest) -> dict[str, Any]:
    """What every page of the strategy has around it."""
    return {**frame(request, here="strategy"), "layers": strategy.layers(), "titles": titles()}


def looked(request: HttpRequest) -> tuple[strategy.Picture, date]:
    """The picture on the day asked for, and today."""
    today = local_day(utc_now())
    return strategy.picture(min(day_asked(request, "on", today), today)), today


def past_day(request: HttpRequest) -> date | None:
    """The day before today that is asked for; None for now."""
    today = local_day(utc_now())
    asked = day_asked(request, "on", today)
    return asked if asked < today else None


def as_of(then: date | None) -> str:
    """The part of an address that asks for a day before today; nothing for now."""
    return f"on={then.isoformat()}" if then else ""


def number_asked(request: HttpRequest, name: str) -> int:
    """A number from the address; 0 when there is none, or nonsense."""
    written = request.GET.get(name, "")
    return int(written) if written.isdecimal() and len(written) < TOO_LONG else 0


@may("strategy.read")
@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The picture: how many words each layer has, and how fast they change."""
    seen, today = looked(request)
    then = seen.day if seen.day < today else None
    there = f"{reverse('desk:strategy-words')}{'?' if then else ''}{as_of(then)}"
    links = {layer.slug: f"{there}#{layer.slug}" for layer in seen.layers}
    words = {
        **around(request),
        "picture": seen,
        "today": today,
        "earlier": (seen.day - A_YEAR).isoformat(),
        "later": min(seen.day + A_YEAR, today).isoformat() if seen.day < today else "",
        # Made by the drawing library from our own words, which it escapes.
        "svg": mark_safe(drawing.drawn(seen, titles(), links)),  # noqa: S308
        "links": links,
        "gaps": sum(seen.found.values()),
        "waiting": len(strategy.proposals()),
        "reread": strategy.to_reread()[1],
    }
    return render(request, "desk/strategy/picture.html", words)


@may("strategy.read")
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """Every sentence, layer by layer: the first of each, and all of one where it is asked for."""
    saying, only = request.GET.get("saying", "")[:100].replace("\x00", ""), request.GET.get("layer", "")
    wanted = [layer.slug for layer in strategy.layers() if only in {"", layer.slug}]
    asked: dict[str, Any] = {
        "saying": saying,
        "skip": number_asked(request, "skip") if only in wanted else 0,
        "on": past_day(request),
    }
    said = {layer: strategy.find(layer=layer, most=A_PAGE, **asked) for layer in wanted}
    words = {**around(request), "said": said, **asked, "as_of": as_of(asked["on"])}
    return render(request, "desk/strategy/words.html", words)


@may("strategy.read")
@require_safe
def statement(request: HttpRequest, statement: str) -> HttpResponse:
    """One sentence: why it is said, what it is for, and what it said before; now, or on a day."""
    then = past_day(request)
    about = _found(lambda: strategy.get_statement(statement))
    fan = strategy.what_for(statement, on=then)
    history = strategy.history(statement)
    below: dict[str, list[strategy.StatementView]] = {}
    for item in fan.below if fan else ():
        below.setdefault(item.layer, []).append(item)
    words = {
        **around(request),
        "about": about,
        "then": then,
        "stood": fan.about if fan else None,
        "as_of": as_of(then),
        "ladder_up": strategy.why(statement, on=then)[1:],
        "below": below,
        "hangs": fan.hangs if fan else NOTHING,
        "history": history,
        "names": {
            each.by: people.officer_name(Ref.read(each.by)) for each in history if each.by != str(SYSTEM)
        },
        # What can be done with it is done now.
        **({} if then else _to_do(about)),
    }
    return render(request, "desk/strategy/statement.html", words)


def _to_do(about: strategy.StatementView) -> dict[str, Any]:
    links = strategy.linked(about.slug)
    said = {each.slug: each.sentence for each in strategy.views([slug for slug, _how in links])}
    order = strategy.layers()
    deeper = [n + 1 for n, layer in enumerate(order) if layer.slug == about.layer and n + 1 < len(order)]
    return {
        "links": [
            {"parent": slug, "how": how, "reason": reason, "sentence": said.get(slug, slug)}
            for (slug, how), reason in links.items()
        ],
        "next_layer": order[deeper[0]] if deeper else None,
    }


@may("strategy.read")
@require_safe
def if_changed(request: HttpRequest, statement: str) -> HttpResponse:
    """What would be read again, hang otherwise or lose its why, before anything is done."""
    about = _found(lambda: strategy.get_statement(statement))
    words = {
        **around(request),
        "seen": strategy.if_changed(about.slug, now=utc_now()),
        "teams": {team.slug: team.title for team in people.teams()},
    }
    return render(request, "desk/strategy/if.html", words)


@may("strategy.read")
@require_safe
def thing(request: HttpRequest, kind: str, thing: str) -> HttpResponse:
    """What hangs in by itself: why it is there, and what uses it; now, or on a day."""
    name, then = f"{kind}:{thing}", past_day(request)
    fan = strategy.what_for(name, on=then)
    if fan is None:
        raise Http404
    up = strategy.why(name, on=then)[1:]
    users = set(strategy.users(name, on=then))
    words = {
        **around(request),
        "about": fan.about,
        "then": then,
        "as_of": as_of(then),
        "ladder_up": [each for each in up if each.slug not in users],
        "used_by": [each for each in up if each.slug in users],
        "cases": fan.hangs.cases,
    }
    return render(request, "desk/strategy/thing.html", words)


def _found(look: Callable[[], strategy.StatementView]) -> strategy.StatementView:
    try:
        return look()
    except strategy.NoSuchStatement:
        raise Http404 from None


@may("strategy.read")
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Where the shape is wrong: the first of each kind, or all of one where it is asked for."""
    today, only, skip = local_day(utc_now()), request.GET.get("check", ""), number_asked(request, "skip")
    numbers = strategy.picture(today).found
    shown = [check for check in CHECKS if numbers.get(check) and only in {"", check}]
    one, most = bool(only), A_PAGE if only else A_FEW
    skip = skip if one else 0
    reread, to_reread = strategy.to_reread(skip=skip if only == REREAD else 0, most=most)
    words = {
        **around(request),
        "found": {check: strategy.gaps(today, check=check, skip=skip, most=most) for check in shown},
        "numbers": numbers,
        "kinds": {check: _(kind) for check, kind in CHECKS.items()},
        "skip": skip,
        "only": only,
        "reread": reread if only in {"", REREAD} else [],
        "to_reread": to_reread,
    }
    return render(request, "desk/strategy/gaps.html", words)


@may("strategy.read")
@require_safe
def changed(request: HttpRequest) -> HttpResponse:
    """What was different between two days."""
    today = local_day(utc_now())
    until = min(day_asked(request, "until", today), today)
    since = min(day_asked(request, "since", until - A_YEAR), until)
    by_layer: dict[str, list[strategy.Difference]] = {}
    for each in strategy.between(since, until):
        by_layer.setdefault(each.layer, []).append(each)
    words = {**around(request), "since": since, "until": until, "by_layer": by_layer}
    return render(request, "desk/strategy/changed.html", words)


@may("strategy.read")
@require_safe
def one_page(request: HttpRequest) -> HttpResponse:
    """The strategy on one page, to print."""
    return render(request, "desk/strategy/one_page.html", {**around(request), **written.sheet()})


@may("strategy.read")
@require_safe
def file(request: HttpRequest, view: str, ending: str) -> HttpResponse:
    """The strategy, or one of its views, as a file."""
    make = written.FILES.get((view, ending))
    if make is None:
        raise Http404
    today = local_day(utc_now())
    days = {name: day_asked(request, name, today) for name in ("on", "until")}
    days = {name: min(day, today) for name, day in days.items()}
    days["since"] = min(day_asked(request, "since", days["until"] - A_YEAR), days["until"])
    asked = written.Asked(of=request.GET.get("of", "").replace("\x00", ""), now=utc_now(), **days)
    try:
        body, content_type = make(asked)
    except strategy.NoSuchStatement:
        raise Http404 from None
    response = HttpResponse(body, content_type=content_type)
    named = f"{view}-{asked.on.isoformat()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{named}"'
    return response
