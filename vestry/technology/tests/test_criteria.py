"""The criteria as data: whole, in plain words, and asked in proportion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.technology.api import asked
from vestry.technology.api.data import questions, rubrics
from vestry.technology.ports import Verdict
from vestry.technology.rules import claims
from vestry.technology.rules.criteria import CLASSES, KINDS, PRINCIPLES, USERS, Case

CASES = st.builds(
    Case,
    kind=st.sampled_from(KINDS),
    users=st.sets(st.sampled_from(USERS), min_size=1).map(frozenset),
    people=st.integers(1, 100_000),
    class_=st.sampled_from(CLASSES),
    pounds=st.integers(0, 5_000_000),
)
SMALLEST = Case(kind="buy", users=frozenset({"staff"}), people=5, class_="official", pounds=1_000)


def test_every_principle_has_criteria_and_one_that_must_be_met():
    for principle in PRINCIPLES:
        assert any(each.must for each in rubrics().of(principle))


def test_every_criterion_is_whole():
    for each in rubrics().criteria.values():
        assert each.asks.endswith("?")
        assert all((each.met, each.partly, each.not_met, each.source, each.dated)), each.id
        assert each.months > 0
        # What takes proof must be able to get it.
        assert not each.proof or set(each.means) - {"claimed", "attested"}, each.id


def test_the_smallest_case_is_asked_a_dozen():
    assert SMALLEST.size == "small"
    assert [each.id for each in asked(SMALLEST)] == [
        *("C1", "C4", "M1", "M2", "I1", "I5", "F2", "F6", "E3", "S1", "S2", "S10")
    ]


@given(CASES)
def test_every_case_is_asked_something_of_what_matters(case):
    ids = {each.id for each in asked(case)}
    assert {"C1", "I1", "I5", "F2", "S1", "S2"} <= ids
    # Nobody is asked to guard what needs no guarding, and nobody not to guard what does.
    assert ("S10" in ids) == (case.class_ in ("public", "official"))
    assert ("S8" in ids) == (case.class_ in ("official-personal", "official-sensitive"))


@given(CASES, CASES)
def test_more_is_never_asked_of_less(one, other):
    larger = Case(
        kind=one.kind,
        users=one.users | other.users,
        people=max(one.people, other.people),
        class_=one.class_,
        pounds=max(one.pounds, other.pounds),
    )
    assert {each.id for each in asked(one)} <= {each.id for each in asked(larger)}


def test_every_question_of_the_claims_is_about_a_criterion():
    for meaning in questions().questions.values():
        assert meaning.criterion in rubrics().criteria


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("installation", False, Verdict.MET),
        ("installation", "Yes", Verdict.NOT_MET),
        ("guaranteedAvailability", "99.9% every month", Verdict.PARTLY),
        ("guaranteedAvailability", "We aim for 98%", Verdict.PARTLY),
        ("dataExportFormats", ["Other", "CSV"], Verdict.MET),
        ("browsersSupported", ["Firefox", "Chrome"], Verdict.PARTLY),
        ("penetrationTesting", "Never", Verdict.NOT_MET),
    ],
)
def test_an_answer_means_something(question, answer, verdict):
    assert [claim.verdict for claim in claims.read({question: answer}, questions())] == [verdict]


@pytest.mark.parametrize(
    "answers",
    [{"unheard-of": "Yes"}, {"installation": ""}, {"guaranteedAvailability": "very"}, {"mobile": []}],
)
def test_an_answer_that_says_nothing_means_nothing(answers):
    assert list(claims.read(answers, questions())) == []
