"""Save and come back later: a link is emailed, and leads back on whatever device it is opened.

Looking at either page changes nothing and asks nothing of the journey, so a mail filter may open a link as
often as it likes. Every link, good or not, opens the same page; its button says which it was.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from vestry.channels.public import codes, refusals
from vestry.channels.public.journeys import by_address, go, keep_private
from vestry.channels.public.methods import reads_and_posts
from vestry.councils import api as councils
from vestry.design import shown
from vestry.design.kinds import Email
from vestry.design.questions import Asking, Wrong
from vestry.kernel import SYSTEM, utc_now
from vestry.notify import api as notify
from vestry.people import api as people
from vestry.people.api import limited, public
from vestry.services import api as services
from vestry.services.api import Saved, Where


def _question() -> Email:
    hint = _("We will only use this to send you the link.")
    return Email(id="send-to", ask=_("What is your email address?"), hint=hint)


@by_address
@limited("codes.ask")
@reads_and_posts
def save(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Ask for an email address, and send the link there."""
    where = services.at(service=slug, token=token, now=utc_now())
    if where.kind in {"changed", "done"}:
        return go(where, slug, token)
    if request.method != "POST":
        return _ask(request, where, uuid.uuid4().hex)
    question, key = _question(), request.POST.get("form-key", "")
    typed = question.read(request.POST)
    try:
        email = question.clean(typed, Asking(now=utc_now(), said={}))
        saved = _send(request, slug, token, email, key)
    except Wrong as wrong:
        return _ask(request, where, key, typed, wrong)
    except services.TooManyLinks as refused:
        return _ask(request, where, key, typed, Wrong(str(refused)))
    return render(request, "public/saved.html", {"where": where, "token": token, "saved": saved, "to": email})


def _send(request: HttpRequest, slug: str, token: str, email: str, key: str) -> Saved:
    """Make the link and write the message down: both, or neither.

    One connection writes to one mailbox five times an hour, as with codes: whoever else names that mailbox
    takes nothing from whom it belongs to.
    """
    now, whose = utc_now(), f"link:{email.strip().casefold()}"
    with transaction.atomic():
        saved = services.save(service=slug, token=token, email=email, key=key, now=now)
        if saved.address:
            if people.wait_for(request, "codes.about", about=whose, now=now) is not None:
                raise services.TooManyLinks
            body = _(
                "You saved “%(service)s” to finish it later. You have not sent anything to us yet.\n\n"
                "Continue here:\n%(address)s\n\n"
                "The link works until %(until)s, or longer if you use it before then. "
                "If we sent you more than one link, only the newest one works.\n\n"
                "Do not share this email. Anybody who has the link can see and change your answers. "
                "If you did not save this, you do not need to do anything.\n\n"
                "%(council)s"
            )
            words = {
                "service": saved.journey.title,
                "address": saved.address,
                "until": shown.moment(saved.until),
                "council": councils.current().name,
            }
            notify.send_code(
                to=email,
                subject=_("Your link: %(service)s") % words,
                body=body % words,
                about=saved.about,
                key=f"link:{uuid.uuid4().hex}",
                now=now,
                actor=SYSTEM,
            )
    return saved


def _ask(
    request: HttpRequest, where: Where, key: str, typed: str = "", wrong: Wrong | None = None
) -> HttpResponse:
    return codes.ask(
        request, "save", _question(), typed, wrong, where=where, token=where.journey.token, key=key
    )


@public
@csrf_exempt  # as a journey's own pages: to forge a post one must know the link
@reads_and_posts
def link(request: HttpRequest, link: str) -> HttpResponse:
    """A button; pressing it goes on where the journey was saved, or says that the link does not work."""
    if request.method != "POST":
        return keep_private(render(request, "public/link.html", {"link": link}))
    try:
        journey = services.resume(link=link, now=utc_now())
    except services.NoSuchLink:
        refusals.state(request, "link")
        return keep_private(render(request, "public/link_refused.html", status=404))
    return keep_private(redirect("public:journey", slug=journey.service, token=journey.token))
