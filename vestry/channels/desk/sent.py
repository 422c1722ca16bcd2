"""The messages that were sent: proof that they went, and in the demo the mailbox they went to."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vestry.channels.desk.frame import frame
from vestry.notify import api as notify
from vestry.people.api import may


@may("notify.sent")
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """The newest messages, in whatever state they are."""
    words = {"sent": notify.sent(limit=100), "demo": settings.DEMO}
    return render(request, "desk/messages.html", {**frame(request, here="messages"), **words})
