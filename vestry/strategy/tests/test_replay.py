"""The facts of a statement, replayed, give what its rows hold; whoever does what in whatever order."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from vestry.kernel import Ref, Refused
from vestry.ledger import api as ledger
from vestry.ledger.tests.undone import run_undone
from vestry.strategy import api as strategy
from vestry.strategy import models
from vestry.strategy.tests.remembered import check_remembered
from vestry.strategy.tests.strategies import NOON, OUTLINE, officer, put

pytestmark = pytest.mark.usefixtures("officers")


def replay(facts):
    """What a statement comes to, by its facts alone. Its first wordings come whole, with the outline."""
    is_now = {"rewordings": 0, "ended": None, "links": set(), "waiting": set(), "confirmed": None}
    for fact in facts:
        said = fact.payload
        match fact.name:
            case "strategy.made" | "strategy.moved":
                is_now |= {name: said[name] for name in ("words", "layer") if name in said}
            case "strategy.reworded":
                is_now["rewordings"] += 1
                is_now |= {"words": said["words"], "confirmed": None}
            case "strategy.ended":
                is_now |= {"ended": said["on"], "links": set()}
            case "strategy.confirmed":
                is_now["confirmed"] = said["on"]
            case "strategy.linked":
                is_now["links"] = is_now["links"] | {(said["parent"], said["kind"])}
            case "strategy.unlinked":
                is_now["links"] = is_now["links"] - {(said["parent"], said["kind"])}
            case "strategy.proposed":
                is_now["waiting"] = is_now["waiting"] | {said["number"]}
            case "strategy.decided":
                is_now["waiting"] = is_now["waiting"] - {said["number"]}
    return is_now


def held(slug, told):
    """What its rows hold; ``told`` wordings came with the outline."""
    row = models.Statement.objects.get(slug=slug)
    wordings = list(models.Wording.objects.filter(statement=row).order_by("number"))
    return {
        "words": wordings[-1].words,
        "layer": row.layer,
        "rewordings": len(wordings) - told,
        "ended": row.ended_on.isoformat() if row.ended_on else None,
        "confirmed": row.confirmed_on.isoformat() if row.confirmed_on else None,
        "links": {(one.parent, one.kind) for one in models.Link.objects.filter(child=slug, until=None)},
        "waiting": set(
            models.Proposal.objects.filter(statement=slug, state="waiting").values_list("number", flat=True)
        ),
    }


who = st.sampled_from(["dora", "cai", "hana", "grace", "priya", "sam"])
what = st.sampled_from([statement.slug for statement in OUTLINE] + ["extra"])
texts = st.sampled_from(["", "Clean streets.", "We keep all of it clean.", "Nothing is left."])


class Changing(RuleBasedStateMachine):
    """Officers of every role, changing whatever they like."""

    @initialize()
    def begin(self):
        put()
        self.now = NOON

    def attempt(self, verb, **words):
        before = len(ledger.since(0))
        try:
            verb(now=self.now, **words)
        except Refused:
            assert len(ledger.since(0)) == before, "refused, and yet it happened"

    @rule(days=st.integers(0, 40))
    def wait(self, days):
        self.now += timedelta(days=days)

    @rule(who=who, slug=what, text=texts)
    def reword(self, who, slug, text):
        self.attempt(strategy.reword, officer=officer(who), slug=slug, sentence=text)

    @rule(who=who, layer=st.sampled_from(["strategy", "outcome"]), parent=what)
    def add(self, who, layer, parent):
        self.attempt(
            strategy.add,
            officer=officer(who),
            slug="extra",
            layer=layer,
            sentence="More.",
            serves={parent: "why not"},
        )

    @rule(who=who, slug=what, layer=st.sampled_from(["strategy", "outcome", "service"]), parent=what)
    def move(self, who, slug, layer, parent):
        change = strategy.Change(kind="move", slug=slug, layer=layer, serves={parent: "why not"})
        self.attempt(strategy.carry_out, officer=officer(who), change=change)

    @rule(who=who, slug=what)
    def end(self, who, slug):
        self.attempt(strategy.end, officer=officer(who), slug=slug)

    @rule(who=who, slug=what, parent=what, kind=st.sampled_from(["serves", "guided-by"]))
    def link(self, who, slug, parent, kind):
        self.attempt(
            strategy.link, officer=officer(who), slug=slug, parent=parent, kind=kind, reason="because"
        )

    @rule(who=who, slug=what, parent=what)
    def unlink(self, who, slug, parent):
        self.attempt(strategy.unlink, officer=officer(who), slug=slug, parent=parent)

    @rule(who=who, slug=what)
    def confirm(self, who, slug):
        self.attempt(strategy.confirm, officer=officer(who), slug=slug)

    @rule(who=who, slug=what, text=texts)
    def propose(self, who, slug, text):
        self.attempt(strategy.propose, officer=officer(who), slug=slug, sentence=text, reason="because")

    @rule(who=who, slug=what, number=st.integers(1, 3), accept=st.booleans())
    def decide(self, who, slug, number, accept):
        self.attempt(
            strategy.decide, officer=officer(who), slug=slug, number=number, accept=accept, answer="so"
        )

    @invariant()
    def the_facts_give_what_the_rows_hold(self):
        if not hasattr(self, "now"):
            return
        for row in models.Statement.objects.all():
            told = 1 + sum(len(each.before) for each in OUTLINE if each.slug == row.slug)
            facts = ledger.history(Ref("statement", row.slug))
            assert replay(facts) == held(row.slug, told), row.slug

    @invariant()
    def everything_that_stands_has_a_why(self):
        if hasattr(self, "now"):
            gaps = {gap.check for gap in strategy.every_gap(self.now.date())}
            assert not gaps & {"orphan", "downward", "circle"}

    @invariant()
    def it_can_be_written_down_and_taken_in_again(self):
        if hasattr(self, "now"):
            assert strategy.faults(strategy.outline()) == []

    @invariant()
    def what_is_remembered_is_what_would_be_measured(self):
        if hasattr(self, "now"):
            check_remembered(self.now.date())


def test_the_facts_give_what_the_rows_hold(officers):
    run_undone(Changing, examples=15, steps=20)
