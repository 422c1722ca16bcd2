"""What an officer does with a case."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from vestry.cases import api
from vestry.cases.models import Case, Done, Message, Note
from vestry.cases.tests.opened import (
    NOON,
    WALKER,
    grace,
    maya,
    open_bin,
    open_foi,
    priya,
    said,
    sam,
    tom,
)
from vestry.design.questions import Wrong
from vestry.kernel import Fact, Ref
from vestry.ledger import api as ledger

pytestmark = pytest.mark.usefixtures("officers")

LATER = NOON + timedelta(days=1)


def facts(reference):
    return [fact.name.removeprefix("cases.") for fact in ledger.history(Ref("case", reference))]


def act(officer, reference, action, *, now=NOON, **more):
    api.act(
        officer=officer, reference=reference, action=action, answers=more.pop("answers", {}), now=now, **more
    )


def clarify(reference, *, now=NOON, text="Which year?"):
    act(maya(), reference, "clarify", now=now, text=text)


def test_a_case_is_opened_with_its_team_stage_and_due_date():
    case = api.get_case(officer=priya(), reference=open_bin())
    assert (case.team, case.stage_title, case.owner) == ("waste", "Reported", "")
    assert case.due == date(2026, 11, 25)
    assert case.reference.startswith("MB-")
    assert case.title == "Report a missed bin"


def test_a_journey_has_one_case():
    assert open_bin(journey="j") == open_bin(journey="j")
    assert Case.objects.count() == 1


def test_a_reference_that_is_taken_is_made_anew(monkeypatch):
    references = iter(["MB-0000-0001", "MB-0000-0001", "MB-0000-0002"])
    monkeypatch.setattr("vestry.cases.api.opening.new_reference", lambda prefix: next(references))
    assert [open_bin(), open_bin()] == ["MB-0000-0001", "MB-0000-0002"]


def test_taking_a_case():
    reference = open_bin()
    api.take(officer=priya(), reference=reference, now=NOON)
    api.take(officer=priya(), reference=reference, now=NOON)
    assert api.get_case(officer=priya(), reference=reference).owner == "priya"
    assert facts(reference) == ["opened", "taken"]


def test_a_case_somebody_has_can_not_be_taken_away():
    reference = open_bin()
    api.take(officer=priya(), reference=reference, now=NOON)
    with pytest.raises(api.AlreadyTaken, match="Priya Nair has already taken"):
        api.take(officer=tom(), reference=reference, now=NOON)


def test_handing_over_to_a_colleague_a_team_and_back():
    reference = open_bin()
    for team, owner in [("waste", "tom"), ("waste", "tom"), ("waste", ""), ("information", "maya")]:
        api.hand_over(officer=priya(), reference=reference, team=team, owner=owner, now=NOON)
    case = api.get_case(officer=maya(), reference=reference)
    assert (case.team, case.owner) == ("information", "maya")
    assert said(reference)[1:] == [
        "Priya Nair handed the case over. It is now with Waste (Tom Okafor).",
        "Priya Nair handed the case over. It is now with Waste (nobody yet).",
        "Priya Nair handed the case over. It is now with Information governance (Maya Lindqvist).",
    ]
    with pytest.raises(api.NoSuchCase):
        api.get_case(officer=priya(), reference=reference)


@pytest.mark.parametrize(
    ("team", "owner"),
    [("waste", "maya"), ("waste", "grace"), ("waste", "ghost"), ("ghosts", ""), ("", ""), ("waste", "owen")],
)
def test_handing_over_to_nobody_is_refused(team, owner):
    reference = open_bin()
    with pytest.raises(api.NobodyThere):
        api.hand_over(officer=priya(), reference=reference, team=team, owner=owner, now=NOON)
    assert facts(reference) == ["opened"]


def test_a_note_is_for_officers_and_a_message_is_for_the_resident():
    reference = open_bin()
    api.note(officer=priya(), reference=reference, text="He shouted at the crew.", now=NOON)
    api.message(officer=priya(), reference=reference, text="We are on our way.", now=NOON)
    assert [note.text for note in api.notes(officer=tom(), reference=reference)] == [
        "He shouted at the crew."
    ]
    assert [line.text for line in api.told(reference=reference)] == ["We are on our way."]
    written = api.correspondence(reference=reference)
    assert [(one.by, one.text, one.from_resident) for one in written] == [
        ("Priya Nair", "We are on our way.", False)
    ]
    assert "shouted" not in repr(ledger.history(Ref("case", reference)))
    assert "on our way" not in repr(ledger.history(Ref("case", reference)))


def test_a_message_may_want_an_answer():
    reference = open_bin()
    api.message(officer=tom(), reference=reference, text="Which gate?", now=NOON, wants_answer=True)
    assert facts(reference) == ["opened", "asked"]
    api.reply(reference=reference, text="The green one.", now=LATER, actor=WALKER)
    assert said(reference)[1:] == ["Tom Okafor asked the resident something.", "The resident wrote to us."]
    assert [line.what for line in api.told(reference=reference)] == [
        "We asked you something.",
        "You wrote to us.",
    ]


@pytest.mark.parametrize("verb", [api.note, api.message])
@pytest.mark.parametrize("text", ["", " \n\t ", "\x00\x07", "\ud800"])
def test_nothing_written_is_refused(verb, text):
    reference = open_bin()
    with pytest.raises(api.NothingWritten):
        verb(officer=priya(), reference=reference, text=text, now=NOON)
    with pytest.raises(api.NothingWritten):
        api.reply(reference=reference, text=text, now=NOON, actor=WALKER)
    assert facts(reference) == ["opened"]


def test_what_is_written_is_kept_as_it_was_meant():
    reference = open_bin()
    api.note(officer=priya(), reference=reference, text="One\r\ntwo\x00 \U0001f600\rthree ", now=NOON)
    assert Note.objects.get().text == "One\ntwo \U0001f600\nthree"
    with pytest.raises(api.WrittenTooLong, match="50,000"):
        api.note(officer=priya(), reference=reference, text="x" * 50_001, now=NOON)


@pytest.mark.parametrize("verb", [api.note, api.message])
def test_the_same_form_twice_is_once(verb):
    reference = open_bin()
    for text in ("First", "Second"):
        verb(officer=priya(), reference=reference, text=text, now=NOON, key="form-1")
    assert Note.objects.count() + Message.objects.count() == 1
    assert len(facts(reference)) == 2


def test_an_action_moves_the_case_and_closes_it():
    reference = open_bin()
    act(tom(), reference, "collected", now=LATER)
    case = api.get_case(officer=priya(), reference=reference)
    assert (case.stage, case.outcome, case.closed_at) == ("collected", "resolved", LATER)
    assert facts(reference) == ["opened", "moved", "closed"]
    assert [line.what for line in api.told(reference=reference)] == [
        "We have emptied your bin.",
        "We closed this.",
    ]


def test_clicking_twice_does_it_once_and_a_colleague_is_told():
    reference = open_foi()
    for _ in range(2):
        act(maya(), reference, "clarify", text="Which year?", key="form-1")
    assert facts(reference) == ["opened", "asked", "moved", "clock_stopped"]
    with pytest.raises(api.NotNow, match="The case is at “Waiting for you”"):
        act(maya(), reference, "clarify", text="Which year?", key="form-2")
    assert Done.objects.count() == 1


def test_the_officer_s_answers_stay_with_the_case():
    reference = open_foi()
    act(maya(), reference, "refuse", text="It would cost too much.", answers={"exemption": "s12"})
    found = api.answers(officer=maya(), reference=reference)
    assert [(one.action, one.question, one.text) for one in found] == [
        ("Refuse", "Which exemption applies?", "Cost (section 12)")
    ]
    assert api.get_case(officer=maya(), reference=reference).outcome == "refused"


def test_an_answer_that_can_not_be_taken_changes_nothing():
    reference = open_foi()
    with pytest.raises(api.NotAnswered) as refused:
        act(maya(), reference, "refuse", text="No.", answers={"exemption": "s99"})
    assert isinstance(refused.value.wrongs["exemption"], Wrong)
    with pytest.raises(api.NothingWritten):
        act(maya(), reference, "refuse", text=" ", answers={"exemption": "s12"})
    assert facts(reference) == ["opened"]
    assert not Done.objects.exists()


def test_an_answer_by_the_resident_starts_the_clock_again():
    reference = open_foi()
    clarify(reference, now=NOON + timedelta(days=4))  # Friday 27 November
    step = api.next_step(reference=reference)
    assert step.waiting_for_you
    assert step.due is None
    assert api.get_case(officer=maya(), reference=reference).clock_stopped
    api.reply(reference=reference, text="2024.", now=NOON + timedelta(days=9), actor=WALKER)
    case = api.get_case(officer=maya(), reference=reference)
    assert (case.stage, case.due, case.clock_stopped) == ("received", date(2026, 12, 24), False)
    assert facts(reference) == [
        *("opened", "asked", "moved", "clock_stopped"),
        *("replied", "moved", "clock_started"),
    ]
    assert said(reference)[-2:] == [
        "Vestry moved the case to “Received”.",
        "The clock runs again. The case is due on 24 December 2026.",
    ]


def test_the_same_reply_twice_is_once():
    reference = open_foi()
    clarify(reference)
    for _ in range(2):
        api.reply(reference=reference, text="2024.", now=LATER, actor=WALKER, key="form-1")
    assert facts(reference).count("replied") == 1


def test_nobody_replies_to_a_closed_case():
    reference = open_bin()
    act(tom(), reference, "collected")
    with pytest.raises(api.CaseClosed):
        api.reply(reference=reference, text="Thanks!", now=LATER, actor=WALKER)


def test_a_reminder_leaves_the_clock_as_it_is():
    reference = open_foi()
    clarify(reference)
    act(maya(), reference, "remind", now=LATER)
    assert facts(reference)[-1] == "moved"
    assert Case.objects.get().stopped_on == date(2026, 11, 23)


def test_some_things_have_to_wait():
    reference = open_foi()
    clarify(reference)
    with pytest.raises(api.NotNow):
        act(maya(), reference, "lapse", now=NOON + timedelta(days=58))
    # 40 working days after 23 November 2026, over Christmas.
    act(maya(), reference, "lapse", now=NOON + timedelta(days=59))
    assert api.get_case(officer=maya(), reference=reference).outcome == "lapsed"


def test_an_action_shut_for_this_case_is_not_there():
    reference = open_bin(shut=["not-out"])
    possible = api.possible(officer=tom(), reference=reference, now=NOON)
    assert [action.id for action in possible.actions] == ["collected"]
    with pytest.raises(api.NotNow):
        act(tom(), reference, "not-out", answers={"seen": "Nothing"})


@pytest.mark.parametrize("action", ["collected", "not-out", "ghost", ""])
def test_what_a_role_may_not_do_is_refused_like_what_is_not_there(action):
    reference = open_bin()
    with pytest.raises(api.NotNow, match="The case is at “Reported”"):
        act(priya(), reference, action, answers={"seen": "x"})


def test_a_stage_can_not_be_skipped():
    reference = open_foi()
    with pytest.raises(api.NotNow):
        act(maya(), reference, "lapse", now=NOON + timedelta(days=300))


def test_a_manager_sets_another_due_date_with_a_reason():
    reference = open_bin()
    api.set_due(officer=grace(), reference=reference, due=date(2026, 12, 4), reason="Snow.", now=NOON)
    assert api.get_case(officer=grace(), reference=reference).due == date(2026, 12, 4)
    assert said(reference)[-1] == "The case is now due on 4 December 2026."
    (note,) = api.notes(officer=grace(), reference=reference)
    assert (note.kind, note.text) == ("due", "Snow.")
    assert api.next_step(reference=reference).due == date(2026, 12, 4)


@pytest.mark.parametrize("due", [date(2026, 11, 22), date(2029, 1, 1), date.max, date.min])
def test_a_due_date_in_the_past_or_years_away_is_refused(due):
    with pytest.raises(api.NotPossible, match="must be today or later"):
        api.set_due(officer=grace(), reference=open_bin(), due=due, reason="x", now=NOON)


def test_a_due_date_set_while_the_clock_stands_still_counts_from_then():
    reference = open_foi()
    clarify(reference)
    api.set_due(
        officer=grace(), reference=reference, due=date(2026, 12, 10), reason="x", now=NOON + timedelta(days=7)
    )
    api.reply(reference=reference, text="2024.", now=NOON + timedelta(days=9), actor=WALKER)
    assert api.get_case(officer=grace(), reference=reference).due == date(2026, 12, 14)


def test_what_can_be_done_now():
    reference = open_bin()
    for officer, take, hand_over, message, due, actions in [
        (priya(), True, True, True, False, []),
        (tom(), True, False, True, False, ["collected", "not-out"]),
        (grace(), False, True, False, True, []),
    ]:
        possible = api.possible(officer=officer, reference=reference, now=NOON)
        assert (possible.take, possible.hand_over, possible.message, possible.due) == (
            take,
            hand_over,
            message,
            due,
        )
        assert [action.id for action in possible.actions] == actions
        assert possible.note


def test_with_a_closed_case_one_can_only_write():
    reference = open_bin()
    act(tom(), reference, "collected")
    possible = api.possible(officer=priya(), reference=reference, now=NOON)
    assert (possible.take, possible.hand_over, possible.due, possible.actions) == (False, False, False, [])
    for attempt in (
        lambda: api.take(officer=priya(), reference=reference, now=NOON),
        lambda: api.hand_over(officer=priya(), reference=reference, team="information", now=NOON),
        lambda: api.set_due(
            officer=grace(), reference=reference, due=date(2026, 12, 4), reason="x", now=NOON
        ),
        lambda: api.message(officer=priya(), reference=reference, text="?", now=NOON, wants_answer=True),
    ):
        with pytest.raises(api.CaseClosed):
            attempt()
    api.note(officer=priya(), reference=reference, text="x", now=NOON)
    api.message(officer=priya(), reference=reference, text="x", now=NOON)


def test_who_can_not_see_a_case_can_not_tell_it_from_none(other_council):
    from vestry.councils import api as councils
    from vestry.people import api as people

    with councils.scope(other_council):
        theirs, owen = open_bin(), people.get_officer("owen")
    mine = open_bin()
    absent = "MB-0000-0000"
    for officer, reference in [
        *((priya(), reference) for reference in (theirs, absent, open_foi())),
        *((sam(), reference) for reference in (theirs, absent, mine)),
        (owen, absent),
    ]:
        for attempt in attempts(officer, reference):
            with pytest.raises(api.NoSuchCase, match=f"no case {reference} here"):
                attempt()


def attempts(officer, reference):
    whom = {"officer": officer, "reference": reference}
    yield lambda: api.get_case(**whom)
    yield lambda: api.possible(**whom, now=NOON)
    yield lambda: api.get_action(**whom, action="collected", now=NOON)
    yield lambda: api.notes(**whom)
    yield lambda: api.messages(**whom)
    yield lambda: api.answers(**whom)
    yield lambda: api.take(**whom, now=NOON)
    yield lambda: api.hand_over(**whom, team="waste", now=NOON)
    yield lambda: api.note(**whom, text="x", now=NOON)
    yield lambda: api.message(**whom, text="x", now=NOON)
    yield lambda: api.act(**whom, action="collected", answers={}, now=NOON)
    yield lambda: api.set_due(**whom, due=date(2026, 12, 4), reason="x", now=NOON)


def test_what_ones_role_does_not_allow_is_refused():
    reference = open_bin()
    for attempt in (
        lambda: api.take(officer=grace(), reference=reference, now=NOON),
        lambda: api.hand_over(officer=tom(), reference=reference, team="information", now=NOON),
        lambda: api.message(officer=grace(), reference=reference, text="x", now=NOON),
        lambda: api.set_due(
            officer=priya(), reference=reference, due=date(2026, 12, 4), reason="x", now=NOON
        ),
    ):
        with pytest.raises(api.NotYours):
            attempt()
    assert facts(reference) == ["opened"]


def test_the_resident_of_another_council_is_nobody_s(other_council):
    from vestry.councils import api as councils

    reference = open_bin()
    with councils.scope(other_council):
        assert not api.exists(reference)
        for attempt in (
            lambda: api.told(reference=reference),
            lambda: api.next_step(reference=reference),
            lambda: api.correspondence(reference=reference),
            lambda: api.reply(reference=reference, text="x", now=NOON, actor=WALKER),
        ):
            with pytest.raises(api.NoSuchCase):
                attempt()


@pytest.mark.parametrize("typed", ["", "\x00", "MB-\ud800", "x" * 5000, "MB-7K3N-9QFA' or '1'='1"])
def test_a_reference_that_is_none_is_refused_like_any_other(typed):
    assert not api.exists(typed)
    with pytest.raises(api.NoSuchCase):
        api.get_case(officer=priya(), reference=typed)
    with pytest.raises(api.NoSuchCase):
        api.next_step(reference=typed)


def test_a_form_key_made_up_by_somebody_does_no_harm():
    reference = open_bin()
    for key in ("\x00", "\ud800", "x" * 500, "'; drop table"):
        api.note(officer=priya(), reference=reference, text="x", now=NOON, key=key)
    assert Note.objects.count() == 4


@dataclass(frozen=True, kw_only=True)
class LetterReturned(Fact):
    """Another room's fact about a case, with a message of its own."""

    name = "tests.letter_returned"
    sentence = "A letter came back."
    told = "A letter came back."
    privacy = "A number."

    message: int


def test_another_room_s_fact_about_a_case_never_borrows_a_message_s_text():
    reference = open_bin()
    api.message(officer=priya(), reference=reference, text="Secret", now=NOON)
    number = Message.objects.get().pk
    with ledger.transaction():
        fact = LetterReturned(message=number)
        ledger.record(fact, subject=Ref("case", reference), actor=WALKER, now=NOON)
    assert [line.text for line in api.told(reference=reference)] == ["Secret", ""]
