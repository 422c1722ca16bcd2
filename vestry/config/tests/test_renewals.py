"""Contracts are remembered in time: a message and a task, once each, over years of days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from vestry.cases import api as cases
from vestry.config import renewals
from vestry.councils import api as councils
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.technology import api as technology
from vestry.technology.tests.technologies import GRACE, NOON, TOOL, put

# For a year from 31 January 2026, then from year to year by itself; two months' notice; £3,000, so 30 days.
NOTICES = [date(2026, 11, 30), date(2027, 11, 30)]


@pytest.fixture(autouse=True)
def _register(council):
    put_everybody()
    put()


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def pass_days(first, last):
    """The clock, twice a day as it may be; what was written on which day, to whom."""
    told, day = [], first
    while day <= last:
        for _ in range(2):
            before = {message.id for message in notify.sent()}
            renewals.remind(now=noon(day))
            told += [
                (day, message.to, message.called, message.subject)
                for message in notify.sent()
                if message.id not in before
            ]
        day += timedelta(days=1)
    return told


def test_each_end_is_told_three_times_and_is_one_task():
    told = pass_days(date(2026, 1, 31), date(2027, 12, 31))
    expected = [
        (notice - timedelta(days=days), "Priya@harrowmere.example".lower(), f"renewal-{stage}")
        for notice in NOTICES
        for days, stage in ((60, "soon"), (30, "begin"), (14, "last"))
    ]
    assert [(day, to.lower(), called) for day, to, called, _subject in told] == expected
    assert told[2][3] == "Until 30 November 2026 only: notice for Tidy Rounds"
    tasks = cases.tasks(officer=people.get_officer("priya"), mine=False).tasks
    assert [(task.due, task.team) for task in tasks] == [(notice, "waste") for notice in NOTICES]
    facts = [fact for fact in ledger.history(TOOL.ref) if fact.name == "technology.renewal_announced"]
    assert len(facts) == 6


def test_what_was_written_down_late_is_told_at_once_and_once():
    late = replace(TOOL, contract=replace(TOOL.contract, notice=0, notice_days=40))
    technology.write_entries([late], by=GRACE, now=NOON)
    told = pass_days(date(2026, 12, 20), date(2026, 12, 22))
    assert [(day, called) for day, _to, called, _subject in told] == [(date(2026, 12, 20), "renewal-last")]


def test_what_is_left_or_ended_is_no_reminder():
    technology.write_entries([replace(TOOL, leaving=date(2026, 12, 1))], by=GRACE, now=NOON)
    once = replace(TOOL, slug="once", contract=replace(TOOL.contract, tacit=False, most=0))
    technology.write_entries([once], by=GRACE, now=NOON)
    told = pass_days(date(2026, 12, 5), date(2027, 6, 30))
    assert told == []


def test_a_team_without_anybody_is_looked_after_by_who_keeps_the_register():
    technology.write_entries([replace(TOOL, owner="parks")], by=GRACE, now=NOON)
    told = pass_days(date(2026, 11, 29), date(2026, 11, 29))
    assert {to.lower() for _day, to, _called, _subject in told} == {"grace@harrowmere.example"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_it_once(council):
    here, line = councils.current(), Barrier(3)

    def work():
        try:
            with councils.scope(here):
                line.wait()
                renewals.remind(now=noon(NOTICES[0]))
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(notify.sent()) == 1
    assert [fact.name for fact in ledger.history(Ref("technology", "tidy-rounds"))].count(
        "technology.renewal_announced"
    ) == 1
