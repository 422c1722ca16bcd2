"""Conditions say what they should, and nothing in them reaches further than plain values."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vestry.design.expressions import (
    CannotWorkOut,
    NotUnderstood,
    Today,
    holds,
    may_fail,
    names,
    read,
    work_out,
)
from vestry.kernel import WorkingCalendar

TODAY = Today(day=date(2026, 11, 23), calendar=WorkingCalendar(frozenset({date(2026, 12, 25)})))


@dataclass(frozen=True)
class Place:
    ward: str

    def secret(self):
        return "reached"


WORDS = {
    "bin": "garden",
    "day": date(2026, 11, 20),
    "count": 3,
    "home": Place(ward="mere"),
    "materials": ["glass", "paper"],
    "assisted": True,
    "nothing": None,
    "missed": {"day": date(2026, 11, 20)},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('bin == "garden"', True),
        ('bin in ["food", "garden"] and not assisted', False),
        ('"glass" in materials', True),
        ("len(materials) * 2 + 1", 5),
        ("home.ward", "mere"),
        ("missed.day < today()", True),
        ("working_days(day, today())", 1),
        ("working_days(today(), day)", 0),
        ("day.year", 2026),
        ("count if assisted else 0", 3),
        ("1 < count <= 3", True),
        ("assisted == true", True),
        ("nothing == none", True),
        ("nothing.ward == none", True),
        ("len(nothing)", 0),
    ],
)
def test_what_it_comes_to(text, value):
    assert work_out(text, WORDS, TODAY) == value


NASTY = [
    '__import__("os").system("true")',
    "().__class__.__bases__",
    "bin.__class__",
    "home._secret",
    "_hidden",
    "bin.upper()",
    "home.secret()",
    'day.strftime("%d")',
    "[x for x in materials]",
    "{x: x for x in materials}",
    "(lambda: 1)()",
    "(y := 3)",
    'f"{bin}"',
    "9 ** 9 ** 9",
    "1 << 99999",
    "materials[0]",
    "print(1)",
    "eval(bin)",
    "len",
    "len(materials, materials)",
    "len(*materials)",
    "today(1)",
    "working_days(day)",
    "not " * 100 + "bin",
    "-" * 400 + "1",
    "(" * 300 + "1" + ")" * 300,
    '"' + "a" * 600 + '"',
    "",
    "bin = 3",
    "bin === 3",
    "bin ==",
    "bin && assisted",
    "import os",
    "1; 2",
    "bin\nassisted",
    "b'bytes'",
    "3j",
    "...",
    "await bin",
    "\x00",
]


@pytest.mark.parametrize("text", NASTY)
def test_what_is_not_in_the_language_is_refused_when_it_is_read(text):
    with pytest.raises(NotUnderstood):
        read(text)
    with pytest.raises(NotUnderstood):
        work_out(text, WORDS, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "home.secret",
        "bin.upper",
        "day.today",
        "day < 3",
        "nothing < 3",
        "count / 0",
        '"a" * 999999 * 999999',
        "unheard_of == 3",
        "len(count)",
        "working_days(day, bin)",
        "working_days(day, nothing)",
        "home.nowhere",
    ],
)
def test_what_has_no_value_is_a_fault_of_the_definition(text):
    with pytest.raises(CannotWorkOut):
        work_out(text, WORDS, TODAY)


def test_nobodys_journey_ends_over_a_fault():
    assert holds("nothing < 3", WORDS, TODAY)
    assert holds("", WORDS, TODAY)
    assert not holds("count < 3", WORDS, TODAY)


def test_days_are_counted_only_as_far_as_it_makes_sense():
    far = {"day": date(1, 1, 1), "moment": datetime(2026, 11, 23, 12, 0)}
    for text in ("working_days(day, today())", "working_days(moment, today())"):
        with pytest.raises(CannotWorkOut):
            work_out(text, far, TODAY)


def test_the_names_it_uses():
    assert names('bin == "garden" and len(materials) > 0 and today() > day or true') == {
        "bin",
        "materials",
        "day",
    }


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("day < today()", True),
        ("day and day < today()", False),
        ("day != none and working_days(day, today()) > 2", False),
        ("working_days(day, today()) > 2", True),
        ('bin == "garden" or day > today()', True),
        ("day == today()", False),
        ("not day", False),
    ],
)
def test_a_missing_answer_is_thought_of_before_it_is_missing(text, fails):
    assert may_fail(text, {"day", "bin"}, {"day"}, TODAY) is fails


pieces = st.sampled_from(
    [*WORDS, "==", "and", "not", "(", ")", "<", "+", "*", ".", "ward", '"x"', "3", "today()", "len(", "in"]
)


@given(st.lists(pieces, max_size=9).map(" ".join))
@example("( ) . ward")
def test_whatever_is_written_it_has_a_value_or_is_refused_in_words(text):
    try:
        work_out(text, WORDS, TODAY)
    except (NotUnderstood, CannotWorkOut) as refusal:
        assert str(refusal)


@given(st.text(max_size=60))
def test_any_text_at_all_is_read_or_refused(text):
    try:
        read(text)
    except NotUnderstood as refusal:
        assert str(refusal)
