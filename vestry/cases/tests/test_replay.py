"""The facts of a case, replayed, give what its row holds; whatever is done in whatever order.

What anybody wrote is not in the facts, so it is left out here.
"""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from vestry.cases import api
from vestry.cases.api.stating import clock_of
from vestry.cases.models import Case, Message, Note
from vestry.cases.tests.opened import NOON, WALKER, grace, maya, open_bin, open_foi, priya, tom
from vestry.kernel import Ref, Refused
from vestry.ledger import api as ledger

pytestmark = pytest.mark.usefixtures("officers")


def day(text):
    return date.fromisoformat(text) if text else None


def opened(said, is_now, at):
    nothing = {"owner": "", "stopped": None, "closed_at": None, "outcome": "", "notes": 0, "messages": 0}
    return {"team": said["team"], "stage": said["stage"], "due": day(said["due"]), **nothing}


def moved(said, is_now, at):
    assert is_now["stage"] == said["came_from"]
    return {"stage": said["stage"]}


def clock_stopped(said, is_now, at):
    assert is_now["stopped"] is None
    return {"stopped": day(said["on"])}


def clock_started(said, is_now, at):
    assert is_now["stopped"] is not None
    return {"stopped": None, "due": day(said["due"])}


def due_changed(said, is_now, at):
    assert is_now["due"] == day(said["was"])
    waits_from = at.date() if is_now["stopped"] else None
    notes = is_now["notes"] + bool(said["note"])
    return {"due": day(said["due"]), "stopped": waits_from, "notes": notes}


def one_message(said, is_now, at):
    return {"messages": is_now["messages"] + 1}


COMES_TO = {
    "cases.opened": opened,
    "cases.taken": lambda said, is_now, at: {"owner": said["owner"]},
    "cases.handed_over": lambda said, is_now, at: {"team": said["team"], "owner": said["owner"]},
    "cases.moved": moved,
    "cases.clock_stopped": clock_stopped,
    "cases.clock_started": clock_started,
    "cases.due_changed": due_changed,
    "cases.noted": lambda said, is_now, at: {"notes": is_now["notes"] + 1},
    **dict.fromkeys(("cases.asked", "cases.told", "cases.replied"), one_message),
    "cases.closed": lambda said, is_now, at: {"closed_at": at, "outcome": said["outcome"]},
    "cases.reopened": lambda said, is_now, at: {"closed_at": None, "outcome": ""},
}


def replay(facts):
    """What a case comes to, by its facts alone."""
    is_now = {}
    for fact in facts:
        is_now |= COMES_TO[fact.name](fact.payload, is_now, fact.at)
    return is_now


def held(reference):
    """What its row holds."""
    case = Case.objects.get(reference=reference)
    return {
        "team": case.team,
        "stage": case.stage,
        "due": clock_of(case).due,
        "owner": case.owner,
        "stopped": case.stopped_on,
        "closed_at": case.closed_at,
        "outcome": case.outcome,
        "notes": Note.objects.filter(case=case).count(),
        "messages": Message.objects.filter(case=case).count(),
    }


who = st.sampled_from([priya, tom, maya, grace])
texts = st.sampled_from(["", "x", "Which year?"])
keys = st.sampled_from(["", "form-1", "form-2"])


class Working(RuleBasedStateMachine):
    """Officers and a resident, doing anything at any time."""

    @initialize(opens=st.sampled_from([open_bin, open_foi]))
    def begin(self, opens):
        self.now = NOON
        self.reference = opens(now=self.now)
        self.refused = 0

    def attempt(self, verb, **words):
        before = len(ledger.history(Ref("case", self.reference)))
        try:
            verb(reference=self.reference, now=self.now, **words)
        except Refused:
            assert len(ledger.history(Ref("case", self.reference))) == before, "refused, and yet it happened"

    @rule(hours=st.integers(1, 24 * 50))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule(officer=who)
    def take(self, officer):
        self.attempt(api.take, officer=officer())

    @rule(
        officer=who,
        team=st.sampled_from(["waste", "information", "ghosts"]),
        owner=st.sampled_from(["", "priya", "tom", "maya"]),
    )
    def hand_over(self, officer, team, owner):
        self.attempt(api.hand_over, officer=officer(), team=team, owner=owner)

    @rule(officer=who, text=texts, key=keys)
    def note(self, officer, text, key):
        self.attempt(api.note, officer=officer(), text=text, key=key)

    @rule(officer=who, text=texts, key=keys, wants_answer=st.booleans())
    def message(self, officer, text, key, wants_answer):
        self.attempt(api.message, officer=officer(), text=text, key=key, wants_answer=wants_answer)

    @rule(officer=who, days=st.integers(-3, 60))
    def set_due(self, officer, days):
        due = self.now.date() + timedelta(days=days)
        self.attempt(api.set_due, officer=officer(), due=due, reason="x")

    @rule(
        officer=who,
        action=st.sampled_from(["collected", "not-out", "clarify", "remind", "answer", "refuse", "lapse"]),
        text=texts,
        answer=st.sampled_from(["s12", "s99", "Nothing"]),
        key=keys,
    )
    def act(self, officer, action, text, answer, key):
        answers = {"exemption": answer, "seen": answer}
        self.attempt(api.act, officer=officer(), action=action, answers=answers, text=text, key=key)

    @rule(text=texts, key=keys)
    def reply(self, text, key):
        self.attempt(api.reply, text=text, key=key, actor=WALKER)

    @invariant()
    def the_facts_give_what_the_row_holds(self):
        if hasattr(self, "reference"):
            assert replay(ledger.history(Ref("case", self.reference))) == held(self.reference)

    @invariant()
    def a_closed_case_stays_closed_and_a_clock_stands_still_only_where_it_should(self):
        if hasattr(self, "reference"):
            case = Case.objects.get(reference=self.reference)
            assert (case.closed_at is None) == (case.outcome == "")
            if case.closed_at is None:
                assert (case.stopped_on is not None) == (case.stage == "clarifying")


@pytest.mark.slow
def test_the_facts_replayed_give_what_the_tables_hold():
    run_state_machine_as_test(
        Working,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
