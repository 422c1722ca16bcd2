"""Programs with a key: who asks, whether they may, and that what they ask is done once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

import structlog
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vestry.channels.rest import problems, reading
from vestry.channels.rest.problems import Kind, Trouble
from vestry.channels.rest.replies import Reply
from vestry.design.shown import said
from vestry.kernel import utc_now
from vestry.people import api as people

log = structlog.get_logger()

# What a client that works as it should never meets: somebody may want to know.
RECORDED = frozenset(
    {problems.NO_SCOPE, problems.NOT_FOUND, problems.NOT_NOW, problems.NOT_REFUNDABLE, problems.KEY_REUSED}
)


def let_in(request: HttpRequest, scope: str) -> None:
    """Find out whose key it is; endpoints find the client as ``request.client``."""
    token = reading.token(request, problems.NO_CLIENT_KEY)
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    try:
        request.client = people.client_of(token=token, now=utc_now())
    except people.BadKey:
        raise Trouble(kind=problems.BAD_CLIENT_KEY, headers=challenge) from None
    except people.KeyExpired as expired:
        raise Trouble(kind=problems.KEY_EXPIRED, detail=said(expired), headers=challenge) from None
    if not people.allowed(request.client, scope):
        raise Trouble(
            kind=problems.NO_SCOPE,
            detail=_("This key may not do this. It needs the scope {scope}.").format(scope=scope),
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
        )


def record(request: HttpRequest, address: str, kind: Kind) -> None:
    """Keep that somebody was refused; in the ledger where it is known which client it was."""
    client = getattr(request, "client", None)
    name = client.name if client else ""
    log.warning("api_refused", council=request.council.slug, address=address, problem=kind.slug, client=name)
    if client and kind in RECORDED:
        people.state_refusal(client=client, address=address, problem=kind.slug, now=utc_now())


def once(request: HttpRequest, do: Callable[[str, datetime], None], gives: Callable[[], object]) -> Reply:
    """Do something once for the request's Idempotency-Key; ``do`` is given a key of its own to pass on."""
    key, now, client = reading.idempotency_key(request), utc_now(), getattr(request, "client", None)
    asked = b"\n".join((str(request.method).encode(), request.path.encode(), request.body))
    try:
        with people.once(client=client, key=key, said=asked, now=now) as before:
            if not before:
                do(key_of(request), now)
    except people.KeyReused:
        raise Trouble(kind=problems.KEY_REUSED) from None
    headers = {"Idempotency-Key": request.headers["Idempotency-Key"]}
    if before:
        headers["Idempotency-Replayed"] = "true"
    return Reply(body=gives(), headers=headers)


def key_of(request: HttpRequest) -> str:
    """The request's Idempotency-Key as the rooms take it: theirs are short, and it is nobody else's."""
    client = getattr(request, "client", None)
    key = reading.idempotency_key(request)
    return hashlib.sha256(f"{client.name if client else ''}:{key}".encode()).hexdigest()[:32]
