"""When something can be booked, tried on any times: no database."""

import os
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vestry.book import rules
from vestry.book.rules import Closure, Hours, Notice, Plan, Span, Wanted, moment_of, read_hours
from vestry.kernel import WorkingCalendar

PLAIN = WorkingCalendar(frozenset())
SPRING, AUTUMN = date(2026, 3, 28), date(2026, 10, 24)
MONDAY = date(2026, 11, 30)
NIGHT = Plan(open=dict.fromkeys(range(7), (read_hours("22:00-04:00"),)), every=60, lasts=60)


def shown(plan, day, **wanted):
    return [
        f"{moment_of(each.start):%H:%M%z}"
        for opening in rules.openings(plan, day, PLAIN)
        for each in rules.starts(plan, opening, Wanted(**wanted))
    ]


def test_over_midnight_when_the_clocks_go_forward_there_is_an_hour_less():
    assert shown(NIGHT, SPRING) == ["22:00+0000", "23:00+0000", "00:00+0000", "02:00+0100", "03:00+0100"]


def test_over_midnight_when_the_clocks_go_back_there_is_an_hour_more():
    hours = ["22:00+0100", "23:00+0100", "00:00+0100", "01:00+0100", "01:00+0000", "02:00+0000", "03:00+0000"]
    assert shown(NIGHT, AUTUMN) == hours


def test_the_two_half_hours_past_one_are_two_and_in_order():
    (opening,) = rules.openings(NIGHT, AUTUMN, PLAIN)
    slots = [moment_of(each.start) for each in rules.starts(NIGHT, opening, Wanted())]
    assert sorted(set(slots)) == slots
    assert len({each.replace(tzinfo=None) for each in slots}) == len(slots) - 1


@pytest.mark.parametrize("day", [SPRING + timedelta(days=1), AUTUMN + timedelta(days=1), MONDAY])
def test_nine_is_nine_on_every_day(day):
    plan = Plan(open=dict.fromkeys(range(7), (read_hours("09:00-12:00"),)), every=60, lasts=60)
    assert [each[:5] for each in shown(plan, day)] == ["09:00", "10:00", "11:00"]


def test_a_repeat_keeps_its_time_of_day_over_both_changes():
    start = rules.wall_clock(date(2026, 3, 1), 9 * 60)
    days = [moment_of(each) for each in rules.repeats(start, every=7, times=45)]
    assert {f"{day:%H:%M %a}" for day in days} == {"09:00 Sun"}
    assert len({day.utcoffset() for day in days}) == 2


@pytest.mark.parametrize(
    "text", ["9", "09:00", "25:00-26:00", "09:00-09:00", "09:60-10:00", "24:00-01:00", "a-b", "-"]
)
def test_hours_that_say_nothing(text):
    with pytest.raises(ValueError):
        read_hours(text)


def test_exceptions_closures_and_bank_holidays():
    plan = Plan(
        open={0: (read_hours("09:00-12:00"),)},
        exceptions={MONDAY: (read_hours("14:00-15:00"),)},
        closures=(Closure(first=MONDAY + timedelta(days=7), last=MONDAY + timedelta(days=7)),),
    )
    holiday = WorkingCalendar(frozenset({MONDAY + timedelta(days=14)}))
    opens = [rules.openings(plan, MONDAY + timedelta(days=each), holiday) for each in (0, 1, 7, 14, 21)]
    assert [len(each) for each in opens] == [1, 0, 0, 0, 1]
    assert moment_of(opens[0][0].start).hour == 14


def test_working_days_of_notice_with_a_cut_off():
    start = rules.wall_clock(MONDAY, 9 * 60)
    late = moment_of(Notice(working_days=2, by=12 * 60).until(start, PLAIN))
    assert f"{late:%a %H:%M}" == "Thu 12:00"
    assert moment_of(Notice(minutes=90).until(start, PLAIN)).hour == 7


def test_as_long_as_the_party_needs_and_never_past_closing():
    plan = Plan(open={0: (read_hours("09:00-12:00"),)}, every=30, lasts=30, longest=180)
    assert shown(plan, MONDAY, minutes=150) == ["09:00+0000", "09:30+0000"]
    assert shown(plan, MONDAY, minutes=181) == []


# More where somebody wants to be surer: VESTRY_EXAMPLES=10000.
patient = settings(deadline=None, max_examples=int(os.environ.get("VESTRY_EXAMPLES", "50")))
hours = st.builds(
    lambda begins, lasts: Hours(begins=begins * 5, ends=(begins + lasts) * 5),
    st.integers(0, 287),
    st.integers(1, 288),
)
plans = st.builds(
    Plan,
    open=st.dictionaries(st.integers(0, 6), st.tuples(hours), max_size=7),
    every=st.integers(0, 36).map(lambda n: n * 5),
    lasts=st.integers(1, 36).map(lambda n: n * 5),
    before=st.integers(0, 6).map(lambda n: n * 5),
    after=st.integers(0, 6).map(lambda n: n * 5),
)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@patient
@given(plan=plans, day=st.one_of(days, st.sampled_from([SPRING, AUTUMN])))
def test_every_slot_lies_in_its_opening_and_is_as_long_as_it_says(plan, day):
    for opening in rules.openings(plan, day, PLAIN):
        for slot in rules.starts(plan, opening, Wanted()):
            assert opening.start <= slot.start < slot.end <= opening.end
            assert slot.end - slot.start == plan.lasts


@patient
@given(plan=plans, start=st.integers(29_000_000, 31_000_000), lasts=st.integers(1, 3000))
def test_two_spans_that_meet_share_a_cell(plan, start, lasts):
    grain = rules.grain([plan])
    one, other = Span(start=start, end=start + lasts), Span(start=start + lasts - 1, end=start + 2 * lasts)
    assert one.meets(other)
    assert set(rules.cells(one, grain)) & set(rules.cells(other, grain))


@patient
@given(plan=plans, day=days)
def test_slots_side_by_side_share_no_cell(plan, day):
    grain = rules.grain([plan])
    for opening in rules.openings(plan, day, PLAIN):
        slots = list(rules.starts(plan, opening, Wanted()))
        for one, other in pairwise(slots):
            if not one.meets(other):
                assert not set(rules.cells(one, grain)) & set(rules.cells(other, grain))


@patient
@given(day=days, minutes=st.integers(0, 2 * 24 * 60))
def test_a_time_of_day_is_that_time_but_in_the_hour_left_out(day, minutes):
    at = moment_of(rules.wall_clock(day, minutes))
    off = (at.hour * 60 + at.minute - minutes) % (24 * 60)
    assert off in (0, 60)


@patient
@given(plan=plans, day=days, now=st.integers(29_000_000, 31_000_000), working_days=st.integers(0, 5))
def test_nothing_is_offered_too_late(plan, day, now, working_days):
    plan = replace(plan, notice=Notice(working_days=working_days, minutes=30, by=10 * 60))
    for slot in rules.offered(
        plan, first=day, last=day + timedelta(days=3), wanted=Wanted(), now=now, working=PLAIN
    ):
        assert now <= slot.start
        assert now < plan.notice.until(slot.start, PLAIN)
        assert rules.is_offered(plan, slot, wanted=Wanted(), now=now, working=PLAIN)
