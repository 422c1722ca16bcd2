from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry import kernel
from vestry.kernel import Ref, Remembered, WorkingCalendar

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
calendars = st.builds(WorkingCalendar, st.frozensets(days, max_size=40))


@given(calendars, days, st.integers(1, 60))
def test_the_nth_working_day_is_a_working_day_with_n_behind_it(calendar, start, n):
    end = calendar.add(start, n)
    assert calendar.is_working(end)
    assert calendar.count(start, end) == n
    assert calendar.count(start, end - timedelta(days=1)) == n - 1


@given(calendars, days, st.integers(0, 30), st.integers(0, 30))
def test_adding_twice_is_adding_once(calendar, start, first, second):
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


def test_the_day_changes_at_midnight_in_london():
    assert kernel.local_day(datetime(2026, 7, 6, 23, 30, tzinfo=UTC)) == date(2026, 7, 7)
    assert kernel.local_day(datetime(2026, 12, 6, 23, 30, tzinfo=UTC)) == date(2026, 12, 6)


def test_a_reference_comes_back_as_it_was():
    assert Ref.read(str(Ref("case", "MB-7K3N-9QFA"))) == Ref("case", "MB-7K3N-9QFA")


@pytest.mark.parametrize("nonsense", ["", "case", ":", "case:", ":key"])
def test_what_is_no_reference_is_refused(nonsense):
    with pytest.raises(ValueError, match="is not a reference"):
        Ref.read(nonsense)


@pytest.mark.parametrize("typed", ["fi-7k3n-9qfo", " FI-7K3N-9QF0 ", "FI 7K3N 9QFo", "fi7k3n9qf0"])
def test_a_reference_is_read_as_a_person_writes_it(typed):
    assert kernel.tidy_reference(typed) == "FI-7K3N-9QF0"


@pytest.mark.parametrize(
    "typed", ["", "FI", "7K3N-9QF0", "FI-7K3N-9QF", "FI-7K3N-9QFU", "FI-7K3N-9QF\u0660", "\x00"]
)
def test_what_cannot_be_a_reference_is_nothing(typed):
    assert kernel.tidy_reference(typed) == ""


def test_made_references_are_read_back_unchanged():
    for _ in range(200):
        made = kernel.new_reference("FOI")
        assert kernel.tidy_reference(made.lower()) == made


def test_an_empty_port_says_which_it_is():
    with pytest.raises(LookupError, match=r"notify\.pigeon"):
        kernel.port("notify.pigeon")


def test_a_refusal_says_its_sentence():
    class SlotTaken(kernel.Refused):
        """{what} is taken."""

    assert str(SlotTaken(what="Tuesday")) == "Tuesday is taken."


def test_a_long_refusal_is_one_line():
    class SlotTaken(kernel.Refused):
        """{what} is taken,
        and so is the day after.
        """

    assert str(SlotTaken(what="Tuesday")) == "Tuesday is taken, and so is the day after."


def test_what_is_remembered_is_looked_up_again_after_five_seconds_or_when_it_changed():
    moments = iter([100.0, 104.9, 105.0, 106.0, 107.0, 108.0])
    kept = Remembered(clock=lambda: next(moments))
    assert kept.get("a") is None
    kept.keep("a", 1)
    assert (kept.get("a"), kept.get("a"), kept.get("b")) == (1, None, None)
    kept.keep("a", 2)
    kept.keep("b", 3)
    kept.forget("a")
    assert (kept.get("a"), kept.get("b")) == (None, 3)
    kept.forget_all()
    assert kept.get("b") is None
