"""Facts that are stuck: what follows from them waits for a person."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vestry.channels.desk.frame import frame
from vestry.kernel import utc_now
from vestry.ledger import api as ledger
from vestry.people.api import may

# What the database can hold as a number of a row.
LARGEST = 2**63 - 1


@may("ledger.parked")
@require_safe
def parked(request: HttpRequest) -> HttpResponse:
    """What waits, why, and how many wait behind it."""
    return render(request, "desk/parked.html", {**frame(request, here="parked"), "parked": ledger.parked()})


@may("ledger.parked")
@require_POST
def try_again(request: HttpRequest, parked: int) -> HttpResponse:
    """Let the worker try one again. One that is no longer waiting needs nothing."""
    if parked > LARGEST:
        raise Http404
    try:
        ledger.try_again(parked_id=parked, now=utc_now())
    except ledger.NotParked:
        messages.success(request, _("It is no longer waiting."))
    else:
        messages.success(request, _("It will be tried again in a moment."))
    return redirect("desk:parked")
