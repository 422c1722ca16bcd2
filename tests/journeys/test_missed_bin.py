"""The main job, from a resident's phone to an officer's desk and back."""

import re

import pytest

from tests.conftest import PHONE
from tests.journeys import walks

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def missed():
    """Collections nobody has reported yet, one for each test that asks."""
    return iter(walks.missed_collections())


@pytest.fixture
def phone_without_script(open_page):
    return open_page(java_script_enabled=False)


def open_status(resident, officer, reference):
    """The resident types the reference, then the code that was sent (the demo shows it)."""
    resident.goto("/")
    resident.get_by_role("link", name=re.compile("reference number")).click()
    resident.get_by_label("reference number").fill(reference.lower())
    resident.get_by_role("button", name="Send me a code").click()
    message = walks.last_message(officer, f"Your code for {reference}")
    code = re.search(r"Your code is (\d{6})", message).group(1)
    resident.get_by_label("Enter your code").fill(code)
    walks.carry_on(resident)


def test_reported_asked_answered_and_closed(phone_without_script, desk, missed, check_axe):
    resident, officer = phone_without_script, desk
    seen = []

    def look(page):
        seen.append(page.url)
        check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]

    reference = walks.report_missed_bin(resident, next(missed), visited=look)
    assert len(seen) >= 9

    walks.sign_in(officer, "priya.nair")
    check_axe(officer)
    officer.get_by_role("link", name=reference).click()
    check_axe(officer)
    officer.get_by_role("button", name="Take this case").click()
    officer.get_by_role("link", name="Ask the resident something").click()
    check_axe(officer)
    officer.get_by_role("textbox").fill("Which gate do you mean?")
    walks.send(officer)
    assert "Which gate do you mean?" in officer.locator("main").inner_text()

    open_status(resident, officer, reference)
    look(resident)
    assert "Which gate do you mean?" in resident.locator("main").inner_text()
    resident.get_by_role("textbox").fill("The left one, by the hedge.")
    walks.send(resident)
    look(resident)

    officer.goto(f"/desk/cases/{reference}/")
    assert "The left one, by the hedge." in officer.locator("main").inner_text()
    officer.get_by_role("link", name="Mark as collected").click()
    check_axe(officer)
    walks.send(officer)

    timeline = officer.locator(".vestry-timeline").inner_text()
    steps = ["The case was opened", "Priya Nair took", "asked the resident", "resident wrote", "closed"]
    found = [timeline.rfind(step) for step in steps]
    assert -1 not in found, f"{steps} in {timeline}"
    assert found == sorted(found, reverse=True), "the newest stands first"

    resident.reload()
    told = resident.locator("main").inner_text()
    assert "We have emptied your bin" in told or "emptied your bin" in told
    assert "Priya" not in told
    check_axe(officer)
    look(resident)

    # Closed is not always done.
    resident.get_by_role("textbox").fill("It is still full.")
    walks.send(resident)
    assert "We opened this again" in resident.locator("main").inner_text()
    officer.reload()
    assert officer.get_by_role("link", name="Mark as collected").count() == 1
