"""A long service as a list of tasks: in whatever order, but nothing before what it depends on."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.services import api as services
from vestry.services.asking import TaskOptions
from vestry.services.definition.check import check_text
from vestry.services.definition.language import Item
from vestry.services.journeys import walk
from vestry.services.tasks import tasks_of
from vestry.services.tests.definitions import changed, check, said
from vestry.services.tests.services_to_try import KNOWN, TUESDAY_NOON, offer, post, start
from vestry.services.tests.test_walking import INSTALLED, a_definition, journeying, line, page

MOVE = """
service: moving
title: Tell us you are moving
summary: Tell us where you move.
why: clean-streets
owner: waste
class: official-personal
reference: MV
contact: {email: email}
keep: {closed: 1 year}
journey:
  - page: Before you begin
    ask: [yes-no: {id: ours, ask: Do you live here?}]
  - task: About you
    hint: Your name and how to reach you.
  - page: Your name
    ask: [text: {id: your-name, ask: What is your name?}]
  - page: Your email
    ask: [email: {id: email, ask: What is your email address?}]
  - task: Your move
  - page: Where
    ask: [radios: {id: where, ask: Where to?, options: {here: Here, away: Away}}]
  - task: Your old home
  - page: Keys
    when: where == "away"
    ask: [yes-no: {id: keys, ask: Are the keys returned?}]
  - page: Meter
    when: where == "away" and keys
    ask: [text: {id: meter, ask: What does the meter say?}]
  - check: Check your answers
case:
  team: waste
  stages:
    open: {title: Being looked at}
    noted: {title: Noted, end: done}
  actions:
    - {do: Close, id: close, from: open, to: noted, by: [officer]}
"""


@pytest.fixture
def token(council):
    offer(MOVE)
    return start("moving")


def at(token, step=""):
    return services.at(token=token, step=step, now=TUESDAY_NOON)


def states(where):
    assert where.kind == "tasks"
    return [(task.title, task.state, task.step) for task in where.tasks]


@pytest.mark.django_db
def test_tasks_are_done_in_whatever_order_and_none_before_what_it_depends_on(token):
    assert at(token).step == "ours"
    assert at(token, "tasks").step == "ours", "what stands before the tasks comes first"
    assert states(post(token, "ours", ours="yes")) == [
        ("About you", "incomplete", "your-name"),
        ("Your move", "incomplete", "where"),
        ("Your old home", "waiting", ""),
    ]
    assert at(token, "keys").kind == "tasks"
    assert at(token, "check").kind == "tasks"
    where = post(token, "where", where="away")
    assert states(where)[1:] == [
        ("Your move", "completed", "where"),
        ("Your old home", "incomplete", "keys"),
    ]
    assert at(token, "keys").back == "tasks"
    assert post(token, "keys", keys="yes").step == "meter"
    assert at(token, "meter").back == "keys"
    assert post(token, "meter", meter="12").kind == "tasks"
    assert post(token, "your-name", **{"your-name": "Sam"}).step == "email"
    where = post(token, "email", email="sam@example.com")
    assert {task.state for task in where.tasks} == {"completed"}
    where = at(token, "check")
    assert (where.kind, where.back) == ("check", "tasks")
    assert [row.task for row in where.rows] == ["", *["About you"] * 2, "Your move", *["Your old home"] * 2]
    assert post(token, "your-name", **{"your-name": "Sam S"}).kind == "check", "a change leads back to it"
    assert services.submit(token=token, now=TUESDAY_NOON).reference


@pytest.mark.django_db
def test_a_task_that_is_done_is_gone_through_again(token):
    post(token, "ours", ours="yes")
    post(token, "your-name", **{"your-name": "Sam"})
    assert post(token, "email", email="sam@example.com").kind == "tasks"
    assert post(token, "your-name", **{"your-name": "Sam S"}).step == "email"
    assert post(token, "email", email="sam@example.com").kind == "tasks"


@pytest.mark.django_db
def test_a_task_none_of_whose_pages_apply_is_not_there(token):
    post(token, "ours", ours="yes")
    assert [task for task, *_ in states(post(token, "where", where="here"))] == ["About you", "Your move"]


@pytest.mark.django_db
def test_what_depended_on_a_changed_answer_waits_and_keeps_what_was_said(token):
    post(token, "ours", ours="yes")
    post(token, "where", where="away")
    post(token, "keys", keys="no")
    assert states(post(token, "where", where="away"))[2] == ("Your old home", "completed", "keys")
    post(token, "where", where="here")
    assert states(post(token, "where", where="away"))[2] == ("Your old home", "completed", "keys")


@pytest.mark.django_db
def test_nothing_is_sent_while_a_task_is_not_done(token):
    post(token, "ours", ours="yes")
    post(token, "where", where="here")
    with pytest.raises(services.SentBack) as back:
        services.submit(token=token, now=TUESDAY_NOON)
    assert back.value.where.step == "your-name"


@pytest.mark.django_db
def test_a_machine_sends_all_tasks_at_once(token):
    sent = services.submit_answers(
        service="moving",
        answers={"ours": True, "your-name": "S", "email": "s@example.com", "where": "here"},
        key="k",
        client="c",
        origin="https://harrowmere.example",
        now=TUESDAY_NOON,
    )
    assert sent.reference.startswith("MV-")


def test_what_is_wrong_with_tasks_is_told():
    assert check_text(MOVE, "moving.yaml", KNOWN).mistakes == ()
    assert "There is no page under this task." in str(
        said(changed(("  - page: Your address\n", "  - task: One\n  - task: Two\n  - page: Your address\n")))
    )
    conditional = ("  - page: Which bin\n", "  - task: One\n    when: home\n  - page: Which bin\n")
    assert "A task takes no condition." in str(said(changed(conditional)))
    last = ("  - check: Check your answers\n", "  - task: One\n  - check: Check your answers\n")
    assert "There is no page under this task." in str(said(changed(last)))


def test_a_step_that_is_no_page_waits_for_all_before_it():
    text = changed(
        ("  - page: Your address\n", "  - task: Where\n  - page: Your address\n"),
        ("  - page: Which bin\n", "  - task: What\n  - page: Which bin\n"),
        ("  - report:\n", "  - task: Report\n  - report:\n"),
        ("  - page: About you\n", "  - task: You\n  - page: About you\n"),
    )
    from vestry.services.definition.capabilities import installed

    tasks = tasks_of(check(text).definition, installed())
    needs = {task.title: task.needs - {""} for task in tasks if task.title}
    assert needs == {
        "Where": set(),
        "What": set(),
        "Report": {"task-where", "task-what"},
        "You": set(),
    }


def test_a_declaration_waits_for_all_that_is_declared():
    text = changed(
        ("  - page: Your address\n", "  - task: Where\n  - page: Your address\n"),
        (
            "  - check: Check your answers\n",
            "  - task: Declaration\n  - page: It is true\n    ask:\n"
            "      - declaration: {id: declared, ask: Declaration, agree: It is true}\n"
            "  - check: Check your answers\n",
        ),
    )
    from vestry.services.definition.capabilities import installed

    tasks = tasks_of(check(text).definition, installed())
    needs = {task.title: task.needs - {""} for task in tasks if task.title}
    assert needs == {"Where": set(), "Declaration": {"task-where"}}


def heading(number):
    return Item(id=f"task-{number}", word="task", options=TaskOptions(title=f"T{number}"))


@st.composite
def long_services(draw):
    """Tasks of pages whose conditions use any earlier answer."""
    items, asked = [], []
    for number in range(draw(st.integers(1, 4))):
        items.append(heading(number))
        for _ in range(draw(st.integers(1, 3))):
            name = f"q{len(asked)}"
            on = draw(st.sampled_from(asked)) if asked and draw(st.booleans()) else ""
            items.append(page(name, line(name), when=f'{on} == "YES"' if on else ""))
            asked.append(name)
    return a_definition(*items), asked


@given(long_services(), st.data())
def test_in_whatever_order_the_same_answers_come_to_the_same(made, data):
    definition, names = made
    answers = {name: data.draw(st.sampled_from(["yes", "other"]), label=name) for name in names}
    linear = a_definition(*(item for item in definition.journey if item.word == "page"))
    capabilities = {**INSTALLED, "task": INSTALLED["check"]}

    def walked(of, said):
        journey = journeying(of, **said)
        object.__setattr__(journey, "capabilities", capabilities)
        return walk(journey)

    said = {}
    for _ in itertools.count():
        here = walked(definition, said)
        open_pages = [task.here for task in here.tasks if task.here]
        if not open_pages:
            break
        # Only pages whose conditions hold by answers given are ever open.
        for stage in open_pages:
            condition = next(item.when for item in definition.journey if item.id == stage.id)
            assert not condition or said.get(condition.split()[0]) == "yes"
        chosen = data.draw(st.sampled_from(open_pages), label="chosen")
        said[chosen.id] = answers[chosen.id]
    assert here.here is None
    assert here.said == walked(linear, answers).said
