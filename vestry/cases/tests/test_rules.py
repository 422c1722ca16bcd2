"""When a case is due, and which plans lead nowhere. Every date here was counted on a calendar by hand."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.cases.options import Options, Stage
from vestry.cases.rules import (
    Clock,
    Span,
    can_be_done,
    first_clock,
    never_ending,
    next_clock,
    unreachable,
)
from vestry.cases.tests.plans import FOI, MISSED_BIN
from vestry.councils.api import working_calendar

ENGLAND = working_calendar("england-and-wales")
KINGDOM = working_calendar("united-kingdom")
RECEIVED, CLARIFYING = FOI.stages["received"], FOI.stages["clarifying"]


def nov(day):
    return date(2026, 11, day)


def dec(day):
    return date(2026, 12, day)


def jan(day):
    return date(2027, 1, day)


@pytest.mark.parametrize(
    ("received", "england", "kingdom"),
    [
        # 30 November 2026 is St Andrew's Day, a bank holiday in Scotland.
        (nov(23), dec(21), dec(22)),
        # Over Christmas: the 25th, Monday the 28th and New Year's Day; in Scotland Monday 4 January too.
        (dec(10), jan(12), jan(13)),
        # On a Saturday: Monday is the first day.
        (dec(5), jan(6), jan(7)),
        # On Christmas Day, a Thursday: Boxing Day and 1 January do not count, in Scotland 2 January too.
        (date(2025, 12, 25), date(2026, 1, 26), date(2026, 1, 27)),
        # Over Easter: Good Friday 3 April, Easter Monday 6 April.
        (date(2026, 3, 20), date(2026, 4, 21), date(2026, 4, 21)),
        # 17 March, St Patrick's Day, is a bank holiday in Northern Ireland.
        (date(2026, 3, 16), date(2026, 4, 15), date(2026, 4, 16)),
        # No holiday at all: four weeks to the day.
        (date(2026, 9, 1), date(2026, 9, 29), date(2026, 9, 29)),
    ],
)
def test_twenty_working_days(received, england, kingdom):
    assert first_clock(FOI, received, ENGLAND) == Clock(due=england)
    assert first_clock(FOI, received, KINGDOM) == Clock(due=kingdom)


@pytest.mark.parametrize(
    ("due", "stopped", "heard", "then"),
    [
        # Friday to Wednesday: Monday, Tuesday, Wednesday stood still.
        (dec(21), nov(27), dec(2), dec(24)),
        # The same day: nothing stood still.
        (dec(21), nov(27), nov(27), dec(21)),
        # Asked on a Friday, heard on Sunday.
        (dec(21), nov(27), nov(29), dec(21)),
        # Over Christmas: 22, 23, 24, 29, 30, 31 December and 4 January stood still.
        (dec(21), dec(21), jan(4), jan(4)),
        # Late already when asked: it stays as late as it was.
        (nov(20), nov(23), nov(25), nov(24)),
    ],
)
def test_what_stood_still_is_added(due, stopped, heard, then):
    waiting = Clock(due=due, stopped=stopped)
    assert next_clock(waiting, FOI, CLARIFYING, RECEIVED, heard, ENGLAND) == Clock(due=then)


def test_a_clock_that_starts_over_counts_from_the_answer():
    # The Freedom of Information Act 2000, section 10(6): received when the clarification is received.
    anew = msgspec.structs.replace(CLARIFYING, clock="starts-over")
    waiting = next_clock(Clock(due=dec(21)), FOI, RECEIVED, anew, nov(27), ENGLAND)
    assert waiting == Clock(due=dec(21), stopped=nov(27))
    assert next_clock(waiting, FOI, anew, RECEIVED, dec(2), ENGLAND) == Clock(due=jan(4))


def test_a_stage_with_a_due_of_its_own_sets_it():
    review = Stage(title="Review", due="40 working days")
    assert next_clock(Clock(due=dec(21)), FOI, RECEIVED, review, nov(23), ENGLAND).due == date(2027, 1, 21)


def test_a_reminder_does_not_start_the_clock_again():
    waiting = Clock(due=dec(21), stopped=nov(27))
    assert next_clock(waiting, FOI, CLARIFYING, CLARIFYING, dec(2), ENGLAND) == waiting


def test_without_a_due_date_no_clock_stands_still():
    plan = msgspec.structs.replace(FOI, due=None)
    assert first_clock(plan, nov(23), ENGLAND) == Clock(due=None)
    assert next_clock(Clock(due=None), plan, RECEIVED, CLARIFYING, nov(27), ENGLAND) == Clock(due=None)


def test_calendar_days_are_days():
    plan = msgspec.structs.replace(FOI, due="10 days")
    clock = first_clock(plan, dec(18), ENGLAND)
    assert clock.due == dec(28)
    waiting = next_clock(clock, plan, RECEIVED, CLARIFYING, dec(19), ENGLAND)
    assert next_clock(waiting, plan, CLARIFYING, RECEIVED, dec(21), ENGLAND).due == dec(30)


days = st.dates(date(2024, 1, 1), date(2027, 6, 1))
calendars = st.sampled_from([ENGLAND, KINGDOM, working_calendar("scotland")])


@given(start=days, number=st.integers(1, 60), calendar=calendars)
def test_a_due_date_is_a_working_day_with_so_many_before_it(start, number, calendar):
    due = Span(number, working=True).after(start, calendar)
    assert calendar.is_working(due)
    assert calendar.count(start, due) == number


@given(start=days, worked=st.integers(0, 40), waited=st.integers(0, 90), calendar=calendars)
def test_standing_still_leaves_as_many_working_days_as_there_were(start, worked, waited, calendar):
    clock = first_clock(FOI, start, calendar)
    stopped = start + timedelta(days=worked)
    heard = stopped + timedelta(days=waited)
    waiting = next_clock(clock, FOI, RECEIVED, CLARIFYING, stopped, calendar)
    again = next_clock(waiting, FOI, CLARIFYING, RECEIVED, heard, calendar)
    assert again.due >= clock.due
    assert again.stopped is None
    # Counted backwards for what was late already.
    left = calendar.count(stopped, clock.due) - calendar.count(clock.due, stopped)
    assert calendar.count(heard, again.due) - calendar.count(again.due, heard) == left


@given(start=days, first=st.integers(0, 30), between=st.integers(0, 30), last=st.integers(0, 30))
def test_waiting_twice_adds_both(start, first, between, last):
    clock, expected = first_clock(FOI, start, ENGLAND), 0
    day = start
    for stage, waits in ((CLARIFYING, first), (RECEIVED, between), (CLARIFYING, last), (RECEIVED, 0)):
        left = RECEIVED if stage is CLARIFYING else CLARIFYING
        clock = next_clock(clock, FOI, left, stage, day, ENGLAND)
        if stage is CLARIFYING:
            expected += ENGLAND.count(day, day + timedelta(days=waits))
        day += timedelta(days=waits)
    assert clock.due == ENGLAND.add(first_clock(FOI, start, ENGLAND).due, expected)


def test_some_things_can_be_done_only_after_a_while():
    lapse = next(action for action in FOI.actions if action.id == "lapse")

    def can(today, stage="clarifying", shut=()):
        return can_be_done(lapse, stage=stage, since=nov(23), shut=shut, today=today, calendar=ENGLAND)

    assert not can(jan(20))
    assert can(jan(21))
    assert not can(jan(21), stage="received")
    assert not can(jan(21), shut=["lapse"])


def a_plan(stages, *ways):
    return Options(
        team="waste",
        stages={slug: Stage(title=slug, end=slug if slug in {"x", "y"} else None) for slug in stages},
        actions=msgspec.convert(
            [{"id": f"{a}{b}", "do": "Go", "from": a, "to": b} for a, b in ways], type=list[type_of_action()]
        ),
    )


def type_of_action():
    return MISSED_BIN.actions[0].__class__


@pytest.mark.parametrize(
    ("stages", "ways", "lost", "endless"),
    [
        ("ax", ["ax"], "", ""),
        ("abx", ["ab", "bx"], "", ""),
        ("abx", ["ax"], "b", "b"),
        ("abx", ["ax", "bx"], "b", ""),
        ("abcx", ["ax", "ab", "bc", "cb"], "", "bc"),
        ("ab", ["ab", "ba"], "", "ab"),
        ("a", [], "", "a"),
        ("xa", [], "a", "a"),
    ],
)
def test_stages_nobody_comes_to_or_out_of(stages, ways, lost, endless):
    plan = a_plan(stages, *ways)
    assert unreachable(plan) == list(lost)
    assert never_ending(plan) == list(endless)


def test_a_reply_is_a_way_too():
    plan = a_plan("abx", "ab", "ax")
    waiting = msgspec.structs.replace(plan.stages["b"], on_reply="a")
    assert never_ending(msgspec.structs.replace(plan, stages={**plan.stages, "b": waiting})) == []


def test_the_plans_used_here_are_whole():
    for plan in (FOI, MISSED_BIN):
        assert unreachable(plan) == never_ending(plan) == []
