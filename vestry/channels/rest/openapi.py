"""The OpenAPI 3.1 document, made from the routes for one council's host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from vestry.channels.rest import problems
from vestry.channels.rest.bodies import Problem
from vestry.channels.rest.problems import Kind
from vestry.channels.rest.route import Parameter, Route
from vestry.channels.rest.routes import EVERYWHERE, ROUTES
from vestry.councils.api import CouncilView

# Raised by hand: the last number for a mended word, the middle one for something new, the first never; a
# change that breaks a client is another API, at another address.
VERSION = "1.4.0"
_COMPONENT = "#/components/schemas/{name}"


def document(council: CouncilView, origin: str) -> dict[str, Any]:
    """The whole document. ``origin`` is where the council is: ``https://council.example``."""
    contact = {"name": council.name, "url": f"{origin}/"}
    if council.contact_email:
        contact["email"] = council.contact_email
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("{council}: services").format(council=council.name),
            "version": VERSION,
            "description": _(
                "What people can do on the pages, a program can do here. Anybody’s: see what the council "
                "offers, send answers, follow what becomes of them. Those of officers’ systems, with a key "
                "from the council: read its cases and work them. A change that would break a program is made "
                "at another address; that this one ends is announced at least six months before."
            ),
            "contact": contact,
        },
        "servers": [{"url": f"{origin}/api/v1", "description": council.name}],
        "externalDocs": {"url": f"{origin}/api/v1/", "description": _("The same for people, with examples.")},
        "tags": [
            {"name": "services", "description": _("What the council offers.")},
            {"name": "submissions", "description": _("What was sent, and what became of it.")},
            {"name": "bookings", "description": _("What is free, holding it, and what is booked.")},
            {"name": "money", "description": _("What was paid and what goes back, for officers’ systems.")},
            {"name": "cases", "description": _("For officers’ systems: what came in, worked by programs.")},
        ],
        "paths": _paths(),
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _(
                        "The token that came with the submission. It opens that submission only."
                    ),
                },
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _(
                        "The key the council gave to your program. Each operation names the scope it needs."
                    ),
                },
            },
        },
    }


def schemas() -> dict[str, Any]:
    """The schema of every body, by name."""
    kinds = {Problem}
    for route in ROUTES:
        others = [kind for _means, kind in route.also.values()]
        kinds |= {kind for kind in (route.body, route.gives, *others) if isinstance(kind, type)}
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    _refs, components = msgspec.json.schema_components(ordered, ref_template=_COMPONENT)
    return _translated(dict(sorted(components.items())))


def _translated(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            name: _(inner) if name == "description" and isinstance(inner, str) else _translated(inner)
            for name, inner in part.items()
        }
    return [_translated(inner) for inner in part] if isinstance(part, list) else part


def schema_of(kind: Any) -> dict[str, Any]:
    """A reference to a body's schema, or the schema itself where it is no type."""
    if isinstance(kind, dict):
        return _translated(kind)
    return {"$ref": _COMPONENT.format(name=kind.__name__)}


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(f"/{route.path}", {})[route.method.lower()] = _operation(route)
    return paths


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": _(route.title),
        "description": _(route.description),
        "tags": [route.tag],
        "parameters": [_parameter(parameter) for parameter in route.parameters],
        "responses": {
            str(route.status): _answer(route),
            **{str(status): _also(*also) for status, also in route.also.items()},
            **dict(_problems(route.problems + EVERYWHERE)),
        },
    }
    if route.body:
        content = {"application/json": {"schema": schema_of(route.body)}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.takes_file:
        operation["requestBody"] = {"required": True, "content": {"*/*": {"schema": {}}}}
    if route.token:
        operation["security"] = [{"token": []}]
    if route.scope:
        operation["security"] = [{"key": [route.scope]}]
    return operation


def _parameter(parameter: Parameter) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": _(parameter.description),
        "schema": {"type": "string", **parameter.schema},
    }
    if parameter.example:
        said["example"] = parameter.example
    return said


def _also(means: str, kind: Any) -> dict[str, Any]:
    return {"description": _(means), "content": {"application/json": {"schema": schema_of(kind)}}}


def _answer(route: Route) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": _(route.title),
        "content": {"application/json": {"schema": schema_of(route.gives)}},
    }
    if route.headers:
        answer["headers"] = {
            header.name: {"description": _(header.description), "schema": {"type": "string"}}
            for header in route.headers
        }
    return answer


def _problems(kinds: Iterable[Kind]) -> Iterator[tuple[str, Any]]:
    ordered = sorted(kinds, key=lambda kind: kind.status)
    for status, group in groupby(ordered, key=lambda kind: kind.status):
        same = list(group)
        yield (
            str(status),
            {
                "description": " ".join(f"{_(kind.title)}. {_(kind.meaning)}" for kind in same),
                "content": {problems.CONTENT_TYPE: {"schema": schema_of(Problem)}},
            },
        )
