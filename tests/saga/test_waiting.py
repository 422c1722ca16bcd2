"""Somebody waits for a place that is full, takes what came free, and goes on where they were."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from vestry.book import api as book
from vestry.book.models import Cell
from vestry.cases.models import Task
from vestry.channels.public.tests.visitor import Visitor
from vestry.config import worker
from vestry.design.capability import Stopped
from vestry.kernel import Ref, local_day, utc_now
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.models import Message
from vestry.notify.ports import Rejected
from vestry.notify.tests.posted import fakes, plugged
from vestry.services import api as services
from vestry.services.models import Journey
from vestry.services.readers import CallsForWork, OnRules, StopsWaiting
from vestry.services.tests.services_to_try import offer
from vestry.services.tests.test_book_a_time import VISIT

pytestmark = pytest.mark.django_db

ANN = Ref("officer", "ann")
WAITED_FOR = VISIT.replace(
    "on:\n",
    """\
  waiting:
    subject: You wait for ((waits_for))
    body: From ((waits_from)) until ((waits_until)). ((waiting_page))
  freed:
    subject: Free on ((booked_day))
    body: At ((booked_time)), kept until ((offered_until)). ((waiting_page))
on:
  book.joined: [{notify: waiting}]
  book.offered: [{notify: freed}]
""",
)


def put(waits=True, stock=2, every=60):
    plan = book.Plan(
        open=dict.fromkeys(range(7), (book.read_hours("09:00-12:00"),)),
        every=every,
        lasts=every,
        most=4,
        each={"seats": 1},
        bank_holidays=True,
        ahead=5,
        waits=waits,
        offer=120,
    )
    book.put_calendars(
        resources=[book.ResourcePlan(slug="seats", title="Seats", stock=stock)],
        calendars=[book.CalendarPlan(slug="visits", title="Visits", plan=plan)],
    )


@pytest.fixture
def full(council):
    """Nothing is left of the next days; the first of what is booked."""
    put()
    offer(WAITED_FOR, utc_now())
    return fill()


def fill():
    found = [book_one(slot, number) for slot in free() for number in range(2)]
    # What begins within half an hour is offered to nobody, so what is given back begins tomorrow or later.
    return [each.reference for each in found if each.start.date() > local_day(utc_now())]


def free():
    day, now = local_day(utc_now()), utc_now()
    return book.slots(calendar="visits", from_=day, to=day + timedelta(days=9), now=now)


def book_one(slot, number):
    key = f"{slot.start.isoformat()}/{number}"
    return book.desk_book(slot=slot, who="", key=key, actor=ANN, now=utc_now())


def come_to_the_times(people=1):
    visitor = Visitor().open("/services/visit/").press().press(people=str(people))
    assert visitor.here.endswith("/visit/")
    return visitor


def days(first=0, last=5):
    said = {}
    for part, after in (("first", first), ("last", last)):
        day = local_day(utc_now()) + timedelta(days=after)
        said |= {f"visit__waits__{part}__day": day.day, f"visit__waits__{part}__month": day.month}
        said[f"visit__waits__{part}__year"] = day.year
    return said


def joined(people=1, **changed):
    visitor = come_to_the_times(people).follow("Join the waiting list for what is full")
    return visitor.press(**{"visit__waits__email": "sam@example.com", **days(), **changed})


def emails():
    ledger.read_on(OnRules(), now=utc_now())
    assert ledger.parked() == []
    return list(Message.objects.order_by("pk"))


def link():
    """The newest link that was emailed, as a path."""
    return urlsplit(emails()[-1].body.split()[-1]).path


def came_free(references, many=1):
    for reference in references[:many]:
        book.cancel(reference=reference, actor=ANN, now=utc_now(), by_officer=True)
    book.offer(now=utc_now())


def waiters():
    return [each.state for each in book.waiting(calendar="visits", now=utc_now())]


def test_where_all_is_full_one_can_wait_and_is_told_what_happens(full):
    visitor = come_to_the_times()
    assert "No day is free." in visitor.page.text
    assert "These days are full:" in visitor.page.text
    visitor.follow("Join the waiting list for what is full")
    assert "We keep the place for you for up to 2 hours" in visitor.page.text
    today = local_day(utc_now())
    assert ("visit-waits-first-year", str(today.year)) in visitor.page.forms[0].fields
    visitor.press(visit__waits__email="sam@example.com")
    assert visitor.status == 200
    assert "You are on the waiting list" in visitor.page.text
    assert "We email you when a place comes free." in visitor.page.text
    assert waiters() == ["waiting"]
    (message,) = emails()
    assert (message.to, message.secret) == ("sam@example.com", True)
    # The page to choose on says so, too, and to join twice is not possible.
    visitor.follow("Choose a time that is free")
    assert "You are on the waiting list." in visitor.page.text
    visitor.follow("See how you wait")
    assert "What happens next" in visitor.page.text


def test_a_day_that_is_full_among_others_can_be_waited_for(full):
    for reference in full[-2:]:
        book.cancel(reference=reference, actor=ANN, now=utc_now(), by_officer=True)
    visitor = come_to_the_times()
    assert "These days are full:" in visitor.page.text
    assert "No day is free." not in visitor.page.text
    # On the day itself, the times that are full.
    day = free()[0].start.date().isoformat()
    visitor.press(visit__time__day=day)
    assert "These times are full: 9am to 10am, 10am to 11am." in visitor.page.text
    visitor.follow("Join the waiting list for what is full")
    assert ("visit-waits-last-day", str(free()[0].start.day)) in visitor.page.forms[0].fields


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"visit__waits__email": "sam"}, "email address"),
        ({"visit__waits__email": ""}, "email address"),
        (days(first=3, last=2), "The last day must be the first day or after it"),
        (days(last=200), "The last day must be on or before"),
        ({"visit__waits__first__month": "13"}, "The first day must be a real date"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(full, wrong, said):
    visitor = joined(**wrong)
    assert visitor.status == 422
    assert said in visitor.page.text
    name, typed = next(iter(wrong.items()))
    assert (name.replace("__", "-"), str(typed)) in visitor.page.forms[0].fields
    assert waiters() == []


def test_nobody_waits_for_more_than_there_ever_is(full):
    put(stock=2)
    visitor = come_to_the_times(people=3)
    assert "Nothing is free at the moment" in visitor.page.text
    visitor = come_to_the_times(people=1).follow("Join the waiting list for what is full")
    put(stock=0)
    visitor.press(**{"visit__waits__email": "sam@example.com", **days()})
    assert "The last day must be on or before" not in visitor.page.text
    assert "There is never as much as you need" in visitor.page.text
    assert waiters() == []


def test_an_offer_nobody_got_is_work(full):
    joined()
    came_free(full)
    offered = emails()[-1]
    assert (offered.called, offered.secret) == ("freed", True)
    with plugged(fakes.FailingEmail(Rejected("There is no such mailbox."))):
        notify.deliver_due(now=utc_now())
    ledger.read_on(CallsForWork(), now=utc_now())
    titles = Task.objects.filter(state="open").values_list("title", flat=True)
    assert any("“freed” was not delivered" in title for title in titles)


def test_what_came_free_is_offered_in_the_same_turn_of_the_worker(full):
    joined()
    book.cancel(reference=full[0], actor=ANN, now=utc_now(), by_officer=True)
    worker.turn(utc_now(), unhurried=False)
    assert waiters() == ["offered"]


def test_what_came_free_is_taken_by_a_button_and_booked_at_the_end(full):
    visitor = joined(people=2)
    came_free(full, 2)
    assert waiters() == ["offered"]
    address = link()
    assert "kept until" in emails()[-1].body
    for _look in range(3):
        scanner = Visitor().open(address)
        assert scanner.status == 200
        assert "We keep it for you until" in scanner.page.text
        assert scanner.page.forms[0].names == {"take", "leave"}
    assert waiters() == ["offered"]
    before = visitor.here

    taker = Visitor().open(address).press(take="yes")
    # What was answered is still there, the place is held, and the next page comes.
    assert taker.here.endswith("/email/")
    assert waiters() == []
    # The address before is closed.
    assert Visitor().open(before).status == 404
    # Pressed again it leads to the same place.
    again = Visitor().open(address)
    assert "It is kept for you until" in again.page.text
    taker = again.press(take="yes")
    taker.press(email="sam@example.com").press()
    assert taker.status == 200
    assert taker.here.endswith("/done/")
    first = book.bookings_between(calendar="visits", first=local_day(utc_now()), last=free_day(full))
    assert any(each.units == 2 and each.state == "booked" for each in first)
    assert not Cell.objects.filter(taken__gt=2).exists()
    over = Visitor().open(address)
    assert "You took this place before" in over.page.text
    assert over.page.forms == []


def free_day(full):
    return book.get(reference=full[0]).start.date()


def test_an_offer_runs_out_and_the_link_says_so(full):
    joined()
    came_free(full)
    address, later = link(), utc_now() + timedelta(hours=3)
    assert book.offer(now=later)
    there = Visitor().open(address)
    assert "You are not on this waiting list any more" in there.page.text
    assert there.page.forms == []
    forced = there.client.post(address, {"take": "yes"})
    assert forced.status_code == 422
    assert len(free()) == 1


def test_an_offer_can_be_let_go_and_the_next_is_asked(full):
    joined()
    joined(visit__waits__email="kim@example.com")
    came_free(full)
    Visitor().open(link()).press(leave="yes")
    assert waiters() == ["waiting"]
    book.offer(now=utc_now())
    assert waiters() == ["offered"]
    assert emails()[-1].to == "kim@example.com"


def test_the_list_is_left_on_the_page_and_by_the_link(full):
    visitor = joined()
    visitor.press(leave="yes")
    assert visitor.here.endswith("/visit/")
    assert waiters() == []
    joined(visit__waits__email="kim@example.com")
    there = Visitor().open(link()).press(leave="yes")
    assert "You are not on this waiting list any more" in there.page.text
    assert waiters() == []
    # Nobody keeps an address that is of no use any more, nor answers for longer than others'.
    assert not book.waiting(calendar="visits", now=utc_now())
    assert not Journey.objects.exclude(waits_until=None).exists()


def test_whoever_chooses_another_time_waits_no_more(full):
    visitor = joined()
    for reference in full[:2]:
        book.cancel(reference=reference, actor=ANN, now=utc_now(), by_officer=True)
    visitor.follow("Choose a time that is free")
    day = free()[0].start
    visitor.press(visit__time__day=day.date().isoformat())
    visitor.press(visit__time__slot=day.isoformat())
    assert visitor.here.endswith("/email/")
    assert waiters() == []


def test_whoever_deletes_their_answers_waits_no_more(full):
    visitor = joined()
    came_free(full)
    address = link()
    visitor.follow("Delete your answers").press()
    assert waiters() == []
    assert len(free()) == 1
    assert "not on this waiting list any more" in Visitor().open(address).page.text


def test_answers_are_kept_as_long_as_somebody_waits(full):
    joined()
    (row,) = Journey.objects.all()
    assert row.kept_until >= utc_now() + timedelta(days=5)


def test_no_list_no_page(full):
    put(waits=False)
    visitor = come_to_the_times()
    assert "Nothing is free at the moment" in visitor.page.text
    visitor.open(f"{visitor.here}waiting/")
    assert visitor.here.endswith("/visit/")


def test_a_forged_link_opens_nothing(full):
    joined()
    address = link()
    tokens = ("WL-1.x", "\x00", "\x00.x")
    for forged in (address[:-2] + "x/", *(reverse("public:waiter", args=[each]) for each in tokens)):
        assert Visitor().open(forged).status == 404
    assert waiters() == ["waiting"]


def test_a_mailbox_is_not_written_to_without_end(full):
    for _time in range(5):
        joined()
    visitor = joined()
    assert visitor.status == 422
    assert "We have written to this address several times" in visitor.page.text
    assert waiters() == ["waiting"] * 5


def another():
    """Somebody else's journey that waits, and the link to it."""
    visitor = joined(visit__waits__email="kim@example.com")
    return visitor, Journey.objects.latest("pk"), link()


def test_a_link_takes_and_leaves_only_its_own(full):
    joined()
    mine, (row,) = secret(link()), Journey.objects.all()
    _visitor, theirs, _link = another()
    came_free(full, 4)
    assert waiters() == ["offered", "offered"]
    before = theirs.token
    with pytest.raises(Stopped):
        services.take_waited(journey=str(theirs.pk), step="visit", link=mine, now=utc_now())
    services.stop_waiting(journey=str(theirs.pk), step="visit", link=mine, now=utc_now())
    assert waiters() == ["offered", "offered"]
    theirs.refresh_from_db()
    assert theirs.token == before
    for wrong in (("999", "visit"), ("x", "visit"), (str(row.pk), "nowhere")):
        with pytest.raises(services.NoSuchJourney):
            services.take_waited(journey=wrong[0], step=wrong[1], link=mine, now=utc_now())


def secret(address):
    return address.strip("/").rpartition("/")[2]


def test_an_old_link_is_of_no_use_after_joining_again(full):
    visitor = joined(visit__waits__email="mistyped@example.com")
    old = link()
    visitor.press(leave="yes")
    visitor.follow("Join the waiting list for what is full")
    visitor.press(**{"visit__waits__email": "sam@example.com", **days()})
    assert waiters() == ["waiting"]
    stranger = Visitor().open(old)
    assert "You are not on this waiting list any more" in stranger.page.text
    assert stranger.page.forms == []
    stranger.client.post(old, {"leave": "yes"})
    assert waiters() == ["waiting"]
    came_free(full)
    new = link()
    assert new != old
    answer = stranger.client.post(old, {"take": "yes"})
    assert answer.status_code == 422
    assert "This place is not kept for you any more" in answer.content.decode()
    assert "Location" not in answer.headers
    assert waiters() == ["offered"]
    # Nor once it was taken by whom it is for.
    Visitor().open(new).press(take="yes")
    token = Journey.objects.get().token
    assert stranger.client.post(old, {"take": "yes"}).status_code == 422
    assert Journey.objects.get().token == token


def test_whoever_asks_for_something_else_does_not_wait_for_what_they_wanted_before(full):
    visitor = joined(people=2)
    came_free(full, 2)
    address = link()
    assert waiters() == ["offered"]
    visitor.follow("Choose a time that is free").follow("Back").press(people="1")
    assert waiters() == []
    there = Visitor().open(address)
    assert "You are not on this waiting list any more" in there.page.text
    assert there.client.post(address, {"take": "yes"}).status_code == 422
    assert {each.units for each in held_ones()} == set()


def held_ones():
    found = book.bookings_between(calendar="visits", first=local_day(utc_now()), last=free_day_last())
    return [each for each in found if each.state == "held"]


def free_day_last():
    return local_day(utc_now()) + timedelta(days=9)


def test_a_place_for_other_answers_is_not_taken(full):
    joined(people=2)
    came_free(full, 2)
    address = link()
    # In the middle of a change: the step itself has not been come to again.
    (row,) = Journey.objects.all()
    row.said = {**row.said, "people": 1}
    row.save()
    there = Visitor().open(address)
    answer = there.client.post(address, {"take": "yes"})
    assert answer.status_code == 422
    assert "This place is not for what you ask for now" in answer.content.decode()
    assert waiters() == ["offered"]


@pytest.mark.parametrize("how", ["ran out", "taken off", "another time", "left"])
def test_answers_are_kept_for_a_wait_only_as_long_as_it_lasts(full, how):
    visitor, later = joined(**days(last=5)), utc_now()
    row = Journey.objects.get()
    # A year's list, and a service that keeps what is not sent for a week.
    Journey.objects.update(waits_until=later + timedelta(days=365), kept_until=later + timedelta(days=365))
    stops_waiting(later)
    row.refresh_from_db()
    assert row.waits_until is not None
    if how == "ran out":
        came_free(full)
        later += timedelta(hours=3)
        assert book.offer(now=later)
    elif how == "taken off":
        (there,) = book.waiting(calendar="visits", now=later)
        book.leave(reference=there.reference, actor=ANN, now=later, why="taken off")
    elif how == "another time":
        for reference in full[:2]:
            book.cancel(reference=reference, actor=ANN, now=utc_now(), by_officer=True)
        day = free()[0].start
        visitor.follow("Choose a time that is free").press(visit__time__day=day.date().isoformat())
        visitor.press(visit__time__slot=day.isoformat())
    else:
        visitor.press(leave="yes")
    open_until = Journey.objects.get().open_until
    stops_waiting(later)
    row.refresh_from_db()
    assert row.waits_until is None
    assert row.kept_until <= later + timedelta(days=30, minutes=5)
    # A closed address is not opened by it.
    assert row.open_until == open_until


def stops_waiting(now):
    ledger.read_on(StopsWaiting(), now=now)
    assert ledger.parked() == []


def test_whoever_joins_again_is_waited_for(full):
    visitor = joined()
    visitor.press(leave="yes").follow("Join the waiting list for what is full")
    visitor.press(**{"visit__waits__email": "sam@example.com", **days()})
    stops_waiting(utc_now())
    assert Journey.objects.get().waits_until is not None


def test_what_is_typed_wrongly_writes_to_nobody(full):
    for _time in range(6):
        visitor = joined(**days(last=200))
        assert "The last day must be on or before" in visitor.page.text
    for _time in range(6):
        assert "must be a real date" in joined(visit__waits__first__month="13").page.text
    assert "You are on the waiting list" in joined().page.text
