"""The register of technologies, as everybody may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vestry.kernel import local_day, mark, utc_now
from vestry.people.api import public
from vestry.technology import api as technology

View = Callable[..., HttpResponse]
FILES: Mapping[str, tuple[Callable[..., str], str]] = {
    "csv": (technology.as_csv, "text/csv; charset=utf-8"),
    "json": (technology.as_json, "application/json"),
}
VERDICTS: Mapping[str, str] = {
    "met": mark("Met"),
    "partly": mark("Partly met"),
    "not-met": mark("Not met"),
    "not-known": mark("Not known"),
    "not-applicable": mark("Does not apply"),
}


def called() -> dict[str, Any]:
    """What principles and verdicts are called."""
    return {
        "titles": {slug: _(title) for slug, title in technology.rubrics().titles.items()},
        "verdict_words": VERDICTS,
    }


def where_shown(view: View) -> View:
    """A page that is there only where the council wants its register read by everybody."""

    @wraps(view)
    def guarded(request: HttpRequest, **words: Any) -> HttpResponse:
        if "technologies" not in request.council.shows:
            raise Http404
        return view(request, **words)

    return guarded


@public
@require_safe
@where_shown
def register(request: HttpRequest) -> HttpResponse:
    """What the council buys, renews and builds, and how each stands: the words, never what is open."""
    stands = sorted(technology.stands(local_day(utc_now())), key=lambda each: each.entry.title)
    words = {
        "stands": [(each, each.entry.renewal(each.day)) for each in stands],
        **called(),
    }
    return render(request, "public/technologies.html", words)


@public
@require_safe
@where_shown
def file(request: HttpRequest, ending: str) -> HttpResponse:
    """The register as a file: csv, json."""
    if ending not in FILES:
        raise Http404
    make, content_type = FILES[ending]
    return HttpResponse(make(technology.stands(local_day(utc_now()))), content_type=content_type)
