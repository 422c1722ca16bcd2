"""When contracts end: the cases that users of other registers asked for, and what must always hold."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from vestry.technology.rules.dates import Span, Term, after, before, lead_time, renewal

NOTHING = timedelta()
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
SPANS = st.builds(Span, months=st.integers(0, 60), days=st.integers(0, 90))


def a_year(start, **more):
    return Term(
        start=start, initial=Span(months=12), extension=Span(months=12), most=None, tacit=True, **more
    )


def test_two_months_notice_before_the_end_of_a_year():
    found = renewal(a_year(date(2025, 8, 28), notice=Span(months=2)), date(2026, 1, 1), NOTHING)
    assert (found.end, found.last_notice) == (date(2026, 8, 28), date(2026, 6, 28))


def test_what_extends_by_itself_ends_a_year_later_each_time():
    term = a_year(date(2022, 8, 1))
    assert renewal(term, date(2023, 7, 31), NOTHING).end == date(2023, 8, 1)
    assert renewal(term, date(2023, 8, 2), NOTHING).end == date(2024, 8, 1)


def test_somebody_has_to_begin_before_the_last_day():
    term = Term(start=date(2020, 6, 27), initial=Span(months=12))
    found = renewal(term, date(2021, 1, 1), timedelta(days=21))
    assert (found.end, found.act_by) == (date(2021, 6, 27), date(2021, 6, 6))


def test_the_end_of_a_month_is_not_lost():
    start = date(2024, 1, 31)
    term = Term(start=start, initial=Span(), extension=Span(months=1), most=None, tacit=True)
    ends = [term.end(extensions) for extensions in range(1, 5)]
    assert ends == [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)]


def test_in_the_notice_period_it_is_the_next_end_that_can_be_spoken_to():
    term = a_year(date(2025, 8, 28), notice=Span(months=2))
    assert renewal(term, date(2026, 6, 28), NOTHING).end == date(2026, 8, 28)
    assert renewal(term, date(2026, 6, 29), NOTHING).end == date(2027, 8, 28)


def test_one_that_does_not_extend_by_itself_is_settled_when_the_day_has_passed():
    term = Term(start=date(2025, 1, 1), initial=Span(months=12), notice=Span(months=3))
    assert not renewal(term, date(2025, 10, 1), NOTHING).settled
    late = renewal(term, date(2025, 10, 2), NOTHING)
    assert (late.settled, late.over, late.end) == (True, False, date(2026, 1, 1))
    assert renewal(term, date(2026, 1, 2), NOTHING).over


def test_an_extension_that_was_taken_counts_and_no_other():
    term = Term(start=date(2024, 2, 29), initial=Span(months=24), extension=Span(months=12), most=2, taken=1)
    assert renewal(term, date(2026, 1, 1), NOTHING).end == date(2027, 2, 28)


def test_the_last_of_its_extensions_is_the_last():
    term = Term(
        start=date(2020, 1, 1), initial=Span(months=12), extension=Span(months=12), most=1, tacit=True
    )
    found = renewal(term, date(2025, 1, 1), NOTHING)
    assert (found.end, found.over) == (date(2022, 1, 1), True)


def test_a_break_comes_before_the_end():
    term = Term(
        start=date(2025, 4, 1),
        initial=Span(months=60),
        notice=Span(months=3),
        breaks=(date(2027, 4, 1), date(2029, 4, 1)),
    )
    assert renewal(term, date(2026, 11, 24), NOTHING).last_notice == date(2027, 1, 1)
    assert renewal(term, date(2027, 1, 2), NOTHING).end == date(2029, 4, 1)


def test_what_costs_more_takes_longer():
    assert [lead_time(pounds).days for pounds in (0, 4_999, 5_000, 99_999, 300_000)] == [30, 30, 60, 120, 270]


@given(DAYS, st.integers(0, 30), st.integers(1, 12))
def test_every_end_is_counted_from_the_start(start, extensions, months):
    term = Term(start=start, initial=Span(months=12), extension=Span(months=months))
    end = term.end(extensions)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == 12 + extensions * months
    # The day is the start's, or the last of a month that has no such day.
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


@given(DAYS, DAYS, SPANS, SPANS, SPANS, st.none() | st.integers(0, 9), st.booleans())
def test_a_renewal_that_is_open_can_still_be_spoken_to(start, today, initial, extension, notice, most, tacit):
    assume(initial)
    term = Term(start=start, initial=initial, extension=extension, most=most, tacit=tacit, notice=notice)
    found = renewal(term, today, timedelta(days=30))
    assert found.last_notice == before(found.end, notice)
    assert found.act_by < found.last_notice or not notice
    assert found.settled == (found.last_notice < today)
    assert not found.over or found.settled
    if tacit and extension and most is None:
        assert not found.settled, "what extends for ever can always be spoken to"


@given(DAYS, SPANS)
def test_a_span_before_is_never_later_than_a_span_after(day, span):
    assert before(day, span) <= day <= after(day, span)
