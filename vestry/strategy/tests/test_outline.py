"""An outline leads upwards, from anything the council does to what it is for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.strategy import api as strategy
from vestry.strategy.api import Statement
from vestry.strategy.rules import chain

PURPOSE = Statement(slug="live-well", layer="purpose", sentence="People live well here.")
OUTCOME = Statement(slug="clean-streets", layer="outcome", sentence="Streets are clean.", serves="live-well")
OBJECTIVE = Statement(
    slug="bins-in-time", layer="objective", sentence="Bins are emptied.", serves="clean-streets"
)
OUTLINE = [PURPOSE, OUTCOME, OBJECTIVE]


def test_why_leads_up_to_the_purpose(council):
    strategy.put_outline(OUTLINE)
    assert strategy.why("bins-in-time") == [OBJECTIVE, OUTCOME, PURPOSE]
    assert strategy.why("live-well") == [PURPOSE]
    assert strategy.why("nothing") == []


def test_the_outline_is_given_from_the_top_down(council):
    strategy.put_outline([OBJECTIVE, OUTCOME, PURPOSE])
    assert strategy.statements() == OUTLINE
    assert strategy.slugs() == {"live-well", "clean-streets", "bins-in-time"}


def test_a_new_outline_takes_the_place_of_the_old(council):
    strategy.put_outline(OUTLINE)
    strategy.put_outline([PURPOSE])
    assert strategy.statements() == [PURPOSE]


def test_another_council_has_its_own(council, other_council):
    from vestry.councils import api as councils

    strategy.put_outline(OUTLINE)
    with councils.scope(other_council):
        assert strategy.statements() == []
        strategy.put_outline([PURPOSE])
    assert strategy.statements() == OUTLINE


@pytest.mark.parametrize(
    ("statement", "part", "said"),
    [
        (Statement(slug="x", layer="outcome", sentence="Good."), "", "does not say what it serves"),
        (Statement(slug="x", layer="outcome", sentence="G.", serves="nowhere"), "serves", "not a statement"),
        (
            Statement(slug="x", layer="outcome", sentence="G.", serves="clean-streets"),
            "serves",
            "layer above",
        ),
        (Statement(slug="x", layer="principle", sentence="G.", serves="clean-streets"), "serves", "above it"),
        (Statement(slug="x", layer="purpose", sentence="G.", serves="live-well"), "serves", "serves nothing"),
        (Statement(slug="x", layer="purpose", sentence="a " * 26), "says", "26 words"),
    ],
)
def test_what_is_wrong_is_said(statement, part, said):
    (fault,) = strategy.faults([*OUTLINE, statement])
    assert (fault.slug, fault.part) == ("x", part)
    assert said in fault.what


def test_an_outline_without_a_purpose_is_not_taken(council):
    lonely = Statement(slug="x", layer="principle", sentence="Good.", serves="")
    with pytest.raises(strategy.FaultyOutline, match="what the council is for"):
        strategy.put_outline([lonely])


slug = st.sampled_from("abcdef")


@given(st.dictionaries(slug, slug), slug)
def test_a_chain_ends_whatever_serves_what(serves, start):
    statements = {
        name: Statement(slug=name, layer="outcome", sentence=name, serves=above)
        for name, above in serves.items()
    }
    slugs = [statement.slug for statement in chain(statements, start)]
    assert len(slugs) == len(set(slugs))
