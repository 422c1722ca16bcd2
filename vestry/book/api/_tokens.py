"""What a secret opens: a hold of a program that sends its answers later, a calendar read elsewhere."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from vestry.book import events
from vestry.book.api._calendars import find_row
from vestry.book.api._holds import locked, release
from vestry.book.api._views import BookingView, Course, NoSuchBooking, NoSuchCalendar, booking_view
from vestry.book.models import HELD, LAPSED, Booking, Calendar
from vestry.kernel import Ref
from vestry.ledger import api as ledger

# What the key of a hold begins with until it is sent: its program has it in hand, no journey has.
BY_HAND = "held/"


def token_of(*, reference: str) -> str:
    """The secret that opens a hold: the same each time it is asked for, and stored nowhere."""
    row = Booking.objects.filter(reference=reference).first()
    if row is None:
        raise NoSuchBooking
    return f"{reference}.{_secret(row)}"


def _secret(row: Booking) -> str:
    # Of the row: another council may come to the same reference.
    return salted_hmac("vestry.book.hold", f"{row.pk}", algorithm="sha256").hexdigest()


def held_by(*, token: str) -> BookingView:
    """The hold, or what became of it, that a token opens. Raises `NoSuchBooking`."""
    return booking_view(_row_of(token))


def _row_of(token: str) -> Booking:
    reference, _dot, secret = token.partition(".")
    row = Booking.objects.select_related("calendar").filter(reference=reference[:20]).first()
    if row is None or not constant_time_compare(_secret(row), secret):
        raise NoSuchBooking
    return row


def of_key(*, key: str) -> BookingView:
    """The booking of a key. Raises `NoSuchBooking`."""
    row = Booking.objects.select_related("calendar").filter(key=key).first()
    if row is None:
        raise NoSuchBooking
    return booking_view(row)


def take_over(*, token: str, key: str, course: Course) -> BookingView:
    """Make a hold that a token opens that of a journey, under the journey's key; once.

    Raises `NoSuchBooking` where the token opens none, or none that can still be sent.
    """
    with ledger.transaction():
        row = locked(_row_of(token).reference)
        if row.key == key:
            return booking_view(row)
        if not row.key.startswith(BY_HAND) or row.state not in (HELD, LAPSED):
            raise NoSuchBooking
        row.key = key
        row.service, row.version, row.journey = course.service, course.version, course.journey
        row.save(update_fields=["key", "service", "version", "journey"])
        return booking_view(row)


def give_back(*, token: str, actor: Ref, now: datetime) -> BookingView:
    """Give back the hold that a token opens, and say how it stands then.

    Once it was sent it stays: it is a journey's, and somebody may be paying for it. Raises `NoSuchBooking`.
    """
    with ledger.transaction():
        row = locked(_row_of(token).reference)
        if row.key.startswith(BY_HAND):
            release(reference=row.reference, actor=actor, now=now)
        return held_by(token=token)


def state_refusal(*, about: Ref, what: str, why: str, actor: Ref, now: datetime) -> None:
    """Put on record that somebody asked for what nobody can have."""
    with ledger.transaction():
        ledger.record(events.Refused(what=what, why=why), subject=about, actor=actor, now=now)


def feed_of(*, calendar: str) -> str:
    """The secret of the address its bookings can be read from; empty where none was made.

    Raises `NoSuchCalendar`.
    """
    row = find_row(calendar)
    return _feed_secret(row) if row.feed else ""


def _feed_secret(row: Calendar) -> str:
    return salted_hmac("vestry.book.feed", f"{row.pk}/{row.feed}", algorithm="sha256").hexdigest()[:40]


def is_feed(*, calendar: str, secret: str) -> bool:
    """Whether that is the secret that is good now."""
    try:
        good = feed_of(calendar=calendar)
    except NoSuchCalendar:
        return False
    return bool(good) and constant_time_compare(good, secret)


def make_feed(*, calendar: str, actor: Ref, now: datetime) -> str:
    """A new secret for a calendar; the one before is good no more. Raises `NoSuchCalendar`."""
    with ledger.transaction():
        row = find_row(calendar)
        Calendar.objects.filter(pk=row.pk).update(feed=F("feed") + 1)
        ledger.record(events.FeedMade(), subject=Ref("calendar", calendar), actor=actor, now=now)
    return feed_of(calendar=calendar)
