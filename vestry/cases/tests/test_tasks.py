"""Tasks: brought by a stage, added by hand, raised by something that went wrong; who sees and ends them."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.cases import api
from vestry.cases.api import tasking
from vestry.cases.step import Cases
from vestry.cases.tests.opened import NOON, grace, maya, open_bin, open_complaint, priya, said, sam, tom
from vestry.design.capability import Work
from vestry.kernel import SYSTEM, Ref
from vestry.ledger import api as ledger

pytestmark = pytest.mark.usefixtures("officers")


def at_stage_1():
    reference = open_complaint()
    api.act(officer=priya(), reference=reference, action="begin", answers={}, text="We look.", now=NOON)
    return reference


def tasks(reference):
    return api.tasks_of(officer=priya(), reference=reference)


def add(reference, **more):
    words = {"officer": priya(), "title": "Ring them", "now": NOON, **more}
    api.add_to_case(reference=reference, **words)
    return tasks(reference)[-1]


def raised(**more):
    words = {"about": Ref("message", "7"), "title": "A message came back", "key": "message:7", **more}
    return api.raise_task(**words, now=NOON, actor=SYSTEM)


def uphold(reference, officer=None):
    api.act(officer=officer or priya(), reference=reference, action="uphold", answers={}, now=NOON)


def test_a_stage_brings_its_tasks_due_from_the_day_it_begins():
    reference = at_stage_1()
    assert [(task.title, task.due, task.team, task.owner) for task in tasks(reference)] == [
        ("Speak to whoever complained", date(2026, 11, 26), "waste", ""),
        ("Write down what we learn", None, "waste", ""),
    ]
    assert "Vestry added the task “Speak to whoever complained”." in said(reference)


def test_an_action_waits_for_the_tasks_it_needs():
    reference = at_stage_1()
    possible = api.possible(officer=priya(), reference=reference, now=NOON)
    assert [(barred.do, barred.why) for barred in possible.barred] == [
        ("Uphold", "First do, or mark as not needed: Speak to whoever complained.")
    ]
    assert not possible.actions
    with pytest.raises(api.HeldUp, match="Speak to whoever complained"):
        uphold(reference)
    api.end(officer=tom(), task=tasks(reference)[0].id, now=NOON)
    uphold(reference)
    assert api.get_case(officer=priya(), reference=reference).outcome == "upheld"


def test_one_that_is_not_needed_holds_nothing_up_and_says_why():
    reference = at_stage_1()
    task = tasks(reference)[0]
    api.end(officer=priya(), task=task.id, not_needed="They wrote it all.", now=NOON)
    uphold(reference)
    ended = api.get_task(officer=priya(), task=task.id)
    assert (ended.state, ended.reason, ended.ended_by) == ("not-needed", "They wrote it all.", "Priya Nair")


def test_when_a_case_is_closed_nothing_is_left_to_do():
    reference = at_stage_1()
    api.end(officer=priya(), task=tasks(reference)[0].id, now=NOON)
    uphold(reference)
    assert sorted(task.state for task in tasks(reference)) == ["done", "not-needed"]
    with pytest.raises(api.CaseClosed):
        add(reference)


def test_what_one_adds_is_for_a_colleague_or_whoever_takes_it():
    reference = open_bin()
    task = add(reference, owner="tom", due=date(2026, 12, 1))
    assert (task.owner, task.due, task.about) == ("tom", date(2026, 12, 1), Ref("case", reference))
    assert [mine.id for mine in api.tasks(officer=tom()).tasks] == [task.id]
    assert api.tasks(officer=tom(), mine=False).tasks == []
    api.give_task(officer=tom(), task=task.id, owner="", now=NOON)
    assert [one.id for one in api.tasks(officer=priya(), mine=False).tasks] == [task.id]
    api.give_task(officer=priya(), task=task.id, owner="priya", now=NOON)
    assert [one.id for one in api.tasks(officer=priya()).tasks] == [task.id]
    assert said(reference)[-1] == "Priya Nair gave the task “Ring them” to Priya Nair."


@pytest.mark.parametrize("owner", ["maya", "grace", "sam", "nobody"])
def test_only_who_works_the_teams_cases_can_have_one(owner):
    reference = open_bin()
    with pytest.raises(api.NobodyThere):
        add(reference, owner=owner)
    task = add(reference)
    with pytest.raises(api.NobodyThere):
        api.give_task(officer=priya(), task=task.id, owner=owner, now=NOON)


def test_the_same_form_twice_is_one_task():
    reference = open_bin()
    add(reference, key="form-1")
    add(reference, key="form-1")
    assert len(tasks(reference)) == 1


def test_one_that_has_ended_stays_ended():
    task = add(open_bin())
    api.end(officer=priya(), task=task.id, now=NOON)
    api.end(officer=tom(), task=task.id, not_needed="Really?", now=NOON + timedelta(hours=1))
    assert api.get_task(officer=priya(), task=task.id).state == "done"
    with pytest.raises(api.TaskEnded):
        api.give_task(officer=priya(), task=task.id, owner="tom", now=NOON)


def test_tasks_go_with_the_case_to_another_team():
    reference = open_bin()
    task = add(reference, owner="tom")
    api.hand_over(officer=priya(), reference=reference, team="information", now=NOON)
    assert api.tasks(officer=tom()).tasks == []
    with pytest.raises(api.NoSuchTask):
        api.get_task(officer=tom(), task=task.id)
    assert [one.id for one in api.tasks(officer=maya(), mine=False).tasks] == [task.id]


@pytest.mark.parametrize("who", [maya, sam])
def test_whoever_may_not_see_the_case_is_told_there_is_no_such_task(who):
    task = add(open_bin())
    for verb, more in ((api.end, {}), (api.give_task, {"owner": ""})):
        with pytest.raises(api.NoSuchTask):
            verb(officer=who(), task=task.id, now=NOON, **more)
    with pytest.raises(api.NoSuchTask):
        api.get_task(officer=who(), task=task.id + 1000)


def test_what_goes_wrong_with_a_case_becomes_work_in_it_once_even_when_it_is_closed():
    reference = open_bin()
    api.act(officer=tom(), reference=reference, action="collected", answers={}, now=NOON)
    first = raised(about=Ref("case", reference), hint="Ring them instead.")
    assert raised(about=Ref("case", reference)) == first
    assert [(task.title, task.hint, task.team) for task in tasks(reference)] == [
        ("A message came back", "Ring them instead.", "waste")
    ]
    assert api.tasks(officer=priya(), mine=False).tasks == [first]


def test_work_of_no_case_is_a_teams_or_whoever_looks_after_vestry():
    nobodys = raised()
    ours = raised(key="message:8", team="waste")
    assert api.tasks(officer=sam(), mine=False).tasks == [nobodys]
    assert api.tasks(officer=priya(), mine=False).tasks == [ours]
    assert api.tasks(officer=grace(), mine=False).tasks == [nobodys, ours]
    with pytest.raises(api.NoSuchTask):
        api.get_task(officer=priya(), task=nobodys.id)
    api.give_task(officer=sam(), task=nobodys.id, owner="sam", now=NOON)
    api.end(officer=sam(), task=nobodys.id, now=NOON)
    names = [fact.name for fact in ledger.history(Ref("task", str(nobodys.id)))]
    assert names == ["cases.task_added", "cases.task_given", "cases.task_finished"]


def test_what_was_written_is_not_in_the_ledger():
    reference = open_bin()
    task = add(reference, title="Ring Mrs Patel")
    api.end(officer=priya(), task=task.id, not_needed="Mrs Patel has moved.", now=NOON)
    assert "Patel" not in str([fact.payload for fact in ledger.history(Ref("case", reference))])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(days=st.lists(st.integers(0, 5) | st.none(), max_size=9), size=st.integers(1, 4))
def test_page_after_page_shows_each_task_once_the_most_urgent_first(monkeypatch, days, size):
    reference = open_bin()
    for task in api.tasks(officer=priya()).tasks:
        api.end(officer=priya(), task=task.id, now=NOON)
    for day in days:
        due = None if day is None else NOON.date() + timedelta(days=day)
        add(reference, owner="priya", due=due)
    seen, after = [], ""
    with monkeypatch.context() as patched:
        patched.setattr(tasking, "PAGE", size)
        while True:
            page = api.tasks(officer=priya(), after=after)
            seen += page.tasks
            after = page.after
            if not after:
                break
    for task in seen:
        api.end(officer=priya(), task=task.id, now=NOON)
    assert [task.due or date.max for task in seen] == sorted(
        date.max if day is None else NOON.date() + timedelta(days=day) for day in days
    )
    assert len({task.id for task in seen}) == len(days)


def test_what_a_fact_calls_for_is_taken_as_a_task():
    reference = open_bin()
    work = Work(title="Ring them: our email was not delivered", hint="See what was wrong.")
    for _twice in range(2):
        Cases().take_work(work, about=Ref("case", reference), key="7:notify", now=NOON)
    assert [(task.title, task.hint) for task in tasks(reference)] == [(work.title, work.hint)]
