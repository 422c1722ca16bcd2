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
    """The newest messages, in whatever state they are; with ``?show=failed``, those that did not arrive."""
    failed = request.GET.get("show") == "failed"
    words = {"sent": notify.sent(limit=100, failed=failed), "failed": failed, "demo": settings.DEMO}
    return render(request, "desk/messages.html", {**frame(request, here="messages"), **words})
