"""What can go wrong, told as problem+json (RFC 9457). The table here is also what the documentation says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vestry.channels.rest.bodies import FieldError, Problem
from vestry.kernel import mark

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of problem."""

    slug: str
    status: int
    title: str
    meaning: str


MALFORMED = Kind(
    slug="malformed-json",
    status=400,
    title=mark("The body is not JSON"),
    meaning=mark("The body could not be read as JSON in UTF-8. The detail says where it went wrong."),
)
NO_KEY = Kind(
    slug="idempotency-key",
    status=400,
    title=mark("The Idempotency-Key is missing or cannot be used"),
    meaning=mark("Every submission needs a key of its own, such as a UUID, of 16 to 255 characters."),
)
NO_TOKEN = Kind(
    slug="no-token",
    status=401,
    title=mark("A token is needed"),
    meaning=mark("Send the token that came with the submission: Authorization: Bearer …"),
)
NOT_FOUND = Kind(
    slug="not-found",
    status=404,
    title=mark("There is nothing here"),
    meaning=mark("Nothing is at this address, or it is not yours to see. Both get the same answer."),
)
WRONG_METHOD = Kind(
    slug="method-not-allowed",
    status=405,
    title=mark("That cannot be done here"),
    meaning=mark("The address is right, the method is not. The Allow header says what can be done."),
)
NOT_ACCEPTABLE = Kind(
    slug="not-acceptable",
    status=406,
    title=mark("The answer would be JSON"),
    meaning=mark("The Accept header leaves out application/json, and there is nothing else to give."),
)
TOO_LARGE = Kind(
    slug="too-large",
    status=413,
    title=mark("The body is too large"),
    meaning=mark("A submission has at most 200,000 bytes."),
)
NOT_JSON = Kind(
    slug="unsupported-media-type",
    status=415,
    title=mark("The body must be JSON"),
    meaning=mark("Send Content-Type: application/json."),
)
NOT_TAKEN = Kind(
    slug="answers-not-taken",
    status=422,
    title=mark("The answers cannot be taken"),
    meaning=mark("Each field that is wrong is in errors. The page for people would say the same."),
)
KEY_REUSED = Kind(
    slug="idempotency-key-reused",
    status=422,
    title=mark("This Idempotency-Key was used for something else"),
    meaning=mark(
        "The same key came with another body, or for another service. Use a new key for each submission."
    ),
)
BROKEN = Kind(
    slug="broken",
    status=500,
    title=mark("Something broke on our side"),
    meaning=mark("Nothing was changed. Try again with the same Idempotency-Key."),
)
KINDS = (
    MALFORMED,
    NO_KEY,
    NO_TOKEN,
    NOT_FOUND,
    WRONG_METHOD,
    NOT_ACCEPTABLE,
    TOO_LARGE,
    NOT_JSON,
    NOT_TAKEN,
    KEY_REUSED,
    BROKEN,
)


@dataclass(kw_only=True)
class Trouble(Exception):
    """Ends an endpoint with a problem. Without a detail, the kind's meaning is told."""

    kind: Kind
    detail: str = ""
    errors: Sequence[FieldError] = ()
    headers: dict[str, str] = field(default_factory=dict)


def pointer(*parts: str) -> str:
    """A JSON Pointer."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def told(trouble: Trouble, request: HttpRequest) -> HttpResponse:
    """The answer that tells it."""
    kind = trouble.kind
    problem = Problem(
        type=request.build_absolute_uri(f"/api/v1/#{kind.slug}"),
        title=_(kind.title),
        status=kind.status,
        detail=trouble.detail or _(kind.meaning),
        errors=list(trouble.errors),
    )
    return HttpResponse(
        msgspec.json.encode(problem),
        status=kind.status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **trouble.headers},
    )
