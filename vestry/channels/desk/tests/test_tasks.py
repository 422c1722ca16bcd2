"""Tasks at the desk: added, given, ended; what is wrong is said, and what was typed is still there."""

import re

import pytest

from vestry.channels.desk.tests.pages import errors, given_back, key, text


@pytest.fixture
def page(reference):
    return f"/desk/cases/{reference}/tasks/"


@pytest.fixture
def priya(signed_in):
    return signed_in("priya")


def add(client, page, title="Ring them", owner="-", **more):
    return client.post(page, {"title": title, "owner": owner, **more}, follow=True)


def task_page(client, reference, title="Ring them"):
    html = client.get(f"/desk/cases/{reference}/").content.decode()
    return re.search(rf'href="(/desk/tasks/\d+/)"[^>]*>{title}', html)[1]


def test_a_task_is_added_found_in_the_lists_and_done(priya, signed_in, page, reference):
    assert "The task is added." in add(priya, page).content.decode()
    assert "There are no tasks to show." in text(priya.get("/desk/tasks/"))
    assert "Ring them" in text(signed_in("tom").get("/desk/tasks/?whose=team"))
    there = task_page(priya, reference)
    assert "Done" not in text(priya.get(there))
    assert "The task is done." in priya.post(there, {"came": "done"}, follow=True).content.decode()
    assert "Ring them" not in text(priya.get("/desk/tasks/?whose=team"))
    assert "Ended" in text(priya.get(there))


def test_a_task_is_given_and_stands_in_the_others_list(priya, signed_in, page, reference):
    add(priya, page)
    there = task_page(priya, reference)
    form = text(priya.get(f"{there}give/"))
    assert "Tom Okafor" in form
    assert "Maya Lindqvist" not in form, "she is of another team"
    assert errors(priya.post(f"{there}give/", {"to": "maya"})), "and cannot be chosen either"
    priya.post(f"{there}give/", {"to": "tom"})
    assert "Ring them" in text(signed_in("tom").get("/desk/tasks/"))
    assert "Ring them" not in text(priya.get("/desk/tasks/?whose=team"))


def test_nothing_typed_is_lost_when_something_is_missing(priya, page, reference):
    form = {"title": "", "owner": "tom", "due-day": "31", "due-month": "2", "due-year": "2027"}
    wrong = priya.post(page, form)
    assert wrong.status_code == 422
    assert [target for target, _said in errors(wrong)] == ["title", "due-day"]
    for kept in ('value="tom" selected', 'value="31"', 'value="2027"'):
        assert kept in wrong.content.decode()
    add(priya, page)
    wrong = priya.post(task_page(priya, reference), {"came": "not-needed", "reason": ""})
    assert errors(wrong) == [("reason", "Enter why it is not needed")]
    wrong = priya.post(task_page(priya, reference), {"reason": "They moved away."})
    assert [target for target, _said in errors(wrong)] == ["came"]
    assert "They moved away." in wrong.content.decode()


def test_a_form_sent_twice_counts_once(priya, page, reference):
    form = {"form-key": key(priya.get(page))}
    for _ in range(2):
        add(priya, page, **form)
    assert text(priya.get(f"/desk/cases/{reference}/")).count("added the task") == 1
    there = task_page(priya, reference)
    assert priya.post(there, {"came": "not-needed", "reason": "They moved away."}).status_code == 302
    assert priya.post(there, {"came": "not-needed", "reason": "They moved away."}).status_code == 302
    again = priya.post(there, {"came": "done"})
    assert again.status_code == 409
    assert "This task had already ended when you answered" in text(again)
    assert "Why it is not needed They moved away." in text(again), "it says what came of it the first time"


@pytest.mark.parametrize("came", ["not-needed", ""])
def test_what_is_written_of_a_task_that_a_colleague_ended_is_shown(priya, signed_in, page, reference, came):
    add(priya, page)
    there = task_page(priya, reference)
    signed_in("tom").post(there, {"came": "done"})
    late = priya.post(there, {"came": came, "reason": "They moved away last summer."})
    assert late.status_code == 409
    assert "Tom Okafor" in text(late)
    assert given_back(late) == ["They moved away last summer."]


def test_what_has_ended_is_not_given_and_a_closed_case_gets_no_task(priya, signed_in, page, reference):
    add(priya, page)
    there, tom = task_page(priya, reference), signed_in("tom")
    priya.post(there, {"came": "done"})
    refused = priya.post(f"{there}give/", {"to": "tom"})
    assert refused.status_code == 409
    assert "This task is done" in text(refused)
    tom.post(f"/desk/cases/{reference}/do/collected/")
    refused = add(priya, page, title="One more")
    assert refused.status_code == 409
    assert "The case is closed" in text(refused)


@pytest.mark.parametrize("address", ["999999", "9" * 30])
def test_a_task_that_is_not_there_and_one_that_is_not_yours_look_alike(
    priya, signed_in, page, reference, address
):
    add(priya, page)
    there = task_page(priya, reference)
    maya = signed_in("maya")
    hidden, nowhere = maya.get(there), maya.get(f"/desk/tasks/{address}/")
    assert hidden.status_code == nowhere.status_code == 404
    assert text(hidden) == text(nowhere)
