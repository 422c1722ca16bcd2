"""How early or late a day may be, counted from today."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.design.kinds.bounds import read_bound


@pytest.mark.parametrize(
    ("said", "today", "day"),
    [
        ("today", date(2026, 11, 24), date(2026, 11, 24)),
        ("2026-11-23", date(2030, 1, 1), date(2026, 11, 23)),
        ("1 month after today", date(2027, 1, 31), date(2027, 2, 28)),
        ("3 months after today", date(2026, 11, 30), date(2027, 2, 28)),
        ("1 year before today", date(2028, 2, 29), date(2027, 2, 28)),
        ("2 weeks before today", date(2026, 1, 5), date(2025, 12, 22)),
    ],
)
def test_which_day_it_is(said, today, day):
    assert read_bound(said).on(today) == day


@given(
    count=st.integers(1, 999),
    unit=st.sampled_from(["day", "week", "month", "year"]),
    today=st.dates(date(2020, 1, 1), date(2100, 1, 1)),
)
def test_more_is_further_and_before_is_the_other_way(count, unit, today):
    ahead = read_bound(f"{count} {unit}s after today").on(today)
    back = read_bound(f"{count} {unit}s before today").on(today)
    assert back < today < ahead
    assert ahead >= today + timedelta(days=count)


@pytest.mark.parametrize(
    "said", ["", "tomorrow", "0 days after today", "1000 days after today", "2026-02-31"]
)
def test_what_is_none(said):
    assert read_bound(said) is None
