"""What an officer finds, and that it is one query with no counting."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.cases import api
from vestry.cases.api import finding, paging
from vestry.cases.models import Case
from vestry.cases.tests.opened import (
    NOON,
    WALKER,
    grace,
    maya,
    open_bin,
    open_case,
    open_foi,
    priya,
    sam,
    tom,
)
from vestry.cases.tests.plans import MISSED_BIN
from vestry.councils import api as councils

pytestmark = pytest.mark.usefixtures("officers")

MUCH_LATER = NOON + timedelta(days=60)


def found(officer, *, now=NOON, **filters):
    return [
        case.reference for case in api.inbox(officer=officer, filters=api.Filters(**filters), now=now).cases
    ]


def test_everybody_sees_their_own_teams_cases_and_a_manager_all(other_council):
    bin_, foi = open_bin(), open_foi()
    with councils.scope(other_council):
        open_bin()
    assert found(priya()) == found(tom()) == [bin_]
    assert found(maya()) == [foi]
    assert found(grace(), whose="all") == [bin_, foi]
    assert found(grace()) == [], "she is in no team"
    assert found(sam(), whose="all") == []


def test_asking_for_all_shows_no_more_than_one_may_see():
    open_foi()
    mine = open_bin()
    for whose in ("mine", "team", "all"):
        assert set(found(priya(), whose=whose)) <= {mine}


def test_the_most_urgent_first():
    foi = open_case(MISSED_BIN, now=NOON + timedelta(days=3))
    late = open_bin(now=NOON - timedelta(days=7))
    soon = open_bin()
    assert found(priya()) == [late, soon, foi]


def test_filters():
    bin_ = open_bin()
    other = open_bin(service="bulky", title="Book a collection")
    api.take(officer=priya(), reference=other, now=NOON)
    assert found(priya(), whose="mine") == [other]
    assert found(priya(), service="missed-bin") == [bin_]
    assert found(priya(), overdue=True) == []
    assert found(priya(), overdue=True, now=MUCH_LATER) == [bin_, other]
    assert api.services_with_cases() == {"bulky": "Book a collection", "missed-bin": "Report a missed bin"}


def test_a_case_that_waits_for_the_resident_is_not_overdue():
    reference = open_foi()
    api.act(officer=maya(), reference=reference, action="clarify", answers={}, text="?", now=NOON)
    assert found(maya(), overdue=True, now=MUCH_LATER) == []
    case = api.get_case(officer=maya(), reference=reference)
    assert not case.overdue(MUCH_LATER.date())


def test_closed_ones_are_apart_the_latest_first():
    references = [open_bin() for _ in range(3)]
    for number, reference in enumerate(references):
        api.act(
            officer=tom(),
            reference=reference,
            action="collected",
            answers={},
            now=NOON + timedelta(hours=number),
        )
    assert found(priya()) == []
    assert found(priya(), closed=True) == references[::-1]


@pytest.mark.parametrize(
    "after",
    [
        *("", "nonsense", "2026-11-25", "2026-11-25_x", "_", "9" * 50, "2026-11-25_" + "9" * 40),
        # An offset that leads out of what a date can be, and one that PostgreSQL doesn't read.
        *("9999-12-31T23:59:59-14:00_9", "0001-01-01T00:00:00+14:00_9", "2026-11-25T12:00:00.1+23:59:59_9"),
    ],
)
@pytest.mark.parametrize("closed", [True, False])
def test_a_place_nobody_gave_out_is_the_beginning(after, closed):
    reference = open_bin()
    if closed:
        api.act(officer=tom(), reference=reference, action="collected", answers={}, now=NOON)
    page = api.inbox(officer=priya(), filters=api.Filters(closed=closed), after=after, now=NOON)
    if "_9" not in after:
        assert [case.reference for case in page.cases] == [reference]


def pages(officer, filters):
    seen, after = [], ""
    while True:
        page = api.inbox(officer=officer, filters=filters, after=after, now=NOON)
        seen += [case.reference for case in page.cases]
        if not page.after:
            return seen
        after = page.after


_examples = itertools.count()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(ages=st.lists(st.integers(0, 6), max_size=14), size=st.integers(1, 5), closed=st.booleans())
def test_page_after_page_shows_each_case_once(monkeypatch, ages, size, closed):
    service = f"service-{next(_examples)}"
    opened = [open_bin(now=NOON - timedelta(days=age), service=service) for age in ages]
    for reference, age in zip(opened, ages, strict=True) if closed else ():
        at = NOON + timedelta(days=age)
        api.act(officer=tom(), reference=reference, action="collected", answers={}, now=at)
    with monkeypatch.context() as patched:
        patched.setattr(finding, "PAGE", size)
        seen = pages(priya(), api.Filters(closed=closed, service=service))
    assert sorted(seen) == sorted(opened)


def test_the_inbox_is_one_query_and_counts_nothing():
    for _ in range(3):
        open_bin()
        open_foi()
    officer = grace()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(found(officer, whose="all")) == 6
    (query,) = queries.captured_queries
    assert "COUNT(" not in query["sql"].upper()


@pytest.mark.postgresql
@pytest.mark.slow
def test_a_page_is_read_from_an_index_however_many_cases_there_are():
    open_bin()
    template = Case.objects.get()
    many = datetime(2026, 12, 1, tzinfo=UTC)
    Case.objects.bulk_create(
        Case(
            reference=f"MB-{number:04}-BULK",
            plan_id=template.plan_id,
            service="missed-bin",
            journey=f"bulk-{number}",
            team=f"team-{number % 40}",
            stage="reported",
            stage_since=many.date(),
            due=many.date() + timedelta(days=number % 300),
            opened_at=many,
            changed_at=many,
        )
        for number in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("analyze cases_case")
    for officer, whose in ((priya(), "team"), (priya(), "mine"), (grace(), "all")):
        visible = Case.objects.visible_to(officer)
        found = finding._filtered(visible, officer, api.Filters(whose=whose), many.date())
        query = paging.onwards(found, "2026-12-25_100", by="due")
        plan = query[:26].explain()
        assert "Index" in plan, plan
        assert "Seq Scan" not in plan, plan


def test_a_reply_by_the_resident_is_seen_in_the_list():
    reference = open_foi()
    api.act(officer=maya(), reference=reference, action="clarify", answers={}, text="?", now=NOON)
    assert api.inbox(officer=maya(), now=NOON).cases[0].stage_title == "Waiting for you"
    api.reply(reference=reference, text="2024", now=NOON, actor=WALKER)
    assert api.inbox(officer=maya(), now=NOON).cases[0].stage_title == "Received"


def test_the_timeline_of_a_case_is_for_those_who_see_the_case():
    reference = open_bin()
    assert api.timeline(officer=priya(), reference=reference)
    for unseen in (reference, "BIN-0000-0000"):
        with pytest.raises(api.NoSuchCase):
            api.timeline(officer=maya(), reference=unseen)
