"""Words are counted one by one."""

from collections import Counter
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.strategy.rules.words import Edit, drift, edit, half_life, lifetimes, spoken, telling, twins


@pytest.mark.parametrize(
    ("old", "new", "edit_"),
    [
        ("", "Clean streets", Edit(2, 0, 2, 0)),
        ("Clean streets", "", Edit(0, 2, 0, 2)),
        ("Clean streets.", "clean, streets", Edit(0, 0, 0, 0)),
        ("We keep streets clean", "We keep parks clean", Edit(1, 1, 1, 1)),
        ("one two three four", "three four one two", Edit(2, 2, 0, 0)),
    ],
)
def test_an_edit_counts_what_came_and_went(old, new, edit_):
    assert edit(old, new) == edit_


words = st.lists(st.sampled_from(["bins", "streets", "clean", "people", "waste", "day"]), max_size=12).map(
    " ".join
)


@given(words, words)
def test_what_came_less_what_went_is_the_difference(old, new):
    found = edit(old, new)
    assert found.came - found.went == len(spoken(new)) - len(spoken(old))
    assert found.new <= found.came
    assert found.gone <= found.went
    assert edit(new, new).came == 0


def test_each_word_lives_from_when_it_came():
    lived = lifetimes(
        [(date(2026, 1, 1), "clean streets"), (date(2026, 1, 11), "clean parks")], None, date(2026, 1, 31)
    )
    assert lived == Counter({(10, True): 1, (30, False): 1, (20, False): 1})


def test_a_half_life_counts_what_still_stands_too():
    assert half_life({(10, True): 5, (30, False): 5}) == 10
    assert half_life({(10, True): 4, (30, False): 6}) is None
    assert half_life({(10, True): 1, (20, True): 1, (5, False): 8}) == 10
    assert half_life({}) is None


texts = st.dictionaries(st.integers(0, 30).map(str), st.lists(st.sampled_from("abcdefgh"), min_size=1).map(
    lambda letters: " ".join(letter * 3 for letter in letters)
), max_size=12)  # fmt: skip


@given(texts, st.sampled_from([0.5, 0.8, 1.0]))
def test_no_twins_are_missed_and_none_are_made_up(texts, alike):
    found = {frozenset((one, other)) for one, other, _ in twins(texts, alike=alike)}
    expected = set()
    for one, other in combinations(texts, 2):
        a, b = telling(texts[one]), telling(texts[other])
        if a and b and len(a & b) / len(a | b) >= alike:
            expected.add(frozenset((one, other)))
    assert found == expected


def test_drift_says_what_is_lost_and_what_is_unheard():
    found = drift(["Everyone is treated with dignity"], ["Empty the bins", "Empty the boxes", "Wash bins"])
    assert "dignity" in found.lost
    assert found.unheard == (("bins", 2), ("empty", 2))
