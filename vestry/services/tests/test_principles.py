"""What a definition answers to the six principles, what is missing, and what is not published unexplained."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from vestry.kernel import SYSTEM
from vestry.services import api as services
from vestry.services.definition.check import check_text
from vestry.services.definition.language import Principle
from vestry.services.definition.principles import left_unsaid, offered, other
from vestry.services.tests.services_to_try import MISSED_BIN
from vestry.technology import api as technology
from vestry.technology.ports import Verdict

PACK = Path(__file__).parents[3] / "packs" / "harrowmere"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MET, PARTLY, NOT_MET = Verdict.MET, Verdict.PARTLY, Verdict.NOT_MET
RESEARCH = """research:
  - {day: 2026-04-14, whom: Six residents, learnt: They came too early., changed: It says when., tried: 6,
     finished: 6}
"""


def written(text=MISSED_BIN, **known):
    checked = check_text(text, "missed-bin.yaml", known)
    assert not checked.mistakes, checked.mistakes
    return checked.definition


def answers(text=MISSED_BIN, others=()):
    found = offered(written(text), others, TODAY).answers
    return {each.criterion: each for each in found}


def test_the_principles_have_the_names_they_have_in_the_rubrics():
    assert get_args(Principle) == technology.PRINCIPLES


def test_only_what_is_asked_of_a_service_is_answered():
    known = technology.rubrics().criteria
    for each in answers(MISSED_BIN + RESEARCH).values():
        assert "definition" in known[each.criterion].service
        assert each.sentence
    asked = {each.id for each in known.values() if "definition" in each.service}
    with_all = answers(MISSED_BIN.replace("class: official-personal", "class: official") + RESEARCH)
    numbered = answers(MISSED_BIN + "standard: {lgsl: 524, lgil: 8}\n")
    assert asked == with_all.keys() | numbered.keys()


def test_what_it_does_not_say_is_not_known():
    said = answers()
    assert {"E2", "E6", "F2"}.isdisjoint(said)
    assert said["I7"].verdict == NOT_MET
    numbered = answers(MISSED_BIN + "standard: {lgsl: 524, lgil: 8}\n")
    assert (numbered["I7"].verdict, numbered["F2"].verdict) == (MET, MET)
    assert "524" in numbered["I7"].sentence


@pytest.mark.parametrize(
    ("old", "new", "of", "verdict"),
    [
        ("changed: It says when., ", "", "E6", PARTLY),
        ("finished: 6", "finished: 5", "E2", PARTLY),
        ("finished: 6", "finished: 6", "E2", MET),
    ],
)
def test_research_says_what_was_learnt_from_whom_and_when(old, new, of, verdict):
    found = answers(MISSED_BIN + RESEARCH.replace(old, new))[of]
    assert (found.verdict, found.day, found.means) == (verdict, date(2026, 4, 14), "documented")
    assert "Six residents" in found.sentence


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2026-04-14", "2026-02-30", "There is no such day: 2026-02-30."),
        ("finished: 6", "finished: 7", "More finished than tried. Say how many tried: tried: 10"),
        ("learnt: They came too early., ", "", '"learnt" is missing.'),
    ],
)
def test_research_that_cannot_be_so_is_told_with_its_line(old, new, says):
    checked = check_text(MISSED_BIN + RESEARCH.replace(old, new), "missed-bin.yaml", {})
    (mistake,) = checked.mistakes
    assert says in f"{mistake.what} {mistake.instead}"
    assert mistake.line > MISSED_BIN.count("\n")


def test_a_class_for_what_is_about_nobody_does_not_fit_who_is_asked_who_they_are():
    careless = MISSED_BIN.replace("class: official-personal", "class: official")
    assert answers(careless)["S1"].verdict == NOT_MET
    (problem,) = left_unsaid(written(careless), [])
    assert problem.path == ("class",)
    assert "Proportionately secure: not met." in problem.what
    assert "although: {proportionately-secure: ...}" in problem.instead
    explained = written(careless + "although: {proportionately-secure: The name may be left out.}\n")
    assert not list(left_unsaid(explained, []))
    # A reason stands beside the word, and makes nothing met.
    assert {each.verdict for each in offered(explained, [], TODAY).answers if each.criterion == "S1"} == {
        NOT_MET
    }


def test_another_service_with_the_same_number_does_the_same():
    numbered = written(MISSED_BIN + "standard: {lgsl: 524, lgil: 8}\n")
    same = replace(other(numbered), slug="lost-bin", title="Report a lost bin")
    assert [each.path for each in left_unsaid(numbered, [same])] == [("standard",)]
    assert not list(left_unsaid(numbered, [other(numbered), replace(same, standard=(524, 0))]))


def test_the_example_pack_has_nothing_unexplained_and_says_what_was_learnt():
    stands = services.checked_principles(PACK, TODAY)
    assert len(stands) == 8
    for title, stand in stands.items():
        assert stand.on, title
        assert stand.standings["E6"].verdict in (MET, PARTLY), title
        # Nobody has looked at a page: nothing is made up about it.
        assert {"M1", "S2"} <= {each.id for each in stand.unseen}
    one = services.checked_principles(PACK / "services" / "missed-bin.yaml", TODAY)
    assert one == {"Report a missed bin": stands["Report a missed bin"]}


def test_what_is_foretold_is_how_it_stands_once_it_is_published(db):
    from vestry.councils import api as councils

    foretold = services.foretold_principles(folder=PACK, today=TODAY)
    report = services.publish_pack(folder=PACK, now=NOW, actor=SYSTEM)
    assert foretold == services.foretold_principles(folder=PACK, today=TODAY)
    with councils.scope(report.council):
        stands = {each.service: each for each in services.all_principles(TODAY)}
        assert stands == {each.service: each for each in foretold.values()}
        assert services.principles_of("missed-bin", TODAY) == stands["missed-bin"]
        with pytest.raises(services.NoSuchService):
            services.principles_of("nothing", TODAY)
