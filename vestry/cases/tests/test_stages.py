"""What a stage and an action may ask for beyond their names: an extension, a guard, a team, a way on."""

from datetime import date, timedelta

import pytest

from vestry.cases import api
from vestry.cases.tests.opened import (
    NOON,
    WALKER,
    grace,
    maya,
    open_bin,
    open_complaint,
    open_foi,
    priya,
    said,
    tom,
)

pytestmark = pytest.mark.usefixtures("officers")

LATER = NOON + timedelta(days=9)


def at_stage_1():
    reference = open_complaint()
    api.act(officer=priya(), reference=reference, action="begin", answers={}, text="We look.", now=NOON)
    return reference


def answered(by=priya):
    reference = at_stage_1()
    for task in api.tasks_of(officer=by(), reference=reference):
        api.end(officer=by(), task=task.id, now=NOON)
    api.act(officer=by(), reference=reference, action="uphold", answers={}, now=NOON)
    return reference


def at_stage_2(by=priya):
    reference = answered(by)
    api.reply(reference=reference, text="I am not happy.", now=LATER, actor=WALKER)
    return reference


def due(reference):
    return api.get_case(officer=grace(), reference=reference).due


def extend(reference, officer=None, **more):
    words = {"officer": officer or priya(), "reason": "Somebody is ill.", "now": NOON, **more}
    api.extend(reference=reference, **words)


def test_the_time_is_extended_once_and_the_resident_reads_why():
    reference = at_stage_1()
    assert due(reference) == date(2026, 12, 7)
    assert api.get_extension(officer=priya(), reference=reference).until == date(2026, 12, 21)
    extend(reference)
    assert due(reference) == api.next_step(reference=reference).due == date(2026, 12, 21)
    told = api.told(reference=reference)[-1]
    assert told.what == "We need more time. We now expect to finish this by 21 December 2026."
    assert told.text == "Somebody is ill."
    with pytest.raises(api.NotNow):
        extend(reference)
    assert not api.possible(officer=priya(), reference=reference, now=NOON).extend
    assert due(reference) == date(2026, 12, 21)


def test_the_same_form_twice_extends_once():
    reference = at_stage_1()
    extend(reference, key="form-1")
    extend(reference, key="form-1")
    assert due(reference) == date(2026, 12, 21)
    assert api.is_extended(officer=priya(), reference=reference, key="form-1")


def test_each_stage_has_an_extension_of_its_own():
    reference = at_stage_1()
    extend(reference)
    for task in api.tasks_of(officer=priya(), reference=reference):
        api.end(officer=priya(), task=task.id, now=NOON)
    api.act(officer=priya(), reference=reference, action="uphold", answers={}, now=NOON)
    api.reply(reference=reference, text="No.", now=LATER, actor=WALKER)
    extend(reference, officer=maya())
    # 20 working days from 2 December, Christmas and New Year in between, and 20 more.
    assert due(reference) == date(2027, 2, 1)


@pytest.mark.parametrize("who", [tom, grace])
def test_by_whom_the_definition_says(who):
    reference = at_stage_1()
    with pytest.raises(api.NotNow):
        extend(reference, officer=who())
    assert not api.possible(officer=who(), reference=reference, now=NOON).extend


def test_another_team_does_not_even_hear_of_it():
    with pytest.raises(api.NoSuchCase):
        extend(at_stage_1(), officer=maya())


def test_without_a_reason_nothing_is_extended():
    reference = at_stage_1()
    with pytest.raises(api.NothingWritten):
        extend(reference, reason=" ")
    assert due(reference) == date(2026, 12, 7)


def test_a_stage_without_an_extension_has_none():
    for reference, officer in ((open_bin(), priya()), (open_complaint(), priya()), (open_foi(), maya())):
        with pytest.raises(api.NotNow):
            extend(reference, officer=officer)


def test_the_second_stage_has_its_own_team_and_due_date():
    reference = at_stage_2()
    case = api.get_case(officer=maya(), reference=reference)
    assert (case.stage, case.team, case.owner) == ("stage-2", "information", "")
    # 20 working days after 2 December, without Christmas Day, Boxing Day's substitute and New Year's Day.
    assert case.due == date(2027, 1, 4)
    assert [one.reference for one in api.inbox(officer=maya(), now=LATER).cases] == [reference]
    with pytest.raises(api.NoSuchCase):
        api.get_case(officer=priya(), reference=reference)


def test_the_way_on_says_what_it_asks_and_ends_after_its_days():
    reference = answered()
    standing = api.next_step(reference=reference)
    assert (standing.reply_ask, standing.reply_do) == (
        "Why should somebody else look at it?",
        "Ask for stage 2",
    )
    assert standing.takes_reply_until == date(2026, 12, 21)
    with pytest.raises(api.CaseClosed):
        api.reply(reference=reference, text="Late.", now=NOON + timedelta(days=30), actor=WALKER)


def test_who_decided_the_first_stage_does_not_decide_the_second():
    reference = at_stage_2(by=grace)
    possible = api.possible(officer=grace(), reference=reference, now=LATER)
    assert not possible.actions
    assert [barred.why for barred in possible.barred] == ["Somebody else has to answer at stage 2."]
    words = {"reference": reference, "action": "finish", "answers": {}, "now": LATER}
    with pytest.raises(api.HeldUp, match="Somebody else"):
        api.act(officer=grace(), **words)
    assert [action.id for action in api.possible(officer=maya(), reference=reference, now=LATER).actions] == [
        "finish"
    ]
    api.act(officer=maya(), **words)
    assert said(reference)[-1] == "The case was closed."
