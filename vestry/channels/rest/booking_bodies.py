"""What is sent and answered about bookings, as types."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from vestry.channels.rest.bodies import Link, said
from vestry.design.kinds.typed import LONGEST_LINE, SOMETHING_READABLE
from vestry.kernel import mark

Calendar = Annotated[str, said(mark("The calendar’s name in addresses."), "hall-main")]
Begin = Annotated[datetime, said(mark("When it begins."), "2026-11-30T09:00:00+00:00")]
End = Annotated[datetime, said(mark("When it ends."), "2026-11-30T10:00:00+00:00")]
Start = Annotated[
    datetime,
    msgspec.Meta(tz=True),
    said(mark("When it begins, with its offset: a time that is free."), "2026-11-30T09:00:00+00:00"),
]
Units = Annotated[int, said(mark("How many units, where the calendar counts in them."), 1)]
Minutes = Annotated[
    int, said(mark("How many minutes, where the calendar leaves that open; 0 for as long as it says."), 0)
]
Extras = Annotated[
    dict[str, int], said(mark("How much of what else, by the name of the resource."), {"chairs": 40})
]
# As on the page.
Who = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_LINE, pattern=SOMETHING_READABLE)]
Next = Annotated[Link | None, said(mark("The next page; null where there is none. As in the header."))]
State = Annotated[
    Literal["held", "booked", "released", "lapsed", "cancelled"],
    said(
        mark(
            "held: kept until a moment. booked. released: given back. lapsed: the time of the hold was up. "
            "cancelled: given up after it was booked."
        )
    ),
]


class CalendarLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on."""

    days: Annotated[Link, said(mark("Its days with free times."))]
    slots: Annotated[Link, said(mark("Its free times."))]
    holds: Annotated[Link, said(mark("Where to hold one."))]


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar that can be booked."""

    calendar: Calendar
    title: Annotated[str, said(mark("What people call it."), "Main hall")]
    most: Annotated[int, said(mark("How many units one booking may take."), 1)]
    longest: Annotated[
        int, said(mark("How many minutes one may ask for; 0 where the calendar says how long."), 480)
    ]
    extras: Annotated[list[str], said(mark("What may be asked for besides."), ["chairs"])]
    waiting_list: Annotated[bool, said(mark("Whether people can wait for a place."), True)]
    links: Annotated[CalendarLinks, said(mark("Where to go on."))]


class CalendarList(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be booked."""

    calendars: Annotated[list[CalendarEntry], said(mark("Each, by title."))]


class FreeDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day with free times."""

    day: Annotated[date, said(mark("The day, in London."), "2026-11-30")]
    times: Annotated[int, said(mark("How many free times begin on it."), 4)]


class FreeDays(msgspec.Struct, frozen=True, kw_only=True):
    """Days with free times, in order."""

    days: Annotated[list[FreeDay], said(mark("One page of them."))]
    next: Next


class FreeSlot(msgspec.Struct, frozen=True, kw_only=True):
    """A free time."""

    start: Begin
    end: End


class FreeSlots(msgspec.Struct, frozen=True, kw_only=True):
    """Free times, in order."""

    slots: Annotated[list[FreeSlot], said(mark("One page of them."))]
    next: Next


class NewHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time to hold."""

    start: Start
    units: Units = 1
    minutes: Minutes = 0
    extras: Extras = {}


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A time that is held for a while, or what became of it."""

    hold: Annotated[str, said(mark("What it is called."), "BK-7K3N-9QFA")]
    calendar: Calendar
    state: State
    start: Begin
    end: End
    units: Units
    minutes: Minutes
    extras: Extras
    until: Annotated[
        datetime | None, said(mark("Until when it is kept; null where it is not held any more."))
    ]
    token: Annotated[str, said(mark("Opens it, gives it back, and sends it with answers. Keep it secret."))]


class Releasing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing to say."""


class BookingLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on."""

    self: Annotated[Link, said(mark("This booking."))]


class BookingEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A booking, as officers see it."""

    booking: Annotated[str, said(mark("Its reference."), "BK-7K3N-9QFA")]
    calendar: Calendar
    state: State
    start: Begin
    end: End
    units: Units
    minutes: Minutes
    extras: Extras
    who: Annotated[str, said(mark("For whom an officer booked it; empty where a service did."))]
    service: Annotated[str, said(mark("The service it was booked with; empty where an officer did."))]
    series: Annotated[str, said(mark("What those booked as one repeat have in common; may be empty."))]
    links: Annotated[BookingLinks, said(mark("Where to go on."))]


class BookingList(msgspec.Struct, frozen=True, kw_only=True):
    """Bookings, by when they begin."""

    bookings: Annotated[list[BookingEntry], said(mark("One page of them."))]
    next: Next


class NewBooking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time to book for somebody."""

    calendar: Calendar
    start: Start
    who: Annotated[Who, said(mark("For whom it is. Erased 90 days after."), "Ms Elm")]
    units: Units = 1
    minutes: Minutes = 0
    extras: Extras = {}


class NewWaiter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who is to wait for a place."""

    first: Annotated[date, said(mark("The first day they could come."), "2026-11-30")]
    last: Annotated[date, said(mark("The last day they could come."), "2026-12-24")]
    who: Annotated[Who, said(mark("For whom it is. Erased when they wait no more."), "Ms Elm")]
    units: Units = 1
    minutes: Minutes = 0
    extras: Extras = {}


class WaiterLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on."""

    self: Annotated[Link, said(mark("This place on the waiting list."))]
    booking: Annotated[Link | None, said(mark("What is kept for them; null where nothing is."))]


class Waiter(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who waits for a place, or waited."""

    waiter: Annotated[str, said(mark("What it is called."), "WL-7K3N-9QFA")]
    calendar: Calendar
    state: Annotated[
        Literal["waiting", "offered", "taken", "gone"],
        said(
            mark(
                "waiting. offered: a place is kept for them for a while. taken: they took it. gone: they "
                "left, or did not take it in time."
            )
        ),
    ]
    first: Annotated[date, said(mark("The first day they could come."), "2026-11-30")]
    last: Annotated[date, said(mark("The last day they could come."), "2026-12-24")]
    units: Units
    minutes: Minutes
    extras: Extras
    who: Annotated[
        str, said(mark("For whom it is; empty once they wait no more, and without bookings.change."))
    ]
    email: Annotated[
        str, said(mark("Where offers go of whoever joined on a page; empty without bookings.change."))
    ]
    service: Annotated[str, said(mark("The service they joined in; empty where an officer put them on it."))]
    since: Annotated[datetime, said(mark("Since when. Who waits longest is asked first."))]
    until: Annotated[datetime | None, said(mark("Until when a place is kept for them; null where none is."))]
    links: Annotated[WaiterLinks, said(mark("Where to go on."))]


class WaitingList(msgspec.Struct, frozen=True, kw_only=True):
    """Who waits, longest first."""

    waiting: Annotated[list[Waiter], said(mark("Each of them."))]


class Leaving(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing to say."""


class TakingOffer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing to say."""


class Moving(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another time in the same calendar."""

    start: Start


class Cancelling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing to say."""
