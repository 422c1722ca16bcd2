"""Calendars at the desk: who comes when and how much is left; booking for somebody, closing days, moving and
cancelling. All by the rule that everybody books by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vestry.book import api as book
from vestry.book.step.asking import Offer, Slots, moments, said_day, said_time
from vestry.book.step.waiting import needs
from vestry.channels.desk import forms
from vestry.channels.desk.forms import Filled
from vestry.channels.desk.frame import frame
from vestry.design.kinds import Date, Number, Text
from vestry.design.pages import error_summary
from vestry.design.questions import Asking, NotYet, Question, Wrong
from vestry.design.shown import said
from vestry.kernel import local_day, utc_now
from vestry.people import api as people
from vestry.people.api import may
from vestry.services import api as services

View = Callable[..., HttpResponse]
UNPROCESSABLE = 422
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
# More is on no page that anybody reads.
MOST_SHOWN = 500
NO_DAYS = (date(2000, 1, 1), date(2900, 1, 1))


def about_a_calendar(action: str) -> Callable[[View], View]:
    """A page about a calendar: the same 404 for one that isn't there and for another team's."""

    def guard(view: View) -> View:
        @may(action)
        @wraps(view)
        def guarded(request: HttpRequest, calendar: str, **more: str) -> HttpResponse:
            return view(request, _found(request, calendar, action), **more)

        return guarded

    return guard


def _found(request: HttpRequest, calendar: str, action: str) -> book.CalendarView:
    try:
        found = book.get_calendar(calendar)
    except book.NoSuchCalendar:
        raise Http404 from None
    if not people.reach(request.officer, action).covers(found.team):
        raise Http404
    return found


@may("bookings.read")
@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """The calendars an officer may see, with how many come today."""
    today, teams = local_day(utc_now()), people.reach(request.officer, "bookings.read")
    found = [each for each in book.calendars() if teams.covers(each.team)]
    coming = {
        each.slug: len(_coming(book.bookings_between(calendar=each.slug, first=today, last=today)))
        for each in found
    }
    titles = {team.slug: team.title for team in people.teams()}
    words = {"calendars": found, "coming": coming, "teams": titles}
    return render(request, "desk/bookings/calendars.html", {**frame(request, here="calendars"), **words})


def _coming(found: list[book.BookingView]) -> list[book.BookingView]:
    return [each for each in found if each.state == "booked"]


@about_a_calendar("bookings.read")
@require_safe
def calendar(request: HttpRequest, calendar: book.CalendarView) -> HttpResponse:
    """One day of a calendar: who comes when, how much is left, and what is closed."""
    now = utc_now()
    today = local_day(now)
    day = _day(request.GET.get("day", "")) or today
    here = {"calendar": calendar.slug}
    page = book.bookings(calendars=[calendar.slug], first=day, last=day, limit=MOST_SHOWN)
    words = {
        "calendar": calendar,
        "day": day,
        "today": today,
        "said_day": said_day(day),
        "before": (day - timedelta(days=1)).isoformat(),
        "after": (day + timedelta(days=1)).isoformat(),
        "left": book.left_on(**here, day=day, now=now),
        "bookings": [(each, _reference(each)) for each in page.found],
        "more": bool(page.after),
        "waiting": [(each, needs(each.wanted)) for each in book.waiting(**here, now=now)],
        "said_day_of": said_day,
        "closings": book.closings(**here),
        "closed": any(each.first <= day <= each.last for each in calendar.plan.closures),
        "said_time": said_time,
        "feed": _feed_address(request, calendar.slug),
        "resources": book.resources(),
        "may_change": people.reach(request.officer, "bookings.change").covers(calendar.team),
        "may_close": people.reach(request.officer, "bookings.close").covers(calendar.team),
    }
    return render(request, "desk/bookings/day.html", {**frame(request, here="calendars"), **words})


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if NO_DAYS[0] < day < NO_DAYS[1] else None


def _reference(it: book.BookingView) -> str:
    """The case it was booked with, if it was with one."""
    about = services.subject_of(journey=it.course.journey) if it.course.journey else None
    return about.key if about and about.kind == "case" else ""


def _sizes(calendar: book.CalendarView) -> list[Question]:
    """What can be said of a booking here besides when it is."""
    plan, titles = calendar.plan, book.resources()
    asked: list[Question] = []
    if plan.most > 1:
        asked.append(Number(id="units", ask=_("How many units?"), min=1, max=plan.most, width=3))
    if plan.longest:
        asked.append(
            Number(id="minutes", ask=_("How many minutes?"), min=plan.every or 1, max=plan.longest, width=4)
        )
    asked += [
        Number(id=f"extra-{slug}", ask=titles.get(slug, slug), min=0, width=4, optional=True)
        for slug in sorted(plan.extras)
    ]
    return asked


def _wanted(answers: Mapping[str, Any]) -> book.Wanted:
    extras = {
        name.removeprefix("extra-"): many
        for name, many in answers.items()
        if name.startswith("extra-") and many
    }
    return book.Wanted(units=answers.get("units") or 1, minutes=answers.get("minutes") or 0, extras=extras)


@about_a_calendar("bookings.change")
@reads_and_posts
def book_for(request: HttpRequest, calendar: book.CalendarView) -> HttpResponse:
    """Book for somebody: first how much, where that is theirs to say, then when and for whom."""
    now, sizes = utc_now(), _sizes(calendar)
    size = forms.filled(sizes, request.GET, now) if request.GET else forms.empty(sizes, **_usual(calendar))
    if sizes and (not request.GET or size.wrongs):
        words = {**frame(request, here="calendars"), "calendar": calendar}
        return forms.show(request, size, words, "desk/bookings/size.html")
    question = _question(calendar.slug, now, _wanted(size.answers), _("When?"))
    who = Text(id="who", ask=_("For whom?"), name=_("for whom it is"), max=200)
    form = Filled(questions=[question, who], raws={"time": None, "who": ""})
    if request.method == "POST":
        done = _already(request)
        if done:
            return redirect(_address(calendar.slug, done.start.date()))
        _fill(form, request, now)
        if not form.wrongs and form.answers.get("time"):
            booked = _booked(request, form, calendar, question, now)
            if booked:
                messages.success(request, _("Booked."))
                return redirect(_address(calendar.slug, booked.start.date()))
    return _when(request, form, calendar, question)


def _usual(calendar: book.CalendarView) -> dict[str, int]:
    plan = calendar.plan
    usual = {"units": 1} if plan.most > 1 else {}
    return usual | ({"minutes": plan.lasts} if plan.longest else {})


def _question(calendar: str, now: datetime, wanted: book.Wanted, ask: str, mine: str = "") -> Slots:
    return Slots(id="time", ask=ask, offer=Offer(calendar=calendar, now=now, mine=mine, wanted=wanted))


def _fill(form: Filled, request: HttpRequest, now: datetime) -> None:
    """What was posted, read and cleaned; days and times come one after the other."""
    form.key = forms.key_of(request.POST) or form.key
    asking = Asking(now=now, said={})
    for question in form.questions:
        form.raws[question.id] = question.read(request.POST)
        try:
            form.answers[question.id] = question.clean(form.raws[question.id], asking)
        except NotYet as more:
            form.raws[question.id] = more.raw
        except Wrong as wrong:
            form.wrongs[question.id] = wrong
    # Whoever is still choosing a time is not told yet that the rest is missing.
    if "time" not in form.answers and "time" not in form.wrongs:
        form.wrongs.pop("who", None)


def _key(request: HttpRequest, form_key: str) -> str:
    return f"desk/{request.officer.slug}/{form_key}"


def _already(request: HttpRequest) -> book.BookingView | None:
    """What this very form has booked before: its own place is not free any more."""
    try:
        return book.of_key(key=_key(request, forms.key_of(request.POST)))
    except book.NoSuchBooking:
        return None


def _booked(
    request: HttpRequest, form: Filled, calendar: book.CalendarView, question: Slots, now: datetime
) -> book.BookingView | None:
    start, end = moments(form.answers["time"])
    try:
        return book.desk_book(
            slot=book.Slot(calendar=calendar.slug, start=start, end=end),
            wanted=question.offer.wanted if question.offer else book.Wanted(),
            who=form.answers["who"],
            key=_key(request, form.key),
            actor=request.officer.ref,
            now=now,
        )
    except (book.Full, book.NotOffered, book.AlreadyEnded) as refused:
        form.refuse("time", said(refused))
        return None


def _when(request: HttpRequest, form: Filled, calendar: book.CalendarView, question: Slots) -> HttpResponse:
    words = {
        **frame(request, here="calendars"),
        "calendar": calendar,
        "form": form,
        "free": bool(question.days({})),
        "errors": error_summary(form.questions, form.wrongs),
        "sizes": bool(_sizes(calendar)),
    }
    status = UNPROCESSABLE if form.wrongs else 200
    return render(request, "desk/bookings/book.html", words, status=status)


def _address(calendar: str, day: date) -> str:
    return f"{reverse('desk:calendar', args=[calendar])}?day={day.isoformat()}"


@about_a_calendar("bookings.close")
@reads_and_posts
def close(request: HttpRequest, calendar: book.CalendarView) -> HttpResponse:
    """Offer nothing on some days. Whoever is booked on them stays so, until somebody sees to it."""
    now = utc_now()
    questions: list[Question] = [
        Date(id="first", ask=_("From which day?"), name=_("the first day"), earliest="today"),
        Date(
            id="last",
            ask=_("Until which day?"),
            name=_("the last day"),
            hint=_("Nothing for the same day."),
            earliest="today",
            optional=True,
        ),
        Text(id="why", ask=_("Why?"), hint=_("Only colleagues see it."), max=200, optional=True),
    ]
    form = forms.filled(questions, request.POST, now) if request.method == "POST" else forms.empty(questions)
    if request.method == "POST" and not form.wrongs:
        first = date.fromisoformat(form.answers["first"])
        last = date.fromisoformat(form.answers["last"]) if form.answers["last"] else first
        if last < first:
            form.refuse("last", _("The last day must be the first day or after it"))
        else:
            there = book.close(
                calendar=calendar.slug,
                first=first,
                last=last,
                why=form.answers["why"] or "",
                actor=request.officer.ref,
                now=now,
            )
            _tell_closed(request, len(there))
            return redirect(_address(calendar.slug, there[0].start.date() if there else first))
    words = {**frame(request, here="calendars"), "calendar": calendar}
    return forms.show(request, form, words, "desk/bookings/close.html")


def _tell_closed(request: HttpRequest, many: int) -> None:
    told = _("Closed. Nothing is booked then.")
    if many:
        told = ngettext(
            "Closed. %(count)s booking is on these days: move it or cancel it.",
            "Closed. %(count)s bookings are on these days: move them or cancel them.",
            many,
        ) % {"count": many}
    messages.success(request, told)


@about_a_calendar("bookings.close")
@require_POST
def open_again(request: HttpRequest, calendar: book.CalendarView) -> HttpResponse:
    """Take a closing back."""
    first, last = (_day(request.POST.get(name, "")) for name in ("first", "last"))
    if first and last:
        book.open_again(
            calendar=calendar.slug, first=first, last=last, actor=request.officer.ref, now=utc_now()
        )
        messages.success(request, _("Open again."))
    return redirect(_address(calendar.slug, first or local_day(utc_now())))


@about_a_calendar("bookings.change")
@reads_and_posts
def waiter(request: HttpRequest, calendar: book.CalendarView, waiter: str) -> HttpResponse:
    """Take somebody off the waiting list; what is kept for them is given back."""
    found = book.waiting(calendar=calendar.slug, now=utc_now())
    there = next((each for each in found if each.reference == waiter), None)
    if there is None and request.method == "POST":
        # Pressed twice, or gone by themselves: it has come about.
        return redirect(_address(calendar.slug, local_day(utc_now())))
    if there is None:
        raise Http404
    if request.method == "POST":
        book.leave(reference=waiter, actor=request.officer.ref, now=utc_now(), why="taken off")
        messages.success(request, _("Taken off the waiting list."))
        return redirect(_address(calendar.slug, local_day(utc_now())))
    words = {
        "calendar": calendar,
        "there": there,
        "first": said_day(there.first),
        "last": said_day(there.last),
    }
    return render(request, "desk/bookings/waiter.html", {**frame(request, here="calendars"), **words})


@about_a_calendar("bookings.close")
@require_POST
def make_feed(request: HttpRequest, calendar: book.CalendarView) -> HttpResponse:
    """A new secret address for programs that show calendars; the one before is good no more."""
    book.make_feed(calendar=calendar.slug, actor=request.officer.ref, now=utc_now())
    messages.success(request, _("There is a new address. Any address before is good no more."))
    return redirect("desk:calendar", calendar=calendar.slug)


def _feed_address(request: HttpRequest, calendar: str) -> str:
    secret = book.feed_of(calendar=calendar)
    return request.build_absolute_uri(reverse("public:feed", args=[calendar, secret])) if secret else ""


@may("bookings.change")
@reads_and_posts
def booking(request: HttpRequest, booking: str) -> HttpResponse:
    """One booking: moved to another free time, or cancelled, however late."""
    now = utc_now()
    try:
        it = book.get(reference=booking)
    except book.NoSuchBooking:
        raise Http404 from None
    calendar = _found(request, it.calendar, "bookings.change")
    question = _question(it.calendar, now, it.wanted, _("Move it to another time"), mine=it.reference)
    form = Filled(questions=[question], raws={"time": None})
    try:
        if request.method == "POST" and "cancel" in request.POST:
            if request.POST["cancel"] == "sure":
                book.cancel(reference=it.reference, actor=request.officer.ref, now=now, by_officer=True)
                messages.success(request, _("The booking is cancelled."))
                return redirect(_address(it.calendar, it.start.date()))
            return _one(request, form, it, calendar, sure=True)
        if request.method == "POST":
            _fill(form, request, now)
            if form.answers.get("time"):
                start, end = moments(form.answers["time"])
                slot = book.Slot(calendar=it.calendar, start=start, end=end)
                book.change(
                    reference=it.reference, slot=slot, actor=request.officer.ref, now=now, by_officer=True
                )
                messages.success(request, _("The booking is moved."))
                return redirect(_address(it.calendar, start.date()))
    except (book.Full, book.NotOffered, book.AlreadyEnded) as refused:
        form.refuse("time", said(refused))
    return _one(request, form, it, calendar)


def _one(
    request: HttpRequest,
    form: Filled,
    it: book.BookingView,
    calendar: book.CalendarView,
    *,
    sure: bool = False,
) -> HttpResponse:
    question = form.questions[0]
    words = {
        **frame(request, here="calendars", service=it.course.service),
        "it": it,
        "calendar": calendar,
        "case_reference": _reference(it),
        "when": f"{said_day(it.start.date())}, {said_time(it.start, it.end)}",
        "form": form,
        "sure": sure,
        "resources": book.resources(),
        "free": it.state == "booked" and bool(isinstance(question, Slots) and question.days({})),
        "errors": error_summary(form.questions, form.wrongs),
    }
    status = UNPROCESSABLE if form.wrongs else 200
    return render(request, "desk/bookings/booking.html", words, status=status)
