"""Everything of mine: one page over all services, for whoever shows by a code that a mailbox is theirs.

Nobody needs it: every service, and every status page, works without. It is open for half an hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vestry.cases import api as cases
from vestry.channels.public import codes, refusals
from vestry.channels.public.methods import reads_and_posts
from vestry.design.kinds import Email
from vestry.design.questions import Asking, Wrong
from vestry.kernel import Ref, utc_now
from vestry.people import api as people
from vestry.people.api import limited, public
from vestry.services import api as services

# Where a browser's session keeps whose mailbox it wants to show.
ASKED = "account-asked"


def _purpose(email: str) -> Ref:
    whose = salted_hmac("public.account", email.strip().casefold(), algorithm="sha256").hexdigest()
    return Ref("account", whose)


def _email_question() -> Email:
    hint = _("Use the one you gave us before. We will send a code to it.")
    return Email(id="email", ask=_("What is your email address?"), hint=hint)


@public
@reads_and_posts
@limited("codes.ask")
def account(request: HttpRequest) -> HttpResponse:
    """Everything of theirs; of somebody not signed in, ask for the email."""
    now = utc_now()
    email = people.resident_email(request, now=now)
    if request.method != "POST":
        return _mine(request, email) if email else codes.ask(request, "account", _email_question())
    question = _email_question()
    typed = question.read(request.POST)
    try:
        given = question.clean(typed, Asking(now=now, said={}))
    except Wrong as wrong:
        return codes.ask(request, "account", question, typed, wrong)
    known = bool(services.mailbox(email=given, now=now))
    subject = _("Your code for %(council)s") % {"council": request.council.name}
    codes.send(request, _purpose(given), to=given if known else "", subject=subject, now=now)
    request.session[ASKED] = given
    if not request.user.is_authenticated:
        request.session.set_expiry(0)
    return redirect("public:account-code")


@public
@reads_and_posts
@limited("codes.try")
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    email, now = request.session.get(ASKED, ""), utc_now()
    if not email:
        return redirect("public:account")
    if request.method != "POST":
        return codes.ask(request, "account_code", codes.question(), email=email)
    wrong = codes.fault(request, _purpose(email), typed=request.POST.get("code", ""), now=now)
    if wrong:
        return codes.ask(request, "account_code", codes.question(), "", wrong, email=email)
    people.sign_resident_in(request, email=email, now=now)
    request.session.pop(ASKED, None)
    return redirect("public:account")


@public
@require_POST
def go_on(request: HttpRequest, journey: str) -> HttpResponse:
    """Go on with something they saved."""
    now = utc_now()
    email = people.resident_email(request, now=now)
    if not email:
        return redirect("public:account")
    try:
        opened = services.reopen(email=email, journey=journey, now=now)
    except services.NoSuchJourney:
        refusals.state(request, "journey")
        raise Http404 from None
    return redirect("public:journey", slug=opened.service, token=opened.token)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget in this browser what it had opened."""
    people.sign_resident_out(request)
    return redirect("public:home")


def _mine(request: HttpRequest, email: str) -> HttpResponse:
    mine = services.mailbox(email=email, now=utc_now())
    words = {"email": email, "unfinished": mine.unfinished, "sent": list(_standing(mine.sent))}
    response = render(request, "public/account_mine.html", words)
    add_never_cache_headers(response)
    return response


def _standing(sent: tuple[services.Submitted, ...]) -> Iterator[dict[str, Any]]:
    for each in sent:
        try:
            standing = cases.next_step(reference=each.reference) if each.ref.kind == "case" else None
        except cases.NoSuchCase:
            standing = None
        yield {"sent": each, "standing": standing}
