"""Calendars others keep, and ours for others: right over both clock changes, and never trusted too far."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from vestry import kernel
from vestry.book import api
from vestry.book.api._feeds import MOST_EVENTS, NotICalendar, times
from vestry.book.ports import NotRead
from vestry.book.rules import moment_of
from vestry.book.step import Book
from vestry.book.tests.made import ANN, MONDAY, NOW, book, calendars, free, hold
from vestry.ledger import api as ledger

pytestmark = pytest.mark.django_db
HALL = "https://calendars.example.org/hall.ics"


def ical(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"]
    for event in events:
        lines += ["BEGIN:VEVENT", "UID:x", "DTSTAMP:20260101T000000Z", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def busy(*event, first=date(2026, 10, 1), last=date(2026, 11, 30)):
    found = times(ical(event), first=first, last=last)
    return [(f"{moment_of(each.start):%d %b %H:%M}", each.end - each.start) for each in found]


def test_a_repeat_keeps_its_hour_over_the_clock_change():
    zone = "DTSTART;TZID=Europe/London:20261022T180000", "DTEND;TZID=Europe/London:20261022T190000"
    assert busy(*zone, "RRULE:FREQ=WEEKLY;COUNT=3") == [
        ("22 Oct 18:00", 60),
        ("29 Oct 18:00", 60),
        ("05 Nov 18:00", 60),
    ]


def test_a_night_over_the_clock_change_is_as_long_as_it_is():
    assert busy("DTSTART:20261024T220000", "DTEND:20261025T040000") == [("24 Oct 22:00", 7 * 60)]
    assert busy("DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261026") == [("25 Oct 00:00", 25 * 60)]
    assert busy("DTSTART;VALUE=DATE:20261101") == [("01 Nov 00:00", 24 * 60)]


def test_what_keeps_nobody_busy_and_what_lasts_no_time_is_left_out():
    when = "DTSTART:20261102T100000Z", "DTEND:20261102T110000Z"
    assert busy(*when) == [("02 Nov 10:00", 60)]
    assert busy(*when, "TRANSP:TRANSPARENT") == []
    assert busy(*when, "STATUS:CANCELLED") == []
    assert busy("DTSTART:20261102T100000Z", "DTEND:20261102T100000Z") == []


def test_what_began_before_and_goes_on_counts():
    assert busy("DTSTART:20260930T220000Z", "DTEND:20261001T100000Z") == [("30 Sep 23:00", 12 * 60)]


def test_what_repeats_without_end_is_read_no_further_than_it_may():
    found = busy("DTSTART:20261001T100000Z", "DTEND:20261001T100030Z", "RRULE:FREQ=SECONDLY")
    assert 0 < len(found) <= MOST_EVENTS


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(content):
    for given_ in (content, b"BEGIN:VCALENDAR\r\n" + content + b"\r\nEND:VCALENDAR\r\n"):
        with contextlib.suppress(NotICalendar):
            times(given_, first=date(2026, 1, 1), last=date(2026, 2, 1))


class Given:
    """What others keep, by address; what is not there cannot be read."""

    def __init__(self):
        self.at = {}

    def read(self, address):
        if address not in self.at:
            raise NotRead
        return self.at[address]


@pytest.fixture
def feed(council, monkeypatch):
    calendars(feeds={"hall": HALL})
    given_ = Given()
    monkeypatch.setitem(kernel._plugs, "book.feeds", lambda: given_)
    return given_


def names():
    return [fact.name for fact in ledger.since(0, limit=1000) if fact.name.startswith("book.feed")]


def nine_to_ten(day=MONDAY):
    return ical((f"DTSTART:{day:%Y%m%d}T090000Z", f"DTEND:{day:%Y%m%d}T100000Z"))


def test_nothing_is_offered_or_booked_while_it_is_busy_elsewhere(feed):
    nine, *_ = free()
    feed.at[HALL] = nine_to_ten()
    assert api.read_feeds(now=NOW) == 1
    assert free()[0].start.hour == 10
    with pytest.raises(api.Full):
        book(nine, "a")
    assert api.left_on(calendar="hall", day=MONDAY, now=NOW)[0].units == 0
    # What others keep is looked at every quarter of an hour, and said once.
    assert api.read_feeds(now=NOW + timedelta(minutes=14)) == 0
    assert api.read_feeds(now=NOW + timedelta(minutes=15)) == 1
    assert names() == ["book.feed_read"]
    feed.at[HALL] = ical()
    api.read_feeds(now=NOW + timedelta(minutes=31))
    assert free()[0] == nine


def test_a_hold_that_lapsed_is_not_had_again_while_it_is_busy_elsewhere(feed):
    held, later = hold(free()[0], "a"), NOW + timedelta(hours=1)
    api.lapse(now=later)
    feed.at[HALL] = nine_to_ten()
    api.read_feeds(now=later)
    for again in (lambda **mine: api.extend(**mine, until=later + timedelta(hours=1)), api.confirm):
        with pytest.raises(api.HoldEnded):
            again(reference=held.reference, actor=ANN, now=later)


def test_what_was_booked_before_stays(feed):
    booked = book(free()[0], "a")
    feed.at[HALL] = nine_to_ten()
    api.read_feeds(now=NOW)
    assert api.get(reference=booked.reference).state == "booked"
    api.cancel(reference=booked.reference, actor=ANN, now=NOW, by_officer=True)
    assert free()[0].start.hour == 10


@pytest.mark.parametrize("broken", [b"nonsense", None])
def test_a_feed_that_cannot_be_read_holds_as_it_was_and_is_work_once(feed, broken):
    feed.at[HALL] = nine_to_ten()
    api.read_feeds(now=NOW)
    feed.at.pop(HALL)
    if broken:
        feed.at[HALL] = broken
    for minutes in (15, 30):
        api.read_feeds(now=NOW + timedelta(minutes=minutes))
    assert free()[0].start.hour == 10
    assert names() == ["book.feed_read", "book.feed_lost"]
    assert Book().calls_for("book.feed_lost", {})
    feed.at[HALL] = nine_to_ten()
    api.read_feeds(now=NOW + timedelta(minutes=45))
    assert names()[-1] == "book.feed_read"


def test_another_address_forgets_what_the_one_before_said(feed):
    feed.at[HALL] = nine_to_ten()
    api.read_feeds(now=NOW)
    calendars()
    assert free()[0].start.hour == 9


def test_bookings_are_written_as_moments(council):
    calendars()
    first, second = book(free()[0], "a"), book(free()[1], "b")
    api.cancel(reference=second.reference, actor=ANN, now=NOW, by_officer=True)
    content = api.as_icalendar(
        [api.get(reference=each.reference) for each in (first, second)],
        title="Ours; and, \n theirs",
        host="harrowmere.example",
        summary=lambda it: "A, hall; or\nnot",
        address=lambda it: "https://harrowmere.example/",
        now=NOW,
    )
    one, other = Calendar.from_ical(content).walk("VEVENT")
    assert one["DTSTART"].dt == first.start
    assert one["DTSTART"].dt.utcoffset() == timedelta()
    assert (str(one["SUMMARY"]), str(one["STATUS"]), str(other["STATUS"])) == (
        "A, hall; or\nnot",
        "CONFIRMED",
        "CANCELLED",
    )
    assert times(content, first=MONDAY, last=MONDAY)[0].start * 60 == int(first.start.timestamp())


def test_a_calendar_s_secret_is_good_until_another_is_made(council, other_council):
    from vestry.councils import api as councils

    calendars()
    assert api.feed_of(calendar="hall") == ""
    assert not api.is_feed(calendar="hall", secret="")
    secret = api.make_feed(calendar="hall", actor=ANN, now=NOW)
    assert api.is_feed(calendar="hall", secret=secret)
    assert not api.is_feed(calendar="round", secret=secret)
    assert api.make_feed(calendar="hall", actor=ANN, now=NOW) != secret
    assert not api.is_feed(calendar="hall", secret=secret)
    with councils.scope(other_council):
        assert not api.is_feed(calendar="hall", secret=secret)
