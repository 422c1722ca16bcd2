"""What each address about bookings does: anybody's free times and holds, and officers' bookings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from vestry.book import api as book
from vestry.channels.rest import booking_bodies as bodies
from vestry.channels.rest import clients, paging, problems, reading
from vestry.channels.rest.bodies import FieldError
from vestry.channels.rest.problems import Trouble
from vestry.channels.rest.replies import Reply
from vestry.design.shown import said
from vestry.kernel import Ref, local_day, tidy_reference, utc_now
from vestry.people import api as people

log = structlog.get_logger()

# How much is asked for, and what where nothing is said.
SIZE = {"units": "1", "minutes": "0", "extras": ""}
# A year, so that nobody reckons more at once; and what is looked at where nothing is said.
LONGEST, USUAL = timedelta(days=366), timedelta(days=28)
# As long as a page keeps it.
KEPT = timedelta(minutes=15)
ANYBODY = Ref("client", "anybody")
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)


@contextmanager
def _as_problems(about: Ref, what: str, actor: Ref = ANYBODY) -> Iterator[None]:
    """What the pages refuse is refused here, with the same sentence; what nobody can have, on record."""
    try:
        yield
    except (book.NoSuchCalendar, book.NoSuchBooking):
        raise Trouble(kind=problems.NOT_FOUND) from None
    except book.NotOffered as refused:
        book.state_refusal(about=about, what=what, why="not offered", actor=actor, now=utc_now())
        pointer = "/units" if isinstance(refused, book.NeverSoMuch) else "/start"
        errors = [FieldError(pointer=pointer, detail=said(refused))]
        raise Trouble(kind=problems.NOT_TAKEN, errors=errors) from None
    except (book.Full, book.HoldEnded, book.AlreadyEnded, book.TooLateToChange) as refused:
        raise Trouble(kind=problems.NOT_FREE, detail=said(refused)) from None


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """The query of a list of days, checked."""

    request: HttpRequest
    words: Mapping[str, Any]
    first: date
    last: date

    def wanted(self) -> book.Wanted:
        """How much is asked for."""
        extras: dict[str, int] = {}
        for each in filter(None, self.words["extras"].split(",")):
            name, _colon, many = each.partition(":")
            if not (many.isascii() and many.isdecimal() and len(many) < len("1000000")):
                raise paging.wrong("extras", _("It is written like this: chairs:40,tables:5."))
            extras[name] = int(many)
        return book.Wanted(
            units=paging.number("units", self.words["units"], 1, 1000),
            minutes=paging.number("minutes", self.words["minutes"], 0, 100_000),
            extras=extras,
        )

    def number_after(self) -> int:
        """The place, where it is a number."""
        after = self.words["after"]
        if after and not (after.isdecimal() and len(after) < len("1000000000000")):
            raise paging.no_place()
        return int(after or 0)

    def links(self, after: str) -> tuple[str | None, dict[str, str]]:
        """The next page, of the days of the first one: "from today" is another day tomorrow."""
        days = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return paging.onwards(self.request, after, **days)


def _asked(request: HttpRequest, known: Mapping[str, str]) -> _Asked:
    words = paging.asked(request, {"from": "", "to": "", **known})
    first = _day("from", words["from"]) or local_day(utc_now())
    last = _day("to", words["to"]) or min(first + USUAL, LAST)
    if not first <= last <= first + LONGEST:
        raise paging.wrong("to", _("It is a day from the first one to a year later."))
    return _Asked(request=request, words=words, first=first, last=last)


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST <= day <= LAST - LONGEST:
        raise paging.wrong(name, _("It is a day such as 2026-11-30."))
    return day


def calendars(request: HttpRequest) -> Reply:
    """Everything that can be booked."""

    def link(name: str, calendar: str) -> str:
        return request.build_absolute_uri(reverse(name, args=[calendar]))

    return Reply(
        body=bodies.CalendarList(
            calendars=[
                bodies.CalendarEntry(
                    calendar=each.slug,
                    title=each.title,
                    most=each.plan.most,
                    longest=each.plan.longest,
                    extras=sorted(each.plan.extras),
                    waiting_list=each.plan.waits,
                    links=bodies.CalendarLinks(
                        days=link("rest:days", each.slug),
                        slots=link("rest:slots", each.slug),
                        holds=link("rest:hold", each.slug),
                    ),
                )
                for each in book.calendars()
            ]
        )
    )


def _free(calendar: str, asked: _Asked) -> list[book.Slot]:
    try:
        found = book.slots(
            calendar=calendar,
            # What opens in the evening before goes on after midnight.
            from_=asked.first - timedelta(days=1),
            to=asked.last,
            wanted=asked.wanted(),
            now=utc_now(),
        )
    except book.NoSuchCalendar:
        raise Trouble(kind=problems.NOT_FOUND) from None
    return [slot for slot in found if asked.first <= slot.start.date() <= asked.last]


def days(request: HttpRequest, calendar: str) -> Reply:
    """Days with free times."""
    asked = _asked(request, SIZE)
    many: dict[int, int] = {}
    for slot in _free(calendar, asked):
        day = slot.start.date().toordinal()
        many[day] = many.get(day, 0) + 1
    after = asked.number_after()
    rest = [day for day in sorted(many) if day > after]
    page = rest[: asked.words["limit"]]
    following, headers = asked.links(str(page[-1]) if len(rest) > len(page) else "")
    listed = [bodies.FreeDay(day=date.fromordinal(day), times=many[day]) for day in page]
    return Reply(body=bodies.FreeDays(days=listed, next=following), headers=headers)


def slots(request: HttpRequest, calendar: str) -> Reply:
    """Free times."""
    asked = _asked(request, SIZE)
    after = asked.number_after()
    rest = [slot for slot in _free(calendar, asked) if slot.start.timestamp() > after]
    page = rest[: asked.words["limit"]]
    following, headers = asked.links(str(int(page[-1].start.timestamp())) if len(rest) > len(page) else "")
    listed = [bodies.FreeSlot(start=slot.start, end=slot.end) for slot in page]
    return Reply(body=bodies.FreeSlots(slots=listed, next=following), headers=headers)


def wanted_by(sent: bodies.NewHold | bodies.NewBooking | bodies.NewWaiter) -> book.Wanted:
    """How much is asked for in a body."""
    return book.Wanted(units=sent.units, minutes=sent.minutes, extras=sent.extras)


def name_in(sent: bodies.NewBooking | bodies.NewWaiter) -> str:
    """For whom it is, on one line."""
    return " ".join(sent.who.split())


def hold(request: HttpRequest, calendar: str) -> Reply:
    """Hold a time for a while."""
    wait = people.wait_for(request, "api.hold", now=utc_now())
    if wait is not None:
        raise Trouble(kind=problems.TOO_MANY, headers={"Retry-After": people.seconds(wait)})
    sent = reading.body(request, bodies.NewHold)
    key = f"{book.BY_HAND}{clients.key_of(request)}"

    def do(_key: str, now: datetime) -> None:
        wanted = wanted_by(sent)
        slot = book.slot_at(calendar=calendar, start=sent.start, wanted=wanted, now=now)
        book.hold(
            calendar=calendar,
            slot=slot,
            wanted=wanted,
            until=now + KEPT,
            key=key,
            actor=ANYBODY,
            now=now,
        )

    def gives() -> bodies.Hold:
        it = book.of_key(key=key)
        return _hold(it, book.token_of(reference=it.reference))

    with _as_problems(Ref("calendar", calendar), "hold"):
        return clients.once(request, do, gives)


def _hold(it: book.BookingView, token: str) -> bodies.Hold:
    return bodies.Hold(
        hold=it.reference,
        calendar=it.calendar,
        state=it.state,
        start=it.start,
        end=it.end,
        units=it.units,
        minutes=it.minutes,
        extras=it.extras,
        until=it.until,
        token=token,
    )


def _held(request: HttpRequest, hold: str, what: str) -> tuple[book.BookingView, str]:
    """The hold that the token opens. One of somebody else is answered like one that never was."""
    token, reference = reading.token(request), tidy_reference(hold)
    try:
        it = book.held_by(token=token)
    except book.NoSuchBooking:
        it = None
    if it is None or it.reference != reference:
        _state_not_theirs(request, reference, what)
        raise Trouble(kind=problems.NOT_FOUND)
    return it, token


def _state_not_theirs(request: HttpRequest, reference: str, what: str) -> None:
    log.warning("api_refused", council=request.council.slug, address=f"hold {what}", problem="not-theirs")
    try:
        about = Ref("booking", book.get(reference=reference).reference)
    except book.NoSuchBooking:
        return
    # The record can't be filled up by whoever guesses.
    if people.wait_for(request, "refusals.stated", now=utc_now()) is None:
        book.state_refusal(about=about, what=what, why="not theirs", actor=ANYBODY, now=utc_now())


def note_foreign(request: HttpRequest, tokens: Iterable[str]) -> None:
    """Put on record that answers came with a token that does not open the hold it names."""
    for token in tokens:
        try:
            book.held_by(token=token)
        except book.NoSuchBooking:
            _state_not_theirs(request, tidy_reference(token.partition(".")[0][:20]), "send")


def held(request: HttpRequest, hold: str) -> Reply:
    """A hold, or what became of it."""
    it, token = _held(request, hold, "look")
    return Reply(body=_hold(it, token))


def release(request: HttpRequest, hold: str) -> Reply:
    """Give a hold back. Twice comes to the same as once, so it needs no key."""
    _it, token = _held(request, hold, "release")
    reading.body(request, bodies.Releasing)
    it = book.give_back(token=token, actor=ANYBODY, now=utc_now())
    return Reply(body=_hold(it, token))


def seen(request: HttpRequest, action: str) -> Mapping[str, book.CalendarView]:
    """The calendars a client may do something with."""
    teams = people.reach(request.client, action)
    return {each.slug: each for each in book.calendars() if teams.covers(each.team)}


def list_bookings(request: HttpRequest) -> Reply:
    """What is booked."""
    asked = _asked(request, {"calendar": ""})
    theirs = seen(request, "bookings.read")
    only = asked.words["calendar"]
    if only and only not in theirs:
        raise Trouble(kind=problems.NOT_FOUND)
    try:
        page = book.bookings(
            calendars=[only] if only else list(theirs),
            first=asked.first,
            last=asked.last,
            after=asked.words["after"],
            limit=asked.words["limit"],
        )
    except book.NotOffered:
        raise paging.no_place() from None
    following, headers = asked.links(page.after)
    listed = [entry(request, each) for each in page.found]
    return Reply(body=bodies.BookingList(bookings=listed, next=following), headers=headers)


def entry(request: HttpRequest, it: book.BookingView) -> bodies.BookingEntry:
    """A booking as a body."""
    return bodies.BookingEntry(
        booking=it.reference,
        calendar=it.calendar,
        state=it.state,
        start=it.start,
        end=it.end,
        units=it.units,
        minutes=it.minutes,
        extras=it.extras,
        who=it.who,
        service=it.course.service,
        series=it.series,
        links=bodies.BookingLinks(
            self=request.build_absolute_uri(reverse("rest:booking", args=[it.reference]))
        ),
    )


def _found(request: HttpRequest, reference: str, action: str) -> book.BookingView:
    """The booking, alike refused when it is not there and when its calendar is not the client's."""
    try:
        it = book.get(reference=tidy_reference(reference))
    except book.NoSuchBooking:
        raise Trouble(kind=problems.NOT_FOUND) from None
    if it.calendar not in seen(request, action):
        raise Trouble(kind=problems.NOT_FOUND)
    return it


def booking(request: HttpRequest, booking: str) -> Reply:
    """One booking."""
    return Reply(body=entry(request, _found(request, booking, "bookings.read")))


def book_for(request: HttpRequest) -> Reply:
    """Book for somebody, by the same rule as everybody."""
    sent = reading.body(request, bodies.NewBooking)
    if sent.calendar not in seen(request, "bookings.change"):
        raise Trouble(kind=problems.NOT_FOUND)
    key = f"api/{clients.key_of(request)}"

    def do(_key: str, now: datetime) -> None:
        wanted = wanted_by(sent)
        slot = book.slot_at(calendar=sent.calendar, start=sent.start, wanted=wanted, now=now)
        book.desk_book(
            slot=slot, wanted=wanted, who=name_in(sent), key=key, actor=request.client.ref, now=now
        )

    with _as_problems(Ref("calendar", sent.calendar), "book", request.client.ref):
        return clients.once(request, do, lambda: entry(request, book.of_key(key=key)))


def move(request: HttpRequest, booking: str) -> Reply:
    """Move a booking to another time."""
    sent = reading.body(request, bodies.Moving)
    it = _found(request, booking, "bookings.change")

    def do(_key: str, now: datetime) -> None:
        slot = book.slot_at(calendar=it.calendar, start=sent.start, wanted=it.wanted, now=now)
        book.change(reference=it.reference, slot=slot, actor=request.client.ref, now=now, by_officer=True)

    return _changed(request, it, "move", do)


def cancel(request: HttpRequest, booking: str) -> Reply:
    """Cancel a booking."""
    reading.body(request, bodies.Cancelling)
    it = _found(request, booking, "bookings.change")

    def do(_key: str, now: datetime) -> None:
        book.cancel(reference=it.reference, actor=request.client.ref, now=now, by_officer=True)

    return _changed(request, it, "cancel", do)


def _changed(request: HttpRequest, it: book.BookingView, what: str, do: Any) -> Reply:
    with _as_problems(Ref("booking", it.reference), what, request.client.ref):
        return clients.once(request, do, lambda: entry(request, book.get(reference=it.reference)))
