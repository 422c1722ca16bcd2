"""A booking that was made, opened by the same second fact as its status page: moved, or cancelled.

Within the calendar's rules somebody does it here; later, the page says whom to ask.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vestry.book import api as book
from vestry.book.step.asking import Offer, Slots, said
from vestry.cases import api as cases
from vestry.channels.public import booked
from vestry.channels.public.methods import reads_and_posts
from vestry.channels.public.status import is_open
from vestry.design.pages import error_summary
from vestry.design.questions import Asking, NotYet, Wrong
from vestry.kernel import Ref, local_day, utc_now
from vestry.people.api import public
from vestry.services import api as services

UNPROCESSABLE = 422
# What a feed says: who came lately, and who comes in a year.
PAST, AHEAD = timedelta(days=31), timedelta(days=366)
MOST_IN_A_FEED = 5_000


@public
@reads_and_posts
def booking(request: HttpRequest, reference: str, booking: str) -> HttpResponse:
    """When it is, a form to move it, and a button to cancel it."""
    now = utc_now()
    # The same answer for what is not there and for what is not theirs: the page that asks for the reference.
    if not is_open(request, reference, now):
        return redirect("public:status")
    it = _found(reference, booking)
    if request.method != "POST":
        return _page(request, reference, it, now)
    if "cancel" in request.POST:
        return _cancel(request, reference, it, now)
    return _move(request, reference, it, now)


def _found(reference: str, booking: str) -> book.BookingView:
    made = services.made(Ref("case", reference)) if cases.exists(reference) else []
    try:
        it = book.get(reference=booking)
    except book.NoSuchBooking:
        raise Http404 from None
    # Of a repeat, the first is what the step made.
    if Ref("booking", it.series or it.reference) not in made:
        raise Http404
    return it


@public
@require_safe
def as_file(request: HttpRequest, reference: str) -> HttpResponse:
    """What was booked, for the calendar of a phone: all of it, and what was cancelled said to be so."""
    now = utc_now()
    if not is_open(request, reference, now):
        return redirect("public:status")
    return _file(request, Ref("case", reference), now)


@public
@require_safe
def sent_as_file(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The same from the page that confirms it, whose address is its key."""
    now = utc_now()
    try:
        sent = services.at(service=slug, token=token, now=now).submitted
    except services.NoSuchJourney:
        raise Http404 from None
    if sent is None:
        raise Http404
    return _file(request, sent.ref, now)


def _file(request: HttpRequest, about: Ref, now: datetime) -> HttpResponse:
    found = booked.of(about)
    if not found:
        raise Http404
    page = request.build_absolute_uri(reverse("public:status-of", args=[about.key]))
    content = book.as_icalendar(
        found,
        title=request.council.name,
        host=request.council.hosts[0],
        summary=lambda it: f"{it.calendar_title} ({about.key})",
        address=lambda it: page,
        now=now,
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{about.key}.ics"'
    add_never_cache_headers(response)
    return response


@public
@require_safe
def feed(request: HttpRequest, calendar: str, secret: str) -> HttpResponse:
    """What is booked in a calendar, for the program of whoever was given the address. It says no names."""
    if not book.is_feed(calendar=calendar, secret=secret):
        raise Http404
    now = utc_now()
    today = local_day(now)
    page = book.bookings(calendars=[calendar], first=today - PAST, last=today + AHEAD, limit=MOST_IN_A_FEED)

    def address(it: book.BookingView) -> str:
        return request.build_absolute_uri(reverse("desk:booking", args=[it.reference]))

    content = book.as_icalendar(
        [it for it in page.found if it.state != "held"],
        title=book.get_calendar(calendar).title,
        host=request.council.hosts[0],
        summary=lambda it: (
            ngettext("%(count)s unit", "%(count)s units", it.units) % {"count": it.units}
            if it.units > 1
            else it.reference
        ),
        address=address,
        now=now,
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    add_never_cache_headers(response)
    return response


def _question(it: book.BookingView, now: datetime) -> Slots:
    offer = Offer(calendar=it.calendar, now=now, mine=it.reference, wanted=it.wanted)
    return Slots(id="time", ask=_("Move it to another time"), offer=offer)


def _cancel(request: HttpRequest, reference: str, it: book.BookingView, now: datetime) -> HttpResponse:
    if request.POST["cancel"] != "sure":
        words = {"reference": reference, "it": it, "when": said(it.start, it.end)}
        return _show(request, "booking_cancel", words)
    try:
        book.cancel(reference=it.reference, actor=cases.resident_of(reference), now=now)
    except (book.TooLateToChange, book.AlreadyEnded) as refused:
        return _page(request, reference, it, now, wrong=Wrong(_(refused.sentence)))
    return redirect(f"{request.path}?done=cancelled")


def _move(request: HttpRequest, reference: str, it: book.BookingView, now: datetime) -> HttpResponse:
    question = _question(it, now)
    raw = question.read(request.POST)
    try:
        answer = question.clean(raw, Asking(now=now, said={}))
        start, end = (datetime.fromisoformat(answer[part]) for part in ("start", "end"))
        slot = book.Slot(calendar=it.calendar, start=start, end=end)
        book.change(reference=it.reference, slot=slot, actor=cases.resident_of(reference), now=now)
    except NotYet as more:
        return _page(request, reference, it, now, raw=more.raw)
    except Wrong as wrong:
        return _page(request, reference, it, now, raw=raw, wrong=wrong)
    except (book.Full, book.NotOffered, book.TooLateToChange, book.AlreadyEnded, book.NoSuchCalendar) as no:
        return _page(request, reference, it, now, wrong=Wrong(_(no.sentence)))
    return redirect(f"{request.path}?done=moved")


def _page(
    request: HttpRequest,
    reference: str,
    it: book.BookingView,
    now: datetime,
    raw: object = None,
    wrong: Wrong | None = None,
) -> HttpResponse:
    open_ = it.state == "booked" and book.may_change(reference=it.reference, now=now)
    # A calendar that is no longer offered has no other time; what is booked in it can be cancelled.
    offered = it.calendar in {each.slug for each in book.calendars()}
    question = _question(it, now) if open_ and offered else None
    words = {
        "reference": reference,
        "it": it,
        "question": question,
        "when": _question(it, now).shown(
            {"calendar": it.calendar, "start": it.start.isoformat(), "end": it.end.isoformat()}
        ),
        "free": bool(question and question.days({})),
        "raw": raw,
        "wrong": wrong,
        "done": request.GET.get("done", "") if request.method != "POST" else "",
        "errors": error_summary([_question(it, now)], {"time": wrong} if wrong else {}),
    }
    return _show(request, "booking", words, UNPROCESSABLE if wrong else 200)


def _show(request: HttpRequest, page: str, words: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, f"public/{page}.html", words, status=status)
    add_never_cache_headers(response)
    return response
