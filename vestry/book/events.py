"""What the book room states. The subject is the booking, or the calendar, or the place on a waiting list."""

from __future__ import annotations

from dataclasses import dataclass

from vestry.kernel import Fact, mark

_PRIVACY = "A calendar, a time and how much of it: not who wants it. The names of people are in the table."


@dataclass(frozen=True, kw_only=True)
class _Times:
    """``start`` and ``end`` are moments in UTC, as ISO 8601 writes them."""

    calendar: str
    start: str
    end: str
    units: int


@dataclass(frozen=True, kw_only=True)
class Held(_Times, Fact):
    """A place was set aside until a moment. Stated again, it was moved or kept longer."""

    name = "book.held"
    privacy = _PRIVACY
    sentence = mark("A place in {calendar} was held until {until}: {start}.")

    until: str


@dataclass(frozen=True, kw_only=True)
class Released(Fact):
    """A hold was given back."""

    name = "book.released"
    sentence = mark("The held place was given back.")
    privacy = _PRIVACY

    calendar: str


@dataclass(frozen=True, kw_only=True)
class Lapsed(Fact):
    """A hold's time was up."""

    name = "book.lapsed"
    sentence = mark("The time for the held place was up, and others can have it.")
    privacy = _PRIVACY

    calendar: str


@dataclass(frozen=True, kw_only=True)
class Booked(_Times, Fact):
    """A place was booked."""

    name = "book.booked"
    privacy = _PRIVACY
    sentence = mark("Booked in {calendar}: {start}.")
    told = mark("Your booking was made.")


@dataclass(frozen=True, kw_only=True)
class Changed(_Times, Fact):
    """A booking was moved to another time."""

    name = "book.changed"
    privacy = _PRIVACY
    sentence = mark("The booking was moved from {before} to {start}.")
    told = mark("Your booking was moved to another time.")

    before: str


@dataclass(frozen=True, kw_only=True)
class Cancelled(Fact):
    """A booking was cancelled. ``left``: how many of its repeat are still booked."""

    name = "book.cancelled"
    sentence = mark("The booking was cancelled.")
    told = mark("Your booking was cancelled.")
    privacy = _PRIVACY

    calendar: str
    left: int


@dataclass(frozen=True, kw_only=True)
class Refused(Fact):
    """Somebody asked for what nobody can have. The subject is the booking, or the calendar.

    ``what`` was asked: ``hold``, ``release``, ``look``, ``send``, ``book``, ``move``, ``cancel``.
    ``why`` not: ``not offered``, ``not theirs``.
    """

    name = "book.refused"
    sentence = mark("Refused: {what} ({why}).")
    privacy = "What was asked and why it was refused, in words of ours: not by whom."

    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Closed(Fact):
    """Days were closed. The subject is the calendar."""

    name = "book.closed"
    sentence = mark("Closed from {first} to {last}.")
    privacy = _PRIVACY

    first: str
    last: str


@dataclass(frozen=True, kw_only=True)
class Opened(Fact):
    """Days that had been closed were opened again. The subject is the calendar."""

    name = "book.opened"
    sentence = mark("Opened again from {first} to {last}.")
    privacy = _PRIVACY

    first: str
    last: str


@dataclass(frozen=True, kw_only=True)
class FeedRead(Fact):
    """The calendar others keep of a resource says something new. The subject is the resource."""

    name = "book.feed_read"
    sentence = mark("Read from elsewhere: busy at {times} times.")
    privacy = "How many times, not what for: titles and names in it are not read."

    times: int


@dataclass(frozen=True, kw_only=True)
class FeedLost(Fact):
    """The calendar others keep of a resource cannot be read. The subject is the resource."""

    name = "book.feed_lost"
    sentence = mark("The calendar kept elsewhere cannot be read. What it said last goes on to hold.")
    privacy = "That it could not be read, and of which resource."


@dataclass(frozen=True, kw_only=True)
class FeedMade(Fact):
    """A calendar was given a new secret address to be read from, and any before is good no more."""

    name = "book.feed_made"
    sentence = mark("Given a new address for programs that show calendars. The one before is good no more.")
    privacy = "That an officer made one; not the address."


@dataclass(frozen=True, kw_only=True)
class Joined(Fact):
    """Somebody waits for a place. The subject is their place on the waiting list."""

    name = "book.joined"
    sentence = mark("Waits for a place in {calendar} from {first} to {last}.")
    told = mark("You joined the waiting list.")
    privacy = _PRIVACY

    calendar: str
    first: str
    last: str
    units: int


@dataclass(frozen=True, kw_only=True)
class Offered(_Times, Fact):
    """A freed place is kept for somebody who waits, until a moment."""

    name = "book.offered"
    privacy = _PRIVACY
    sentence = mark("A place in {calendar} is kept until {until}: {start}.")
    told = mark("A place came free, and we keep it for you.")

    until: str
    booking: str


@dataclass(frozen=True, kw_only=True)
class Left(Fact):
    """Somebody does not wait any more.

    ``why``: ``took the place``, ``offer ran out``, ``too late``, ``left``, ``taken off``.
    """

    name = "book.left"
    sentence = mark("Is not on the waiting list any more ({why}).")
    privacy = _PRIVACY

    calendar: str
    why: str
