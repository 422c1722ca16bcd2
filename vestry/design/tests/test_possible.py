"""What is said to be impossible is: whatever people answer, and in whatever order they come to it."""

from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vestry.design import possible as possible_module
from vestry.design.expressions import Today, holds
from vestry.design.kinds import Checkboxes, Date, Number, Radios, Select, Text, YesNo
from vestry.design.possible import MOST_TRIES, Asked, Effort, _Search, possible, strangers
from vestry.design.questions import Asking, Question
from vestry.kernel import WorkingCalendar

TODAY = Today(day=date(2026, 11, 23), calendar=WorkingCalendar(frozenset()))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUESTIONS = [
    Radios(id="bin", ask="?", options={"refuse": "Rubbish", "food": "Food", "garden": "Garden"}),
    YesNo(id="assisted", ask="?"),
    Number(id="count", ask="?", min=1, max=9),
    Number(id="weight", ask="?", min=0, decimals=1, optional=True),
    Checkboxes(id="things", ask="?", options={"sofa": "Sofa", "bed": "Bed", "fridge": "Fridge"}),
    Date(id="day", ask="?", latest="today"),
    Date(id="from-day", ask="?", earliest="today"),
    Date(id="born", ask="?", latest="2 years before today"),
    Text(id="note", ask="?", optional=True),
    Select(id="parish", ask="?", options={f"parish-{n}": f"Parish {n}" for n in range(40)}),
]
ALL = {question.id.replace("-", "_"): Asked(question=question) for question in QUESTIONS}


@pytest.mark.parametrize(
    "when",
    [
        'bin == "garden" and bin == "food"',
        'bin not in ["refuse", "food", "garden"]',
        'bin != "refuse" and bin != "food" and bin != "garden"',
        "assisted and not assisted",
        'bin == "garden" and (assisted and bin == "food" or not assisted and bin == "refuse")',
        "count > 9",
        "count < 1 or count == 2.5",
        "count > 4 and count < 5",
        "weight and weight < 0",
        "weight and weight > 1.2 and weight < 1.3",
        "day > today()",
        "len(things) == 0 or len(things) > 3",
        '"sofa" in things and "bed" in things and len(things) < 2',
        'note == "a" and note == "b"',
        'parish == "parish-1" and parish != "parish-1"',
        "1 == 2",
        "not true",
    ],
)
def test_a_condition_that_can_never_hold_is_seen(when):
    assert not possible((when,), ALL)
    assert possible((f"not ({when})",), ALL)


@pytest.mark.parametrize(
    "when",
    [
        "",
        'bin == "garden" and not assisted and count == 9',
        "count > 8",
        "weight > 1.2 and weight < 1.4",
        "weight == none",
        "day == today() or day < today()",
        # Answered before midnight, looked at after it.
        "from_day < today()",
        '"sofa" in things and "bed" not in things and len(things) == 2',
        "not note",
        'note and note != "a" and note != "b"',
        "len(note) > 20 and len(note) < 30",
        'parish not in ["parish-1", "parish-2"]',
        '"fred" in parish',
        # More than is understood: it may be.
        "count * 2 > 100",
        "working_days(day, today()) > 200",
        "fee.total > 3 and fee.total < 2",
        "day > from_day",
        "this is not a condition",
    ],
)
def test_one_that_may_hold_is_let_through(when):
    assert possible((when,), ALL)


def test_what_depends_on_an_answer_nobody_was_asked_for_can_never_hold():
    names = ALL | {
        "permit": Asked(question=Text(id="permit", ask="?"), whens=('bin == "garden"', "")),
        "paid": Asked(question=YesNo(id="paid", ask="?"), whens=('permit == "old"', "assisted")),
    }
    assert not possible(('permit and bin == "food"',), names)
    assert possible(('not permit and bin == "food"',), names)
    assert not possible(("paid and not assisted",), names)
    assert not possible(('paid and bin == "refuse"',), names)
    assert possible(('paid and bin == "garden"',), names)


def test_a_last_day_that_moves_with_today_is_known():
    assert not possible(("born == today()",), ALL)
    assert possible(("born < today()",), ALL)


def test_conditions_hold_together_or_not_at_all():
    assert not possible(('bin == "garden"', 'bin == "food"'), ALL)
    assert possible(('bin == "garden"', "assisted"), ALL)


def test_a_question_on_the_same_page_may_have_no_answer_yet():
    asked = ALL["bin"].question
    nowhere = ('bin != "refuse" and bin != "food" and bin != "garden"',)
    assert possible(nowhere, {"bin": Asked(question=asked, missing=True)})


def test_what_is_too_much_to_try_is_let_through():
    many = {f"q{n}": Asked(question=YesNo(id=f"q{n}", ask="?")) for n in range(30)}
    either = " and ".join(f"(q{n} or not q{n})" for n in range(16))
    assert possible((f"{either} and q20 and not q20",), many)


class Strange(Question, frozen=True, kw_only=True):
    """A kind that shows conditions something else than what is stored."""

    def word(self, answer):
        return {"of": answer}

    def schema(self):
        return {"enum": ["a", "b"]}


def test_of_a_kind_that_shows_conditions_something_else_nothing_is_known():
    assert possible(('strange.of == "c"',), {"strange": Asked(question=Strange(id="strange", ask="?"))})


def test_a_value_that_is_no_option_is_named():
    assert [(name, value) for name, value, _ in strangers('bin == "gardn" or assisted == "yes"', ALL)] == [
        ("bin", "gardn"),
        ("assisted", "yes"),
    ]
    assert [value for _, value, _ in strangers('"soffa" in things or bin in ["food", "foo"]', ALL)] == [
        "soffa",
        "foo",
    ]
    assert list(strangers('note == "anything" or bin == "food" or 3 == count', ALL)) == []
    assert list(strangers("this is not", ALL)) == []


ATOMS = st.sampled_from(
    [
        *('bin == "garden"', 'bin != "food"', 'bin in ["food", "refuse"]', 'bin < "g"', '"r" in bin'),
        *("assisted", "assisted == true", "assisted == none"),
        *("count > 3", "count <= 3", "2 < count < 8", "count == 5", "count != 1", "count + 1 > 9"),
        *("weight", "weight == none", "weight == 0", "weight and weight > 2.5"),
        *('"sofa" in things', '"bed" not in things', "len(things) > 1", "len(things) == 3", "things"),
        *("day < today()", "day == today()", "working_days(day, today()) > 3", "from_day > today()"),
        *(
            "note",
            'note == "x"',
            "len(note) > 3",
            '"x" in [note]',
            "day < from_day",
            "born > today()",
            "born == today()",
            "born < today()",
        ),
        *('parish == "parish-3"', 'parish in ["parish-1", "parish-2"]', "count if assisted else not weight"),
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=6,
)
RAWS = {
    "bin": st.sampled_from(["refuse", "food", "garden"]),
    "assisted": st.booleans(),
    "count": st.integers(1, 9),
    "weight": st.one_of(st.none(), st.integers(0, 60).map(lambda n: n / 10)),
    "things": st.lists(st.sampled_from(["sofa", "bed", "fridge"]), min_size=1, unique=True),
    "day": st.dates(date(2026, 1, 1), TODAY.day).map(date.isoformat),
    "from-day": st.dates(TODAY.day, date(2027, 12, 31)).map(date.isoformat),
    "born": st.dates(date(1990, 1, 1), date(TODAY.day.year - 2, TODAY.day.month, TODAY.day.day)).map(
        date.isoformat
    ),
    "note": st.one_of(st.none(), st.sampled_from(["x", "y", "longer"])),
    "parish": st.integers(0, 39).map("parish-{}".format),
}


@settings(max_examples=250, deadline=None)
@given(when=CONDITIONS, whens=st.tuples(CONDITIONS, CONDITIONS), raws=st.fixed_dictionaries(RAWS))
def test_what_holds_for_somebody_is_never_called_impossible(when, whens, raws):
    """The two last questions are asked only under conditions, as on a page further on."""
    names = dict(ALL)
    for name, its in zip(("note", "parish"), whens, strict=True):
        own = its if not {"note", "parish"} & set(its.replace(".", " ").split()) and name not in its else ""
        own = "" if "note" in own or "parish" in own else own
        names[name] = Asked(question=ALL[name].question, whens=(own,))
    words = {}
    for question in QUESTIONS:
        name = question.id.replace("-", "_")
        asked = all(holds(one, words, TODAY) for one in names[name].whens)
        answer = question.clean(raws[question.id], Asking(now=NOW, said={})) if asked else None
        words[name] = question.word(answer)
    if holds(when, words, TODAY):
        assert possible((when,), names)


class Plain(_Search):
    """The search without skipping: every choice there is, one after another."""

    def _change_the_last_of(self, why):
        while self.choices and self.choices[-1].taken + 1 == self.choices[-1].count:
            self.choices.pop()
        if self.choices:
            self.choices[-1].taken += 1
        return bool(self.choices)


@settings(max_examples=150, deadline=None)
@given(whens=st.tuples(CONDITIONS, CONDITIONS), own=CONDITIONS)
def test_what_is_skipped_makes_no_difference_to_what_is_found(whens, own):
    names = dict(ALL)
    if "note" not in own:
        names["note"] = Asked(question=ALL["note"].question, whens=(own,))
    with patch.object(possible_module, "_Search", Plain):
        effort = Effort(left=100_000)
        plainly = possible(whens, names, effort)
    assume(100_000 - effort.left < MOST_TRIES)
    assert possible(whens, names) == plainly
