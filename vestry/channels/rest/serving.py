"""From a row of the routes to a view: method, answer, and every fault told as a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from vestry.channels.rest import clients, problems, reading
from vestry.channels.rest.problems import Trouble
from vestry.channels.rest.route import Route
from vestry.people.api import public

log = structlog.get_logger()

# What the catalogue says changes when somebody publishes; a minute late does no harm.
KEPT = "public, max-age=60"


def view_of(routes: Mapping[str, Route]) -> Callable[..., HttpResponse]:
    """The view of one address, by method. It reads no cookie, so there is no forgery to guard against."""
    any_origin = all(route.any_origin for route in routes.values())

    @public
    @csrf_exempt
    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        response = _answer(request, routes, parts)
        if any_origin:
            response["Access-Control-Allow-Origin"] = "*"
        return response

    return view


@public
@csrf_exempt
def nowhere(request: HttpRequest, **parts: str) -> HttpResponse:
    """Any address of the API that isn't one."""
    return problems.told(Trouble(kind=problems.NOT_FOUND), request)


def _answer(request: HttpRequest, routes: Mapping[str, Route], parts: Mapping[str, str]) -> HttpResponse:
    allowed = ", ".join(sorted({*routes, "OPTIONS", *(["HEAD"] if "GET" in routes else [])}))
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": allowed, "Access-Control-Allow-Methods": allowed})
    route = routes.get("GET" if request.method == "HEAD" else request.method or "")
    try:
        if route is None:
            raise Trouble(kind=problems.WRONG_METHOD, headers={"Allow": allowed})
        reading.check_accepts_json(request)
        if route.scope:
            clients.let_in(request, route.scope)
        # Nothing is called so; and of some of it a database cannot even be asked.
        if not all(part.isprintable() for part in parts.values()):
            raise Trouble(kind=problems.NOT_FOUND)
        return _made(route, route.call(request, **parts))
    except Trouble as trouble:
        if route and route.scope:
            clients.record(request, route.name, trouble.kind)
        return problems.told(trouble, request)
    except Exception as fault:  # noqa: BLE001 - a machine is told as a machine, whatever broke
        # As Django's own handling does, so that whoever listens for faults hears of this one.
        got_request_exception.send(sender=view_of, request=request)
        # Its kind only: the text of an exception may quote a person.
        log.error("api_failed", council=request.council.slug, error=type(fault).__name__)  # noqa: TRY400
        return broken(fault, request)


def broken(fault: BaseException | None, request: HttpRequest) -> HttpResponse:
    """The answer for a fault of ours. A database that is away is started again, more often than not."""
    if isinstance(fault, OperationalError | InterfaceError):
        return problems.told(Trouble(kind=problems.AWAY, headers={"Retry-After": "5"}), request)
    return problems.told(Trouble(kind=problems.BROKEN), request)


def _made(route: Route, reply: Any) -> HttpResponse:
    return HttpResponse(
        msgspec.json.encode(reply.body),
        status=reply.status or route.status,
        content_type="application/json",
        headers={"Cache-Control": KEPT if route.any_origin else "no-store", **reply.headers},
    )
