"""A service is held against the six principles: before it is published, by a look at its page, in public."""

import re

import pytest

from tests.journeys import walks
from tests.journeys.test_services_desk import write

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"java_script_enabled": False, "viewport": {"width": 320, "height": 900}}
TITLES = (
    "Cloud native",
    "Mobile ready",
    "Interoperable",
    "Flexible",
    "Enabling customers",
    "Proportionately secure",
)
ASKED = "How does this service stand against our six principles?"


def unfold(page, title):
    """Open what a word rests on; what stands there."""
    folded = page.locator("details", has=page.locator("summary", has_text=title))
    folded.locator("summary").click()
    return folded.inner_text()


def test_a_service_says_how_it_stands_and_is_published_looked_at_and_read(site, open_page, look):
    officer = open_page(**PHONE)
    walks.sign_in(officer, "helen.okafor")
    officer.goto("/desk/services/registrar/")
    look(officer)
    assert "Nobody has looked at its page yet." in unfold(officer, "Mobile ready")
    officer.get_by_role("button", name="Change it in a draft").click()
    write(officer, "class: official-personal", "class: official")
    said = officer.locator(".govuk-error-summary").inner_text()
    assert "Proportionately secure: not met. It asks who people are" in said
    look(officer)
    write(officer, "class: official\n", "class: official-personal\n")
    write(officer, "what to bring.\n", "what to bring.\n    changed: The confirmation says it.\n")
    officer.get_by_role("link", name="Publish").or_(officer.get_by_role("button", name="Publish")).click()
    officer.get_by_role("heading", name="The six principles").wait_for()
    for title in TITLES:
        unfold(officer, title)
    said = officer.locator("main").inner_text()
    assert "The confirmation says it." in said
    assert "It runs on Letterpost" in said
    assert re.search(r"A look at its page: \d+ questions wait for it\.", said)
    look(officer)
    officer.get_by_role("button", name="Publish now").click()

    officer.get_by_role("link", name="Have its page looked at").click()
    assert officer.get_by_text(f"{site.url}/services/registrar/").count() == 1
    look(officer)
    officer.get_by_role("button", name="Look at it").click()
    # The page comes again by itself, with no script.
    officer.get_by_role("heading", name="The last look").wait_for(timeout=240_000)
    look(officer)
    officer.get_by_role("link", name="See how it stands").click()
    said = unfold(officer, "Mobile ready")
    assert "Seen," in said
    assert "Nobody has looked at its page yet." not in said.partition("Can the main task")[0]
    look(officer)
    officer.goto("/desk/technologies/services/")
    assert officer.get_by_role("link", name="Hire a hall").count() == 1
    look(officer)

    resident = open_page(**PHONE)
    resident.goto("/services/registrar/")
    resident.get_by_text(ASKED).click()
    said = resident.locator("main").inner_text()
    assert all(title in said for title in TITLES)
    assert "Seen," not in said
    look(resident)
    # Next door the pack has no word of it.
    resident.goto(f"{site.saltmarsh}/services/missed-bin/")
    resident.get_by_role("button", name="Start now").wait_for()
    assert ASKED not in resident.locator("main").inner_text()
