"""What the API says of itself: the OpenAPI document, and the page that shows it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from vestry.channels.rest import examples, openapi, problems, reading
from vestry.channels.rest.problems import Trouble
from vestry.channels.rest.route import Route
from vestry.channels.rest.routes import EVERYWHERE, ROUTES
from vestry.people.api import public
from vestry.services import api as services


@public
@csrf_exempt
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of this council's host."""
    if request.method not in {"GET", "HEAD"}:
        return problems.told(Trouble(kind=problems.WRONG_METHOD, headers={"Allow": "GET, HEAD"}), request)
    return HttpResponse(
        msgspec.json.encode(openapi.document(request.council, origin(request))),
        content_type="application/json",
        headers={"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"},
    )


def origin(request: HttpRequest) -> str:
    """Where the council is: ``https://council.example``."""
    return request.build_absolute_uri("/").rstrip("/")


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The API, for people to read."""
    schemas = openapi.schemas()
    return render(
        request,
        "rest/about.html",
        {
            "routes": [_shown(route, request) for route in ROUTES],
            "types": [(name, schema, list(_fields(schema))) for name, schema in schemas.items()],
            "problems": problems.KINDS,
            "tries": list(_tries(request)),
            "most_bytes": f"{reading.MOST_BYTES:,}",
        },
    )


def _shown(route: Route, request: HttpRequest) -> dict[str, Any]:
    return {
        "name": route.name,
        "title": _(route.title),
        "method": route.method,
        "path": f"/api/v1/{route.path}",
        "description": _(route.description),
        "parameters": route.parameters,
        "token": route.token,
        "scope": route.scope,
        "body": route.body.__name__ if route.body else "",
        "takes_file": route.takes_file,
        "status": route.status,
        "also": {status: kind.__name__ for status, (_means, kind) in route.also.items()},
        "gives": route.gives.__name__ if isinstance(route.gives, type) else "",
        "problems": sorted(route.problems + EVERYWHERE, key=lambda kind: kind.status),
    }


def _fields(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The fields of a type as the page shows them."""
    for name, part in schema["properties"].items():
        kind, link = _kind(part)
        yield {
            "name": name,
            "kind": kind,
            "link": link,
            "optional": name not in schema.get("required", ()),
            "description": part.get("description", ""),
        }


def _kind(part: dict[str, Any]) -> tuple[str, str]:
    """What a value is, in words, and the type it leads to."""
    if "anyOf" in part:
        kind, link = _kind(part["anyOf"][0])
        return _("{kind}, or null").format(kind=kind), link
    if "$ref" in part:
        return "", part["$ref"].rpartition("/")[2]
    if part.get("type") == "array":
        _kind_of_item, link = _kind(part["items"])
        return _("list of"), link
    words = {
        "string": _("text"),
        "integer": _("number"),
        "boolean": _("true or false"),
        "object": _("object"),
        "date": _("date"),
        "date-time": _("date and time"),
        "uri": _("address"),
    }
    # One of a few words has no type of its own.
    return words[part.get("format") or part.get("type", "string")], ""


def _file_tries(base: str, slugs: list[str]) -> Iterator[tuple[str, str]]:
    """How a file is uploaded, where any service asks for one."""
    for slug in slugs:
        for question in services.file_questions(slug):
            address = f"{base}{reverse('rest:files', args=[slug])}?question={question}&name=letter.pdf"
            label = _("Upload a file for a question; its answer is then a list of the ids")
            yield label, examples.post_file(address, "letter.pdf", "application/pdf")
            return


def _tries(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Commands to copy, each with what it does."""
    base = origin(request)
    yield _("See what there is"), examples.get(base + reverse("rest:catalogue"))
    offered = [(view.slug, services.questions_schema(view.slug)) for view in services.catalogue()]
    if not offered:
        return
    slug, schema = next((pair for pair in offered if examples.can_be_sent(pair[1])), offered[0])
    yield _("See what a service asks"), examples.get(base + reverse("rest:questions", args=[slug]))
    yield from _file_tries(base, [slug for slug, _schema in offered])
    sent = {"answers": examples.answers(schema)}
    key = str(uuid.uuid4())
    yield _("Send answers"), examples.post(base + reverse("rest:submit", args=[slug]), key, sent)
    status = f"{base}/api/v1/submissions/$REFERENCE"
    yield _("Ask how it stands, with reference and token from the answer"), examples.get_with_token(status)
