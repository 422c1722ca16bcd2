"""What is put on record of addresses that open nothing: so many from one connection, and no more."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest

from vestry.kernel import utc_now
from vestry.people import api as people
from vestry.services import api as services


def state(request: HttpRequest, what: Literal["journey", "link", "payment"]) -> None:
    """Put on record that somebody came by such an address, alike whether it never was or is not theirs."""
    now = utc_now()
    if people.wait_for(request, "refusals.stated", now=now) is None:
        services.state_refusal(what=what, now=now)
