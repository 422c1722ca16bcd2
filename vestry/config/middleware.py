"""What stands around every request."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound

from vestry.councils import api as councils

log = structlog.get_logger()

# Answers, not faults: Django makes a page of each.
NOT_BROKEN = (Http404, PermissionDenied, SuspiciousOperation)


class CouncilMiddleware:
    """The council comes from the host name; everything inside runs in its scope.

    A host that is nobody's gets a bare answer: there is no council whose page it could be.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        council = councils.council_for_host(request.get_host())
        if council is None:
            return HttpResponseNotFound("No council answers to this address.\n", content_type="text/plain")
        request.council = council
        with councils.scope(council):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Log what broke, by kind and place; the message of an exception may quote a person."""
        if isinstance(exception, NOT_BROKEN):
            return
        place = exception.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        log.error(
            "page_failed",
            council=request.council.slug,
            view=request.resolver_match.view_name if request.resolver_match else "",
            error=type(exception).__name__,
            file=place.tb_frame.f_code.co_filename.rsplit("/", 2)[-1] if place else "",
            line=place.tb_lineno if place else 0,
        )
