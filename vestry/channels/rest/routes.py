"""The table of the API. The addresses, the OpenAPI document and its page are all made from it."""

from __future__ import annotations

from vestry.channels.rest import bodies, endpoints, problems
from vestry.channels.rest.booking_routes import BOOKING_ROUTES
from vestry.channels.rest.case_routes import CASE_ROUTES
from vestry.channels.rest.money_routes import MONEY_ROUTES
from vestry.channels.rest.route import Parameter, Route
from vestry.channels.rest.waiting_routes import WAITING_ROUTES
from vestry.kernel import mark

EVERYWHERE = (problems.NOT_ACCEPTABLE, problems.BROKEN, problems.AWAY)

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
SENDING = Parameter(
    name="id", place="path", description=mark("The id from the first answer."), example="4711"
)
KEY = Parameter(
    name="Idempotency-Key",
    place="header",
    description=mark(
        "A key of your own for this submission, such as a UUID. Send the same key again when you do not know "
        "whether a submission arrived: it is taken once, and the answer is the same."
    ),
    example="8e03978e-40d5-43dd-bc93-6894a57f9324",
    schema={"minLength": 16, "maxLength": 255},
)
QUESTION = Parameter(
    name="question",
    place="query",
    description=mark("The id of the question the file is for. Which kinds and sizes may come depends on it."),
    example="evidence",
)
FILE_NAME = Parameter(
    name="name",
    place="query",
    description=mark("What the file is called, as an officer will see it."),
    example="letter.pdf",
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
        tag="services",
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
        tag="services",
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
        tag="services",
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
        path="services/{service}/files",
        name="files",
        tag="submissions",
        title=mark("Upload a file"),
        description=mark(
            "Takes in a file for a question that asks for one, by the same rules as the page. The answer to "
            "the question is then a list of the ids. Send the file itself as the body. What is in no "
            "submission within a day is deleted. The id is all that opens the file to a submission, so keep "
            "it to yourself; nobody can read the file with it."
        ),
        call=endpoints.take_file,
        parameters=(SERVICE, QUESTION, FILE_NAME),
        takes_file=True,
        status=201,
        gives=bodies.File,
        problems=(
            problems.BAD_QUERY,
            problems.NOT_FOUND,
            problems.TOO_LARGE,
            problems.NO_FILE,
            problems.NOT_TAKEN,
            problems.TOO_MANY,
        ),
    ),
    Route(
        method="POST",
        path="services/{service}/submissions",
        name="submit",
        tag="submissions",
        title=mark("Send answers"),
        description=mark(
            "Sends all answers at once, by the same rules as the pages for people: what the pages refuse is "
            "refused here, with the same sentence. Where a person has to pay first, the answer is 202 and "
            "names the page where they pay: give it to them. It is sent by itself once they have paid."
        ),
        call=endpoints.submit,
        parameters=(SERVICE, KEY),
        body=bodies.Submission,
        status=201,
        gives=bodies.Receipt,
        also={202: (mark("A person has to pay before it is sent."), bodies.Sending)},
        headers=(LOCATION, REPLAYED),
        problems=(
            problems.MALFORMED,
            problems.NO_KEY,
            problems.NOT_FOUND,
            problems.TOO_LARGE,
            problems.NOT_JSON,
            problems.NOT_TAKEN,
            problems.KEY_REUSED,
            problems.TOO_MANY,
        ),
    ),
    Route(
        method="GET",
        path="submissions/{reference}",
        name="status",
        tag="submissions",
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
    Route(
        method="GET",
        path="sending/{id}",
        name="sending",
        tag="submissions",
        title=mark("Whether a submission that has to be paid for was sent"),
        description=mark(
            "202 while a person has to pay, or chooses again; 200 with the reference once it was sent. The "
            "token from the first answer opens it; anything else gets the same answer as one that never was."
        ),
        call=endpoints.sending,
        parameters=(SENDING,),
        gives=bodies.Receipt,
        also={202: (mark("It was not sent yet."), bodies.Sending)},
        problems=(problems.NO_TOKEN, problems.NOT_FOUND),
        token=True,
    ),
    *BOOKING_ROUTES,
    *WAITING_ROUTES,
    *CASE_ROUTES,
    *MONEY_ROUTES,
)
