"""The services of the example councils do what they say, through the same door a machine uses."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vestry.cases import api as cases
from vestry.councils import api as councils
from vestry.kernel import SYSTEM
from vestry.people import api as people
from vestry.places import api as places
from vestry.services import api as services

PACKS = Path(__file__).parents[3] / "packs"
# Monday 21 December 2026, ten in the morning. The Monday round collects rubbish every second week.
NOW = datetime(2026, 12, 21, 10, 0, tzinfo=UTC)
WHO = {"your-name": "Pat Reed", "email": "pat@example.org"}
REQUEST = {"request": "What the council spent on salt in 2025.", "format": "email"}


@pytest.fixture
def harrowmere(db):
    """Published, in scope."""
    council = services.publish_pack(folder=PACKS / "harrowmere", now=NOW, actor=SYSTEM).council
    with councils.scope(council):
        yield council


def submit(service, answers, now=NOW, key="one"):
    return services.submit_answers(
        service=service,
        answers=answers,
        key=key,
        client="test",
        origin="http://localhost",
        now=now,
    )


def a_home():
    return {"uprn": places.find_addresses("HM1 1AA")[0].uprn}


def faults(service, answers, now=NOW):
    with pytest.raises(services.NotTaken) as refused:
        submit(service, answers, now)
    return {fault.field: fault.sentence for fault in refused.value.faults}


def test_a_request_is_due_twenty_working_days_later_over_christmas(harrowmere):
    submitted = submit("freedom-of-information", REQUEST | WHO)
    assert submitted.reference.startswith("FOI-")
    # 25 and 28 December and 1 January are bank holidays, so it is three days more than four weeks.
    assert cases.next_step(reference=submitted.reference).due == date(2027, 1, 21)


def test_who_is_not_happy_with_an_answer_has_it_looked_at_again_once(harrowmere):
    reference = submit("freedom-of-information", REQUEST | WHO).reference

    def answer(action, now):
        tom = people.get_officer("tom-ashworth")
        done = {"reference": reference, "action": action, "answers": {}, "text": "None.", "now": now}
        cases.act(officer=tom, **done)

    answer("not-held", NOW)
    assert cases.next_step(reference=reference).takes_reply_until == date(2027, 2, 18)
    later = datetime(2027, 2, 1, 10, 0, tzinfo=UTC)
    pat = cases.resident_of(reference)
    cases.reply(reference=reference, text="You must have it.", now=later, actor=pat)
    again = cases.next_step(reference=reference)
    assert (again.stage, again.due) == ("Being looked at again", date(2027, 3, 1))
    answer("review", later)
    with pytest.raises(cases.CaseClosed):
        cases.reply(reference=reference, text="Still not happy.", now=later, actor=pat)


@pytest.mark.parametrize(
    ("form", "asked"), [("paper", "post-to"), ("another", "other-format"), ("email", None)]
)
def test_what_is_asked_depends_on_how_the_answer_should_come(harrowmere, form, asked):
    answers = REQUEST | WHO | {"format": form}
    if asked:
        assert set(faults("freedom-of-information", answers)) == {asked}
        said = {"post-to": a_home(), "other-format": "Large print"}[asked]
        answers[asked] = said
    assert submit("freedom-of-information", answers, key="two").reference


BIN = {"bin": "food", "assisted": False, **WHO}


@pytest.mark.parametrize(
    ("day", "now", "said"),
    [
        ("2026-12-21", datetime(2026, 12, 21, 16, 29, tzinfo=UTC), "too early"),
        ("2026-12-21", datetime(2026, 12, 21, 16, 30, tzinfo=UTC), None),
        ("2026-12-21", datetime(2026, 12, 23, 23, 0, tzinfo=UTC), None),
        ("2026-12-21", datetime(2026, 12, 24, 9, 0, tzinfo=UTC), "too late"),
        ("2026-12-22", datetime(2026, 12, 23, 9, 0, tzinfo=UTC), "not a collection day"),
        # The Monday after Christmas is a bank holiday; the round comes on Wednesday.
        ("2026-12-28", datetime(2026, 12, 29, 9, 0, tzinfo=UTC), "not a collection day"),
        # Wednesday 30 December: 31 December and 4 January are the two working days after it.
        ("2026-12-30", datetime(2027, 1, 4, 20, 0, tzinfo=UTC), None),
        ("2026-12-30", datetime(2027, 1, 5, 8, 0, tzinfo=UTC), "too late"),
    ],
)
def test_a_missed_bin_is_taken_from_half_past_four_to_two_working_days_later(harrowmere, day, now, said):
    answers = BIN | {"home": a_home(), "day": day}
    if said is None:
        assert submit("missed-bin", answers, now).reference.startswith("MB-")
    else:
        assert said in faults("missed-bin", answers, now)[""]


def test_where_the_crew_fetches_the_bin_is_asked_only_of_those_it_is_fetched_for(harrowmere):
    now = datetime(2026, 12, 22, 9, 0, tzinfo=UTC)
    answers = BIN | {"home": a_home(), "day": "2026-12-21", "assisted": True}
    assert set(faults("missed-bin", answers, now)) == {"fetched-from"}
    assert submit("missed-bin", answers | {"fetched-from": "By the side gate"}, now, "two").reference


def test_the_council_next_door_has_its_own_words_and_rules(db):
    council = services.publish_pack(folder=PACKS / "saltmarsh", now=NOW, actor=SYSTEM).council
    with councils.scope(council):
        answers = {
            "address": {"uprn": places.find_addresses("QS1 1AA")[0].uprn},
            "sacks": "black-sack",
            "collection-day": "2026-12-22",
            "torn": False,
            "called": "Pat Reed",
            "write-to": "pat@example.org",
        }
        early, late = datetime(2026, 12, 22, 13, 59, tzinfo=UTC), datetime(2026, 12, 24, 8, 0, tzinfo=UTC)
        assert "too early" in faults("missed-bin", answers, early)[""]
        assert "too late" in faults("missed-bin", answers, late)[""]
        assert submit("missed-bin", answers, datetime(2026, 12, 23, 9, 0, tzinfo=UTC), "two").reference


MOVE = {"move": "into", "move-day": "2026-12-01", "tenure": "owner", "declaration": True, **WHO}


def test_a_move_is_done_in_fifteen_working_days_and_waits_while_something_is_asked(harrowmere):
    far = {"line1": "1 Far Road", "postcode": "ZZ1 1ZZ"}
    people_there = [{"person": "Sam Reed", "born": "2001-03-31", "student": False}]
    answers = MOVE | {"came-from": far, "new-home": a_home(), "people": people_there}
    reference = submit("moving", answers).reference
    assert cases.next_step(reference=reference).due == date(2027, 1, 14)
    mina = people.get_officer("mina-castell")
    asked = {"reference": reference, "answers": {}, "text": "Which flat?", "now": NOW}
    cases.act(officer=mina, action="ask", **asked)
    assert cases.next_step(reference=reference).due is None
    with pytest.raises(services.NotTaken) as refused:
        submit("moving", answers | {"people": [{"person": "Sam"}], "declaration": False}, key="two")
    told = {fault.field for fault in refused.value.faults}
    assert told == {"people/0/born", "people/0/student", "declaration"}


COMPLAINT = WHO | {"about": "bins", "happened": "My bin was missed six times.", "wanted": "An apology."}


def at(*when):
    return datetime(*when, 10, 0, tzinfo=UTC)


def do(who, reference, action, now, text="This is what we found."):
    officer = people.get_officer(who)
    cases.act(officer=officer, reference=reference, action=action, answers={}, text=text, now=now)


def test_a_complaint_goes_through_two_stages_each_by_somebody_else(harrowmere):
    reference = submit("complaint", COMPLAINT, at(2026, 11, 23)).reference
    pat = cases.resident_of(reference)

    def due():
        return cases.next_step(reference=reference).due

    assert due() == date(2026, 11, 30), "acknowledged within 5 working days"
    do("nadia-rahman", reference, "acknowledge", at(2026, 11, 25))
    assert due() == date(2026, 12, 9), "answered within 10 working days after that"
    nadia = people.get_officer("nadia-rahman")
    cases.extend(officer=nadia, reference=reference, reason="The crew is away.", now=at(2026, 12, 7))
    assert due() == date(2026, 12, 23), "an extension is at most 10 more"
    with pytest.raises(cases.HeldUp, match="Speak to whoever complained"):
        do("nadia-rahman", reference, "not-uphold-1", at(2026, 12, 8))
    for task in cases.tasks_of(officer=nadia, reference=reference):
        cases.end(officer=nadia, task=task.id, now=at(2026, 12, 8))
    do("nadia-rahman", reference, "not-uphold-1", at(2026, 12, 8))
    standing = cases.next_step(reference=reference)
    assert (standing.outcome, standing.takes_reply_until) == ("not-upheld", date(2027, 1, 8))

    cases.reply(reference=reference, text="It was six times.", now=at(2026, 12, 14), actor=pat)
    assert due() == date(2026, 12, 21), "stage 2 is acknowledged within 5 working days"
    with pytest.raises(cases.HeldUp, match="did not answer at stage 1"):
        do("nadia-rahman", reference, "acknowledge-2", at(2026, 12, 15))
    do("martin-hale", reference, "acknowledge-2", at(2026, 12, 15))
    assert due() == date(2027, 1, 15), "answered within 20 working days after that"
    with pytest.raises(cases.HeldUp):
        do("nadia-rahman", reference, "uphold-2", at(2026, 12, 16))
    do("martin-hale", reference, "uphold-2", at(2026, 12, 16))
    over = cases.next_step(reference=reference)
    assert over.outcome == "upheld"
    assert "Ombudsman" in over.sentence
    with pytest.raises(cases.CaseClosed):
        cases.reply(reference=reference, text="Still.", now=at(2026, 12, 17), actor=pat)


def test_stage_two_can_be_asked_for_within_twenty_working_days_and_no_later(harrowmere):
    reference = submit("complaint", COMPLAINT, at(2026, 11, 23)).reference
    nadia = people.get_officer("nadia-rahman")
    do("nadia-rahman", reference, "acknowledge", at(2026, 11, 23))
    for task in cases.tasks_of(officer=nadia, reference=reference):
        cases.end(officer=nadia, task=task.id, now=at(2026, 11, 23))
    do("nadia-rahman", reference, "uphold-1", at(2026, 11, 23))
    pat = cases.resident_of(reference)
    with pytest.raises(cases.CaseClosed):
        cases.reply(reference=reference, text="No.", now=at(2026, 12, 22), actor=pat)
    cases.reply(reference=reference, text="No.", now=at(2026, 12, 21), actor=pat)
    assert cases.next_step(reference=reference).stage == "Stage 2 asked for"
