"""What the doors give and refuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec

from vestry.book.models import Booking, Waiter
from vestry.book.rules import Wanted, moment_of
from vestry.kernel import Refused

State = Literal["held", "booked", "released", "lapsed", "cancelled"]


class NoSuchCalendar(Refused):
    """There is no such calendar here."""


class NoSuchBooking(Refused):
    """There is no such booking here."""


class NotOffered(Refused):
    """This time cannot be booked. Choose another one."""


class TooFarAhead(NotOffered):
    """You can only wait for days on which something can be booked by now."""


class NeverSoMuch(NotOffered):
    """There is never as much as this here, or for as long. Ask for less."""


class Full(Refused):
    """This time has just been taken. Choose another one."""


class HoldEnded(Refused):
    """The time we kept this place for you is over, and somebody else has it now. Choose another one."""


class TooLateToChange(Refused):
    """It is too late to change or cancel this online. Contact us."""


class AlreadyEnded(Refused):
    """This booking was cancelled or given back, or was booked already."""


class NoSuchWaiter(Refused):
    """Nobody waits under that."""


class NothingOffered(Refused):
    """This offer is not open any more."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """In whose course something is booked: the service, its version, and the journey."""

    service: str = ""
    version: int = 0
    journey: str = ""


NO_COURSE = Course()


class Slot(msgspec.Struct, frozen=True, kw_only=True, order=True, gc=False):
    """A time in a calendar, as London's clocks show it.

    A struct and no dataclass: a year of a council's rooms is hundreds of thousands of them.
    """

    start: datetime
    end: datetime
    calendar: str


@dataclass(frozen=True, kw_only=True)
class BookingView:
    """A place that is held or booked, or was. ``until`` is when a hold ends."""

    reference: str
    calendar: str
    calendar_title: str
    state: State
    start: datetime
    end: datetime
    units: int
    minutes: int
    extras: dict[str, int]
    until: datetime | None
    course: Course
    series: str
    who: str

    @property
    def wanted(self) -> Wanted:
        """The same again."""
        return Wanted(units=self.units, minutes=self.minutes, extras=self.extras)

    @property
    def slot(self) -> Slot:
        """When it is."""
        return Slot(calendar=self.calendar, start=self.start, end=self.end)

    def is_held(self, now: datetime) -> bool:
        """Whether it is set aside and its time is not up, whether or not the clock has ended it yet."""
        return self.state == "held" and self.until is not None and self.until > now


@dataclass(frozen=True, kw_only=True)
class WaiterView:
    """Somebody who waits, and what is kept for them. ``who`` and ``email`` go when they wait no more."""

    reference: str
    calendar: str
    calendar_title: str
    first: date
    last: date
    wanted: Wanted
    state: Literal["waiting", "offered", "taken", "gone"]
    who: str
    email: str
    since: datetime
    course: Course
    step: str
    offered: BookingView | None

    def stands(self, now: datetime) -> Literal["waiting", "offered", "taken", "over", "gone"]:
        """How it stands by now, whether or not the clock has said so yet: ``gone`` once an offer's time is
        up, ``over`` once what was taken is not held any more.
        """
        kept = self.offered is not None and self.offered.is_held(now)
        if self.state == "offered" and not kept:
            return "gone"
        if self.state == "taken" and not kept:
            return "over"
        return self.state


def booking_view(row: Booking) -> BookingView:
    """A row with its calendar, as others see it."""
    return BookingView(
        reference=row.reference,
        calendar=row.calendar.slug,
        calendar_title=row.calendar.title,
        state=row.state,
        start=moment_of(row.start),
        end=moment_of(row.end),
        units=row.units,
        minutes=row.minutes,
        extras=row.extras,
        until=row.until,
        course=Course(service=row.service, version=row.version, journey=row.journey),
        series=row.series,
        who=row.who,
    )


def waiter_view(row: Waiter) -> WaiterView:
    """A row with its calendar and booking, as others see it."""
    return WaiterView(
        reference=row.reference,
        calendar=row.calendar.slug,
        calendar_title=row.calendar.title,
        first=row.first,
        last=row.last,
        wanted=Wanted(units=row.units, minutes=row.minutes, extras=row.extras),
        state=row.state,
        who=row.who,
        email=row.email,
        since=row.since,
        course=Course(service=row.service, version=row.version, journey=row.journey),
        step=row.step,
        offered=booking_view(row.booking) if row.booking else None,
    )
