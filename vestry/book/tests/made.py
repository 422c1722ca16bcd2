"""Calendars to book in."""

from datetime import UTC, date, datetime, timedelta

from vestry.book import api
from vestry.kernel import Ref

# A Tuesday, ten in the morning.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ANN = Ref("resident", "ann")
MONDAY = date(2026, 11, 30)
SOON = NOW + timedelta(minutes=15)

WEEK = {day: (api.read_hours("09:00-17:00"),) for day in range(5)}


def calendars(feeds=None, **stocks):
    """A hall of one room with ten chairs, a round of so many units, and registrars who share a room."""
    stock = {"hall": 1, "chairs": 10, "crew": 5, "registrars": 2, "room": 1, **stocks}
    api.put_calendars(
        resources=[
            api.ResourcePlan(slug=slug, title=slug.title(), stock=many, feed=(feeds or {}).get(slug, ""))
            for slug, many in stock.items()
        ],
        calendars=[
            api.CalendarPlan(
                slug="hall",
                title="The hall",
                plan=api.Plan(
                    open=WEEK,
                    every=60,
                    lasts=60,
                    longest=480,
                    after=30,
                    needs={"hall": 1},
                    extras=frozenset({"chairs"}),
                    changes=api.Notice(working_days=2, by=12 * 60),
                    waits=True,
                ),
            ),
            api.CalendarPlan(
                slug="round",
                title="The round",
                plan=api.Plan(
                    open=WEEK, most=5, each={"crew": 1}, notice=api.Notice(working_days=1), waits=True
                ),
            ),
            api.CalendarPlan(
                slug="ceremony",
                title="Ceremonies",
                plan=api.Plan(open=WEEK, every=60, lasts=60, needs={"registrars": 2, "room": 1}, waits=True),
            ),
            api.CalendarPlan(
                slug="birth",
                title="Births",
                plan=api.Plan(open=WEEK, every=30, lasts=30, needs={"registrars": 1}, waits=True),
            ),
        ],
    )


def free(calendar="hall", day=MONDAY, now=NOW, **wanted):
    return api.slots(calendar=calendar, from_=day, to=day, wanted=api.Wanted(**wanted), now=now)


def hold(slot, key, now=NOW, until=None, **wanted):
    return api.hold(
        calendar=slot.calendar,
        slot=slot,
        wanted=api.Wanted(**wanted),
        until=until or now + timedelta(minutes=15),
        key=key,
        actor=ANN,
        now=now,
    )


def book(slot, key, now=NOW, **wanted):
    held = hold(slot, key, now, **wanted)
    return api.confirm(reference=held.reference, actor=ANN, now=now)
