"""Codes by email: the same words, and the same work, whether there is anything to open or not."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from vestry.design.kinds import Text
from vestry.design.pages import error_summary
from vestry.design.questions import Question, Wrong
from vestry.kernel import SYSTEM, Ref
from vestry.notify import api as notify
from vestry.people import api as people

UNPROCESSABLE = 422
ASKER = "codes-asker"


def question() -> Text:
    """What asks for the code."""
    name = _("the code from the email")
    return Text(id="code", ask=_("Enter your code"), name=name, width=10, autocomplete="one-time-code")


def send(request: HttpRequest, purpose: Ref, *, to: str, subject: str, now: datetime) -> None:
    """Send a code for a purpose to an email; with none, it is all done and undone, so that it takes as long.

    One connection gets five an hour for one purpose: past that nothing is sent, and nothing is said.
    """
    if people.wait_for(request, "codes.about", about=str(purpose), now=now) is not None:
        return
    asker = request.session.setdefault(ASKER, uuid.uuid4().hex)
    with transaction.atomic():
        code = people.new_code(purpose=purpose, asker=asker, now=now)
        if code:
            body = _(
                "Your code is %(code)s\n\nEnter it on the page where you asked for it, within 15 minutes. "
                "If you did not ask for a code, you do not need to do anything."
            )
            notify.send_code(
                to=to or "nobody@vestry.invalid",
                subject=subject,
                body=body % {"code": code},
                about=purpose,
                key=f"code:{uuid.uuid4().hex}",
                now=now,
                actor=SYSTEM,
            )
        if not to:
            transaction.set_rollback(True)


def fault(request: HttpRequest, purpose: Ref, *, typed: str, now: datetime) -> Wrong | None:
    """What is wrong with what was typed; None, once, for the code this browser asked for."""
    if not typed.strip():
        return Wrong(question().missing())
    asker = request.session.get(ASKER, "")
    if asker and people.check_code(purpose=purpose, code=typed, asker=asker, now=now):
        return None
    return Wrong(_("That code is not right, or it is too old. Check it, or get a new code"))


def ask(
    request: HttpRequest,
    page: str,
    asked: Question,
    typed: Any = "",
    wrong: Wrong | None = None,
    **words: Any,
) -> HttpResponse:
    """A page with one question: for the code, or for what a code or a link is sent to."""
    errors = error_summary([asked], {asked.id: wrong} if wrong else {})
    said = {"question": asked, "typed": typed, "wrong": wrong, "errors": errors, **words}
    response = render(request, f"public/{page}.html", said, status=UNPROCESSABLE if wrong else 200)
    add_never_cache_headers(response)
    return response
