"""How long what people told us is kept after its end. No database, no clock."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from vestry.kernel import LONDON, local_day

MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}


def last_day(ended: date, written: str) -> date:
    """The last day on which it is kept: ``2 years`` after the 29th of February is the 28th."""
    count, unit = written.split()
    number, unit = int(count), unit.removesuffix("s")
    if unit in DAYS:
        return ended + timedelta(days=number * DAYS[unit])
    months = ended.month - 1 + number * MONTHS[unit]
    year, month = ended.year + months // 12, months % 12 + 1
    return date(year, month, min(ended.day, monthrange(year, month)[1]))


def kept_until(ended: datetime, written: str) -> datetime:
    """The moment from which it is to be erased: the first of the day after the last, in London."""
    return datetime.combine(last_day(local_day(ended), written) + timedelta(days=1), time(), LONDON)
