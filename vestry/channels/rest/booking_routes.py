"""The rows of the table that are about bookings: anybody's free times and holds, and officers' bookings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from vestry.channels.rest import booking_bodies as bodies
from vestry.channels.rest import booking_endpoints as endpoints
from vestry.channels.rest import problems
from vestry.channels.rest.case_routes import ANYBODY, KEY, REPLAYED
from vestry.channels.rest.paging import AFTER, LIMIT, LINK
from vestry.channels.rest.replies import Reply
from vestry.channels.rest.route import Parameter, Route
from vestry.kernel import mark

CALENDAR = Parameter(
    name="calendar", place="path", description=mark("The calendar, from the list."), example="hall-main"
)
HOLD = Parameter(
    name="hold", place="path", description=mark("What the hold is called."), example="BK-7K3N-9QFA"
)
BOOKING = Parameter(
    name="booking", place="path", description=mark("The reference of the booking."), example="BK-7K3N-9QFA"
)
ONLY = Parameter(
    name="calendar", place="query", description=mark("Of this calendar only."), example="hall-main"
)
LIST = (
    Parameter(
        name="from",
        place="query",
        description=mark("The first day; today where nothing is said."),
        example="2026-11-30",
        schema={"format": "date"},
    ),
    Parameter(
        name="to",
        place="query",
        description=mark("The last day, at most a year later; four weeks later where nothing is said."),
        example="2026-12-24",
        schema={"format": "date"},
    ),
    LIMIT,
    AFTER,
)
WANTED = (
    Parameter(
        name="units",
        place="query",
        description=mark("For so many units."),
        example="3",
        schema={"type": "integer", "minimum": 1, "maximum": 1000, "default": 1},
    ),
    Parameter(
        name="minutes",
        place="query",
        description=mark("For so many minutes, where the calendar leaves that open."),
        example="120",
        schema={"type": "integer", "minimum": 0, "maximum": 100_000, "default": 0},
    ),
    Parameter(
        name="extras",
        place="query",
        description=mark("With so much of what else."),
        example="chairs:40,tables:5",
    ),
)
SENT = (
    problems.MALFORMED,
    problems.NOT_FOUND,
    problems.TOO_LARGE,
    problems.NOT_JSON,
    problems.NOT_TAKEN,
)
ONCE = (problems.NO_KEY, problems.NOT_FREE, problems.KEY_REUSED)


def _free(name: str, title: str, description: str, call: Callable[..., Reply], gives: type[Any]) -> Route:
    return Route(
        method="GET",
        path=f"calendars/{{calendar}}/{name}",
        name=name,
        tag="bookings",
        title=title,
        description=description,
        call=call,
        parameters=(CALENDAR, *LIST, *WANTED),
        gives=gives,
        headers=(LINK,),
        problems=(problems.BAD_QUERY, problems.NOT_FOUND),
        any_origin=True,
    )


def _changes(
    name: str,
    path: str,
    title: str,
    description: str,
    call: Callable[..., Reply],
    body: type[msgspec.Struct],
    *parameters: Parameter,
) -> Route:
    return Route(
        method="POST",
        path=path,
        name=name,
        tag="bookings",
        title=title,
        description=description,
        call=call,
        parameters=(*parameters, KEY),
        body=body,
        gives=bodies.BookingEntry,
        headers=(REPLAYED,),
        problems=(*SENT, *ONCE, *ANYBODY),
        scope="bookings.change",
    )


BOOKING_ROUTES = (
    Route(
        method="GET",
        path="calendars",
        name="calendars",
        tag="bookings",
        title=mark("What can be booked"),
        description=mark("Every calendar of the council."),
        call=endpoints.calendars,
        gives=bodies.CalendarList,
        any_origin=True,
    ),
    _free(
        "days",
        mark("Days with free times"),
        mark("The days on which something is free that is as large and as long as is asked for."),
        endpoints.days,
        bodies.FreeDays,
    ),
    _free(
        "slots",
        mark("Free times"),
        mark(
            "Every time that is free. It may be a minute old: only a hold is certain. Times have the offset "
            "London has then, so both halves past one of the night the clocks go back can be told apart."
        ),
        endpoints.slots,
        bodies.FreeSlots,
    ),
    Route(
        method="POST",
        path="calendars/{calendar}/holds",
        name="hold",
        tag="bookings",
        title=mark("Hold a time"),
        description=mark(
            "Keeps a time for a quarter of an hour, while somebody answers the rest. Send the token with the "
            "answers of the service it is for (holds, by the id of the question for the time): that books "
            "it. Whoever does nothing loses it by themselves."
        ),
        call=endpoints.hold,
        parameters=(CALENDAR, KEY),
        body=bodies.NewHold,
        status=201,
        gives=bodies.Hold,
        headers=(REPLAYED,),
        problems=(*SENT, *ONCE, problems.TOO_MANY),
    ),
    Route(
        method="GET",
        path="holds/{hold}",
        name="held",
        tag="bookings",
        title=mark("What became of a hold"),
        description=mark("The token of the hold opens it; anybody else’s gets the same answer as none."),
        call=endpoints.held,
        parameters=(HOLD,),
        gives=bodies.Hold,
        problems=(problems.NO_TOKEN, problems.NOT_FOUND),
        token=True,
    ),
    Route(
        method="POST",
        path="holds/{hold}/release",
        name="release",
        tag="bookings",
        title=mark("Give a hold back"),
        description=mark(
            "Others can have it at once. Twice is once; what was sent by now, or is booked, is not touched."
        ),
        call=endpoints.release,
        parameters=(HOLD,),
        body=bodies.Releasing,
        gives=bodies.Hold,
        problems=(problems.NO_TOKEN, *SENT),
        token=True,
    ),
    Route(
        method="GET",
        path="bookings",
        name="bookings",
        tag="bookings",
        title=mark("What is booked"),
        description=mark("What is held, booked or cancelled in the calendars this client may see, in order."),
        call=endpoints.list_bookings,
        parameters=(ONLY, *LIST),
        gives=bodies.BookingList,
        headers=(LINK,),
        problems=(problems.BAD_QUERY, problems.NOT_FOUND, *ANYBODY),
        scope="bookings.read",
    ),
    _changes(
        "book",
        "bookings",
        mark("Book for somebody"),
        mark("By the same rule as everybody: what is not offered or not free cannot be booked here either."),
        endpoints.book_for,
        bodies.NewBooking,
    ),
    Route(
        method="GET",
        path="bookings/{booking}",
        name="booking",
        tag="bookings",
        title=mark("One booking"),
        description=mark("As it stands now."),
        call=endpoints.booking,
        parameters=(BOOKING,),
        gives=bodies.BookingEntry,
        problems=(*ANYBODY, problems.NOT_FOUND),
        scope="bookings.read",
    ),
    _changes(
        "booking-move",
        "bookings/{booking}/move",
        mark("Move a booking"),
        mark("To another free time in the same calendar. It keeps its place until it has the other."),
        endpoints.move,
        bodies.Moving,
        BOOKING,
    ),
    _changes(
        "booking-cancel",
        "bookings/{booking}/cancel",
        mark("Cancel a booking"),
        mark("Others can have its place at once. Twice is once."),
        endpoints.cancel,
        bodies.Cancelling,
        BOOKING,
    ),
)
