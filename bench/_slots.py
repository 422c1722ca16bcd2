"""What `bench.slots` does once there is a database: imported only then, for it needs Django's settings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

from django.db import connection, transaction

from vestry.book import api as book
from vestry.config.commands.migrate import bring_up_to_date
from vestry.councils import api as councils
from vestry.kernel import Ref

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
ANN = Ref("bench", "ann")
CLIENTS, CALENDARS, RESOURCES = 1000, 50, 200
SECONDS, AT_ONCE = 5.0, 8


def furnish() -> councils.CouncilView:
    """200 rooms with a calendar each, and a round of five."""
    council = councils.establish(slug="bench", name="Bench", hosts=["bench.localhost"])
    week = dict.fromkeys(range(5), (book.read_hours("09:00-17:00"),))
    rooms = [f"room-{number}" for number in range(RESOURCES)]
    one = {"open": week, "every": 60, "lasts": 60}
    with councils.scope(council):
        book.put_calendars(
            resources=[book.ResourcePlan(slug=slug, title=slug, stock=1) for slug in rooms]
            + [book.ResourcePlan(slug="crew", title="Crew", stock=5)],
            calendars=[
                book.CalendarPlan(slug=slug, title=slug, plan=book.Plan(**one, needs={slug: 1}))
                for slug in rooms
            ]
            + [book.CalendarPlan(slug="round", title="Round", plan=book.Plan(open=week, each={"crew": 1}))],
        )
    return council


def together(council: councils.CouncilView, jobs: Sequence[Callable[[], None]]) -> float:
    """Run them at once, each with a connection of its own; how long until the last was done."""
    line = threading.Barrier(len(jobs) + 1)

    def run(job: Callable[[], None]) -> None:
        try:
            with councils.scope(council):
                line.wait()
                job()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    line.wait()
    begun = perf_counter()
    for thread in threads:
        thread.join()
    return perf_counter() - begun


def hold(slot: book.Slot, key: str) -> book.BookingView:
    """A hold of a quarter of an hour."""
    until = NOW + timedelta(minutes=15)
    return book.hold(calendar=slot.calendar, slot=slot, until=until, key=key, actor=ANN, now=NOW)


def one_slot(council: councils.CouncilView, run: str) -> None:
    """1,000 tries from 8 connections at one slot of capacity 5: as many as a small web server has."""
    with councils.scope(council):
        slot = book.slots(calendar="round", from_=date(2026, 12, 1), to=date(2027, 6, 1), now=NOW)[0]
    had, answers = [], []
    share = CLIENTS // AT_ONCE

    def client(number: int) -> None:
        for each in range(share):
            begun = perf_counter()
            with suppress(book.Full):
                had.append(hold(slot, f"{run}/one/{number}/{each}").reference)
            answers.append(perf_counter() - begun)

    took = together(council, [lambda number=number: client(number) for number in range(AT_ONCE)])
    answers.sort()
    print(f"one slot of 5: {len(answers)} tries, {len(had)} had it; all answered after {took:.2f}s")
    middle, most = (seconds * 1000 for seconds in (answers[len(answers) // 2], answers[-1]))
    print(f"  an answer took {middle:.0f}ms at the middle, {most:.0f}ms at most")


def checkouts(council: councils.CouncilView, run: str, calendars: int) -> None:
    """Hold and confirm, each on a slot nobody else wants."""
    first, last = date(2026, 12, 1), date(2027, 11, 1)
    with councils.scope(council):
        names = [f"room-{number}" for number in range(calendars)]
        free = list(book.slots_of(calendars=names, from_=first, to=last, now=NOW))[:4000]
    done: list[int] = []
    until = perf_counter() + SECONDS

    def client(number: int) -> None:
        for at, slot in enumerate(free[number::AT_ONCE]):
            if perf_counter() > until:
                return
            held = hold(slot, f"{run}/{calendars}/{number}/{at}")
            book.confirm(reference=held.reference, actor=ANN, now=NOW)
            done.append(1)

    took = together(council, [lambda number=number: client(number) for number in range(AT_ONCE)])
    print(f"checkouts over {calendars} calendars: {len(done) / took:.0f} a second")


def search(council: councils.CouncilView) -> None:
    """A year of all the rooms, in one query for what is taken."""
    from vestry.book.models import Cell, Resource

    with councils.scope(council):
        names = [f"room-{number}" for number in range(RESOURCES)]
        year = {"from_": date(2026, 12, 1), "to": date(2027, 11, 20), "now": NOW}
        spans = [int(each.start.timestamp()) // 60 for each in book.slots(calendar="room-199", **year)][::3]
        rows = Resource.objects.filter(slug__in=names)
        Cell.objects.bulk_create(
            (Cell(resource=row, at=at, taken=1, stock=1) for row in rows for at in spans),
            batch_size=2000,
            ignore_conflicts=True,
        )
        for said, asked in (("200 resources", names), ("one resource", names[:1])):
            begun = perf_counter()
            found = book.slots_of(calendars=asked, **year)
            print(f"a year of {said}: {len(found)} free times in {perf_counter() - begun:.2f}s")


def bare(council: councils.CouncilView) -> None:
    """One row changed and made sure of."""
    from vestry.book.models import Resource

    with councils.scope(council):
        begun = perf_counter()
        for number in range(100):
            with transaction.atomic():
                Resource.objects.filter(slug="crew").update(title=f"Crew {number}")
        print(f"one bare write: {(perf_counter() - begun) * 10:.1f}ms")


def measure_slots() -> None:
    """All of it once, in the database of the settings."""
    bring_up_to_date(verbosity=0)
    council = furnish()
    run = datetime.now(UTC).isoformat()
    print(connection.vendor)
    bare(council)
    one_slot(council, run)
    checkouts(council, run, 1)
    checkouts(council, run, CALENDARS)
    search(council)
