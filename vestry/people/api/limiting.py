"""What is limited, at the door. The table is in `people.limits`."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from vestry.kernel import utc_now
from vestry.people.limits import LIMITS, over

View = Callable[..., HttpResponse]
TOO_MANY = 429


def wait_for(
    request: HttpRequest, what: str, *, about: str = "", many: int = 1, now: datetime
) -> timedelta | None:
    """Count ``many``, and say how long to wait when it was too many; None when it was not.

    ``about``: counted for that alone. KeyError for what has no limit.
    """
    return over(request, what, about=about, many=many, now=now)


def seconds(wait: timedelta) -> str:
    """For the header ``Retry-After``."""
    return str(math.ceil(wait.total_seconds()))


def limited(what: str) -> Callable[[View], View]:
    """Limit how often one address may post to a page; reading it is never limited."""
    if what not in LIMITS:
        raise KeyError(what)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            wait = over(request, what, now=utc_now()) if request.method == "POST" else None
            return view(request, *args, **kwargs) if wait is None else too_many(request, wait)

        return guarded

    return guard


def too_many(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """The page that says how long to wait."""
    response = render(request, "429.html", {"wait": wait}, status=TOO_MANY)
    response["Retry-After"] = seconds(wait)
    add_never_cache_headers(response)
    return response
