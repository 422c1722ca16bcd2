"""Pages for when something is wrong. The words are in `design`'s error templates."""

from __future__ import annotations

import sys

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vestry.channels.rest import serving
from vestry.config.logs import told

log = structlog.get_logger()


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same page for what isn't there and what isn't yours."""
    return render(request, "design/errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for you, and you may know it."""
    return render(request, "design/errors/403.html", status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not sent from one of our pages, or from one too old."""
    return render(request, "design/errors/400.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request no browser makes."""
    return render(request, "design/errors/400.html", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault, in a page or in what stands around it. The only place that hears of both, so it logs."""
    fault = sys.exc_info()[1]
    log.error(
        "page_failed",
        council=request.council.slug if hasattr(request, "council") else "",
        view=request.resolver_match.view_name if request.resolver_match else "",
        **(told(fault) if fault else {}),
    )
    if request.path.startswith("/api/"):
        return serving.broken(fault, request)
    if isinstance(fault, (OperationalError, InterfaceError)):
        # The database is being started again, more often than not: the same request may do in a moment.
        response = render(request, "design/errors/503.html", status=503)
        response["Retry-After"] = "5"
        return response
    return render(request, "design/errors/500.html", status=500)
