"""The table of the API. The addresses, the OpenAPI document and its page are all made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from vestry.channels.rest import bodies, endpoints, problems
from vestry.channels.rest.problems import Kind
from vestry.kernel import mark


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """Something beside the body that a request says."""

    name: str
    place: str
    """``path`` or ``header``."""
    description: str
    example: str


@dataclass(frozen=True, kw_only=True)
class Route:
    """One thing that can be done at one address."""

    method: str
    path: str
    name: str
    title: str
    description: str
    call: Callable[..., endpoints.Reply]
    parameters: tuple[Parameter, ...] = ()
    body: type[msgspec.Struct] | None = None
    status: int = 200
    gives: Any
    """The type of the answer."""
    headers: tuple[Parameter, ...] = ()
    """What the answer's headers say."""
    problems: tuple[Kind, ...] = ()
    """Beside those that any request may meet."""
    token: bool = False
    """Whether a bearer token is needed."""
    any_origin: bool = False
    """Whether pages of other sites may read it (CORS); and whether caches may keep it."""


EVERYWHERE = (problems.NOT_ACCEPTABLE, problems.BROKEN)

SERVICE = Parameter(
    name="service",
    place="path",
    description=mark("The service’s name, from the catalogue."),
    example="missed-bin",
)
REFERENCE = Parameter(
    name="reference",
    place="path",
    description=mark("The reference from the submission."),
    example="MB-7K3N-9QFA",
)
KEY = Parameter(
    name="Idempotency-Key",
    place="header",
    description=mark(
        "A key of your own for this submission, such as a UUID. Send the same key again when you do not know "
        "whether a submission arrived: it is taken once, and the answer is the same."
    ),
    example="8e03978e-40d5-43dd-bc93-6894a57f9324",
)
LOCATION = Parameter(
    name="Location", place="header", description=mark("Where to ask how it stands."), example=""
)
REPLAYED = Parameter(
    name="Idempotency-Replayed",
    place="header",
    description=mark("“true” when this submission had been taken before."),
    example="true",
)

# A schema is any JSON Schema; what every one of ours has is said here.
QUESTIONS_SCHEMA = {
    "type": "object",
    "description": mark("A JSON Schema (2020-12) of the answers."),
    "required": ["$schema", "title", "type", "properties", "required"],
    "properties": {
        "$schema": {"const": "https://json-schema.org/draft/2020-12/schema"},
        "title": {"type": "string"},
        "type": {"const": "object"},
        "properties": {"type": "object", "additionalProperties": {"type": "object"}},
        "required": {"type": "array", "items": {"type": "string"}},
    },
}

ROUTES = (
    Route(
        method="GET",
        path="services",
        name="catalogue",
        title=mark("The catalogue"),
        description=mark("Everything the council offers, in the latest version."),
        call=endpoints.catalogue,
        gives=bodies.Catalogue,
        any_origin=True,
    ),
    Route(
        method="GET",
        path="services/{service}",
        name="service",
        title=mark("One service"),
        description=mark("What the catalogue says of one service."),
        call=endpoints.service,
        parameters=(SERVICE,),
        gives=bodies.Service,
        problems=(problems.NOT_FOUND,),
        any_origin=True,
    ),
    Route(
        method="GET",
        path="services/{service}/questions",
        name="questions",
        title=mark("What a service asks"),
        description=mark(
            "A JSON Schema (2020-12) of the answers that can be sent. Which questions apply may depend on "
            "other answers; a submission is told when one is missing or too many."
        ),
        call=endpoints.questions,
        parameters=(SERVICE,),
        gives=QUESTIONS_SCHEMA,
        problems=(problems.NOT_FOUND,),
        any_origin=True,
    ),
    Route(
        method="POST",
        path="services/{service}/submissions",
        name="submit",
        title=mark("Send answers"),
        description=mark(
            "Sends all answers at once, by the same rules as the pages for people: what the pages refuse is "
            "refused here, with the same sentence."
        ),
        call=endpoints.submit,
        parameters=(SERVICE, KEY),
        body=bodies.Submission,
        status=201,
        gives=bodies.Receipt,
        headers=(LOCATION, REPLAYED),
        problems=(
            problems.MALFORMED,
            problems.NO_KEY,
            problems.NOT_FOUND,
            problems.TOO_LARGE,
            problems.NOT_JSON,
            problems.NOT_TAKEN,
            problems.KEY_REUSED,
        ),
    ),
    Route(
        method="GET",
        path="submissions/{reference}",
        name="status",
        title=mark("How a submission stands"),
        description=mark(
            "What the resident may know: where it stands, what happens next and by when. The token from the "
            "submission opens it; anything else gets the same answer as a reference that never was."
        ),
        call=endpoints.status,
        parameters=(REFERENCE,),
        gives=bodies.Status,
        problems=(problems.NO_TOKEN, problems.NOT_FOUND),
        token=True,
    ),
)
