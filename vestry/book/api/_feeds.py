"""Bookings as iCalendar (RFC 5545), and times read from it: pure, no network.

Times are written as moments in UTC: whatever reads them shows its own clocks, and no change of ours is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Event

from vestry.book.api._views import BookingView
from vestry.book.rules import DAY, Span, minute_of, wall_clock
from vestry.kernel import LONDON

# More events than any room has in a year; a rule that repeats each second is read no further.
MOST_EVENTS = 5_000
# An exhibition may take a hall for weeks.
LONGEST = timedelta(days=62)


class NotICalendar(ValueError):
    """It cannot be read as iCalendar."""


def written(
    bookings: Iterable[BookingView],
    *,
    title: str,
    host: str,
    summary: Callable[[BookingView], str],
    address: Callable[[BookingView], str],
    now: datetime,
) -> bytes:
    """A calendar file of some bookings. One that was cancelled is said to be: it is struck out elsewhere."""
    calendar = Calendar()
    calendar.add("prodid", "-//Vestry//Bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", " ".join(title.split()))
    for each in bookings:
        event = Event()
        event.add("uid", f"{each.reference}@{host}")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", each.start.astimezone(UTC))
        event.add("dtend", each.end.astimezone(UTC))
        event.add("summary", summary(each))
        event.add("url", address(each))
        event.add("status", "CONFIRMED" if each.state == "booked" else "CANCELLED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def times(content: bytes, *, first: date, last: date) -> list[Span]:
    """When somebody is busy between two days, each occurrence of what repeats. Raises `NotICalendar`."""
    try:
        calendar = Calendar.from_ical(content)
        begin, end = wall_clock(first, 0), wall_clock(last + DAY, 0)
        found = {span for each in _events(calendar, first, last) if (span := _span(each))}
    except Exception as fault:  # noqa: BLE001 - it comes from anybody, and its reader raises whatever it meets
        raise NotICalendar(type(fault).__name__) from None
    return sorted(span for span in found if span.start < end and begin < span.end)


def _events(calendar: Any, first: date, last: date) -> Iterator[Any]:
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    until = datetime(last.year, last.month, last.day, tzinfo=LONDON) + timedelta(days=2)
    # One that began before and goes on counts, too.
    for each in islice(query.after(first - LONGEST), MOST_EVENTS):
        start = each["DTSTART"].dt
        if (_moment(start) if isinstance(start, datetime) else _midnight(start)) > until:
            return
        yield each


def _moment(when: datetime) -> datetime:
    # A time without a zone is meant as the clock on the wall.
    return when if when.tzinfo else when.replace(tzinfo=LONDON)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def _span(event: Any) -> Span | None:
    """From the minute it begins up to the minute it has ended; None for what keeps nobody busy."""
    if event.get("TRANSP") == "TRANSPARENT" or event.get("STATUS") == "CANCELLED":
        return None
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    if not isinstance(start, datetime):
        # Whole days, as long as they are here.
        after = end if end > start else start + DAY
        return Span(start=wall_clock(start, 0), end=wall_clock(after, 0))
    begun = minute_of(_moment(start))
    ended = _moment(end)
    over = minute_of(ended) + bool(ended.second or ended.microsecond)
    return Span(start=begun, end=over) if over > begun else None
