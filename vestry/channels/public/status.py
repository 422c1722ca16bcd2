"""Where it stands: a resident sees what happened to what they sent, and answers.

1. They type their reference. Whether it is one of ours or not, the next page is the same: if it is, a code is
   sent to the email address given with it.
2. Six digits, five tries, a quarter of an hour (`people.api`), for the browser that asked and no other.
   Opening a link sends no code and uses none up.
3. The right code opens that one reference, in that one browser, on that one council's host, for an hour.
   Whoever has shown that the mailbox is theirs (`account`) needs no further code.

A service whose information class asks for no code opens without one. What was erased has no email left to
send a code to, and nobody's details to hide: its reference alone leads to the day on which that was done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from vestry.cases import api as cases
from vestry.channels.public import codes, standing
from vestry.channels.public.methods import reads_and_posts
from vestry.design.kinds import Text
from vestry.design.questions import Wrong
from vestry.information import api as information
from vestry.kernel import Ref, local_day, tidy_reference, utc_now
from vestry.people import api as people
from vestry.people.api import limited, public
from vestry.services import api as services

OPEN_FOR = timedelta(hours=1)
# Where a browser's session keeps which reference was asked for, and which are open until when.
ASKED, OPENED = "status-asked", "status-open"


def _purpose(reference: str) -> Ref:
    return Ref("status", reference)


def _reference_question() -> Text:
    hint = _("It is on the page that said we have received it, and looks like MB-7K3N-9QFA.")
    return Text(
        id="reference", ask=_("What is your reference number?"), hint=hint, width=10, autocomplete="off"
    )


@public
@reads_and_posts
@limited("codes.ask")
def status(request: HttpRequest) -> HttpResponse:
    """Ask for the reference."""
    if request.method != "POST":
        return codes.ask(request, "status", _reference_question(), request.GET.get("reference", ""))
    question, typed = _reference_question(), request.POST.get("reference", "")
    reference = tidy_reference(typed)
    if not reference:
        wrong = Wrong(_("Enter a reference number, like MB-7K3N-9QFA"))
        return codes.ask(request, "status", question, typed, wrong)
    if cases.forgotten(reference=reference):
        return redirect("public:status-of", reference=reference)
    _send_code(request, reference, utc_now())
    _remember(request, ASKED, reference)
    return redirect("public:status-code")


def _remember(request: HttpRequest, name: str, value: object) -> None:
    request.session[name] = value
    if not request.user.is_authenticated:
        request.session.set_expiry(0)  # gone when the browser is closed


def _send_code(request: HttpRequest, reference: str, now: datetime) -> None:
    """Send a code to whoever a reference belongs to."""
    email = services.contact(Ref("case", reference)).email if cases.exists(reference) else ""
    subject = _("Your code for %(reference)s") % {"reference": reference}
    codes.send(request, _purpose(reference), to=email, subject=subject, now=now)


@public
@reads_and_posts
@limited("codes.try")
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    reference = request.session.get(ASKED, "")
    if not reference:
        return redirect("public:status")
    if request.method != "POST":
        return codes.ask(request, "status_code", codes.question(), reference=reference)
    now = utc_now()
    wrong = codes.fault(request, _purpose(reference), typed=request.POST.get("code", ""), now=now)
    if wrong:
        return codes.ask(request, "status_code", codes.question(), "", wrong, reference=reference)
    request.session.cycle_key()
    until = (now + OPEN_FOR).isoformat()
    _remember(request, OPENED, {**request.session.get(OPENED, {}), reference: until})
    request.session.pop(ASKED)
    return redirect("public:status-of", reference=reference)


def is_open(request: HttpRequest, reference: str, now: datetime) -> bool:
    """Whether this browser has shown that it may see what belongs to a reference."""
    until = request.session.get(OPENED, {}).get(reference)
    if until and now < datetime.fromisoformat(until):
        return True
    email = people.resident_email(request, now=now)
    if email and services.in_mailbox(email=email, subject=Ref("case", reference)):
        return True
    try:
        held = information.control(cases.next_step(reference=reference).information_class)
    except cases.NoSuchCase:
        return False
    return not held.status_code


@public
@csrf_exempt  # only for now: a form with files is read when it is known that they may come (`standing`)
@reads_and_posts
def status_of(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened, what happens next, and a form to answer with."""
    now = utc_now()
    if erased := cases.forgotten(reference=reference):
        words = {"reference": reference, "erased": local_day(erased)}
        response = render(request, "public/forgotten.html", words)
        add_never_cache_headers(response)
        return response
    if not is_open(request, reference, now):
        return codes.ask(request, "status", _reference_question(), tidy_reference(reference))
    if request.method != "POST":
        return standing.show(request, reference, now)
    response = standing.posted(request, reference, now)
    if response is not None:
        return response
    still = {one: until for one, until in request.session.get(OPENED, {}).items() if one != reference}
    _remember(request, OPENED, still)
    return redirect("public:status")
