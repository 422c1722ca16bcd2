"""An outline leads upwards, from anything the council does to what it is for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.strategy import api as strategy
from vestry.strategy.api import Earlier, Statement
from vestry.strategy.rules.graph import Graph, Link, Wording, ladder, on
from vestry.strategy.rules.layers import DEFAULT
from vestry.strategy.tests.strategies import (
    BIN,
    CHOICE,
    NOON,
    OUTCOME,
    OUTLINE,
    PRINCIPLE,
    PURPOSE,
    TODAY,
    put,
    slugs,
)


def test_why_leads_up_to_the_purpose(council):
    put()
    assert slugs(strategy.why("bins-on-the-day")) == [
        "bins-on-the-day",
        "clean-streets",
        "lasting",
        "live-well",
    ]
    assert slugs(strategy.why("live-well")) == ["live-well"]
    assert strategy.why("nothing") == []


def test_a_service_hangs_in_by_itself(council):
    put()
    strategy.hang(BIN, on=TODAY)
    strategy.hang(BIN, on=TODAY)
    why = strategy.why("service:missed-bin")
    assert why[0].sentence == "Report a missed bin"
    assert slugs(why)[1:] == ["bins-on-the-day", "clean-streets", "lasting", "live-well"]
    fan = strategy.what_for("clean-streets")
    assert slugs(fan.below) == ["bins-on-the-day", "service:missed-bin"]
    strategy.unhang(slug="missed-bin", on=TODAY + timedelta(days=1))
    assert strategy.why("service:missed-bin") == []
    assert slugs(strategy.what_for("clean-streets").below) == ["bins-on-the-day"]


def test_one_thing_may_serve_several(council):
    other = Statement(slug="fair", layer="principle", sentence="Fair.", serves={"live-well": ""})
    both = Statement(slug="x", layer="strategy", sentence="Both at once.", serves={"fair": "", "lasting": ""})
    put(other, both)
    assert slugs(strategy.why("x")) == ["x", "fair", "lasting", "live-well"]


def test_the_outline_is_given_from_the_top_down(council):
    strategy.put_outline([OUTCOME, CHOICE, PRINCIPLE, PURPOSE], now=NOON)
    assert slugs(strategy.statements()) == ["live-well", "lasting", "clean-streets", "bins-on-the-day"]
    assert strategy.slugs() == {"live-well", "lasting", "clean-streets", "bins-on-the-day"}


def test_what_is_taken_in_is_given_back(council):
    put()
    assert strategy.outline() == OUTLINE


def test_a_new_outline_takes_the_place_of_the_old(council):
    put()
    strategy.put_outline([PURPOSE], now=NOON)
    assert slugs(strategy.statements()) == ["live-well"]
    assert strategy.get_statement("bins-on-the-day").ended_on == TODAY


def test_the_same_outline_again_undoes_nothing(council):
    assert put()
    assert not put()


def test_a_changed_sentence_keeps_its_history(council):
    put()
    changed = Statement(
        slug="bins-on-the-day",
        layer="outcome",
        sentence="Every bin is emptied on its day, or the next.",
        serves={"clean-streets": ""},
    )
    strategy.put_outline([*OUTLINE[:-1], changed], now=NOON)
    first, second = strategy.history("bins-on-the-day")
    assert (first.until, second.since) == (TODAY, TODAY)
    assert (second.came, second.went) == (3, 0)


def test_another_council_has_its_own(council, other_council):
    from vestry.councils import api as councils

    put()
    with councils.scope(other_council):
        assert list(strategy.statements()) == []
        strategy.put_outline([PURPOSE], now=NOON)
    assert len(list(strategy.statements())) == 4


def statement(layer="outcome", sentence="Good.", **serves):
    return Statement(
        slug="x",
        layer=layer,
        sentence=sentence,
        serves={name.replace("_", "-"): why for name, why in serves.items()},
    )


@pytest.mark.parametrize(
    ("wrong", "part", "said"),
    [
        (statement(), "", "does not say what it serves"),
        (statement(nowhere=""), "serves", "not a statement"),
        (statement(bins_on_the_day=""), "serves", "layer above"),
        (statement("principle", clean_streets=""), "serves", "above it"),
        (statement("purpose", live_well=""), "serves", "serves nothing"),
        (statement(live_well=""), "serves", "past a layer"),
        (statement("heaven", live_well=""), "layer", "not a layer"),
        (statement(gone=""), "serves", "has ended"),
        (
            Statement(
                slug="x",
                layer="principle",
                sentence="Good.",
                serves={"live-well": ""},
                since=date(2024, 1, 2),
                ended=date(2024, 1, 1),
            ),
            "",
            "not in order",
        ),
        (
            Statement(
                slug="x",
                layer="principle",
                sentence="Good.",
                serves={"live-well": ""},
                since=date(2024, 1, 1),
                before=(Earlier(sentence="Better.", since=date(2025, 1, 1)),),
            ),
            "",
            "not in order",
        ),
    ],
)
def test_what_is_wrong_is_said(wrong, part, said):
    gone = Statement(slug="gone", layer="strategy", sentence="Gone.", ended=TODAY)
    (fault,) = strategy.faults([*OUTLINE, gone, wrong])
    assert (fault.slug, fault.part) == ("x", part)
    assert said in fault.what


@pytest.mark.parametrize("name", ["24-hours", "x--y", "-x", "X", "x" * 61])
def test_what_services_could_not_call_it_is_no_name(name):
    wrong = Statement(slug=name, layer="principle", sentence="Good.", serves={"live-well": ""})
    (fault,) = strategy.faults([*OUTLINE, wrong])
    assert "is not a name" in fault.what


def test_a_layer_may_be_skipped_with_a_reason():
    assert strategy.faults([*OUTLINE, statement(live_well="There is no principle for it yet.")]) == []


@pytest.mark.parametrize("names", ["purpose service", "activity service purpose", "service activity"])
def test_layers_have_a_place_for_services_and_cases(names):
    by_slug = {layer.slug: layer for layer in DEFAULT}
    layers = [by_slug[name] for name in names.split()]
    top = Statement(slug="top", layer=layers[0].slug, sentence="Well.")
    assert [fault.part for fault in strategy.faults([top], layers)] == ["layers"]


def test_an_outline_without_a_purpose_is_not_taken(council):
    lonely = Statement(slug="x", layer="principle", sentence="Good.")
    with pytest.raises(strategy.FaultyOutline, match="what the council is for"):
        strategy.put_outline([lonely], now=NOON)


slug = st.sampled_from("abcdef")


@given(st.dictionaries(slug, slug), slug)
def test_a_ladder_ends_whatever_serves_what(serves, start):
    day = date(2026, 1, 1)
    graph = Graph(
        layers=DEFAULT,
        wordings=[
            Wording(slug=each, layer="outcome", since=day, until=None, words=1, came=1, went=0, text=each)
            for each in "abcdef"
        ],
        links=[Link(child=child, parent=parent, since=day) for child, parent in serves.items()],
    )
    found = slugs(ladder(on(graph, day), start))
    assert found[0] == start
    assert len(found) == len(set(found))
