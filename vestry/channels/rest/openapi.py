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
from vestry.channels.rest.routes import EVERYWHERE, ROUTES, Parameter, Route
from vestry.councils.api import CouncilView

# Raised by hand: the last number for a mended word, the middle one for something new, the first never; a
# change that breaks a client is another API, at another address.
VERSION = "1.0.0"
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
                "What a resident can do on the pages, a program can do here: see what the council offers, "
                "send answers, follow what becomes of them."
            ),
            "contact": contact,
        },
        "servers": [{"url": f"{origin}/api/v1", "description": council.name}],
        "externalDocs": {"url": f"{origin}/api/v1/", "description": _("The same for people, with examples.")},
        "tags": [
            {"name": "services", "description": _("What the council offers.")},
            {"name": "submissions", "description": _("What was sent, and what became of it.")},
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
                }
            },
        },
    }


def schemas() -> dict[str, Any]:
    """The schema of every body, by name."""
    kinds = {Problem}
    for route in ROUTES:
        kinds |= {kind for kind in (route.body, route.gives) if isinstance(kind, type)}
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
        "tags": ["submissions" if route.name in {"submit", "status"} else "services"],
        "parameters": [_parameter(parameter) for parameter in route.parameters],
        "responses": {str(route.status): _answer(route), **dict(_problems(route.problems + EVERYWHERE))},
    }
    if route.body:
        content = {"application/json": {"schema": schema_of(route.body)}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.token:
        operation["security"] = [{"token": []}]
    return operation


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.place == "header":
        schema |= {"minLength": 16, "maxLength": 255}
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": True,
        "description": _(parameter.description),
        "schema": schema,
        "example": parameter.example,
    }


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
