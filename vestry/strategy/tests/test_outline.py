"""An outline leads upwards, from anything the council does to what it is for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from vestry.ledger import api as ledger
from vestry.strategy import api as strategy
from vestry.strategy.api import Earlier, Statement
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
    officer,
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


def test_what_hangs_from_a_sentence_that_an_outline_changes_is_to_be_read_again(council):
    put()
    principle = replace(PRINCIPLE, sentence="We mend what we use.", since=TODAY)
    choice = replace(CHOICE, sentence="We keep it clean.", since=TODAY)
    outcome = replace(OUTCOME, serves={"clean-streets": ""})
    strategy.put_outline([outcome, choice, principle, PURPOSE], now=NOON)
    assert slugs(strategy.to_reread()[0]) == ["bins-on-the-day"], "what is above it was read with it"
    (fact,) = (each for each in ledger.since(0) if each.payload.get("hangs") == 2)
    assert fact.subject == strategy.get_statement("lasting").ref


def moved(who, *changed):
    now = {each.slug: each for each in OUTLINE} | {each.slug: each for each in changed}
    changes = strategy.differences(list(now.values()))
    return strategy.carry_out_all(officer=officer(who), changes=changes, reason="So", now=NOON)


def test_another_owner_and_another_layer_are_differences(officers):
    put()
    choice = replace(CHOICE, owner="information", layer="outcome", serves={"lasting": "Nothing between."})
    outcome = replace(OUTCOME, layer="service", owner="")
    planned = moved("dora", choice, outcome)
    assert [(each.change.kind, each.change.slug, each.proposed) for each in planned] == [
        ("move", "clean-streets", False),
        ("assign", "clean-streets", False),
        ("move", "bins-on-the-day", False),
        ("assign", "bins-on-the-day", False),
    ]
    assert strategy.outline()[2:] == [choice, outcome]
    names = [each.name for each in ledger.history(strategy.get_statement("clean-streets").ref)]
    assert names[-2:] == ["strategy.moved", "strategy.assigned"]
    put()
    assert strategy.outline() != OUTLINE, "the outline that was taken in last undoes nothing"
    put(Statement(slug="fair", layer="principle", sentence="Fair.", serves={"live-well": ""}))
    assert strategy.outline()[2:4] == [CHOICE, OUTCOME]


def test_what_ends_may_stand_in_a_layer_that_goes(council):
    put()
    own = [layer for layer in DEFAULT if layer.slug != "strategy"]
    outcome = replace(OUTCOME, serves={"lasting": ""})
    strategy.put_outline([PURPOSE, PRINCIPLE, replace(CHOICE, ended=TODAY), outcome], layers=own, now=NOON)
    assert strategy.get_statement("clean-streets").ended_on == TODAY
    assert strategy.faults(strategy.outline(), own) == []
    (gone,) = strategy.between(TODAY - timedelta(days=1), TODAY)
    assert (gone.layer, gone.before, gone.after) == ("strategy", CHOICE.sentence, "")


def test_what_serves_it_is_not_left_behind(officers):
    put()
    strategy.hang(BIN, on=TODAY)
    for slug, left in (("clean-streets", "bins-on-the-day"), ("bins-on-the-day", "service:missed-bin")):
        change = strategy.Change(kind="move", slug=slug, layer="service", serves={"lasting": "So"})
        with pytest.raises(strategy.LeftBehind, match=left):
            strategy.carry_out(officer=officer("dora"), change=change, now=NOON)
    change = strategy.Change(
        kind="move", slug="bins-on-the-day", layer="plan", serves={"bins-on-the-day": "So"}
    )
    with pytest.raises(strategy.NotAbove):
        strategy.carry_out(officer=officer("dora"), change=change, now=NOON)
    assert strategy.outline() == OUTLINE


def test_into_another_layer_moves_who_decides_both(officers):
    put()
    up = replace(CHOICE, layer="principle", serves={"live-well": ""})
    down = replace(OUTCOME, serves={"clean-streets": "Nothing between."})
    planned = moved("cai", up, down)
    assert [(each.change.kind, each.proposed) for each in planned] == [("move", True), ("link", True)]
    asked = {"slug": "clean-streets", "number": 1, "accept": True, "now": NOON}
    with pytest.raises(strategy.NotDecidedHere):
        strategy.decide(officer=officer("cai"), **asked)
    with pytest.raises(strategy.LeftBehind):
        strategy.decide(officer=officer("dora"), **asked)
    strategy.decide(officer=officer("dora"), **{**asked, "slug": "bins-on-the-day"})
    strategy.decide(officer=officer("dora"), **asked)
    assert strategy.outline()[2:] == [up, down]


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
