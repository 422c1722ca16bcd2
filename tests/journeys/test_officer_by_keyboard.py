"""Officers with a keyboard only, on a narrow screen: tasks and handing over; a key for a program."""

import urllib.error
import urllib.request
from datetime import date, timedelta

import pytest

from tests.journeys import walks
from tests.journeys.test_accounts import NARROW, sign_in_by_keyboard
from tests.journeys.test_every_page import complain

pytestmark = pytest.mark.browser


def test_a_task_is_added_given_and_done_and_the_case_handed_over(site, open_page, look):
    reference = complain(site)
    page = open_page(**NARROW)
    keys = sign_in_by_keyboard(page, "nadia.rahman")
    page.goto(f"/desk/cases/{reference}/")
    keys.press("Add a task")
    keys.press("Add the task")
    assert page.title().startswith("Error: ")
    look(page)
    keys.type("What is to be done?", "Ring them back")
    keys.pick("Who should do it?", "Nadia Rahman")
    keys.press("Add the task")
    assert "The task is added." in page.locator("body").inner_text()
    look(page)

    keys.press("Tasks")
    assert walks.heading(page) == "My tasks"
    look(page)
    keys.press("Ring them back")
    assert "Nadia Rahman" in page.locator("main").inner_text()
    keys.press("Give")
    keys.pick("Who should do it?", "Whoever takes it")
    keys.press("Give the task")
    look(page)
    keys.press("Tasks")
    keys.press("See the tasks nobody has")
    look(page)
    keys.press("Ring them back")
    keys.choose("It is done")
    keys.press("Save")
    assert "The task is done." in page.locator("body").inner_text()

    keys.press("Hand over")
    look(page)
    if page.get_by_role("radio").count():
        keys.choose("Council tax: whoever takes it")
    else:
        keys.pick("Who should have this case?", "Council tax: whoever takes it")
    keys.press("Hand over")
    assert f"You have handed {reference} over." in page.locator("body").inner_text()
    assert page.goto(f"/desk/cases/{reference}/").status == 404


def answer_to(site, token):
    """How the API answers to a key."""
    asked = urllib.request.Request(
        f"{site.url}/api/v1/cases?limit=1", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def test_a_key_for_a_program_is_made_used_and_ended(site, open_page, look):
    page = open_page(**NARROW, java_script_enabled=False)
    keys = sign_in_by_keyboard(page, "sam.whittle")
    keys.press("Programs")
    look(page)
    keys.press("Make a key")
    keys.press("Make the key")
    assert page.title().startswith("Error: ")
    look(page)
    keys.type("What is the program called?", "crew-tablets")
    keys.choose("officer: Works the cases")
    keys.go_to("For which team?")
    page.keyboard.type("Waste")
    keys.choose("Find cases and read them (cases.read)")
    until = date.today() + timedelta(days=30)
    for label, number in (("Day", until.day), ("Month", until.month), ("Year", until.year)):
        keys.type(label, str(number))
    keys.press("Make the key")
    assert walks.heading(page) == "The key is made"
    look(page)
    token = page.locator(".vestry-key").inner_text().strip()
    assert answer_to(site, token) == 200

    keys.press("Back to the programs")
    look(page)
    assert token not in page.content()
    keys.press("End this key")
    look(page)
    assert answer_to(site, token) == 401
