"""Nothing is done to what has changed since it was read: ETag and If-Match (RFC 9110, 8.8.3 and 13.1.1)."""

from __future__ import annotations

import hashlib
import re
from typing import TypeVar

import msgspec
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vestry.channels.rest import problems
from vestry.channels.rest.problems import Trouble

_TAG = re.compile(r'(W/)?("[!#-~]*")')

Tagged = TypeVar("Tagged", bound=msgspec.Struct)


def tagged(body: Tagged) -> Tagged:
    """The body with its own ``etag``: another one as soon as anything that it says is different."""
    said = msgspec.json.encode(msgspec.structs.replace(body, etag=""))
    return msgspec.structs.replace(body, etag=f'"{hashlib.sha256(said).hexdigest()[:32]}"')


def asked(request: HttpRequest) -> bool:
    """Whether a request minds what it changes."""
    return "If-Match" in request.headers


def check(request: HttpRequest, etag: str) -> None:
    """Go on only where the request means what is there now, or does not mind."""
    if not asked(request):
        return
    meant = request.headers["If-Match"].strip()
    tags = _TAG.findall(meant)
    if meant == "*" or etag in {tag for weak, tag in tags if not weak}:
        return
    detail = ""
    if not tags:
        detail = _("If-Match takes an ETag, with its quotation marks, or an asterisk.")
    elif all(weak for weak, _tag in tags):
        detail = _("If-Match takes no weak ETag, as something on the way made it: send the etag of the body.")
    raise Trouble(kind=problems.CHANGED, detail=detail)
