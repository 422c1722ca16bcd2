"""Reading a request: each reader gives what it says it does, or ends the request with a problem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, BinaryIO, TypeVar

import msgspec
from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext as _

from vestry.channels.rest import problems
from vestry.channels.rest.bodies import FieldError
from vestry.channels.rest.problems import Kind, Trouble, pointer

Body = TypeVar("Body")

# The longest answer people may write fits several times.
MOST_BYTES = 200_000
CHUNK = 65_536
# What is something around a file, and what a program says that says nothing.
_NO_FILES = {"", "application/json", "application/x-www-form-urlencoded", "multipart/form-data"}
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
        if "matching regex" in what:
            what = _("It must be something that can be read.")
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


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file that was sent, as a question finds it in a form that has nothing else in it."""

    question: str
    name: str
    file: BinaryIO

    def get(self, key: str, default: Any = None) -> Any:
        """No text is in it."""
        return default

    def getlist(self, key: str) -> list[Any]:
        """The file, for its question."""
        return [self] if key == self.question else []

    def __contains__(self, key: object) -> bool:
        return False


def file(request: HttpRequest, most: int) -> BinaryIO:
    """The body as a file on the disk, to be closed; at most ``most`` bytes."""
    if request.content_type in _NO_FILES:
        raise Trouble(kind=problems.NO_FILE)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        raise Trouble(kind=problems.TOO_LARGE)
    kept: BinaryIO = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    try:
        while chunk := request.read(CHUNK):
            kept.write(chunk)
    except UnreadablePostError:
        kept.close()
        raise Trouble(kind=problems.NO_FILE) from None
    return kept


def idempotency_key(request: HttpRequest) -> str:
    """The key, with or without the quotation marks the standard writes around it."""
    key = request.headers.get("Idempotency-Key", "").strip()
    quoted = _QUOTED.fullmatch(key)
    if quoted:
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    if not _KEY.fullmatch(key):
        raise Trouble(kind=problems.NO_KEY)
    return key


def token(request: HttpRequest, missing: Kind = problems.NO_TOKEN) -> str:
    """The bearer token; ``missing`` is the problem without one."""
    found = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if not found:
        raise Trouble(kind=missing, headers={"WWW-Authenticate": "Bearer"})
    return found[1]
