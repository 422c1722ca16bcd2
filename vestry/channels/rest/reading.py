"""Reading a request: each reader gives what it says it does, or ends the request with a problem."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext as _

from vestry.channels.rest import problems
from vestry.channels.rest.bodies import FieldError
from vestry.channels.rest.problems import Trouble, pointer

Body = TypeVar("Body")

# The longest answer people may write fits several times.
MOST_BYTES = 200_000
# No question's answer is nested deeper than an address in a list; what is may be meant to exhaust a stack.
DEEPEST = 10
# Nobody signs in here, so keys of strangers share one space: a short one would meet another's.
_KEY = re.compile(r"[ -~]{16,255}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_BEARER = re.compile(r"bearer +([!-~]+)", re.IGNORECASE)
_PLACE = re.compile(r" - at `\$(.*)`$")


def check_accepts_json(request: HttpRequest) -> None:
    """Refuse to answer somebody who can't read JSON."""
    if not any(map(request.accepts, ("application/json", problems.CONTENT_TYPE))):
        raise Trouble(kind=problems.NOT_ACCEPTABLE)


def body(request: HttpRequest, kind: type[Body]) -> Body:
    """The body, as its type says."""
    if request.content_type != "application/json":
        raise Trouble(kind=problems.NOT_JSON)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise Trouble(kind=problems.TOO_LARGE)
    try:
        value = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        detail = _("The body could not be read as JSON: {what}.").format(what=error)
        raise Trouble(kind=problems.MALFORMED, detail=detail) from None
    except (RecursionError, UnreadablePostError):
        raise Trouble(kind=problems.MALFORMED) from None
    _check_plain(value)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        what = str(error)
        place = _PLACE.search(what)
        parts = re.findall(r"\w+", place[1]) if place else []
        errors = [FieldError(pointer=pointer(*parts), detail=_PLACE.sub("", what))]
        raise Trouble(kind=problems.NOT_TAKEN, errors=errors) from None


def _check_plain(value: Any) -> None:
    """Refuse what no answer is made of: endless nesting, and the one character that can't be stored."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(value, ())]
    while waiting:
        part, path = waiting.pop()
        what = ""
        if len(path) > DEEPEST:
            what = _("This is nested too deep: at most {most} levels.").format(most=DEEPEST)
        elif isinstance(part, str) and "\x00" in part:
            what = _("The character U+0000 cannot be stored.")
        elif isinstance(part, dict):
            waiting += [(inner, (*path, name)) for name, inner in part.items()]
        elif isinstance(part, list):
            waiting += [(inner, (*path, str(number))) for number, inner in enumerate(part)]
        if what:
            raise Trouble(kind=problems.NOT_TAKEN, errors=[FieldError(pointer=pointer(*path), detail=what)])


def idempotency_key(request: HttpRequest) -> str:
    """The key, with or without the quotation marks the standard writes around it."""
    key = request.headers.get("Idempotency-Key", "").strip()
    quoted = _QUOTED.fullmatch(key)
    if quoted:
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    if not _KEY.fullmatch(key):
        raise Trouble(kind=problems.NO_KEY)
    return key


def token(request: HttpRequest) -> str:
    """The bearer token."""
    found = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if not found:
        raise Trouble(kind=problems.NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})
    return found[1]
