"""What became of a payment, from whoever takes it for us."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from vestry.kernel import utc_now
from vestry.pay import api as pay
from vestry.people.api import public

log = structlog.get_logger()

# A notice repeats the whole payment; theirs stay far below this.
MOST_BYTES = 50_000
BAD_REQUEST, UNAUTHORIZED, UNAVAILABLE = 400, 401, 503


@public
@csrf_exempt
@require_POST
def payment_notice(request: HttpRequest) -> HttpResponse:
    """Take a notice. One about nothing of ours gets the same answer as any other: it is not sent again.

    It shows who it is by its signature, and reads no cookie, so there is no forgery to guard against.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return _refused(request, BAD_REQUEST, "TooLarge")
    try:
        pay.taken(signature=request.headers.get("Pay-Signature", ""), body=request.body, now=utc_now())
    except pay.NotFromThem as refused:
        return _refused(request, UNAUTHORIZED, type(refused).__name__)
    except pay.NotANotice as refused:
        return _refused(request, BAD_REQUEST, type(refused).__name__)
    except pay.Unreachable as refused:
        # They send it again; the worker would ask all the same.
        return _refused(request, UNAVAILABLE, type(refused).__name__)
    return HttpResponse(status=204)


def _refused(request: HttpRequest, status: int, why: str) -> HttpResponse:
    log.warning("payment_notice_refused", council=request.council.slug, why=why)
    return HttpResponse(status=status)
