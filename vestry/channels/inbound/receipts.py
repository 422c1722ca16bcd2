"""What became of an email, from whoever carries it."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from vestry.kernel import Refused, utc_now
from vestry.notify import api as notify
from vestry.people.api import public

log = structlog.get_logger()

# A receipt has ten short fields.
MOST_BYTES = 20_000
NOT_FOUND, UNAUTHORIZED, BAD_REQUEST = 404, 401, 400


@public
@csrf_exempt
@require_POST
def email_receipt(request: HttpRequest) -> HttpResponse:
    """Take a receipt. One about nothing of ours gets the same answer as any other: it is not sent again.

    It shows who it is by the token agreed on, and reads no cookie, so there is no forgery to guard against.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return _refused(request, BAD_REQUEST, "TooLarge")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        notify.take_receipt(
            token=token.strip() if scheme.lower() == "bearer" else "", body=request.body, now=utc_now()
        )
    except notify.NoReceipts as refused:
        return _refused(request, NOT_FOUND, type(refused).__name__)
    except notify.NotFromThem as refused:
        return _refused(request, UNAUTHORIZED, type(refused).__name__)
    except Refused as refused:
        return _refused(request, BAD_REQUEST, type(refused).__name__)
    return HttpResponse(status=204)


def _refused(request: HttpRequest, status: int, why: str) -> HttpResponse:
    log.warning("receipt_refused", council=request.council.slug, why=why)
    headers = {"WWW-Authenticate": "Bearer"} if status == UNAUTHORIZED else {}
    return HttpResponse(status=status, headers=headers)
