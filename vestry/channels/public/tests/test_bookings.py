"""A booking moved and cancelled by whoever made it, on the page that its status page leads to."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from vestry.book import api as book
from vestry.book.step.asking import said
from vestry.kernel import Ref, utc_now
from vestry.services import api as services
from vestry.services.tests.services_to_try import ORIGIN, offer
from vestry.services.tests.test_book_a_time import VISIT

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(council):
    book.put_calendars(
        resources=[book.ResourcePlan(slug="seats", title="Seats", stock=1)],
        calendars=[
            book.CalendarPlan(
                slug="visits",
                title="Visits",
                plan=book.Plan(
                    open=dict.fromkeys(range(7), (book.read_hours("09:00-12:00"),)),
                    every=60,
                    lasts=60,
                    each={"seats": 1},
                    bank_holidays=True,
                    notice=book.Notice(minutes=24 * 60),
                    changes=book.Notice(minutes=24 * 60),
                ),
            )
        ],
    )
    offer(VISIT.replace("{title: Booked}", "{title: Booked, next: Come a few minutes early.}"), utc_now())
    slot = free()[3]
    sent = services.submit_answers(
        service="visit",
        answers={"people": 1, "visit-time": slot.start.isoformat(), "email": "sam@example.com"},
        key="k",
        client="tests",
        origin=ORIGIN,
        now=utc_now(),
    )
    (made,) = [each for each in services.made(Ref("case", sent.reference)) if each.kind == "booking"]
    return sent.reference, made.key, slot


def free():
    day = utc_now().date()
    return book.slots(calendar="visits", from_=day, to=day + timedelta(days=7), now=utc_now())


def opened(reference):
    """A browser that gave the right code."""
    client = Client()
    session = client.session
    session["status-open"] = {reference: (utc_now() + timedelta(hours=1)).isoformat()}
    session.save()
    return client


def page(reference, booking):
    return reverse("public:status-booking", kwargs={"reference": reference, "booking": booking})


def test_it_is_moved_and_then_cancelled(booked):
    reference, booking, slot = booked
    client, address = opened(reference), page(*booked[:2])
    assert address in client.get(reverse("public:status-of", args=[reference])).content.decode()
    assert client.get(address).status_code == 200
    other = free()[-1]
    day = other.start.date().isoformat()
    shown = client.post(address, {"time-day": day})
    assert other.start.isoformat() in shown.content.decode()
    moved = client.post(
        address, {"time-day": day, "time-listed": day, "time-slot": other.start.isoformat()}, follow=True
    )
    assert "Your booking was moved." in moved.content.decode()
    assert book.get(reference=booking).start == other.start
    assert slot in free()
    asked = client.post(address, {"cancel": "ask"})
    assert "Do you want to cancel" in asked.content.decode()
    assert book.get(reference=booking).state == "booked"
    done = client.post(address, {"cancel": "sure"}, follow=True)
    assert "Your booking was cancelled." in done.content.decode()
    assert other in free()
    status = reverse("public:status-of", args=[reference])
    assert f'href="{status}">See what happens next' in done.content.decode()
    stands = client.get(status).content.decode()
    assert address not in stands, "nothing is left to move or cancel"
    assert f"{said(other.start, other.end)} (cancelled)" in stands


def test_nobody_is_told_to_come_to_what_was_cancelled(booked):
    reference, booking, _slot = booked
    client, address = opened(reference), reverse("public:status-of", args=[reference])
    assert "Come a few minutes early" in client.get(address).content.decode()
    client.post(page(reference, booking), {"cancel": "sure"})
    shown = client.get(address).content.decode()
    assert "What you booked was cancelled" in shown
    assert "Come a few minutes early" not in shown
    assert "move or cancel" not in shown


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_that_no_calendar_reaches_show_those_it_has(booked, day):
    first = free()[0].start.date().isoformat()
    client, address = opened(booked[0]), page(*booked[:2])
    for field in ("more", "day", "listed"):
        shown = client.post(address, {f"time-{field}": day, "time-after": day})
        assert shown.status_code in (200, 422)
        assert first in shown.content.decode()
    token = services.start(service="visit", origin=ORIGIN, now=utc_now()).token
    people, time = (reverse("public:step", args=["visit", token, step]) for step in ("people", "visit"))
    client.post(people, {"people": "1", "asked": "people"})
    client.post(time, {"visit-time-more": day, "asked": "visit-time"})
    # What was typed is kept: the page has to come up again with it.
    assert first in client.get(time).content.decode()


def test_what_is_taken_is_refused_and_the_booking_stays(booked):
    reference, booking, slot = booked
    other = free()[-1]
    book.desk_book(slot=other, who="", key="x", actor=Ref("officer", "ann"), now=utc_now())
    fields = {"time-slot": other.start.isoformat(), "time-day": other.start.date().isoformat()}
    assert opened(reference).post(page(*booked[:2]), fields).status_code == 422
    assert book.get(reference=booking).start == slot.start


def test_another_ones_booking_is_not_there(booked):
    reference, _booking, _slot = booked
    theirs = book.desk_book(slot=free()[-1], who="", key="x", actor=Ref("officer", "ann"), now=utc_now())
    for method in (opened(reference).get, opened(reference).post):
        assert method(page(reference, theirs.reference), {"cancel": "sure"}).status_code == 404
    assert book.get(reference=theirs.reference).state == "booked"


def test_without_the_code_nothing_is_shown_or_done(booked):
    _reference, booking, slot = booked
    for method in (Client().get, Client().post):
        assert method(page(*booked[:2]), {"cancel": "sure"}).url == reverse("public:status")
    assert (book.get(reference=booking).state, book.get(reference=booking).start) == ("booked", slot.start)


def test_it_is_put_into_a_calendar_of_their_own(booked):
    reference, booking, slot = booked
    client, file = opened(reference), reverse("public:status-calendar", args=[reference])
    assert file in client.get(reverse("public:status-of", args=[reference])).content.decode()
    given = client.get(file)
    assert given.headers["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(given.content).walk("VEVENT")
    assert event["DTSTART"].dt == slot.start
    assert reference in str(event["SUMMARY"])
    book.cancel(reference=booking, actor=Ref("officer", "ann"), now=utc_now(), by_officer=True)
    (event,) = Calendar.from_ical(client.get(file).content).walk("VEVENT")
    assert str(event["STATUS"]) == "CANCELLED"
    assert Client().get(file).url == reverse("public:status")
    nothing = opened("VI-0000-0000").get(reverse("public:status-calendar", args=["VI-0000-0000"]))
    assert nothing.status_code == 404


def test_from_the_confirmation_too(booked):
    (slot,) = free()[:1]
    now, start = utc_now(), slot.start.isoformat()
    token = services.start(service="visit", origin=ORIGIN, now=now).token
    for step, fields in (
        ("people", {"people": "1"}),
        (
            "visit",
            {"visit-time-slot": start, "visit-time-day": start[:10]},
        ),
        ("email", {"email": "sam@example.com"}),
    ):
        asked = {"people": "people", "visit": "visit-time", "email": "email"}[step]
        page = reverse("public:step", kwargs={"slug": "visit", "token": token, "step": step})
        assert Client().post(page, fields | {"asked": asked}).status_code == 302
    address = {"slug": "visit", "token": token}
    file = reverse("public:done-calendar", kwargs=address)
    assert Client().get(file).status_code == 404
    Client().post(reverse("public:check", kwargs=address))
    confirmed = Client().get(reverse("public:done", kwargs=address)).content.decode()
    assert file in confirmed
    assert said(slot.start, slot.end) in confirmed
    (event,) = Calendar.from_ical(Client().get(file).content).walk("VEVENT")
    assert event["DTSTART"].dt == slot.start


def test_a_calendar_is_read_elsewhere_by_its_secret_and_says_no_names(booked):
    _reference, booking, _slot = booked
    book.desk_book(slot=free()[-1], who="Ms Elm", key="x", actor=Ref("officer", "ann"), now=utc_now())
    secret = book.make_feed(calendar="visits", actor=Ref("officer", "ann"), now=utc_now())
    given = Client().get(reverse("public:feed", args=["visits", secret]))
    assert len(Calendar.from_ical(given.content).walk("VEVENT")) == 2
    assert booking in given.content.decode()
    assert "Elm" not in given.content.decode()
    assert Client().get(reverse("public:feed", args=["visits", "x" + secret[1:]])).status_code == 404
    assert Client().get(reverse("public:feed", args=["nothing", secret])).status_code == 404
