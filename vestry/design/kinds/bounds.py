"""How early or late a day may be: ``today``, a date, or so long before or after today."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

TODAY = "today"
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_RELATIVE = re.compile(r"([1-9][0-9]{0,2}) (day|week|month|year)s? (before|after) today")
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A day that is fixed, or one that moves with today: so many days and months from it."""

    fixed: date | None = None
    days: int = 0
    months: int = 0

    def on(self, today: date) -> date:
        """Which day that is. Where a month is too short, its last one."""
        if self.fixed:
            return self.fixed
        years, month = divmod(today.year * 12 + today.month - 1 + self.months, 12)
        last = calendar.monthrange(years, month + 1)[1]
        return date(years, month + 1, min(today.day, last)) + timedelta(days=self.days)


def read_bound(said: str) -> Bound | None:
    """The bound that is written so; None when it is none."""
    if said == TODAY:
        return Bound()
    if found := _RELATIVE.fullmatch(said):
        count = int(found[1]) * (1 if found[3] == "after" else -1)
        return Bound(days=count * _DAYS.get(found[2], 0), months=count * _MONTHS.get(found[2], 0))
    try:
        return Bound(fixed=date.fromisoformat(said)) if ISO.fullmatch(said) else None
    except ValueError:
        return None


def order(earliest: Bound, latest: Bound) -> bool:
    """False when the first is after the last, on whatever day that is looked at."""
    if bool(earliest.fixed) != bool(latest.fixed):
        return True
    return earliest.on(date(2026, 1, 5)) <= latest.on(date(2026, 1, 5))
