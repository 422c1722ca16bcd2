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
    meaning=mark("Everything sent needs a key of its own, such as a UUID, of 16 to 255 characters."),
)
NO_TOKEN = Kind(
    slug="no-token",
    status=401,
    title=mark("A token is needed"),
    meaning=mark("Send the token that came with the submission: Authorization: Bearer …"),
)
NO_CLIENT_KEY = Kind(
    slug="key-needed",
    status=401,
    title=mark("A key is needed"),
    meaning=mark("Send the key the council gave you: Authorization: Bearer vestry_…"),
)
BAD_CLIENT_KEY = Kind(
    slug="key-not-valid",
    status=401,
    title=mark("This key opens nothing"),
    meaning=mark("This key is not one of ours, or it was taken back. Ask the council for a new one."),
)
KEY_EXPIRED = Kind(
    slug="key-expired",
    status=401,
    title=mark("This key is too old"),
    meaning=mark("Every key has a last day. The detail says which it was. Ask the council for a new one."),
)
NO_SCOPE = Kind(
    slug="no-scope",
    status=403,
    title=mark("This key may not do this"),
    meaning=mark("The detail names the scope it would need. Ask the council for a key that has it."),
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
BAD_QUERY = Kind(
    slug="query",
    status=400,
    title=mark("The query cannot be understood"),
    meaning=mark("Something after the question mark of the address is wrong. The detail says what."),
)
NOT_NOW = Kind(
    slug="not-now",
    status=409,
    title=mark("This cannot be done with the case now"),
    meaning=mark("The detail says why, as the page for officers would. The case lists what can be done."),
)
NOT_FREE = Kind(
    slug="not-free",
    status=409,
    title=mark("This time cannot be had, or not any more"),
    meaning=mark("Somebody was faster, or it has ended. The detail says which. Choose another time."),
)
CHANGED = Kind(
    slug="changed",
    status=412,
    title=mark("It has changed since you read it"),
    meaning=mark(
        "The If-Match header names something that is no longer so, and nothing was done. Read it again, see "
        "whether you still want this, and send it with the new ETag."
    ),
)
NOT_REFUNDABLE = Kind(
    slug="not-refundable",
    status=409,
    title=mark("So much cannot be refunded"),
    meaning=mark(
        "No money came in with this payment, all of it went back, or it is less. The detail says how much."
    ),
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
    meaning=mark("A body has at most 200,000 bytes; a file, 20,000,000."),
)
NOT_JSON = Kind(
    slug="unsupported-media-type",
    status=415,
    title=mark("The body must be JSON"),
    meaning=mark("Send Content-Type: application/json."),
)
NO_FILE = Kind(
    slug="file-expected",
    status=415,
    title=mark("The body must be the file"),
    meaning=mark(
        "Send the file itself, with no form around it, and its type: Content-Type: image/jpeg, or "
        "application/octet-stream."
    ),
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
        "The same key came with another body, or for another address. Use a new key for each thing you send."
    ),
)
TOO_MANY = Kind(
    slug="too-many-requests",
    status=429,
    title=mark("Too many requests"),
    meaning=mark(
        "Too many submissions or files came from this address. The Retry-After header says when to go on."
    ),
)
BROKEN = Kind(
    slug="broken",
    status=500,
    title=mark("Something broke on our side"),
    meaning=mark("Nothing was changed. Try again with the same Idempotency-Key."),
)
AWAY = Kind(
    slug="not-available",
    status=503,
    title=mark("The service is being started again"),
    meaning=mark(
        "Try again with the same Idempotency-Key when the Retry-After header says. If it was taken, "
        "it is taken once."
    ),
)
KINDS = (
    MALFORMED,
    NO_KEY,
    BAD_QUERY,
    NO_TOKEN,
    NO_CLIENT_KEY,
    BAD_CLIENT_KEY,
    KEY_EXPIRED,
    NO_SCOPE,
    NOT_FOUND,
    WRONG_METHOD,
    NOT_ACCEPTABLE,
    NOT_NOW,
    NOT_FREE,
    CHANGED,
    NOT_REFUNDABLE,
    TOO_LARGE,
    NOT_JSON,
    NO_FILE,
    NOT_TAKEN,
    KEY_REUSED,
    TOO_MANY,
    BROKEN,
    AWAY,
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
