from datetime import date

import pytest

from vestry.councils.api import working_calendar


@pytest.mark.parametrize(
    ("division", "start", "days", "due"),
    [
        # 25 and 26 December 2025 are Thursday and Friday, 1 January a Thursday.
        ("england-and-wales", date(2025, 12, 22), 5, date(2025, 12, 31)),
        ("england-and-wales", date(2025, 12, 19), 20, date(2026, 1, 21)),
        # 2 January is a holiday in Scotland only; 17 March in Northern Ireland only.
        ("scotland", date(2025, 12, 31), 1, date(2026, 1, 5)),
        ("england-and-wales", date(2025, 12, 31), 1, date(2026, 1, 2)),
        ("united-kingdom", date(2025, 12, 31), 1, date(2026, 1, 5)),
        ("united-kingdom", date(2026, 3, 16), 1, date(2026, 3, 18)),
        # Boxing Day 2026 is a Saturday, so Monday 28 December is a holiday instead.
        ("england-and-wales", date(2026, 12, 24), 1, date(2026, 12, 29)),
        # Easter 2026: Good Friday 3 April, Monday 6 April.
        ("england-and-wales", date(2026, 4, 2), 1, date(2026, 4, 7)),
    ],
)
def test_working_days(division, start, days, due):
    calendar = working_calendar(division)
    assert calendar.add(start, days) == due
    assert calendar.count(start, due) == days


def test_the_council_s_own_division_is_the_default(council):
    assert working_calendar() == working_calendar("england-and-wales")
