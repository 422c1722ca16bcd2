"""Lists in pages: the query of one, checked, and the links from page to page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from vestry.channels.rest import problems
from vestry.channels.rest.problems import Trouble
from vestry.channels.rest.route import Parameter
from vestry.kernel import mark

PAGE, MOST = 100, 200

LIMIT = Parameter(
    name="limit",
    place="query",
    description=mark("How many on a page."),
    example="50",
    schema={"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
)
AFTER = Parameter(
    name="after",
    place="query",
    description=mark("Where the page begins. Only the link to a next page knows it."),
    example="",
)
LINK = Parameter(
    name="Link",
    place="header",
    description=mark("The first page and, where there is one, the next (RFC 8288)."),
    example="",
)


def asked(request: HttpRequest, known: Mapping[str, str]) -> dict[str, Any]:
    """The query, checked, with ``limit`` and ``after``. ``known`` are its words, each with what it is unsaid.

    A misspelt word would show more than was asked for, so it is refused.
    """
    known = {**known, "after": "", "limit": str(PAGE)}
    for name in request.GET:
        if name not in known:
            raise wrong(name, _("There is no such word. There are: {words}.").format(words=", ".join(known)))
    said: dict[str, Any] = {name: request.GET.get(name, plain) for name, plain in known.items()}
    for name, value in said.items():
        if not value.isprintable():
            raise wrong(name, _("This cannot be looked for."))
    return {**said, "limit": number("limit", said["limit"], 1, MOST), "after": _place(said["after"])}


def number(name: str, written: str, least: int, most: int) -> int:
    """A whole number within its bounds."""
    fits = written.isascii() and written.isdecimal() and len(written) <= len(str(most))
    if not (fits and least <= int(written) <= most):
        raise wrong(name, _("It is a number from {least} to {most}.").format(least=least, most=most))
    return int(written)


def one_of(name: str, value: str, words: tuple[str, ...]) -> None:
    """Refuse a word that is none of these."""
    if value not in words:
        raise wrong(name, _("It is one of: {words}.").format(words=", ".join(words)))


def moment(name: str, written: str) -> datetime | None:
    """A moment with its offset; None for nothing."""
    if not written:
        return None
    try:
        found = parse_datetime(written)
        if found is not None and found.tzinfo is not None:
            return datetime.fromtimestamp(found.timestamp(), found.tzinfo)
    except (ValueError, OverflowError, OSError):
        pass
    raise wrong(name, _("It is a date and time with its offset, such as 2026-11-23T09:30:00Z."))


def _place(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise no_place() from None


def no_place() -> Trouble:
    """The list has no such place."""
    return wrong("after", _("This is not a place in the list. Go on by a link from a page before."))


def wrong(name: str, sentence: str) -> Trouble:
    """What is wrong with a word of the query."""
    return Trouble(kind=problems.BAD_QUERY, detail=f"{name}: {sentence}")


def onwards(request: HttpRequest, after: str, **as_asked: str) -> tuple[str | None, dict[str, str]]:
    """The address of the next page, None where ``after`` is empty, and the header that leads there.

    ``as_asked`` are words of the query that the next page has to be asked with, though this one was not.
    """
    first = request.build_absolute_uri(request.path)
    kept = {name: value for name, value in request.GET.items() if name != "after"}
    links = [f'<{first}{"?" if kept else ""}{urlencode(kept)}>; rel="first"']
    following = None
    if after:
        cursor = base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")
        following = f"{first}?{urlencode({**kept, **as_asked, 'after': cursor})}"
        links.append(f'<{following}>; rel="next"')
    return following, {"Link": ", ".join(links)}
