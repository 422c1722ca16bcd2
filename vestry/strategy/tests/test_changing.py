"""A sentence is changed by whoever its layer belongs to; anybody else's change waits."""

from datetime import timedelta

import pytest

from vestry.ledger import api as ledger
from vestry.strategy import api as strategy
from vestry.strategy.tests.strategies import BIN, NOON, TODAY, officer, put, slugs

pytestmark = pytest.mark.usefixtures("officers")
NEW = "Every bin is emptied on its day, whatever the weather."


@pytest.fixture(autouse=True)
def _strategy(officers):
    put()
    strategy.hang(BIN, on=TODAY)


@pytest.mark.parametrize(
    ("who", "slug", "may"),
    [
        ("dora", "live-well", True),
        ("cai", "live-well", False),
        ("cai", "bins-on-the-day", True),
        ("hana", "bins-on-the-day", False),
        ("grace", "clean-streets", False),
        ("priya", "bins-on-the-day", False),
        ("sam", "live-well", False),
    ],
)
def test_each_layer_is_changed_by_whose_it_is(who, slug, may):
    before = strategy.get_statement(slug).sentence
    if may:
        strategy.reword(officer=officer(who), slug=slug, sentence=NEW, now=NOON)
    else:
        with pytest.raises(strategy.NotDecidedHere):
            strategy.reword(officer=officer(who), slug=slug, sentence=NEW, now=NOON)
    assert strategy.get_statement(slug).sentence == (NEW if may else before)


def test_before_saving_it_is_counted_what_hangs_from_it():
    change = strategy.Change(kind="reword", slug="clean-streets", sentence=NEW)
    saving = strategy.before_saving(officer=officer("priya"), change=change, now=NOON)
    assert saving.hangs.by_layer == {"outcome": 1, "service": 1}
    assert not saving.decides
    assert strategy.history("clean-streets")[-1].sentence != NEW


def test_what_is_below_a_change_is_to_be_read_again():
    strategy.reword(officer=officer("dora"), slug="lasting", sentence="We mend what we use.", now=NOON)
    assert slugs(strategy.to_reread()[0]) == ["clean-streets", "bins-on-the-day"]
    assert strategy.to_reread()[0][0].reread_for == "lasting"
    strategy.confirm(officer=officer("cai"), slug="clean-streets", now=NOON)
    assert slugs(strategy.to_reread()[0]) == ["bins-on-the-day"]
    strategy.confirm(officer=officer("priya"), slug="bins-on-the-day", now=NOON)
    assert strategy.to_reread() == ([], 0)


def test_who_neither_owns_nor_decides_confirms_nothing():
    with pytest.raises(strategy.NotDecidedHere):
        strategy.confirm(officer=officer("maya"), slug="bins-on-the-day", now=NOON)


def test_a_proposal_waits_and_then_is_what_it_says():
    proposal = strategy.propose(
        officer=officer("priya"), slug="bins-on-the-day", sentence=NEW, reason="Snow", now=NOON
    )
    again = strategy.propose(
        officer=officer("priya"), slug="bins-on-the-day", sentence=NEW, reason="Snow", now=NOON
    )
    assert again.number == proposal.number
    assert strategy.get_statement("bins-on-the-day").sentence != NEW
    with pytest.raises(strategy.NotDecidedHere):
        strategy.decide(officer=officer("priya"), slug="bins-on-the-day", number=1, accept=True, now=NOON)
    decided = strategy.decide(
        officer=officer("cai"), slug="bins-on-the-day", number=1, accept=True, decided_in="Cabinet", now=NOON
    )
    assert decided.state == "accepted"
    assert strategy.history("bins-on-the-day")[-1].decided_in == "Cabinet"
    assert strategy.proposals() == []
    with pytest.raises(strategy.NotWaiting):
        strategy.decide(officer=officer("cai"), slug="bins-on-the-day", number=1, accept=True, now=NOON)


def test_who_declines_says_why():
    strategy.propose(officer=officer("priya"), slug="bins-on-the-day", sentence=NEW, reason="Snow", now=NOON)
    ask = {"officer": officer("cai"), "slug": "bins-on-the-day", "number": 1, "accept": False, "now": NOON}
    with pytest.raises(strategy.NoAnswer):
        strategy.decide(**ask)
    assert strategy.decide(**ask, answer="Snow is in the plan.").answer == "Snow is in the plan."


def test_the_same_sentence_again_is_no_change():
    sentence = strategy.get_statement("live-well").sentence
    strategy.reword(officer=officer("dora"), slug="live-well", sentence=f"  {sentence} ", now=NOON)
    assert len(strategy.history("live-well")) == 1


@pytest.mark.parametrize("sentence", ["", "  ", ".", "\x00"])
def test_nothing_is_no_sentence(sentence):
    with pytest.raises(strategy.SaysNothing):
        strategy.reword(officer=officer("dora"), slug="live-well", sentence=sentence, now=NOON)


def test_what_is_served_cannot_end():
    with pytest.raises(strategy.StillServed):
        strategy.end(officer=officer("cai"), slug="clean-streets", now=NOON)
    strategy.add(
        officer=officer("cai"),
        slug="parks",
        layer="strategy",
        sentence="We keep parks.",
        serves={"lasting": ""},
        now=NOON,
    )
    strategy.end(officer=officer("cai"), slug="parks", now=NOON)
    assert strategy.get_statement("parks").ended_on == TODAY


@pytest.mark.parametrize(
    ("serves", "refusal"),
    [
        ({}, strategy.ServesNothing),
        ({"nowhere": ""}, strategy.NoSuchStatement),
        ({"bins-on-the-day": ""}, strategy.NotAbove),
        ({"live-well": ""}, strategy.SkipsLayer),
    ],
)
def test_a_new_statement_says_why(serves, refusal):
    with pytest.raises(refusal):
        strategy.add(
            officer=officer("cai"),
            slug="x",
            layer="strategy" if "live-well" in serves else "outcome",
            sentence="New.",
            serves=serves,
            now=NOON,
        )


def test_the_last_why_is_not_taken_away():
    with pytest.raises(strategy.ServesNothing):
        strategy.unlink(officer=officer("cai"), slug="clean-streets", parent="lasting", now=NOON)
    strategy.add(
        officer=officer("dora"),
        slug="fair",
        layer="principle",
        sentence="Fair.",
        serves={"live-well": ""},
        now=NOON,
    )
    strategy.link(officer=officer("cai"), slug="clean-streets", parent="fair", now=NOON)
    strategy.unlink(officer=officer("cai"), slug="clean-streets", parent="lasting", now=NOON)
    assert slugs(strategy.why("clean-streets")) == ["clean-streets", "fair", "live-well"]


def test_what_stood_on_a_day_can_be_seen_later():
    later = NOON + timedelta(days=30)
    strategy.reword(officer=officer("cai"), slug="bins-on-the-day", sentence=NEW, now=later)
    (found,) = strategy.between(TODAY, later.date())
    assert (found.before, found.after) == ("Every bin is emptied on its day.", NEW)


def test_a_change_of_what_is_not_there_leaves_no_fact():
    before = ledger.since(0)
    with pytest.raises(strategy.NoSuchStatement):
        strategy.reword(officer=officer("dora"), slug="nowhere", sentence=NEW, now=NOON)
    assert ledger.since(0) == before
