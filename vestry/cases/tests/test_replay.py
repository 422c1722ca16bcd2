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
from vestry.cases.models import Case, Done, Message, Note, Task
from vestry.cases.tests.opened import (
    NOON,
    WALKER,
    grace,
    maya,
    open_bin,
    open_complaint,
    open_foi,
    priya,
    tom,
)
from vestry.kernel import Ref, Refused
from vestry.ledger import api as ledger

pytestmark = pytest.mark.usefixtures("officers")


def day(text):
    return date.fromisoformat(text) if text else None


def opened(said, is_now, at):
    nothing = {"owner": "", "stopped": None, "closed_at": None, "outcome": "", "notes": 0, "messages": 0}
    nothing |= {"legal_hold_at": None, "forgotten_at": None}
    more = {"extended": [], "tasks": {}, "links": {}}
    return {"team": said["team"], "stage": said["stage"], "due": day(said["due"]), **nothing, **more}


def handed_over(said, is_now, at):
    tasks = is_now["tasks"]
    if said["team"] != is_now["team"]:
        tasks = {id_: ("open", "") if task[0] == "open" else task for id_, task in tasks.items()}
    return {"team": said["team"], "owner": said["owner"], "tasks": tasks}


def extended(said, is_now, at):
    assert is_now["due"] == day(said["was"])
    assert said["stage"] not in is_now["extended"], "once in a stage"
    due = {"due": day(said["due"]), "extended": [*is_now["extended"], said["stage"]]}
    return due | one_message(said, is_now, at)


def task_added(said, is_now, at):
    return {"tasks": is_now["tasks"] | {said["task"]: ("open", said["owner"])}}


def task_given(said, is_now, at):
    assert is_now["tasks"][said["task"]][0] == "open"
    return {"tasks": is_now["tasks"] | {said["task"]: ("open", said["owner"])}}


def task_ended(how):
    def ended(said, is_now, at):
        was, owner = is_now["tasks"][said["task"]]
        assert was == "open"
        return {"tasks": is_now["tasks"] | {said["task"]: (how, owner)}}

    return ended


def linked(said, is_now, at):
    assert said["other"] not in is_now["links"]
    return {"links": is_now["links"] | {said["other"]: said["role"]}}


def unlinked(said, is_now, at):
    assert is_now["links"][said["other"]] == said["role"]
    return {"links": {other: role for other, role in is_now["links"].items() if other != said["other"]}}


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
    "cases.handed_over": handed_over,
    "cases.moved": moved,
    "cases.clock_stopped": clock_stopped,
    "cases.clock_started": clock_started,
    "cases.due_changed": due_changed,
    "cases.extended": extended,
    "cases.task_added": task_added,
    "cases.task_given": task_given,
    "cases.task_finished": task_ended("done"),
    "cases.task_not_needed": task_ended("not-needed"),
    "cases.linked": linked,
    "cases.unlinked": unlinked,
    "cases.noted": lambda said, is_now, at: {"notes": is_now["notes"] + 1},
    **dict.fromkeys(("cases.asked", "cases.told", "cases.replied"), one_message),
    "cases.closed": lambda said, is_now, at: {"closed_at": at, "outcome": said["outcome"]},
    "cases.legal_hold_placed": lambda said, is_now, at: {"legal_hold_at": at},
    "cases.legal_hold_lifted": lambda said, is_now, at: {"legal_hold_at": None},
    "cases.forgotten": lambda said, is_now, at: {"forgotten_at": at, "notes": 0, "messages": 0},
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
        "legal_hold_at": case.legal_hold_at,
        "forgotten_at": case.forgotten_at,
        "notes": Note.objects.filter(case=case).count(),
        "messages": Message.objects.filter(case=case).count(),
        "extended": case.extended,
        "tasks": {task.pk: (task.state, task.owner) for task in Task.objects.filter(case=case)},
        "links": {link.case.reference: link.role for link in api.links(officer=grace(), reference=reference)},
    }


who = st.sampled_from([priya, tom, maya, grace])
texts = st.sampled_from(["", "x", "Which year?"])
keys = st.sampled_from(["", "form-1", "form-2"])
ACTIONS = [
    *("collected", "not-out", "clarify", "remind", "answer", "refuse", "lapse"),
    *("begin", "uphold", "finish") * 2,
]
ASKED = {"not-out": "seen", "refuse": "exemption"}
SILENT = ("collected", "not-out", "lapse", "uphold", "finish")


class Working(RuleBasedStateMachine):
    """Officers and a resident, doing anything at any time."""

    @initialize(opens=st.sampled_from([open_bin, open_foi, open_complaint, open_complaint]))
    def begin(self, opens):
        self.now = NOON
        self.reference = opens(now=self.now)
        self.others = [open_bin(now=self.now), open_bin(now=self.now), self.reference]

    def attempt(self, verb, **words):
        self.attempt_of(verb, reference=self.reference, **words)

    def attempt_of(self, verb, **words):
        before = len(ledger.history(Ref("case", self.reference)))
        try:
            verb(now=self.now, **words)
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
        action=st.sampled_from(ACTIONS),
        text=texts,
        answer=st.sampled_from(["s12", "s99", "Nothing"]),
        key=keys,
    )
    def act(self, officer, action, text, answer, key):
        answers = {ASKED[action]: answer} if action in ASKED else {}
        text = "" if action in SILENT else text
        self.attempt(api.act, officer=officer(), action=action, answers=answers, text=text, key=key)

    @rule(text=texts, key=keys)
    def reply(self, text, key):
        self.attempt(api.reply, text=text, key=key, actor=WALKER)

    @rule(officer=who, text=texts, key=keys)
    def extend(self, officer, text, key):
        self.attempt(api.extend, officer=officer(), reason=text, key=key)

    @rule(officer=who, title=texts, owner=st.sampled_from(["", "priya", "maya"]), key=keys)
    def add_a_task(self, officer, title, owner, key):
        self.attempt(api.add_to_case, officer=officer(), title=title, owner=owner, key=key)

    @rule(officer=who, number=st.integers(0, 5), not_needed=st.sampled_from(["", "", "They have moved."]))
    def end_a_task(self, officer, number, not_needed):
        if task := self.task(number):
            self.attempt_of(api.end, officer=officer(), task=task, not_needed=not_needed)

    @rule(officer=who, number=st.integers(0, 5), owner=st.sampled_from(["", "priya", "tom", "maya"]))
    def give_a_task(self, officer, number, owner):
        if task := self.task(number):
            self.attempt_of(api.give_task, officer=officer(), task=task, owner=owner)

    def task(self, number):
        tasks = list(Task.objects.filter(case__reference=self.reference).values_list("pk", flat=True))
        return tasks[number % len(tasks)] if tasks else None

    @rule(officer=who, number=st.integers(0, 2), role=st.sampled_from(["related", "parent", "part"]))
    def link(self, officer, number, role):
        self.attempt(api.link, officer=officer(), other=self.others[number], role=role)

    @rule(officer=who, number=st.integers(0, 2))
    def unlink(self, officer, number):
        self.attempt(api.unlink, officer=officer(), other=self.others[number])

    @rule(held=st.booleans())
    def hold(self, held):
        self.attempt(api.place_legal_hold if held else api.lift_legal_hold, actor=grace().ref)

    @rule(chance=st.integers(0, 5))
    def forget(self, chance):
        # Seldom: nothing much happens afterwards.
        if not chance:
            self.attempt(api.forget, actor=grace().ref)

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

    @invariant()
    def who_decided_stage_one_never_decides_stage_two(self):
        if hasattr(self, "reference"):
            done = Done.objects.filter(case__reference=self.reference)
            first, second = (
                set(done.filter(stage=stage).values_list("by", flat=True)) for stage in ("stage-1", "stage-2")
            )
            assert not first & second

    @invariant()
    def open_tasks_are_with_those_who_see_the_case(self):
        if hasattr(self, "reference"):
            case = Case.objects.get(reference=self.reference)
            for task in Task.objects.open().filter(case=case):
                assert task.team == case.team
                assert not case.closed_at


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
