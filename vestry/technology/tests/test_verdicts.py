"""What evidence comes to."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vestry.technology.api import rubrics
from vestry.technology.ports import Verdict
from vestry.technology.rules.verdicts import (
    STRENGTH,
    WORDS_ONLY,
    Piece,
    allowed_outcomes,
    standing,
    word_of,
    words_of,
)

TODAY = date(2026, 11, 24)
I1, C5 = rubrics().criteria["I1"], rubrics().criteria["C5"]
MET, PARTLY, NOT_MET, NOT_KNOWN, NOT_APPLICABLE = Verdict
PIECES = st.builds(
    Piece,
    id=st.integers(1, 1_000),
    criterion=st.sampled_from(["I1", "C5"]),
    verdict=st.sampled_from(list(Verdict)),
    means=st.sampled_from(STRENGTH),
    day=st.dates(TODAY - timedelta(days=800), TODAY),
)


def piece(verdict=MET, means="observed", day=TODAY, id_=1, criterion="I1"):
    return Piece(id=id_, criterion=criterion, verdict=verdict, means=means, day=day)


def test_nothing_is_not_known():
    assert (standing(I1, [], TODAY).verdict, standing(I1, [], TODAY).why) == (NOT_KNOWN, "nothing")


def test_what_was_seen_beats_what_was_said_and_they_disagree():
    found = standing(
        C5, [piece(MET, "claimed", criterion="C5"), piece(NOT_MET, id_=2, criterion="C5")], TODAY
    )
    assert found.verdict == NOT_MET
    assert [each.means for each in found.disagrees] == ["claimed"]


def test_a_word_is_not_enough_where_proof_is_asked_for():
    assert standing(I1, [piece(MET, "claimed")], TODAY).why == "word-only"
    assert standing(C5, [piece(MET, "claimed", criterion="C5")], TODAY).verdict == MET
    assert standing(I1, [piece(NOT_MET, "claimed")], TODAY).verdict == NOT_MET


def test_evidence_goes_stale_the_day_after_its_last():
    old = piece(MET, day=date(2025, 11, 24))
    assert standing(I1, [old], TODAY).verdict == MET
    found = standing(I1, [old], TODAY + timedelta(days=1))
    assert (found.verdict, found.why) == (NOT_KNOWN, "stale")


def test_what_was_mended_since_is_mended():
    pieces = [piece(NOT_MET, day=TODAY - timedelta(days=9)), piece(MET, id_=2)]
    assert standing(I1, pieces, TODAY).verdict == MET


def test_a_page_that_was_blocked_does_not_hide_what_a_document_shows():
    pieces = [piece(NOT_KNOWN, criterion="C5"), piece(PARTLY, "documented", id_=2, criterion="C5")]
    assert standing(C5, pieces, TODAY).verdict == PARTLY


@given(st.lists(PIECES, max_size=8), st.dates(TODAY, TODAY + timedelta(days=900)))
def test_nothing_is_ever_met_without_fresh_evidence_that_says_so(pieces, today):
    for criterion in (I1, C5):
        found = standing(criterion, pieces, today)
        if found.verdict == MET:
            assert found.piece.verdict == MET
            assert found.until >= today
            assert not (criterion.proof and found.piece.means in WORDS_ONLY)


@given(st.lists(PIECES, max_size=8))
def test_in_time_everything_is_not_known(pieces):
    assert standing(I1, pieces, date(2040, 1, 1)).verdict == NOT_KNOWN


def standings(criteria, verdicts):
    return {
        each.id: standing(each, [piece(verdict, criterion=each.id)], TODAY)
        for each, verdict in zip(criteria, verdicts, strict=True)
    }


@given(st.data())
def test_a_principles_word_is_its_worst_must(data):
    criteria = rubrics().of("interoperable")
    verdicts = data.draw(st.lists(st.sampled_from(list(Verdict)), min_size=10, max_size=10))
    word = word_of("interoperable", criteria, standings(criteria, verdicts))
    musts = [verdict for each, verdict in zip(criteria, verdicts, strict=True) if each.must]
    if NOT_MET in musts:
        assert word.verdict == NOT_MET
    elif NOT_KNOWN in musts:
        assert word.verdict == NOT_KNOWN
    elif PARTLY in musts:
        assert word.verdict == PARTLY
    else:
        # What only should be can lower it to "partly", and no further.
        assert word.verdict in (MET, PARTLY, NOT_APPLICABLE)
    assert (word.verdict in (MET, NOT_APPLICABLE)) == (not word.because)


def test_what_may_be_decided_follows_from_the_words():
    criteria = list(rubrics().criteria.values())
    all_met = words_of(criteria, standings(criteria, [MET] * len(criteria)))
    assert allowed_outcomes(all_met) == ("proceed", "conditions", "refused")
    partly = words_of(criteria, standings(criteria, [PARTLY] * len(criteria)))
    assert allowed_outcomes(partly) == ("conditions", "refused")
    unknown = words_of(criteria, {each.id: standing(each, [], TODAY) for each in criteria})
    assert allowed_outcomes(unknown) == ("refused",)
    waived = frozenset(each.principle for each in unknown)
    assert allowed_outcomes(unknown, waived) == ("waived", "refused")
    assert allowed_outcomes(unknown, waived - {"flexible"}) == ("refused",)
