"""Not before the round is over, not more than so many working days later: over any days and holidays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vestry.councils.api import working_calendar
from vestry.kernel import WorkingCalendar
from vestry.report import rules

ENGLAND = working_calendar("england-and-wales")


def collection(day, over=time(16, 30)):
    return rules.Collection(day=day, over=datetime.combine(day, over, UTC))


def by_round(day, now, collections, *, within=2, calendar=ENGLAND):
    return rules.refusal_by_round(
        day=day,
        today=now.date(),
        now=now,
        within=within,
        calendar=calendar,
        collections=[collection(each) for each in collections],
    )


def at(day, hour=12, minute=0):
    return datetime.combine(day, time(hour, minute), UTC)


MONDAY = date(2026, 11, 23)
ROUND = [MONDAY + timedelta(weeks=2 * n) for n in (-1, 0, 1)]


def test_it_can_be_reported_from_the_minute_the_round_is_over():
    assert by_round(MONDAY, at(MONDAY, 16, 29), ROUND) == rules.RoundNotOver(over=at(MONDAY, 16, 30))
    assert by_round(MONDAY, at(MONDAY, 16, 30), ROUND) is None


def test_it_can_be_reported_until_the_end_of_the_last_working_day():
    assert by_round(MONDAY, at(date(2026, 11, 25), 23, 59), ROUND) is None
    late = by_round(MONDAY, at(date(2026, 11, 26), 0, 0), ROUND)
    assert late == rules.TooLate(last=date(2026, 11, 25), following=date(2026, 12, 7))


def test_weekends_and_bank_holidays_are_not_counted():
    # Christmas Eve 2026 is a Thursday; Friday 25 and Monday 28 are bank holidays.
    christmas_eve = date(2026, 12, 24)
    assert by_round(christmas_eve, at(date(2026, 12, 30)), [christmas_eve]) is None
    late = by_round(christmas_eve, at(date(2026, 12, 31)), [christmas_eve])
    assert late == rules.TooLate(last=date(2026, 12, 30), following=None)


def test_another_day_is_no_collection_day_and_the_ones_around_are_told():
    tuesday = MONDAY + timedelta(days=1)
    refusal = by_round(tuesday, at(tuesday), ROUND)
    assert refusal == rules.NotACollectionDay(before=MONDAY, following=date(2026, 12, 7))


def test_a_coming_collection_is_not_over():
    assert by_round(ROUND[2], at(MONDAY), ROUND) == rules.RoundNotOver(over=at(ROUND[2], 16, 30))


def test_where_no_round_comes_nothing_was_missed():
    assert by_round(MONDAY, at(MONDAY), []) == rules.NeverCollected()


@pytest.mark.parametrize("day", [date.min, date.max, MONDAY - rules.REACH - timedelta(days=1)])
def test_a_day_years_away_is_a_slip(day):
    assert by_round(day, at(MONDAY), ROUND) == rules.FarOff()
    by_day = rules.refusal_by_day(day=day, today=MONDAY, within=2, calendar=ENGLAND)
    assert by_day == rules.FarOff()


def test_without_a_schedule_only_the_day_counts():
    def refusal(day, within=2):
        return rules.refusal_by_day(day=day, today=MONDAY, within=within, calendar=ENGLAND)

    assert refusal(MONDAY) is None
    assert refusal(date(2026, 11, 19)) is None
    assert refusal(date(2026, 11, 18)) == rules.TooLate(last=date(2026, 11, 20), following=None)
    assert refusal(date(2026, 1, 5), within=None) is None
    assert refusal(MONDAY + timedelta(days=1)) == rules.NotYetHappened()


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
some_holidays = st.frozensets(days, max_size=40)
offsets = st.integers(-60, 60)


@given(
    first=days,
    weeks=st.integers(1, 4),
    off=offsets,
    later=offsets,
    hour=st.integers(0, 23),
    within=st.none() | st.integers(0, 10),
    holidays=some_holidays,
)
def test_exactly_one_reason_or_none(first, weeks, off, later, hour, within, holidays):
    calendar = WorkingCalendar(holidays)
    plan = [first + timedelta(weeks=weeks * n) for n in range(-40, 40)]
    day = first + timedelta(days=off)
    now = at(day + timedelta(days=later), hour)
    refusal = by_round(day, now, plan, within=within, calendar=calendar)
    gone = calendar.count(day, now.date())
    if day not in plan:
        assert refusal.before <= now.date() < refusal.following
        assert {refusal.before, refusal.following} <= set(plan)
        assert not [between for between in plan if refusal.before < between < refusal.following]
    elif now < at(day, 16, 30):
        assert refusal == rules.RoundNotOver(over=at(day, 16, 30))
    elif within is not None and now.date() > day and gone > within:
        assert isinstance(refusal, rules.TooLate)
    elif refusal is not None:
        # Nothing counted, yet later than the last day: N working days ended on the day before a holiday.
        assert refusal.last < now.date()
        assert gone == within


@given(day=days, within=st.integers(1, 10), holidays=some_holidays)
def test_the_last_day_told_is_the_last_day_taken(day, within, holidays):
    calendar = WorkingCalendar(holidays)
    last = calendar.add(day, within)

    def refusal(today):
        return rules.too_late(day=day, today=today, within=within, calendar=calendar)

    assert refusal(last) is None
    assert refusal(last + timedelta(days=1)) == rules.TooLate(last=last, following=None)
    assert calendar.is_working(last)
    assert calendar.count(day, last) == within


@given(day=days, within=st.integers(1, 10), holidays=some_holidays, extra=days)
def test_one_more_holiday_never_shortens_the_time(day, within, holidays, extra):
    assume(extra != day)
    with_it = WorkingCalendar(holidays | {extra}).add(day, within)
    assert with_it >= WorkingCalendar(holidays).add(day, within)
