"""What stands around every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from vestry.councils import api as councils


class ZipMiddleware(GZipMiddleware):
    """Zips answers, except one with an ETag: it would be a weak one then, and If-Match takes none."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Zip what may be zipped."""
        return response if response.has_header("ETag") else super().process_response(request, response)


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
