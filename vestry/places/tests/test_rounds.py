"""On which days a round comes, and when it is over."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vestry.kernel import LONDON
from vestry.places.rules import Round, moment, visits

MONDAY = date(2026, 11, 2)


def a_round(**changed):
    said = {
        "schedule": "bins",
        "slug": "monday",
        "kind": "refuse",
        "first": MONDAY,
        "weeks": 2,
        "over": time(16, 30),
    }
    return Round(**said | changed)


def days(round_, after, until):
    return [visit.day for visit in visits(round_, after, until)]


def test_it_comes_every_second_week_from_the_first_day():
    found = days(a_round(), date(2026, 10, 1), date(2026, 12, 1))
    assert found == [date(2026, 11, 2), date(2026, 11, 16), date(2026, 11, 30)]


def test_the_day_after_which_is_not_in_it_and_the_day_until_which_is():
    assert days(a_round(), MONDAY, MONDAY + timedelta(weeks=2)) == [MONDAY + timedelta(weeks=2)]


def test_a_moved_day_is_where_it_was_moved_to_and_nowhere_else():
    round_ = a_round(first=date(2026, 12, 14), moved={date(2026, 12, 28): date(2026, 12, 30)})
    assert days(round_, date(2026, 12, 1), date(2027, 1, 12)) == [
        date(2026, 12, 14),
        date(2026, 12, 30),
        date(2027, 1, 11),
    ]
    assert days(round_, date(2026, 12, 28), date(2026, 12, 30)) == [date(2026, 12, 30)]


def test_a_day_can_fall_out():
    round_ = a_round(moved={date(2026, 11, 16): None})
    assert days(round_, date(2026, 11, 1), date(2026, 12, 1)) == [date(2026, 11, 2), date(2026, 11, 30)]


def test_two_days_moved_to_one_are_one_visit():
    moved = {date(2026, 11, 2): date(2026, 11, 16)}
    assert days(a_round(moved=moved), date(2026, 11, 1), date(2026, 11, 20)) == [date(2026, 11, 16)]


def test_half_past_four_is_another_moment_in_summer():
    assert moment(date(2026, 7, 6), time(16, 30)) == datetime(2026, 7, 6, 15, 30, tzinfo=UTC)
    assert moment(date(2026, 12, 7), time(16, 30)) == datetime(2026, 12, 7, 16, 30, tzinfo=UTC)


def test_half_past_one_on_the_nights_the_clocks_change():
    # Back: 01:30 comes twice, and the round is over the second time. Forward: it never comes.
    # (Compared in writing: Python calls a time that comes twice unequal to the same one in any other zone.)
    assert moment(date(2026, 10, 25), time(1, 30)).isoformat() == "2026-10-25T01:30:00+00:00"
    assert moment(date(2027, 3, 28), time(1, 30)).isoformat() == "2027-03-28T02:30:00+01:00"


some_days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
some_moves = st.dictionaries(st.integers(0, 30), st.none() | st.integers(-10, 10), max_size=4)


@given(
    first=some_days, weeks=st.integers(1, 6), moves=some_moves, after=some_days, length=st.integers(0, 200)
)
def test_a_window_holds_the_plan_with_the_moves_carried_out(first, weeks, moves, after, length):
    planned = [first + timedelta(weeks=weeks * n) for n in range(800)]
    moved = {planned[n]: None if by is None else planned[n] + timedelta(days=by) for n, by in moves.items()}
    until = after + timedelta(days=length)
    expected = {moved.get(day, day) for day in planned}
    found = days(a_round(first=first, weeks=weeks, moved=moved), after, until)
    assert found == sorted(day for day in expected if day and after < day <= until)


@given(first=some_days, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_round_is_over_on_its_own_day_unless_the_clocks_skip_that_hour(first, hour, minute):
    over = moment(first, time(hour, minute))
    assert over.utcoffset() is not None
    assert over.astimezone(LONDON).date() == first
    assert over.time() in {time(hour, minute), time(hour + 1 if hour < 23 else hour, minute)}
