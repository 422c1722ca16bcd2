"""The main job, from a resident's phone to an officer's desk and back."""

import pytest

from tests.journeys import walks
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident, report_missed_bin

pytestmark = pytest.mark.browser


def test_reported_asked_answered_and_closed(open_page, desk, missed, look, check_axe):
    resident, officer = open_page(java_script_enabled=False), desk
    somebody = Resident(Pointer(resident))
    reference = report_missed_bin(somebody, next(missed))

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

    assert "Which gate do you mean?" in somebody.open_status(officer, reference)
    look(resident)
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
    assert "We came back and emptied your bin." in told
    assert "Priya" not in told
    check_axe(officer)
    look(resident)

    # Closed is not always done.
    resident.get_by_role("textbox").fill("It is still full.")
    walks.send(resident)
    assert "We opened this again" in resident.locator("main").inner_text()
    officer.reload()
    assert officer.get_by_role("link", name="Mark as collected").count() == 1
