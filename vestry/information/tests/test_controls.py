"""More careful never means less protected."""

from itertools import pairwise

import pytest

from vestry.information import api as information


def strength(name):
    controls = information.control(name)
    return (
        -controls.journey_idle,
        -controls.journey_saved,
        controls.status_code,
        not controls.message_shows_text,
        not controls.list_shows_place,
        not controls.search_finds_words,
    )


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(information.CLASSES)))
def test_each_class_asks_for_at_least_what_the_one_below_asks_for(lower, higher):
    assert all(a <= b for a, b in zip(strength(lower), strength(higher), strict=True))


def test_a_class_nobody_knows_is_refused():
    with pytest.raises(information.UnknownClass, match="official-personal"):
        information.control("secret")
