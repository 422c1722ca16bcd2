"""What a definition says of guards, needs, tasks and extensions is checked, and told with its line."""

import pytest

from vestry.services.tests.definitions import changed, said

STAGE = "reported: {title: Reported, next: The crew will come back.}"
ACTION = "by: [crew]}"
NO_DUE = ("  due: 2 working days\n", "")
OVER = 'A case that has ended is worked no more: it has no "team", "extend" or "tasks".'


def stage(more):
    return (STAGE, f"{STAGE[:-1]}, {more}}}")


def action(more):
    return (ACTION, f"{ACTION[:-1]}, {more}}}")


def end(more):
    return ("end: resolved,", f"end: resolved, {more},")


BROKEN = [
    # guards
    (
        action('guard: "oficer != decided.reported"'),
        '49: Nothing is called "oficer" here. Did you mean "officer"?',
    ),
    (
        action('guard: "officer != decided.reportd"'),
        '49: There is no stage "reportd". Did you mean "reported"?',
    ),
    (
        action('guard: "officer !="'),
        "49: This condition cannot be read (officer !=). It should look like this: "
        'bin == "garden" and not assisted.',
    ),
    (
        action("guard-says: Somebody else has to."),
        '49: "guard-says" is why a "guard" keeps somebody from it, and there is none.',
    ),
    # needs and tasks
    (action("needs: [look]"), '49: There is no task "look".'),
    (
        stage("tasks: [{id: look, title: Look}, {id: look, title: Again}]"),
        '46: Another task of this stage is already called "look".',
    ),
    (end("tasks: [{id: look, title: Look}]"), f"47: {OVER}"),
    # extensions
    (
        stage("extend: {by: 2 working days, roles: [crwe]}"),
        '46: There is no role "crwe". Did you mean "crew"?',
    ),
    (
        stage("extend: {by: soon, roles: [crew]}"),
        '46: "soon" is not written as it should be. It should look like this: "20 working days" / "5 days".',
    ),
    (end("extend: {by: 2 working days, roles: [crew]}"), f"47: {OVER}"),
    # the rest of a stage's work
    (stage("team: watse"), '46: There is no team "watse". Did you mean "waste"?'),
    (
        stage("reply-ask: Why?"),
        '46: "reply-ask" and "reply-do" are for a stage that ends and can be answered.',
    ),
]


@pytest.mark.parametrize(("change", "expected"), BROKEN)
def test_a_mistake_about_work_is_told_with_its_line(change, expected):
    assert said(changed(change)) == [expected]


def test_a_task_that_is_needed_is_looked_for_among_those_there_are():
    near = changed(stage("tasks: [{id: look, title: Look}]"), action("needs: [lok]"))
    assert said(near) == ['49: There is no task "lok". Did you mean "look"?']
    assert said(near.replace("[lok]", "[look]")) == []


def test_without_a_due_date_there_is_nothing_to_extend():
    text = changed(stage("extend: {by: 2 working days, roles: [crew]}"), NO_DUE)
    assert said(text) == ['45: Without a "due" of the stage or of the case there is nothing to extend.']
