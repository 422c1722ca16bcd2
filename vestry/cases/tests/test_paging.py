"""A list is read page by page: everything once, in order, whatever somebody writes into the address."""

from datetime import timedelta

import pytest

from vestry.cases import api
from vestry.cases.api.paging import NotAPlace, leniently, onwards, place_of
from vestry.cases.models import Case
from vestry.cases.tests.opened import NOON, open_bin, priya

pytestmark = pytest.mark.usefixtures("officers")

ORDERS = [("due", False), ("opened_at", False), ("opened_at", True), ("", False), ("", True)]
NONSENSE = [
    "x",
    "_",
    "2026-11-23_",
    "2026-11-23_x",
    "2026-11-23_²",
    f"2026-11-23_{2**63}",
    "2026-11-23_" + "9" * 400,
    "2026-02-30_1",
    "2026-11-23T12:00:00_1",
    "0001-01-01T00:00:00+14:00_1",
    "\x00_1",
]


@pytest.mark.parametrize(("by", "newest_first"), ORDERS)
def test_everything_is_there_once_and_in_order(by, newest_first):
    for number in range(7):
        open_bin(now=NOON + timedelta(seconds=number // 2))
    sign = "-" if newest_first else ""
    whole = list(Case.objects.order_by(*([f"{sign}{by}"] if by else []), f"{sign}id"))
    read, after = [], ""
    while page := list(onwards(Case.objects.all(), after, by=by, newest_first=newest_first)[:2]):
        read += page
        after = place_of(page[-1], by)
    assert read == whole
    assert len(read) == 7


@pytest.mark.parametrize("after", NONSENSE)
@pytest.mark.parametrize("by", ["due", "opened_at"])
def test_what_is_no_place_is_refused_or_begins_at_the_beginning(after, by):
    open_bin()
    if by != "due" or after != "2026-11-23T12:00:00_1":
        with pytest.raises(NotAPlace):
            onwards(Case.objects.all(), after, by=by)
    assert len(leniently(Case.objects.all(), after, by=by)) == 1


@pytest.mark.parametrize("after", NONSENSE)
def test_no_list_of_the_desk_breaks_over_it(after):
    open_bin()
    assert api.inbox(officer=priya(), now=NOON, after=after).cases
    assert api.inbox(officer=priya(), now=NOON, filters=api.Filters(closed=True), after=after).cases == []
    assert api.tasks(officer=priya(), after=after).tasks == []
    assert api.search(officer=priya(), text="bin", after=after).after == ""
