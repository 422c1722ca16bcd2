"""What a change would do is counted before it is done; what cannot be done is proposed."""

import pytest

from vestry.strategy import api as strategy
from vestry.strategy.api import Change, Statement
from vestry.strategy.tests.strategies import BIN, NOON, OUTLINE, TODAY, officer, put, slugs

pytestmark = pytest.mark.usefixtures("officers")
FAIR = Statement(slug="fair", layer="principle", sentence="Everyone has a say.", serves={"live-well": ""})


@pytest.fixture(autouse=True)
def _strategy(officers):
    put(FAIR)
    strategy.hang(BIN, on=TODAY)


def link(slug, parent, **more):
    return Change(kind="link", slug=slug, parent=parent, **more)


def test_what_would_lose_its_why_is_counted():
    seen = strategy.if_changed("lasting", now=NOON)
    assert seen.reread.by_layer == {"strategy": 1, "outcome": 1, "service": 1}
    assert (seen.lost.counts.by_layer, seen.elsewhere) == (seen.reread.by_layer, 0)
    assert seen.by_owner == {"": 1, "waste": 1}
    strategy.link(officer=officer("cai"), slug="clean-streets", parent="fair", now=NOON)
    seen = strategy.if_changed("lasting", now=NOON)
    assert seen.reread.by_layer == {"strategy": 1, "outcome": 1, "service": 1}
    assert (seen.lost.counts.all, seen.elsewhere) == (0, 3), "all of it serves something else too"
    assert strategy.if_changed("live-well", now=NOON).lost.counts.all == 5


def test_a_link_says_what_it_would_then_lead_up_to():
    saving = strategy.before_saving(officer=officer("cai"), change=link("clean-streets", "fair"), now=NOON)
    assert (slugs(saving.gains), saving.misses, saving.decides) == (["fair"], (), True)
    strategy.carry_out(officer=officer("cai"), change=link("clean-streets", "fair"), now=NOON)
    gone = Change(kind="unlink", slug="clean-streets", parent="lasting")
    saving = strategy.before_saving(officer=officer("cai"), change=gone, now=NOON)
    assert (saving.gains, slugs(saving.misses)) == ((), ["lasting"])


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (Change(kind="end", slug="clean-streets"), strategy.StillServed),
        (Change(kind="unlink", slug="clean-streets", parent="lasting"), strategy.ServesNothing),
        (link("clean-streets", "bins-on-the-day"), strategy.NotAbove),
        (link("clean-streets", "clean-streets", how="guided-by"), strategy.NotAbove),
        (link("bins-on-the-day", "lasting"), strategy.SkipsLayer),
        (Change(kind="add", slug="A name", layer="purpose", sentence="x"), strategy.NotAName),
        (Change(kind="add", slug="fair", layer="purpose", sentence="x"), strategy.NameTaken),
    ],
)
def test_what_cannot_be_done_is_known_before(change, refusal):
    asked = {"officer": officer("dora"), "change": change, "now": NOON}
    with pytest.raises(refusal):
        strategy.before_saving(**asked)
    with pytest.raises(refusal):
        strategy.carry_out(**asked)
    with pytest.raises(refusal):
        strategy.propose(**asked, slug=change.slug, reason="x")


@pytest.mark.parametrize(
    "change",
    [
        Change(kind="add", slug="kind", layer="principle", sentence="We are kind.", serves={"live-well": ""}),
        link("clean-streets", "fair"),
        Change(kind="end", slug="fair"),
    ],
)
def test_every_kind_of_change_can_be_proposed_and_accepted(change):
    before = strategy.outline()
    with pytest.raises(strategy.NotDecidedHere):
        strategy.carry_out(officer=officer("priya"), change=change, now=NOON)
    asked = {"officer": officer("priya"), "change": change, "slug": change.slug, "reason": "Why not"}
    made = strategy.propose(**asked, now=NOON)
    assert strategy.propose(**asked, now=NOON).number == made.number, "the same again"
    assert strategy.outline() == before
    strategy.decide(officer=officer("dora"), slug=change.slug, number=made.number, accept=True, now=NOON)
    assert strategy.differences(before, ending=True), "it is done"
    assert strategy.proposals() == []


def test_a_proposal_that_things_have_overtaken_is_not_accepted_half():
    asked = {"officer": officer("priya"), "slug": "fair", "change": Change(kind="end", slug="fair")}
    made = strategy.propose(**asked, reason="Nobody needs it", now=NOON)
    strategy.link(officer=officer("cai"), slug="clean-streets", parent="fair", now=NOON)
    with pytest.raises(strategy.StillServed):
        strategy.decide(officer=officer("dora"), slug="fair", number=made.number, accept=True, now=NOON)
    assert strategy.get_proposal(slug="fair", number=made.number).state == "waiting"


def test_an_outline_is_what_is_different():
    outline = [*OUTLINE[:3], FAIR]
    assert strategy.differences(outline) == []
    assert strategy.differences(outline, ending=True) == [Change(kind="end", slug="bins-on-the-day")]
    told = {each.kind for each in strategy.differences([*NEW, *OUTLINE[1:]])}
    assert told == {"add", "reword"}


NEW = [
    Statement(slug="live-well", layer="purpose", sentence="People live very well here."),
    Statement(slug="green", layer="principle", sentence="We keep it green.", serves={"live-well": ""}),
    Statement(slug="trees", layer="strategy", sentence="We plant trees.", serves={"green": ""}),
    Statement(slug="shade", layer="outcome", sentence="There is shade.", serves={"trees": ""}),
]


def test_what_is_theirs_is_saved_and_the_rest_proposed():
    changes = strategy.differences(NEW)
    planned = {
        each.change.slug: each.proposed for each in strategy.plan(officer=officer("cai"), changes=changes)
    }
    # The cabinet may add a strategy, but not under a principle that is not there yet.
    assert planned == {"live-well": True, "green": True, "trees": True, "shade": True}
    with pytest.raises(strategy.NoReason):
        strategy.carry_out_all(officer=officer("cai"), changes=changes, reason="", now=NOON)
    strategy.carry_out_all(officer=officer("cai"), changes=changes, reason="Heat", now=NOON)
    for waiting in strategy.proposals():
        strategy.decide(
            officer=officer("dora"), slug=waiting.statement, number=waiting.number, accept=True, now=NOON
        )
    assert slugs(strategy.why("shade")) == ["shade", "trees", "green", "live-well"]
    assert strategy.differences(NEW) == []


def test_who_decides_all_of_it_takes_all_of_it_in():
    strategy.carry_out_all(officer=officer("dora"), changes=strategy.differences(NEW), reason="", now=NOON)
    assert strategy.differences(NEW) == []
    assert strategy.get_statement("live-well").sentence == "People live very well here."


def test_a_technology_hangs_where_it_is_used():
    used = strategy.Technology(slug="crm", title="A register", used_by=frozenset({"missed-bin", "none"}))
    strategy.hang_technology(used, on=TODAY)
    strategy.hang_technology(used, on=TODAY)
    assert "orphan" not in {gap.check for gap in strategy.every_gap(TODAY)}
    assert slugs(strategy.why("technology:crm")) == [
        "technology:crm",
        "service:missed-bin",
        "bins-on-the-day",
        "clean-streets",
        "lasting",
        "live-well",
    ]
    assert slugs(strategy.why("capability:report"))[1:] == slugs(strategy.why("technology:crm"))[1:]
    strategy.hang(strategy.Offered(**{**vars(BIN), "number": 2}), on=TODAY)
    assert strategy.users("technology:crm") == ["service:missed-bin", "service:none"], "as others said"
    strategy.unhang(slug="crm", kind="technology", on=TODAY)
    assert strategy.why("technology:crm") == []
    assert strategy.why("service:missed-bin"), "the service is still there"


def test_what_a_service_serves_is_said_nearest_first_and_nothing_of_one_that_is_not_there():
    first = slugs(strategy.why_service("missed-bin"))
    assert first == ["bins-on-the-day", "clean-streets", "lasting", "live-well"]
    assert strategy.why_service("nothing") == []
