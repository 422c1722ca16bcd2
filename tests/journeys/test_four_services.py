"""Every service, all the way to its status page, 320 pixels wide: without script, and by keyboard.

axe finds nothing on any page, and none is wider than the screen.
"""

import pytest

from tests.journeys import residents, walks
from tests.journeys.keyboard import Keyboard
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident

pytestmark = pytest.mark.browser

SERVICES = {
    "missed bin": (residents.report_missed_bin, "Report a missed bin"),
    "information": (residents.request_information, "Make a freedom of information request"),
    "moving": (residents.move, "Tell us you are moving"),
    "complaint": (residents.complain, "Make a complaint"),
}


@pytest.mark.parametrize("hands", ["without script", "by keyboard"])
@pytest.mark.parametrize("service", SERVICES)
def test_all_the_way(service, hands, open_page, desk, missed, look):
    walk, title = SERVICES[service]
    more = {"missed": next(missed)} if service == "missed bin" else {}
    if hands == "by keyboard":
        resident = Resident(Keyboard(open_page()), look)
    else:
        resident = Resident(Pointer(open_page(java_script_enabled=False)), look)
    reference = walk(resident, **more)
    walks.sign_in(desk, "nadia.rahman")
    told = resident.open_status(desk, reference)
    assert title in told
    assert reference in told
    assert "What happens next" in told
    assert resident.page.viewport_size["width"] == 320


def test_a_long_list_is_typed_into_and_nonsense_is_no_answer(phone, look):
    """With script the list is looked through by typing; what it does not hold is not taken."""
    walks.start(phone, "Make a complaint")
    box = phone.locator("input[role=combobox]")
    box.wait_for()
    keys = Keyboard(phone)
    keys.type("Which service is your complaint about?", "fly")
    phone.get_by_role("option", name="Street cleaning and fly-tipping").wait_for()
    look(phone)
    box.fill("Zeppelins")
    keys.press("Continue")
    assert phone.title().startswith("Error: ")
    look(phone)
    box.wait_for()
    keys.pick("Which service is your complaint about?", "fly")
    look(phone)
    keys.press("Continue")
    assert walks.heading(phone) == "What happened?"
    phone.get_by_role("link", name="Back").click()
    box.wait_for()
    assert box.input_value() == "Street cleaning and fly-tipping"
