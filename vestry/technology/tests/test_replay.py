"""The facts of a technology, replayed, give what its rows hold; whoever does what in whatever order."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from vestry.kernel import Refused
from vestry.ledger import api as ledger
from vestry.ledger.tests.undone import run_undone
from vestry.technology import api as technology
from vestry.technology import models
from vestry.technology.tests.technologies import GRACE, NOON, OLD, PRIYA, TOOL, answer_all, put

pytestmark = pytest.mark.usefixtures("council")
SLUGS = st.sampled_from([TOOL.slug, OLD.slug])
WHO = st.sampled_from([GRACE, PRIYA])


def replay(facts):
    """What a technology comes to, by its facts alone."""
    is_now = {"digest": "", "evidence": [], "assessments": {}, "waivers": {}, "services": set()}
    is_now["reminded"] = ""
    for fact in facts:
        REPLAYED[fact.name](is_now, fact.payload)
    return is_now


def registered(is_now, said):
    is_now["digest"] = said["digest"]


def kept(is_now, said):
    is_now["evidence"].append(said["sha256"])


def begun(is_now, said):
    is_now["assessments"][said["number"]] = ("asking", "")


def decided(is_now, said):
    for number, (state, outcome) in is_now["assessments"].items():
        if state in ("decided", "due"):
            is_now["assessments"][number] = ("replaced", outcome)
    is_now["assessments"][said["number"]] = ("decided", said["outcome"])


def fell_due(is_now, said):
    is_now["assessments"][said["number"]] = ("due", is_now["assessments"][said["number"]][1])


def asked(is_now, said):
    is_now["waivers"][said["number"]] = ("asked", said["ends"])


def settled(is_now, said):
    is_now["waivers"][said["number"]] = (said["state"], is_now["waivers"][said["number"]][1])


def used(is_now, said):
    (is_now["services"].add if said["runs"] else is_now["services"].discard)(said["service"])


def reminded(is_now, said):
    is_now["reminded"] = f"{said['end']} {said['stage']}"


REPLAYED = {
    "technology.registered": registered,
    "technology.evidence_kept": kept,
    "technology.begun": begun,
    "technology.decided": decided,
    "technology.expired": fell_due,
    "technology.waiver_asked": asked,
    "technology.waiver_settled": settled,
    "technology.use_stated": used,
    "technology.renewal_announced": reminded,
}


def held(slug):
    """What its rows hold."""
    row = models.Technology.objects.get(slug=slug)
    mine = {"technology": row}
    return {
        "digest": row.digest,
        "reminded": row.reminded,
        "evidence": list(
            models.Evidence.objects.filter(about=f"technology:{slug}")
            .order_by("pk")
            .values_list("sha256", flat=True)
        ),
        "assessments": {
            each.number: (each.state, each.outcome) for each in models.Assessment.objects.filter(**mine)
        },
        "waivers": {
            each.number: (each.state, each.ends.isoformat()) for each in models.Waiver.objects.filter(**mine)
        },
        "services": set(models.Use.objects.filter(**mine).values_list("service", flat=True)),
    }


class Assessing(RuleBasedStateMachine):
    """Officers, assessing and deciding whatever they like, while time passes."""

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

    @rule(days=st.integers(0, 400))
    def time_passes(self, days):
        self.now += timedelta(days=days)
        technology.fall_due(now=self.now)
        with ledger.transaction():
            technology.take_reminders(now=self.now)

    @rule(slug=SLUGS, kind=st.sampled_from(technology.KINDS), by=WHO)
    def begin_one(self, slug, kind, by):
        self.attempt(technology.begin, technology=slug, kind=kind, by=by)

    @rule(slug=SLUGS, verdict=st.sampled_from(list(technology.Verdict)))
    def answer(self, slug, verdict):
        answer_all(slug, verdict, now=self.now)

    @rule(slug=SLUGS, outcome=st.sampled_from(["proceed", "conditions", "waived", "refused"]), by=WHO)
    def decide(self, slug, outcome, by):
        until = self.now.date() + timedelta(days=30)
        made = technology.Deciding(outcome=outcome, reason="x", conditions="x", conditions_by=until)
        self.attempt(technology.decide, technology=slug, made=made, by=by)

    @rule(
        slug=SLUGS,
        principle=st.sampled_from(technology.PRINCIPLES),
        days=st.integers(-3, 400),
        by=WHO,
        decided=st.sampled_from(["", "Cabinet"]),
    )
    def ask_waiver(self, slug, principle, days, by, decided):
        made = technology.Waiving(
            principle=principle,
            why="law",
            reason="x",
            owner="x",
            instead="x",
            exit_step="x",
            ends=self.now.date() + timedelta(days=days),
            decided_in=decided,
        )
        self.attempt(technology.ask_waiver, technology=slug, made=made, by=by)

    @rule(slug=SLUGS, number=st.integers(1, 4), grant=st.booleans(), by=WHO)
    def settle(self, slug, number, grant, by):
        self.attempt(technology.settle_waiver, technology=slug, number=number, grant=grant, by=by)

    @rule(slugs=st.sets(SLUGS))
    def use(self, slugs):
        self.attempt(technology.put_uses, service="missed-bin", technologies=slugs)

    @invariant()
    def facts_give_the_rows(self):
        for entry in (TOOL, OLD):
            assert replay(ledger.history(entry.ref)) == held(entry.slug)

    @invariant()
    def nothing_runs_too_long(self):
        for waiver in models.Waiver.objects.filter(state="granted"):
            assert (waiver.ends - waiver.settled_on).days <= 366
            assert waiver.asked_by != waiver.settled_by


@pytest.mark.slow
def test_facts_replayed_give_what_the_rows_hold(council):
    run_undone(Assessing, examples=10, steps=12)
