"""What money does, to the penny."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.pay import rules
from vestry.pay.rules import Line, spread, to_pence, vat_in, whole

LINES = st.lists(
    st.builds(
        Line,
        what=st.just("x"),
        pence=st.integers(0, 500_000),
        vat=st.sampled_from(sorted(rules.RATES)),
        code=st.just("4010"),
    ),
    min_size=1,
    max_size=6,
).filter(lambda lines: sum(line.pence for line in lines) > 0)


@pytest.mark.parametrize(
    ("pence", "vat", "within"),
    [
        (1200, "standard", 200),
        (100, "standard", 17),
        (3, "standard", 1),  # half a penny, up
        (2, "standard", 0),
        (105, "reduced", 5),
        (100, "zero", 0),
        (100, "exempt", 0),
        (100, "outside", 0),
    ],
)
def test_vat_is_within_the_price(pence, vat, within):
    assert vat_in(pence, vat) == within


@given(st.integers(0, 10_000_000), st.sampled_from(sorted(rules.RATES)))
def test_vat_is_never_off_by_more_than_half_a_penny(pence, vat):
    exact = Decimal(pence) * rules.RATES[vat] / (100 + rules.RATES[vat])
    assert abs(vat_in(pence, vat) - exact) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("pounds", "pence"),
    [(30, 3000), (Decimal("0.005"), 1), (Decimal("12.344"), 1234), (Decimal("12.345"), 1235)],
)
def test_pounds_are_rounded_half_a_penny_up(pounds, pence):
    assert to_pence(pounds) == pence


@pytest.mark.parametrize("strange", [Decimal("NaN"), Decimal("Infinity"), 10**30, -(10**30)])
def test_what_is_no_amount_is_refused(strange):
    with pytest.raises(ValueError):
        to_pence(strange)


@pytest.mark.parametrize(("pence", "text"), [(3000, "£30.00"), (125_050, "£1,250.50"), (-205, "-£2.05")])
def test_money_is_written_with_its_pence(pence, text):
    assert rules.as_text(pence) == text


@given(LINES, st.data())
def test_refunds_never_take_more_than_there_was_and_tie_at_the_end(lines, data):
    taken = []
    there = sum(line.pence for line in lines)
    while there:
        wanted = data.draw(st.integers(1, there)) if len(taken) < 5 else there
        parts = spread(wanted, rules.left(lines, taken))
        assert sum(part.pence for part in parts) == wanted
        assert all(0 <= part.vat <= part.pence for part in parts)
        taken.append(parts)
        there -= wanted
        assert all(part.pence >= 0 and part.vat >= 0 for part in rules.left(lines, taken))
    assert rules.left(lines, taken) == [rules.Part(pence=0, vat=0)] * len(lines)
    assert [sum(parts[n].vat for parts in taken) for n in range(len(lines))] == [
        part.vat for part in whole(lines)
    ]


@pytest.mark.parametrize("pence", [0, -1, 101])
def test_no_refund_of_nothing_or_of_too_much(pence):
    with pytest.raises(ValueError):
        spread(pence, whole([Line(what="x", pence=100, vat="zero", code="1")]))


def test_a_payment_is_asked_about_ever_less_often_and_never_given_up():
    waits = [rules.asks_after(asks) for asks in range(40)]
    assert waits == sorted(waits)
    assert waits[-1] == rules.RARELY
