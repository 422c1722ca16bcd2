"""Two plain answers for whoever runs Vestry: is the process alive, and may it be sent requests?

They come before everything else, on any host name: a balancer asks by address, not as a council.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse


class HealthMiddleware:
    """Answers ``/healthz`` and ``/readyz``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return _plain("alive")
        if request.path == "/readyz":
            fault = _not_ready()
            return _plain(fault or "ready", status=503 if fault else 200)
        return self.get_response(request)


def _plain(words: str, status: int = 200) -> HttpResponse:
    answer = HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _not_ready() -> str:
    """Why no request should be sent here yet; nothing when all is well."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        return f"the database does not answer ({type(error).__name__})"
    return f"{len(missing)} migrations are waiting: run 'vestry migrate'" if missing else ""
