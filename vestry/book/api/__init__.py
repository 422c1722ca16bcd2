"""The door to bookings: a time, or a place, taken.

1. A pack says what is offered: `put_calendars`. `slots` gives what is free.
2. `hold` sets a place aside until a moment; `extend` keeps it longer; `confirm` books it; `release` gives it
   back, and so does the clock: `lapse`.
3. `change` and `cancel`, within the calendar's rules for whoever booked it, at any time for an officer.
4. `conflicts` says which occurrences of a repeat can't be had, `repeat` books them all or none; `desk_book`
   books for somebody by the same rule as everybody.
5. `join` waits for a place; `offer` keeps a freed one for who waits longest; `accept` makes it a hold of
   their journey, `take_offer` books it at once, `leave` waits no more. `full` says what may be waited for.
6. `close` offers nothing on some days, and says what is booked on them; `left_on` and `bookings` say how much
   is left and who comes.
7. `read_feeds` reads when a resource is busy elsewhere; `as_icalendar` writes bookings for other programs,
   and `make_feed` makes a secret address for a calendar.
8. A program holds first and sends later: `token_of` is all it needs, and `take_over` makes the hold that of a
   journey; until then `give_back` ends it.

Times are moments; days are London's. Whatever way it comes, a place is taken in one way: the cells of each
resource are locked, counted, and never counted above its stock.
"""

from vestry.book.api._busy import read_feeds
from vestry.book.api._calendars import (
    CalendarPlan,
    CalendarView,
    ResourcePlan,
    bookings_between,
    calendars,
    close,
    closings,
    full,
    get_calendar,
    open_again,
    put_calendars,
    resources,
    slots,
    slots_of,
)
from vestry.book.api._feeds import written as as_icalendar
from vestry.book.api._holds import (
    cancel,
    change,
    confirm,
    extend,
    forget,
    forget_past,
    free_for,
    get,
    hold,
    lapse,
    may_change,
    of_journey,
    release,
)
from vestry.book.api._looking import Bookings, Left, bookings, left_on, slot_at
from vestry.book.api._repeats import MOST_TIMES, Occurrence, conflicts, desk_book, repeat, series_of
from vestry.book.api._tokens import (
    BY_HAND,
    feed_of,
    give_back,
    held_by,
    is_feed,
    make_feed,
    of_key,
    state_refusal,
    take_over,
    token_of,
)
from vestry.book.api._views import (
    AlreadyEnded,
    BookingView,
    Course,
    Full,
    HoldEnded,
    NeverSoMuch,
    NoSuchBooking,
    NoSuchCalendar,
    NoSuchWaiter,
    NothingOffered,
    NotOffered,
    Slot,
    TooFarAhead,
    TooLateToChange,
    WaiterView,
)
from vestry.book.api._waiting import (
    accept,
    came_free,
    get_waiter,
    join,
    leave,
    offer,
    offer_freed,
    take_offer,
    waiter_of_key,
    waiter_token,
    waiting,
    waits_by,
)
from vestry.book.rules import Closure, Hours, Notice, Plan, Wanted, here, moment_of, read_hours

__all__ = [
    "BY_HAND",
    "MOST_TIMES",
    "AlreadyEnded",
    "BookingView",
    "Bookings",
    "CalendarPlan",
    "CalendarView",
    "Closure",
    "Course",
    "Full",
    "HoldEnded",
    "Hours",
    "Left",
    "NeverSoMuch",
    "NoSuchBooking",
    "NoSuchCalendar",
    "NoSuchWaiter",
    "NotOffered",
    "NothingOffered",
    "Notice",
    "Occurrence",
    "Plan",
    "ResourcePlan",
    "Slot",
    "TooFarAhead",
    "TooLateToChange",
    "WaiterView",
    "Wanted",
    "accept",
    "as_icalendar",
    "bookings",
    "bookings_between",
    "calendars",
    "came_free",
    "cancel",
    "change",
    "close",
    "closings",
    "confirm",
    "conflicts",
    "desk_book",
    "extend",
    "feed_of",
    "forget",
    "forget_past",
    "free_for",
    "full",
    "get",
    "get_calendar",
    "get_waiter",
    "give_back",
    "held_by",
    "here",
    "hold",
    "is_feed",
    "join",
    "lapse",
    "leave",
    "left_on",
    "make_feed",
    "may_change",
    "moment_of",
    "of_journey",
    "of_key",
    "offer",
    "offer_freed",
    "open_again",
    "put_calendars",
    "read_feeds",
    "read_hours",
    "release",
    "repeat",
    "resources",
    "series_of",
    "slot_at",
    "slots",
    "slots_of",
    "state_refusal",
    "take_offer",
    "take_over",
    "token_of",
    "waiter_of_key",
    "waiter_token",
    "waiting",
    "waits_by",
]
