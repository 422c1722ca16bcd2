"""A policy officer changes a service: told what to mend, compared, tried out on a phone, published, live."""

import re

import pytest

from tests.journeys import walks
from tests.journeys.keyboard import Keyboard

pytestmark = pytest.mark.browser


def write(page, old, new):
    text = page.get_by_label("The text of the service")
    written = text.input_value()
    assert old in written
    text.fill(written.replace(old, new))
    page.get_by_role("button", name="Keep and check").click()


PROOF = """journey:
  - page: Proof
    ask:
      - file: {id: proof, ask: Send us a photo of your bin, name: a photo of your bin, types: [photo]}

"""


def test_a_draft_that_asks_for_a_file_is_tried_out_in_the_frame_by_keyboard(open_page, check_axe):
    page = open_page(is_mobile=False, has_touch=False)
    walks.sign_in(page, "helen.okafor")
    page.goto("/desk/services/missed-bin/")
    page.get_by_role("button", name="Change it in a draft").click()
    write(page, "journey:\n", PROOF)
    page.get_by_role("button", name="Try it out").click()
    check_axe(page)
    frame = page.frames[1]
    keys = Keyboard(page, frame)
    check_axe(frame)
    keys.press("Start now")
    assert "no file is sent or kept" in frame.locator("main").inner_text()
    check_axe(frame)
    keys.press("Continue")
    keys.type("Postcode", walks.missed_collections()[0].postcode)
    check_axe(frame)
    keys.press("Continue")
    assert "Select an address" in frame.locator("main").inner_text()
    check_axe(frame)


def test_a_service_is_changed_without_script(open_page, check_axe):
    width = 320
    page = open_page(java_script_enabled=False, viewport={"width": width, "height": 900})
    walks.sign_in(page, "helen.okafor")
    page.goto("/desk/services/")
    check_axe(page)
    page.get_by_role("link", name="Report a missed bin").last.click()
    check_axe(page)
    page.get_by_role("button", name="Change it in a draft").click()
    draft = page.url

    choice = f"Glass, {width}"
    write(page, 'bin == "garden"', 'bin == "gardn"')
    said = page.locator(".govuk-error-summary").inner_text()
    assert re.search(r'Line \d+: Nobody can answer "gardn" to "bin". Did you mean "garden"\?', said)
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    write(page, 'bin == "gardn"', 'bin == "garden"')
    write(
        page, "            food: {label", f'            glass-{width}: "{choice}"\n            food: {{label'
    )
    assert f"“Which bin did we miss?” has a new choice: “{choice}”." in page.locator("main").inner_text()
    check_axe(page)

    page.get_by_role("button", name="Try it out").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    phone = page.frame_locator("iframe")
    phone.get_by_role("button", name="Start now").click()
    missed = walks.missed_collections()[0]
    phone.get_by_label("Postcode").fill(missed.postcode)
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_label(missed.address, exact=True).check()
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_label(choice).wait_for()

    page.goto(draft)
    page.get_by_role("button", name="Publish").click()
    assert "What is different from version" in page.locator("main").inner_text()
    check_axe(page)
    page.get_by_role("button", name="Publish now").click()
    assert "is published" in page.locator(".govuk-notification-banner").inner_text()
    check_axe(page)

    resident = open_page()
    walks.start(resident, "Report a missed bin")
    resident.get_by_label("Postcode").fill(missed.postcode)
    walks.carry_on(resident)
    resident.get_by_label(missed.address, exact=True).check()
    walks.carry_on(resident)
    assert resident.get_by_label(choice).count() == 1
