"""Calendars at the desk: who comes when; booked, moved, cancelled and closed by the rule of everybody."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from vestry.book import api as book
from vestry.channels.desk.tests.pages import errors, key, text
from vestry.kernel import Ref, local_day, utc_now
from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.tests.services_to_try import ORIGIN, offer
from vestry.services.tests.test_book_a_time import VISIT

ANN = Ref("resident", "ann")


def put(*, waits=False):
    week = dict.fromkeys(range(7), (book.read_hours("09:00-12:00"),))
    book.put_calendars(
        resources=[
            book.ResourcePlan(slug="seats", title="Seats", stock=3),
            book.ResourcePlan(slug="chairs", title="Chairs", stock=20),
        ],
        calendars=[
            book.CalendarPlan(
                slug="hall",
                title="The hall",
                team="waste",
                plan=book.Plan(
                    open=week,
                    every=60,
                    lasts=60,
                    longest=120,
                    most=3,
                    each={"seats": 1},
                    extras=frozenset({"chairs"}),
                    bank_holidays=True,
                    changes=book.Notice(minutes=100 * 24 * 60),
                    waits=waits,
                ),
            )
        ],
    )
    return "/desk/calendars/hall/"


@pytest.fixture
def hall(officers):
    return put()


@pytest.fixture
def waited(officers):
    return put(waits=True)


def free(**wanted):
    day = local_day(utc_now()) + timedelta(days=1)
    return book.slots(calendar="hall", from_=day, to=day, wanted=book.Wanted(**wanted), now=utc_now())


def chosen(slot):
    day = slot.start.date().isoformat()
    return {"time-day": day, "time-listed": day, "time-slot": slot.start.isoformat()}


def booked(slot, who="Ms Elm", key="a", **wanted):
    wanted = book.Wanted(**wanted)
    return book.desk_book(slot=slot, wanted=wanted, who=who, key=key, actor=ANN, now=utc_now())


def on(slot):
    return f"?day={slot.start.date().isoformat()}"


def test_a_day_shows_who_comes_and_how_much_is_left(hall, signed_in):
    slot = free()[0]
    booked(slot, units=2, extras={"chairs": 7})
    assert "The hall" in text(signed_in("tom").get("/desk/calendars/"))
    shown = text(signed_in("tom").get(hall + on(slot)))
    assert "Ms Elm" in shown
    assert "2 units, 7 Chairs" in shown
    assert "9am to 10am 1 10am to 11am 3" in shown
    assert "Book for somebody" not in shown, "a crew sees it and changes nothing"
    assert signed_in("maya").get(hall).status_code == 404
    assert "The hall" not in text(signed_in("maya").get("/desk/calendars/"))


@pytest.mark.parametrize("day", ["", "x", "0001-01-01", "9999-12-31", "2026-02-30", "\x00"])
def test_a_day_that_is_none_shows_today(hall, signed_in, day):
    assert signed_in("priya").get(hall, {"day": day}).status_code == 200


def test_an_officer_books_for_somebody_and_twice_is_once(hall, signed_in):
    priya, slot = signed_in("priya"), free()[1]
    assert "How many units?" in text(priya.get(hall + "book/"))
    assert errors(priya.get(hall + "book/?units=4&minutes=60")) != []
    page = hall + "book/?units=2&minutes=120&extra-chairs=5"
    form = {"form-key": key(priya.get(page)), "who": "", "time-day": slot.start.date().isoformat()}
    listed = priya.post(page, form)
    assert listed.status_code == 200
    assert slot.start.isoformat() in listed.content.decode()
    wrong = priya.post(page, form | chosen(slot))
    assert [target for target, _said in errors(wrong)] == ["who"]
    for _twice in range(2):
        done = priya.post(page, form | chosen(slot) | {"who": "Mr Ash"}, follow=True)
        assert "Mr Ash" in text(done)
    (it,) = list(book.bookings_between(calendar="hall", first=slot.start.date(), last=slot.end.date()))
    assert (it.units, it.minutes, it.extras) == (2, 120, {"chairs": 5})
    # A forged key counts as a key, whatever is in it.
    forged = {"form-key": "\0forged\0", "who": "Mr Oak"} | chosen(slot)
    for _twice in range(2):
        assert priya.post(hall + "book/?units=1&minutes=60", forged).status_code == 302
    found = book.bookings_between(calendar="hall", first=slot.start.date(), last=slot.end.date())
    assert [each.who for each in found] == ["Mr Ash", "Mr Oak"]


def test_what_is_full_or_not_offered_is_refused_and_what_was_typed_stays(hall, signed_in):
    priya, slot = signed_in("priya"), free()[0]
    page = hall + "book/?units=3&minutes=60"
    form = {"form-key": "k", "who": "Mr Ash", **chosen(slot)}
    booked(slot)
    wrong = priya.post(page, form)
    assert wrong.status_code == 422
    assert "Mr Ash" in wrong.content.decode()
    gone = {"time-day": "2020-01-01", "time-listed": "2020-01-01", "time-slot": "2020-01-01T09:00:00+00:00"}
    assert priya.post(page, form | gone).status_code == 422
    assert (
        len(book.bookings(calendars=["hall"], first=slot.start.date(), last=slot.end.date(), limit=9).found)
        == 1
    )


def test_a_booking_is_moved_and_cancelled_when_it_is_too_late_for_residents(hall, signed_in):
    priya, (first, second) = signed_in("priya"), free()[:2]
    it = booked(first)
    page = f"/desk/bookings/{it.reference}/"
    assert not book.may_change(reference=it.reference, now=utc_now())
    assert "The booking is moved." in priya.post(page, chosen(second), follow=True).content.decode()
    assert book.get(reference=it.reference).start == second.start
    assert "Yes, cancel this booking" in text(priya.post(page, {"cancel": "ask"}))
    assert book.get(reference=it.reference).state == "booked"
    assert "The booking is cancelled." in priya.post(page, {"cancel": "sure"}, follow=True).content.decode()
    assert "This booking was cancelled." in text(priya.get(page))
    assert priya.post(page, chosen(first)).status_code == 422
    for nobody_s in ("tom", "maya"):
        assert signed_in(nobody_s).post(page, {"cancel": "sure"}).status_code == 404


def test_days_are_closed_and_opened_again(hall, signed_in):
    priya, slot = signed_in("priya"), free()[0]
    booked(slot)
    day = slot.start.date()
    form = {"first-day": day.day, "first-month": day.month, "first-year": day.year, "why": "Boiler"}
    shown = priya.post(hall + "close/", form, follow=True)
    assert "1 booking is on these days" in shown.content.decode()
    assert "Boiler" in text(shown)
    assert "Closed: nothing is offered" in text(shown)
    assert free() == ()
    early = priya.post(hall + "close/", form | {"last-day": 1, "last-month": 1, "last-year": 2020})
    assert [target for target, _said in errors(early)] == ["last-day"]
    days = {"first": day.isoformat(), "last": day.isoformat()}
    assert "Open again." in priya.post(hall + "open/", days, follow=True).content.decode()
    assert free()
    assert priya.post(hall + "open/", {"first": "x"}).status_code == 302
    names = [fact.name for fact in ledger.since(0, limit=10_000)]
    assert (names.count("book.closed"), names.count("book.opened")) == (1, 1)


def test_a_new_address_for_other_programs_ends_the_one_before(hall, signed_in):
    priya = signed_in("priya")
    assert "Make an address" in text(priya.get(hall))
    assert priya.post(hall + "feed/").status_code == 302
    first = re.search(r'href="([^"]+\.ics)"', priya.get(hall).content.decode())[1]
    path = first.partition("testserver")[2]
    assert Client().get(path).status_code == 200
    priya.post(hall + "feed/")
    assert Client().get(path).status_code == 404
    assert first not in signed_in("tom").get(hall).content.decode()
    assert "Make a" not in text(signed_in("tom").get(hall))


def waits(**said):
    day, now = local_day(utc_now()), utc_now()
    here = {"calendar": "hall", "first": day, "last": day + timedelta(days=3), "actor": ANN, "now": now}
    return book.join(**here, **said)


def test_who_waits_is_shown_and_can_be_taken_off(waited, signed_in):
    wanted = book.Wanted(units=2, extras={"chairs": 7})
    there = waits(email="sam@example.org", key="w", wanted=wanted)
    shown = text(signed_in("priya").get(waited))
    assert "sam@example.org" in shown
    assert "How many: 2 Chairs: 7" in shown
    crew = text(signed_in("tom").get(waited))
    assert "How many: 2" in crew
    assert "sam@example.org" not in crew, "who only reads needs no address"
    address = f"{waited}waiting/{there.reference}/"
    assert signed_in("tom").get(address).status_code == 404
    assert "sam@example.org waits for a place" in text(signed_in("priya").get(address))
    assert "sam@example.org" in text(signed_in("priya").get(waited))
    for _twice in range(2):
        assert signed_in("priya").post(address).status_code == 302
    assert book.waiting(calendar="hall", now=utc_now()) == []
    (left,) = [fact for fact in ledger.since(0, limit=10_000) if fact.name == "book.left"]
    assert (left.payload["why"], left.actor) == ("taken off", Ref("officer", "priya"))
    assert "Nobody waits for a place." in text(signed_in("priya").get(waited))
    assert signed_in("priya").get(address).status_code == 404


def test_what_is_kept_for_who_waits_is_said(waited, signed_in, monkeypatch):
    waits(who="Mr Oak", key="w")
    book.offer(now=utc_now())
    shown = text(signed_in("priya").get(waited))
    assert "Mr Oak A place is kept until" in shown
    # Its time is up, whether or not the clock has ended it yet.
    later = utc_now() + timedelta(days=2)
    monkeypatch.setattr("vestry.channels.desk.bookings.utc_now", lambda: later)
    assert "Mr Oak" not in text(signed_in("priya").get(waited))


@pytest.fixture
def of_a_case(hall):
    """A case, and what is booked with it."""
    offer(VISIT.replace("calendar: visits", "calendar: hall"), utc_now())
    said = {"people": 1, "visit-time": free()[0].start.isoformat(), "email": "sam@example.com"}
    sent = services.submit_answers(
        service="visit", answers=said, key="k", client="tests", origin=ORIGIN, now=utc_now()
    )
    (it,) = [each for each in services.made(Ref("case", sent.reference)) if each.kind == "booking"]
    return f"/desk/cases/{sent.reference}/", f"/desk/bookings/{it.key}/"


def test_a_case_leads_whoever_may_change_it_to_what_is_booked_with_it(of_a_case, signed_in):
    case, address = of_a_case
    assert address in signed_in("priya").get(case).content.decode()
    assert address not in signed_in("tom").get(case).content.decode(), "a crew changes nothing"
    signed_in("priya").post(address, {"cancel": "sure"})
    assert address not in signed_in("priya").get(case).content.decode()


def test_a_case_outlives_the_calendar_it_was_booked_in(of_a_case, signed_in):
    case, address = of_a_case
    book.put_calendars(resources=[], calendars=[])
    page = signed_in("priya").get(case)
    assert page.status_code == 200
    assert address not in page.content.decode()
