"""Where it stands: a resident sees what happened to what they sent, and answers.

1. They type their reference. Whether it is one of ours or not, the next page is the same: if it is, a code is
   sent to the email address given with it.
2. Six digits, five tries, a quarter of an hour (`people.api`). Opening a link sends no code and uses none up.
3. The right code opens that one reference, in that one browser, on that one council's host, for an hour.

A service whose information class asks for no code opens without one.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from vestry.cases import api as cases
from vestry.channels.public.methods import reads_and_posts
from vestry.design.kinds import LongText, Text
from vestry.design.pages import error_summary
from vestry.design.questions import Asking, Question, Wrong
from vestry.information import api as information
from vestry.kernel import SYSTEM, Ref, tidy_reference, utc_now
from vestry.notify import api as notify
from vestry.people import api as people
from vestry.people.api import public
from vestry.services import api as services

UNPROCESSABLE = 422
OPEN_FOR = timedelta(hours=1)
# As many as a text in the cases room may have.
LONGEST = 50_000
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
def status(request: HttpRequest) -> HttpResponse:
    """Ask for the reference."""
    if request.method != "POST":
        return _ask(request, "status", _reference_question(), request.GET.get("reference", ""))
    question, typed = _reference_question(), request.POST.get("reference", "")
    reference = tidy_reference(typed)
    if not reference:
        wrong = Wrong(_("Enter a reference number, like MB-7K3N-9QFA"))
        return _ask(request, "status", question, typed, wrong)
    _send_code(reference, utc_now())
    _remember(request, ASKED, reference)
    return redirect("public:status-code")


def _remember(request: HttpRequest, name: str, value: object) -> None:
    request.session[name] = value
    if not request.user.is_authenticated:
        request.session.set_expiry(0)  # gone when the browser is closed


def _send_code(reference: str, now: datetime) -> None:
    """Send a code to whoever a reference belongs to.

    For a reference that is nobody's, the same is done and then undone, so that it takes as long.
    """
    email = services.contact(Ref("case", reference)).email
    theirs = cases.exists(reference) and bool(email)
    with transaction.atomic():
        code = people.new_code(purpose=_purpose(reference), now=now)
        if code:
            body = _(
                "Your code is %(code)s\n\nEnter it on the page where you asked for it, within 15 minutes. "
                "If it was not you who asked, you need not do anything."
            )
            notify.send_code(
                to=email or "nobody@vestry.invalid",
                subject=_("Your code for %(reference)s") % {"reference": reference},
                body=body % {"code": code},
                about=_purpose(reference),
                key=f"status:{uuid.uuid4().hex}",
                now=now,
                actor=SYSTEM,
            )
        if not theirs:
            transaction.set_rollback(True)


@public
@reads_and_posts
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    reference = request.session.get(ASKED, "")
    if not reference:
        return redirect("public:status")
    name = _("the code from the email")
    question = Text(id="code", ask=_("Enter your code"), name=name, width=5, autocomplete="one-time-code")
    if request.method != "POST":
        return _ask(request, "status_code", question, "", reference=reference)
    typed, now = request.POST.get("code", ""), utc_now()
    if not typed.strip():
        return _ask(request, "status_code", question, typed, Wrong(question.missing()), reference=reference)
    if not people.check_code(purpose=_purpose(reference), code=typed, now=now):
        wrong = Wrong(_("That code is not right, or it is too old. Check it, or get a new code"))
        return _ask(request, "status_code", question, "", wrong, reference=reference)
    request.session.cycle_key()
    until = (now + OPEN_FOR).isoformat()
    _remember(request, OPENED, {**request.session.get(OPENED, {}), reference: until})
    request.session.pop(ASKED)
    return redirect("public:status-of", reference=reference)


def _is_open(request: HttpRequest, reference: str, now: datetime) -> bool:
    until = request.session.get(OPENED, {}).get(reference)
    if until and now < datetime.fromisoformat(until):
        return True
    try:
        held = information.control(cases.next_step(reference=reference).information_class)
    except cases.NoSuchCase:
        return False
    return not held.status_code


@public
@reads_and_posts
def status_of(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened, what happens next, and a form to answer with."""
    now = utc_now()
    if not _is_open(request, reference, now):
        return _ask(request, "status", _reference_question(), tidy_reference(reference))
    if request.method != "POST":
        return _show(request, reference, uuid.uuid4().hex)
    if "finish" in request.POST:
        still = {one: until for one, until in request.session.get(OPENED, {}).items() if one != reference}
        _remember(request, OPENED, still)
        return redirect("public:status")
    return _reply(request, reference, now)


def _answer_question(reference: str) -> LongText:
    if _asked(reference):
        return LongText(id="answer", ask=_("What is your answer?"), name=_("your answer"), max=LONGEST)
    name = _("what you want to tell us")
    return LongText(id="answer", ask=_("What do you want to tell us?"), name=name, max=LONGEST)


def _asked(reference: str) -> str:
    """What we asked, as long as they have not written since."""
    for message in reversed(cases.correspondence(reference=reference)):
        if message.from_resident or message.wants_answer:
            return "" if message.from_resident else message.text
    return ""


def _reply(request: HttpRequest, reference: str, now: datetime) -> HttpResponse:
    question, key = _answer_question(reference), request.POST.get("form-key", "")
    typed = question.read(request.POST)
    try:
        text = question.clean(typed, Asking(now=now, said={}))
        actor = cases.resident_of(reference)
        cases.reply(reference=reference, text=text, now=now, actor=actor, key=key)
    except Wrong as wrong:
        return _show(request, reference, key, typed, wrong)
    except cases.CaseClosed:
        closed = Wrong(_("This was closed in the meantime, so we cannot take your answer any more"))
        return _show(request, reference, key, typed, closed)
    return redirect(f"{request.path}?sent=yes")


def _show(
    request: HttpRequest, reference: str, key: str, typed: str = "", wrong: Wrong | None = None
) -> HttpResponse:
    question, standing = _answer_question(reference), cases.next_step(reference=reference)
    until, asked = standing.takes_reply_until, "" if standing.closed else _asked(reference)
    words = {
        "reference": reference,
        "standing": standing,
        "takes_reply": not standing.closed or bool(until and timezone.localdate() <= until),
        "asked": asked,
        "waits": standing.waiting_for_you or bool(asked),
        "by_code": information.control(standing.information_class).status_code,
        "told": cases.told(reference=reference),
        "question": question,
        "typed": typed,
        "wrong": wrong,
        "key": key,
        "sent": request.GET.get("sent") == "yes" and not wrong,
        "errors": error_summary([question], {question.id: wrong} if wrong else {}),
    }
    response = render(request, "public/status_of.html", words, status=UNPROCESSABLE if wrong else 200)
    add_never_cache_headers(response)
    return response


def _ask(
    request: HttpRequest,
    page: str,
    question: Question,
    typed: str,
    wrong: Wrong | None = None,
    **words: str,
) -> HttpResponse:
    said = {"question": question, "typed": typed, "wrong": wrong, **words}
    errors = error_summary([question], {question.id: wrong} if wrong else {})
    response = render(
        request, f"public/{page}.html", {**said, "errors": errors}, status=UNPROCESSABLE if wrong else 200
    )
    add_never_cache_headers(response)
    return response
