"""Many at the same moment, each with a connection of their own: never more than there is."""

import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection

from vestry.book import api
from vestry.book.models import Booking, Cell
from vestry.book.tests.made import ANN, NOW, WEEK, book, calendars, free, hold
from vestry.councils.api import scope
from vestry.ledger import api as ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CLIENTS, TRIES = 20, 50


def at_once(council, jobs):
    """Run each job in a thread of its own, all from the same moment. What none of ours is fails the test."""
    line, broke = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            with scope(council):
                line.wait()
                job()
        except BaseException as fault:  # noqa: BLE001 - whatever it is, the test has to know
            broke.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broke == []


def test_a_thousand_tries_at_five_places_get_five(council):
    calendars(crew=5)
    monday, full = free("round")[0], []

    def client(number):
        for each in range(TRIES):
            try:
                hold(monday, f"{number}/{each}")
            except api.Full:
                full.append(number)

    at_once(council, [lambda number=number: client(number) for number in range(CLIENTS)])
    assert Booking.objects.filter(state="held").count() == 5
    assert len(full) == CLIENTS * TRIES - 5
    assert {cell.taken for cell in Cell.objects.all()} == {5}


def test_moving_past_each_other_waits_in_no_circle(council):
    """Each moves to where another one is, again and again, over several resources and several cells."""
    calendars(registrars=4, room=2)
    slots = free("ceremony")
    booked = [book(slots[number % len(slots)], str(number)) for number in range(8)]

    def mover(number):
        for step in range(12):
            to = slots[(number * 3 + step * (1 if number % 2 else -1)) % len(slots)]
            try:
                api.change(reference=booked[number].reference, slot=to, actor=ANN, now=NOW)
            except api.Full:
                continue

    at_once(council, [lambda number=number: mover(number) for number in range(8)])
    assert Booking.objects.filter(state="booked").count() == 8
    taken = Cell.objects.filter(resource__slug="registrars").values_list("taken", flat=True)
    assert max(taken) <= 4
    assert sum(taken) == 8 * 2 * 2  # two registrars each, for two cells of half an hour


def test_whoever_comes_when_a_hold_has_lapsed_gets_its_place_once(council):
    calendars(crew=1)
    monday, later = free("round")[0], NOW + timedelta(hours=1)
    hold(monday, "slow")
    got = []

    def client(number):
        with suppress(api.Full):
            got.append(hold(monday, f"quick/{number}", now=later))

    at_once(
        council,
        [*(lambda number=number: client(number) for number in range(8)), lambda: api.lapse(now=later)],
    )
    assert len(got) == 1
    assert Booking.objects.filter(state="held").count() == 1


@pytest.mark.parametrize("places", [1, 5])
def test_one_form_sent_twice_at_once_books_once(council, places):
    calendars(crew=places)
    slot, booked = free("round")[0], []

    def send():
        made = api.desk_book(slot=slot, who="Mrs Ali", key="form", actor=ANN, now=NOW)
        booked.append(made.reference)

    at_once(council, [send] * 8)
    assert len(booked) == 8
    assert len(set(booked)) == 1
    assert {cell.taken for cell in Cell.objects.all()} == {1}


def halls(every):
    plan = api.Plan(open=WEEK, every=every, lasts=every, needs={"hall": 1})
    api.put_calendars(
        resources=[api.ResourcePlan(slug="hall", title="Hall", stock=1)],
        calendars=[api.CalendarPlan(slug="hall", title="Hall", plan=plan)],
    )


@pytest.mark.parametrize("what", ["hold", "release"])
def test_a_pack_with_other_lengths_waits_for_whoever_books(council, what):
    halls(60)
    nine, later = free()[0], NOW + timedelta(hours=1)
    reference = hold(nine, "a").reference if what == "release" else ""
    begun = threading.Event()

    def book_slowly():
        with ledger.transaction():
            if what == "hold":
                hold(nine, "a")
            else:
                api.release(reference=reference, actor=ANN, now=NOW)
            begun.set()
            time.sleep(0.5)

    def shorten():
        begun.wait(10)
        halls(15)

    at_once(council, [book_slowly, shorten])
    taken = [cell.taken for cell in Cell.objects.filter(taken__gt=0)]
    assert taken == ([1] * 4 if what == "hold" else [])
    assert api.lapse(now=later) == (what == "hold")
    assert not Cell.objects.exclude(taken=0).exists()
