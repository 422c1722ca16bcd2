"""The rows of the table that are about waiting lists, for officers' systems."""

from __future__ import annotations

from vestry.channels.rest import booking_bodies as bodies
from vestry.channels.rest import problems
from vestry.channels.rest import waiting_endpoints as endpoints
from vestry.channels.rest.booking_routes import CALENDAR, SENT
from vestry.channels.rest.case_routes import ANYBODY, KEY, REPLAYED
from vestry.channels.rest.route import Parameter, Route
from vestry.kernel import mark

WAITER = Parameter(
    name="waiter",
    place="path",
    description=mark("What their place on the waiting list is called."),
    example="WL-7K3N-9QFA",
)
SAME = (problems.NO_KEY, problems.KEY_REUSED)

WAITING_ROUTES = (
    Route(
        method="GET",
        path="calendars/{calendar}/waiting",
        name="waiting",
        tag="bookings",
        title=mark("Who waits for a place"),
        description=mark("Whoever waits for a place in a calendar or has one kept for them, longest first."),
        call=endpoints.list_waiting,
        parameters=(CALENDAR,),
        gives=bodies.WaitingList,
        problems=(problems.NOT_FOUND, *ANYBODY),
        scope="bookings.read",
    ),
    Route(
        method="POST",
        path="calendars/{calendar}/waiting",
        name="join",
        tag="bookings",
        title=mark("Put somebody on the waiting list"),
        description=mark(
            "Where the calendar has one. When a place comes free, it is kept for who waits longest: the "
            "state becomes offered, and until says how long. Nobody is emailed: look, and tell them."
        ),
        call=endpoints.join,
        parameters=(CALENDAR, KEY),
        body=bodies.NewWaiter,
        gives=bodies.Waiter,
        headers=(REPLAYED,),
        problems=(*SENT, *SAME, *ANYBODY),
        scope="bookings.change",
    ),
    Route(
        method="GET",
        path="waiting/{waiter}",
        name="waiter",
        tag="bookings",
        title=mark("How somebody stands who waits"),
        description=mark("As it stands now, with what is kept for them."),
        call=endpoints.waiter,
        parameters=(WAITER,),
        gives=bodies.Waiter,
        problems=(*ANYBODY, problems.NOT_FOUND),
        scope="bookings.read",
    ),
    Route(
        method="POST",
        path="waiting/{waiter}/leave",
        name="waiter-leave",
        tag="bookings",
        title=mark("Take somebody off the waiting list"),
        description=mark("What is kept for them is offered to the next. Twice is once."),
        call=endpoints.leave,
        parameters=(WAITER, KEY),
        body=bodies.Leaving,
        gives=bodies.Waiter,
        headers=(REPLAYED,),
        problems=(*SENT, *SAME, *ANYBODY),
        scope="bookings.change",
    ),
    Route(
        method="POST",
        path="waiting/{waiter}/take",
        name="waiter-take",
        tag="bookings",
        title=mark("Take what is offered"),
        description=mark(
            "Books what is kept for somebody whom a client or an officer put on the list. Whoever joined on "
            "a page takes it themselves, by the link in their email."
        ),
        call=endpoints.take,
        parameters=(WAITER, KEY),
        body=bodies.TakingOffer,
        gives=bodies.BookingEntry,
        headers=(REPLAYED,),
        problems=(*SENT, *SAME, problems.NOT_FREE, *ANYBODY),
        scope="bookings.change",
    ),
)
