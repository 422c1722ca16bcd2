"""The status page once it is open: where it stands, and an answer with whatever shows that it is so.

Files come in before the answer is taken, and belong to "reply:" and the reference until it is: what was not
sent goes after a day, and no officer sees it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from vestry.book.step.asking import said
from vestry.cases import api as cases
from vestry.channels.public import booked, uploads
from vestry.design.kinds import LongText
from vestry.design.pages import error_summary
from vestry.design.questions import Asking, NotYet, Wrong
from vestry.design.shown import said as said_refusal
from vestry.documents import api as documents
from vestry.documents.questions import File
from vestry.information import api as information
from vestry.kernel import Ref, local_day
from vestry.ledger import api as ledger
from vestry.pay import api as pay
from vestry.services import api as services
from vestry.strategy import api as strategy

UNPROCESSABLE = 422
# As many as a text in the cases room may have.
LONGEST = 50_000


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What somebody sent, to be shown again: by question id, what was given and what is wrong with it."""

    key: str
    raws: Mapping[str, Any] = field(default_factory=dict)
    wrongs: Mapping[str, Wrong] = field(default_factory=dict)


def _answer_question(reference: str, standing: cases.Next, *, optional: bool = False) -> LongText:
    ask, name = _("What do you want to tell us?"), _("what you want to tell us")
    if standing.closed and standing.reply_ask:
        ask, name = standing.reply_ask, _("why")
    elif _asked(reference):
        ask, name = _("What is your answer?"), _("your answer")
    return LongText(id="answer", ask=ask, name=name, max=LONGEST, optional=optional)


def _files_question() -> File:
    return File(
        id="files",
        ask=_("Do you have photos or documents to go with it?"),
        name=_("a photo or document"),
        types=("photo", "pdf", "document"),
        max=5,
        optional=True,
    )


def _asked(reference: str) -> str:
    """What we asked, as long as they have not written since."""
    for message in reversed(cases.correspondence(reference=reference)):
        if message.from_resident or message.wants_answer:
            return "" if message.from_resident else message.text
    return ""


def posted(request: HttpRequest, reference: str, now: datetime) -> HttpResponse | None:
    """What was sent with the page open. None when they are done with it."""
    if uploads.has_files(request):
        uploads.await_files(request)
    try:
        return _posted(request, reference, now)
    except RequestDataTooBig:
        wrongs = {"files": Wrong(_files_question().too_big())}
        return show(request, reference, now, Sent(key=uuid.uuid4().hex, wrongs=wrongs))


@csrf_protect
def _posted(request: HttpRequest, reference: str, now: datetime) -> HttpResponse | None:
    if "do" in request.POST:
        return _do(request, reference, now)
    return None if "finish" in request.POST else _reply(request, reference, now)


def _do(request: HttpRequest, reference: str, now: datetime) -> HttpResponse:
    """What they can do by themselves: asked once more, then done."""
    wanted = request.POST["do"]
    chosen = next(
        (each for each in cases.theirs_to_do(reference=reference, now=now) if each.id == wanted), None
    )
    if chosen and "sure" not in request.POST:
        words = {"reference": reference, "action": chosen}
        response = render(request, "public/status_do.html", words)
        add_never_cache_headers(response)
        return response
    with suppress(cases.NotNow):
        # Not possible any more: the page says how it stands.
        cases.do(reference=reference, action=wanted, now=now, actor=cases.resident_of(reference))
    return redirect(request.path)


def _reply(request: HttpRequest, reference: str, now: datetime) -> HttpResponse:
    form, key = uploads.Posted(request), request.POST.get("form-key", "")
    standing, files = cases.next_step(reference=reference), _files_question()
    actor, owners = cases.resident_of(reference), (Ref("reply", reference),)
    no_files = uploads.too_much(request, now)
    asking = Asking(now=now, said={}, owners=owners, actor=actor, no_files=no_files)
    raws = {"answer": form.get("answer", ""), "files": files.read(form)}
    # Where nothing is taken any more, no file is either.
    new = raws["files"]["new"] if _takes_reply(standing, now) else []
    raws["files"] = files.receive(raws["files"] | {"new": new}, asking)
    wrongs: dict[str, Wrong] = {}
    ids: list[str] = []
    try:
        ids = files.clean(raws["files"], asking) or []
    except NotYet as more:
        return show(request, reference, now, Sent(key=key, raws=raws | {"files": more.raw}))
    except Wrong as wrong:
        wrongs["files"] = wrong
    question = _answer_question(reference, standing, optional=bool(ids or wrongs))
    try:
        text = question.clean(raws["answer"], asking) or ""
        if not wrongs:
            with ledger.transaction():
                if cases.reply(reference=reference, text=text, files=len(ids), now=now, actor=actor, key=key):
                    documents.keep(ids=ids, owners=owners, to=Ref("case", reference), actor=actor, now=now)
            return redirect(f"{request.path}?sent=yes")
    except Wrong as wrong:
        wrongs["answer"] = wrong
    except (cases.NothingWritten, cases.WrittenTooLong) as refused:
        wrongs["answer"] = Wrong(said_refusal(refused))
    except (cases.CaseClosed, cases.CaseForgotten):
        wrongs["answer"] = Wrong(_("This was closed in the meantime, so we cannot take your answer any more"))
    return show(request, reference, now, Sent(key=key, raws=raws, wrongs=wrongs))


def receipts(about: Ref) -> list[str]:
    """The links to the receipts of what was paid for it."""
    return [pay.link(reference=each.key) for each in services.made(about) if each.kind == "charge"]


def _takes_reply(standing: cases.Next, now: datetime) -> bool:
    until = standing.takes_reply_until
    return not standing.closed or bool(until and local_day(now) <= until)


def show(request: HttpRequest, reference: str, now: datetime, sent: Sent | None = None) -> HttpResponse:
    """The page; ``sent`` is shown again where it could not be taken as it was."""
    standing, sent = cases.next_step(reference=reference), sent or Sent(key=uuid.uuid4().hex)
    questions = [_answer_question(reference, standing), _files_question()]
    asked = "" if standing.closed else _asked(reference)
    bookings = booked.of(Ref("case", reference))
    words = {
        "reference": reference,
        "standing": standing,
        "takes_reply": _takes_reply(standing, now),
        "asked": asked,
        "waits": standing.waiting_for_you or bool(asked),
        "why": strategy.why_service(standing.service),
        "by_code": information.control(standing.information_class).status_code,
        "rows": services.came_of(Ref("case", reference)),
        "told": cases.told(reference=reference),
        "to_do": cases.theirs_to_do(reference=reference, now=now),
        "bookings": [(it, said(it.start, it.end)) for it in bookings],
        "all_cancelled": bool(bookings) and all(it.state == "cancelled" for it in bookings),
        "receipts": receipts(Ref("case", reference)),
        "questions": questions,
        "raws": sent.raws,
        "wrongs": sent.wrongs,
        "key": sent.key,
        "sent": request.GET.get("sent") == "yes" and not sent.raws and not sent.wrongs,
        "errors": error_summary(questions, sent.wrongs),
    }
    status = UNPROCESSABLE if sent.wrongs else 200
    response = render(request, "public/status_of.html", words, status=status)
    add_never_cache_headers(response)
    return response
