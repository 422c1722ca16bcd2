"""The council's own services, asked the same six questions: by definition, by page, by what they run on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.technology import api as technology
from vestry.technology.api.data import rubrics
from vestry.technology.ports import Finding, Verdict
from vestry.technology.tests.technologies import NOON, OLD, PRIYA, TODAY, TOOL, decided, put, run

MET, PARTLY, NOT_MET, NOT_KNOWN = Verdict.MET, Verdict.PARTLY, Verdict.NOT_MET, Verdict.NOT_KNOWN
BIN = technology.Offered(
    service="missed-bin",
    information_class="official-personal",
    runs_on=("tidy-rounds",),
    answers=(technology.Answer(criterion="F1", verdict=MET, sentence="From shared parts.", day=TODAY),),
)


@pytest.fixture(autouse=True)
def _register(council):
    put()


def answers(verdict, *criteria, **more):
    return tuple(
        technology.Answer(criterion=each, verdict=verdict, sentence="So.", day=TODAY, **more)
        for each in criteria
    )


def seen(*criteria, verdict=MET, started=NOON):
    findings = [Finding(criterion=each, verdict=verdict, sentence="Seen on a phone.") for each in criteria]
    technology.take_run(about=BIN.ref, run=run(*findings, started=started), by=PRIYA, now=NOON)


def word(stand, principle):
    return next(each for each in stand.words if each.principle == principle)


def all_of(principle):
    return [each.id for each in rubrics().of(principle) if each.service]


def test_nobody_looked_so_it_is_not_known_and_never_made_up():
    stand = technology.service_stand(replace(BIN, answers=()), TODAY)
    assert {each.verdict for each in stand.standings.values()} == {NOT_KNOWN}
    assert all(each.own.verdict == NOT_KNOWN for each in stand.words)
    assert "M1" in {each.id for each in stand.unseen}
    assert "F1" in {each.id for each in stand.missing}


def test_every_principle_asks_something_of_a_service_that_must_be_met():
    for principle in technology.PRINCIPLES:
        assert any(each.must and each.service for each in rubrics().of(principle))


def test_a_words_is_its_worst_must_and_what_only_should_be_lowers_it_no_further_than_partly():
    decided("tidy-rounds")
    seen(*(each for each in all_of("mobile-ready") if each != "M4"))
    seen("M4", verdict=NOT_MET)
    stand = technology.service_stand(BIN, TODAY)
    assert (word(stand, "mobile-ready").verdict, word(stand, "mobile-ready").own.because) == (PARTLY, ("M4",))
    seen("M1", verdict=NOT_MET, started=NOON + timedelta(days=1))
    later = technology.service_stand(BIN, TODAY + timedelta(days=1))
    assert word(later, "mobile-ready").own.because == ("M1",)
    assert word(later, "mobile-ready").verdict == NOT_MET


def test_it_is_no_better_than_the_worst_it_runs_on():
    decided("tidy-rounds")
    every = answers(MET, *all_of("flexible"))
    on_one = technology.service_stand(replace(BIN, answers=every), TODAY)
    assert word(on_one, "flexible").verdict == MET
    both = technology.service_stand(replace(BIN, answers=every, runs_on=("tidy-rounds", "old-booker")), TODAY)
    assert word(both, "flexible").own.verdict == MET
    assert word(both, "flexible").verdict == NOT_KNOWN
    assert [each.slug for each in both.on] == ["tidy-rounds", "old-booker"]
    nothing = technology.service_stand(replace(BIN, answers=every, runs_on=()), TODAY)
    assert word(nothing, "flexible").verdict == NOT_KNOWN


def test_a_waiver_of_a_technology_stands_beside_the_word_and_makes_nothing_met():
    made = technology.Waiving(
        principle="cloud-native",
        why="nothing-else",
        reason="Nothing else books.",
        owner="Priya",
        instead="By hand.",
        exit_step="A tender.",
        ends=date(2027, 3, 1),
    )
    number = technology.ask_waiver(technology="old-booker", made=made, by=PRIYA, now=NOON)
    grant = {"technology": "old-booker", "number": number, "grant": True}
    technology.settle_waiver(**grant, by=Ref("officer", "grace"), now=NOON)
    stand = technology.service_stand(replace(BIN, runs_on=("old-booker",)), TODAY)
    assert word(stand, "cloud-native").verdict == NOT_MET
    assert stand.on[0].waived == {"cloud-native": date(2027, 3, 1)}


def test_a_reason_why_it_is_offered_all_the_same_makes_nothing_met():
    offered = replace(BIN, answers=answers(NOT_MET, "F1"), although={"flexible": "Until spring."})
    said = word(technology.service_stand(offered, TODAY), "flexible")
    assert (said.verdict, said.although) == (NOT_MET, "Until spring.")


def test_of_what_is_met_by_now_nothing_has_to_be_explained_any_more():
    offered = replace(BIN, answers=answers(MET, *all_of("flexible")), although={"flexible": "Until spring."})
    assert word(technology.service_stand(offered, TODAY), "flexible").although == ""


def test_what_was_learnt_long_ago_is_not_known_any_more():
    offered = replace(BIN, answers=answers(MET, "E6", means="documented"))
    after_that = TODAY.replace(year=TODAY.year + 4)
    assert technology.service_stand(offered, TODAY).standings["E6"].verdict == MET
    held = technology.service_stand(offered, after_that).standings["E6"]
    assert (held.verdict, held.why) == (NOT_KNOWN, "stale")


def test_what_was_seen_goes_before_what_the_definition_says():
    seen("E1", verdict=NOT_MET)
    held = technology.service_stand(replace(BIN, answers=answers(MET, "E1")), TODAY).standings["E1"]
    assert (held.verdict, held.piece.means) == (NOT_MET, "observed")
    assert [each.verdict for each in held.disagrees] == [MET]


def test_what_was_seen_to_be_wrong_long_ago_is_not_met_by_the_definition_alone():
    seen("E1", verdict=NOT_MET)
    later = TODAY.replace(year=TODAY.year + 4)
    offered = replace(BIN, answers=(replace(answers(MET, "E1")[0], day=later),))
    held = technology.service_stand(offered, later).standings["E1"]
    assert (held.verdict, held.why) == (NOT_KNOWN, "stale")


def test_its_page_is_looked_at_as_a_technology_is():
    ask = {"about": BIN.ref, "address": "https://harrowmere.example/services/missed-bin/", "by": PRIYA}
    assert technology.ask_look(**ask, now=NOON) == 1
    with pytest.raises(technology.LookingAlready):
        technology.ask_look(**ask, now=NOON)
    look = technology.claim_look(now=NOON)
    assert look.about == BIN.ref
    assert technology.end_look(look=look, run=run(), now=NOON) == 1
    assert technology.service_stand(BIN, TODAY).standings["M1"].verdict == NOT_MET
    # What was seen of a service says nothing of a technology, and the other way round.
    assert technology.get_stand("old-booker", TODAY).standings["M1"].verdict == NOT_KNOWN
    sha256 = technology.last_look(BIN.ref).files[0]["sha256"]
    assert technology.kept_file(about=BIN.ref, sha256=sha256)[2] == b"server: old"
    with pytest.raises(technology.NoSuchEvidence):
        technology.kept_file(about=OLD.ref, sha256=sha256)
    named = [fact.name for fact in ledger.history(BIN.ref)]
    assert named == ["technology.look_asked", "technology.evidence_kept", "technology.look_ended"]


def test_another_council_knows_nothing_of_it(other_council):
    from vestry.councils import api as councils

    seen("M1")
    with councils.scope(other_council):
        assert technology.service_stand(BIN, TODAY).standings["M1"].verdict == NOT_KNOWN


def test_what_a_pack_foresees_is_what_there_is_once_it_is_taken_in():
    told = technology.Told(
        day=date(2026, 10, 1), means="observed", says="Seen.", verdicts={"met": technology.PRINCIPLES}
    )
    histories = {
        "tidy-rounds": technology.History(told=(told,), claims={"browsersSupported": ["A"]}, claimed_on=TODAY)
    }
    (tidy, old) = technology.foreseen([TOOL, OLD], histories, TODAY)
    technology.put_history(technology="tidy-rounds", history=histories["tidy-rounds"], now=NOON)
    for each in (tidy, old):
        there = technology.get_stand(each.slug, TODAY)
        assert each.words == {word.principle: word.verdict for word in there.words}
    assert technology.foreseen_stand(BIN, TODAY, [tidy]) == technology.service_stand(BIN, TODAY)
