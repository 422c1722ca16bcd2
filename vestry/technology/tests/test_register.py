"""The register, an assessment and its decision, through the door."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.technology import api as technology
from vestry.technology.api import refusals
from vestry.technology.ports import Finding, RawEvidence, Run, Verdict
from vestry.technology.tests.technologies import (
    GRACE,
    NOON,
    OLD,
    PRIYA,
    TODAY,
    TOOL,
    answer_all,
    decided,
    put,
)

pytestmark = pytest.mark.usefixtures("council")
LATER = NOON + timedelta(days=20)


def word(slug, principle, day=TODAY):
    stand = technology.get_stand(slug, day)
    return next(each.verdict for each in stand.words if each.principle == principle)


def waiving(**more):
    made = technology.Waiving(
        principle="cloud-native",
        why="too-soon-to-leave",
        reason="The contract runs.",
        owner="Grace",
        instead="We patch it each month.",
        exit_step="We move to the shared booking by May.",
        ends=TODAY + timedelta(days=100),
    )
    return replace(made, **more)


def test_what_is_written_comes_back_and_the_same_again_changes_nothing():
    put()
    assert technology.get_technology("tidy-rounds") == TOOL
    assert technology.put_entries([TOOL, OLD], now=LATER) == 0
    assert technology.put_entries([replace(TOOL, pounds=4_000)], now=LATER) == 1


def test_nobody_finds_what_is_not_there():
    with pytest.raises(technology.NoSuchTechnology):
        technology.get_stand("unheard-of", TODAY)


def test_before_anybody_looked_only_the_register_knows():
    put()
    stand = technology.get_stand("tidy-rounds", TODAY)
    assert (stand.state, stand.size, len(stand.criteria)) == ("unassessed", "small", 12)
    assert stand.standings["C1"].verdict == Verdict.MET
    assert stand.standings["I1"].verdict == Verdict.NOT_KNOWN
    assert technology.barred() == {"tidy-rounds": "unassessed", "old-booker": "unassessed"}


def test_the_smallest_case_from_the_first_question_to_the_decision():
    put()
    decided("tidy-rounds")
    stand = technology.get_stand("tidy-rounds", TODAY)
    assert stand.state == "proceed"
    assert {each.verdict for each in stand.words} == {Verdict.MET}
    # Notice until the 30th of November, a month to decide: that day has passed, so a year is the next.
    assert stand.next_day[1] == "act-by"
    assert "tidy-rounds" not in technology.barred()


def test_what_is_not_known_cannot_be_gone_ahead_with():
    put()
    technology.begin(technology="tidy-rounds", kind="renew", by=PRIYA, now=NOON)
    assert technology.allowed(technology.get_stand("tidy-rounds", TODAY)) == ("refused",)
    with pytest.raises(refusals.NotAllowedByWords):
        technology.decide(
            technology="tidy-rounds",
            made=technology.Deciding(outcome="proceed", reason="x"),
            by=GRACE,
            now=NOON,
        )


def test_what_a_decision_rested_on_is_seen_years_later():
    put()
    decided("tidy-rounds")
    technology.put_entries([replace(TOOL, title="Tidier Rounds")], now=LATER)
    answer_all("tidy-rounds", Verdict.NOT_MET, now=NOON + timedelta(days=900))
    (decision,) = technology.decisions("tidy-rounds")
    assert decision.rested["register"] == TOOL.digest
    assert {each["verdict"] for each in decision.rested["criteria"]} == {"met"}
    (fact,) = [one for one in ledger.history(TOOL.ref) if one.name == "technology.decided"]
    assert fact.payload["rested_on"] == technology.digest_of(decision.rested)


def test_one_assessment_is_open_at_a_time():
    put()
    technology.begin(technology="tidy-rounds", kind="renew", by=PRIYA, now=NOON)
    with pytest.raises(technology.OpenAlready):
        technology.begin(technology="tidy-rounds", kind="buy", by=PRIYA, now=NOON)


def test_what_is_partly_met_needs_conditions_with_a_day():
    put()
    technology.begin(technology="tidy-rounds", kind="renew", by=PRIYA, now=NOON)
    answer_all("tidy-rounds", but=("E3",))
    said = {"criterion": "E3", "means": "observed", "sentence": "x", "by": PRIYA, "now": NOON}
    technology.answer(technology="tidy-rounds", verdict=Verdict.PARTLY, **said)
    assert technology.allowed(technology.get_stand("tidy-rounds", TODAY)) == ("conditions", "refused")
    made = technology.Deciding(outcome="conditions", reason="Nearly.")
    asked = {"technology": "tidy-rounds", "by": GRACE, "now": NOON}
    with pytest.raises(refusals.NoConditions):
        technology.decide(made=made, **asked)
    until = TODAY + timedelta(days=60)
    technology.decide(made=replace(made, conditions="Mend it.", conditions_by=until), **asked)
    assert technology.get_stand("tidy-rounds", TODAY).decision.again_on <= until


def test_a_renewal_is_refused_then_waived_and_comes_back_by_itself():
    put()
    technology.begin(technology="old-booker", kind="renew", by=PRIYA, now=NOON)
    answer_all("old-booker")
    # It stands in the council's own cellar, and nothing anybody says changes that.
    assert word("old-booker", "cloud-native") == Verdict.NOT_MET
    decision = technology.Deciding(outcome="waived", reason="Until May.")
    asked = {"technology": "old-booker", "by": GRACE, "now": NOON}
    with pytest.raises(refusals.NotAllowedByWords):
        technology.decide(made=decision, **asked)
    for principle in ("cloud-native", "proportionately-secure"):
        number = technology.ask_waiver(
            technology="old-booker", made=waiving(principle=principle), by=PRIYA, now=NOON
        )
        with pytest.raises(refusals.WaiverSamePerson):
            technology.settle_waiver(technology="old-booker", number=number, grant=True, by=PRIYA, now=NOON)
        technology.settle_waiver(technology="old-booker", number=number, grant=True, by=GRACE, now=NOON)
    assert word("old-booker", "cloud-native") == Verdict.NOT_MET, "a waiver never shows as a pass"
    stand = technology.get_stand("old-booker", TODAY)
    assert technology.allowed(stand) == ("waived", "refused"), [each.because for each in stand.words]
    technology.decide(made=decision, **asked)
    assert technology.get_stand("old-booker", TODAY).state == "waived"
    after = NOON + timedelta(days=101)
    assert technology.fall_due(now=after) == 3
    stand = technology.get_stand("old-booker", after.date())
    assert (stand.state, stand.waived) == ("due", {})
    assert technology.fall_due(now=after) == 0


def test_a_renewed_waiver_lasts_until_its_new_day():
    put()
    for ends in (date(2027, 2, 1), date(2027, 6, 30)):
        number = technology.ask_waiver(technology="old-booker", made=waiving(ends=ends), by=PRIYA, now=NOON)
        technology.settle_waiver(technology="old-booker", number=number, grant=True, by=GRACE, now=NOON)
    stand = technology.get_stand("old-booker", TODAY)
    assert stand.waived == {"cloud-native": date(2027, 6, 30)}
    assert stand.days == [(date(2027, 6, 30), "waiver")]


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (waiving(exit_step=" "), refusals.WaiverUnwritten),
        (waiving(ends=TODAY), refusals.WaiverEndsBefore),
        (waiving(ends=date(2028, 1, 1)), refusals.WaiverTooLong),
    ],
)
def test_a_waiver_that_is_no_plan_is_refused(made, refusal):
    put()
    with pytest.raises(refusal):
        technology.ask_waiver(technology="old-booker", made=made, by=PRIYA, now=NOON)


def test_a_waiver_ends_by_the_last_day_of_notice():
    put()
    with pytest.raises(refusals.WaiverTooLong, match="2026-11-30"):
        technology.ask_waiver(technology="tidy-rounds", made=waiving(), by=PRIYA, now=NOON)


def test_what_is_claimed_stands_beside_what_was_seen():
    put()
    answers = {"webInterfaceAccessibility": ["WCAG 2.1 AA or EN 301 549"], "dataExportFormats": ["CSV"]}
    read = technology.read_answers(answers)
    technology.take_claims(
        technology="tidy-rounds", claims=read.claims, source="G-Cloud", day=TODAY, by=PRIYA, now=NOON
    )
    assert technology.get_stand("tidy-rounds", TODAY).standings["I5"].why == "word-only"
    run = Run(
        address="https://tidy.example",
        tool="probe",
        version="1",
        started=NOON,
        ended=NOON,
        findings=(
            Finding(
                criterion="E3",
                verdict=Verdict.NOT_MET,
                sentence="{rules} rules fail.",
                words={"rules": 6},
                evidence=("axe.json",),
            ),
            Finding(criterion="X9", verdict=Verdict.MET, sentence="Unheard of."),
        ),
        evidence=(RawEvidence(name="axe.json", media_type="application/json", content=b"{}"),),
    )
    assert technology.take_run(about=TOOL.ref, run=run, by=PRIYA, now=NOON) == 1
    found = technology.get_stand("tidy-rounds", TODAY).standings["E3"]
    assert (found.verdict, found.piece.sentence) == (Verdict.NOT_MET, "6 rules fail.")
    assert [each.means for each in found.disagrees] == ["claimed"]


def test_what_is_given_twice_is_found():
    put()
    technology.put_entries([replace(TOOL, slug="new", capabilities=("booking",))], now=NOON)
    assert technology.get_stand("new", TODAY).twice == {"booking": ("old-booker",)}


def test_the_register_can_be_read_as_a_table():
    put()
    technology.put_entries([replace(TOOL, title="=1+1")], now=NOON)
    rows = list(csv.DictReader(io.StringIO(technology.as_csv(technology.stands(TODAY)))))
    assert {row["slug"] for row in rows} == {"tidy-rounds", "old-booker"}
    assert "'=1+1" in [row["title"] for row in rows]


def test_two_councils_have_two_registers(other_council):
    from vestry.councils import api as councils

    put()
    with councils.scope(other_council):
        assert technology.technologies() == []


def test_facts_name_nobody_and_say_who():
    put()
    decided("tidy-rounds")
    actors = {fact.actor for fact in ledger.history(TOOL.ref)}
    assert actors == {Ref("system", "vestry"), PRIYA, GRACE}


def test_history_is_taken_in_once_and_says_what_it_rested_on():
    put()
    told = technology.Told(
        day=date(2026, 10, 1), means="observed", says="Seen.", verdicts={"met": technology.PRINCIPLES}
    )
    history = technology.History(
        told=(told,),
        decision=technology.Deciding(outcome="proceed", reason="Good."),
        decided_on=date(2026, 10, 5),
        decided_by=GRACE,
    )
    assert technology.put_history(technology="tidy-rounds", history=history, now=NOON)
    assert not technology.put_history(technology="tidy-rounds", history=history, now=LATER)
    (decision,) = technology.decisions("tidy-rounds")
    assert (decision.decided_on, decision.rested["words"]["flexible"]) == (date(2026, 10, 5), "met")
