"""What each address about waiting lists does, for officers' systems: join, leave, take what is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from vestry.book import api as book
from vestry.channels.rest import booking_bodies as bodies
from vestry.channels.rest import clients, problems, reading
from vestry.channels.rest.bodies import FieldError
from vestry.channels.rest.booking_endpoints import entry, name_in, seen, wanted_by
from vestry.channels.rest.problems import Trouble
from vestry.channels.rest.replies import Reply
from vestry.design.shown import said
from vestry.kernel import Ref, tidy_reference, utc_now


@contextmanager
def _as_problems(about: Ref, actor: Ref) -> Iterator[None]:
    try:
        yield
    except book.NoSuchCalendar:
        raise Trouble(kind=problems.NOT_FOUND) from None
    except book.NotOffered as refused:
        book.state_refusal(about=about, what="join", why="not offered", actor=actor, now=utc_now())
        pointer = "/units" if isinstance(refused, book.NeverSoMuch) else "/last"
        errors = [FieldError(pointer=pointer, detail=said(refused))]
        raise Trouble(kind=problems.NOT_TAKEN, errors=errors) from None
    except book.NothingOffered as refused:
        raise Trouble(kind=problems.NOT_FREE, detail=said(refused)) from None


def list_waiting(request: HttpRequest, calendar: str) -> Reply:
    """Who waits for a place there."""
    _reach(request, calendar, "bookings.read")
    found = [_waiter(request, each) for each in book.waiting(calendar=calendar, now=utc_now())]
    return Reply(body=bodies.WaitingList(waiting=found))


def _reach(request: HttpRequest, calendar: str, action: str) -> None:
    if calendar not in seen(request, action):
        raise Trouble(kind=problems.NOT_FOUND)


def _found(request: HttpRequest, reference: str, action: str) -> book.WaiterView:
    """Alike refused when nobody waits under that and when the calendar is not the client's."""
    try:
        there = book.get_waiter(reference=tidy_reference(reference))
    except book.NoSuchWaiter:
        raise Trouble(kind=problems.NOT_FOUND) from None
    _reach(request, there.calendar, action)
    return there


def _waiter(request: HttpRequest, there: book.WaiterView) -> bodies.Waiter:
    def link(name: str, reference: str) -> str:
        return request.build_absolute_uri(reverse(name, args=[reference]))

    kept = there.offered
    stands = "gone" if there.stands(utc_now()) == "gone" else there.state
    # Whom to write to is for those who act on it.
    known = stands != "gone" and there.calendar in seen(request, "bookings.change")
    return bodies.Waiter(
        waiter=there.reference,
        calendar=there.calendar,
        state=stands,
        first=there.first,
        last=there.last,
        units=there.wanted.units,
        minutes=there.wanted.minutes,
        extras=dict(there.wanted.extras),
        who=there.who if known else "",
        email=there.email if known else "",
        service=there.course.service,
        since=there.since,
        until=kept.until if kept and stands == "offered" else None,
        links=bodies.WaiterLinks(
            self=link("rest:waiter", there.reference),
            booking=link("rest:booking", kept.reference) if kept else None,
        ),
    )


def join(request: HttpRequest, calendar: str) -> Reply:
    """Let somebody wait."""
    sent = reading.body(request, bodies.NewWaiter)
    _reach(request, calendar, "bookings.change")
    key = f"api/{clients.key_of(request)}"

    def do(_key: str, now: datetime) -> None:
        book.join(
            calendar=calendar,
            first=sent.first,
            last=sent.last,
            wanted=wanted_by(sent),
            who=name_in(sent),
            key=key,
            actor=request.client.ref,
            now=now,
        )

    with _as_problems(Ref("calendar", calendar), request.client.ref):
        return clients.once(request, do, lambda: _waiter(request, book.waiter_of_key(key=key)))


def waiter(request: HttpRequest, waiter: str) -> Reply:
    """How somebody stands who waits."""
    return Reply(body=_waiter(request, _found(request, waiter, "bookings.read")))


def leave(request: HttpRequest, waiter: str) -> Reply:
    """Take somebody off the list."""
    reading.body(request, bodies.Leaving)
    there = _found(request, waiter, "bookings.change")

    def do(_key: str, now: datetime) -> None:
        book.leave(reference=there.reference, actor=request.client.ref, now=now, why="taken off")

    return _done(request, there, do, lambda: _waiter(request, book.get_waiter(reference=there.reference)))


def take(request: HttpRequest, waiter: str) -> Reply:
    """Book what is kept for somebody whom an officer's system put on the list."""
    reading.body(request, bodies.TakingOffer)
    there = _found(request, waiter, "bookings.change")

    def do(_key: str, now: datetime) -> None:
        if there.course.journey:
            # Theirs to take, and to pay for.
            raise book.NothingOffered
        book.take_offer(reference=there.reference, actor=request.client.ref, now=now)

    def gives() -> bodies.BookingEntry:
        kept = book.get_waiter(reference=there.reference).offered
        if kept is None:
            raise Trouble(kind=problems.NOT_FOUND)
        return entry(request, kept)

    return _done(request, there, do, gives)


def _done(
    request: HttpRequest,
    there: book.WaiterView,
    do: Callable[[str, datetime], None],
    gives: Callable[[], object],
) -> Reply:
    with _as_problems(Ref("waiter", there.reference), request.client.ref):
        return clients.once(request, do, gives)
