"""From a missed bin to what the council is for; and a sentence at the top the wrong person cannot change."""

from datetime import date

import pytest

from tests.journeys import walks
from tests.journeys.keyboard import Keyboard
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident, report_missed_bin

pytestmark = pytest.mark.browser
PURPOSE = "Harrowmere is a good place to live"
NEW = "Harrowmere is a good place to live, for everyone, for good."


def fits(page, width, check_axe):
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    check_axe(page)


def test_from_a_missed_bin_up_to_what_the_council_is_for(open_page, missed, check_axe):
    reference = report_missed_bin(Resident(Pointer(open_page(java_script_enabled=False))), next(missed))
    officer = open_page(java_script_enabled=False, viewport={"width": 320, "height": 900})
    walks.sign_in(officer, "priya.nair")
    officer.goto(f"/desk/cases/{reference}/")
    # In no click: every step up to the purpose stands on the case's own page.
    officer.get_by_role("heading", name="Why we do this").wait_for()
    ladder = officer.locator("a[href*='/desk/strategy/words/']")
    assert ladder.count() >= 3
    assert ladder.last.get_attribute("href").endswith("/words/good-lives/")
    fits(officer, 320, check_axe)
    # And by keyboard alone to the purpose itself, and what for.
    purpose = ladder.last.inner_text()
    ladder.last.focus()
    officer.keyboard.press("Enter")
    officer.wait_for_url("**/words/good-lives/")
    assert officer.locator("h1").inner_text() in purpose
    fits(officer, 320, check_axe)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_picture_is_looked_at_and_played(open_page, check_axe, width):
    page = open_page(viewport={"width": width, "height": 900})
    walks.sign_in(page, "priya.nair")
    page.goto("/desk/strategy/?on=2026-11-01")
    fits(page, width, check_axe)
    assert page.locator("svg").get_by_text("Layer, from the top down").count() == 1
    page.get_by_role("button", name="Play it, year by year").click()
    page.locator("#picture-title", has_text="2021").wait_for()
    page.locator("#picture-title", has_text="2026").wait_for()
    page.get_by_role("heading", name="The same in numbers").wait_for()


def test_the_wrong_person_proposes_and_a_member_decides(open_page, check_axe):
    officer = open_page(java_script_enabled=False, viewport={"width": 320, "height": 900})
    walks.sign_in(officer, "priya.nair")
    officer.goto("/desk/strategy/words/good-lives/change/")
    assert "not yours to change" in officer.locator("main").inner_text()
    officer.get_by_label("What should it say?").fill(NEW)
    officer.get_by_label("Why should it change?").fill("It should last.")
    officer.get_by_role("button", name="Continue").click()
    assert "things hang from this sentence" in officer.locator("main").inner_text()
    check_axe(officer)
    officer.get_by_role("button", name="Propose it").click()
    assert NEW not in officer.locator("h1").inner_text()
    member = open_page(java_script_enabled=False, viewport={"width": 320, "height": 900})
    walks.sign_in(member, "dora.lunt", "**/desk/**")
    member.goto("/desk/strategy/proposals/")
    member.get_by_role("link", name=NEW).click()
    check_axe(member)
    member.get_by_role("button", name="Accept").click()
    member.goto("/desk/strategy/words/good-lives/")
    assert member.locator("h1").inner_text() == NEW


def test_the_why_is_on_every_page_from_the_first_question_to_a_task(open_page, missed):
    def asked_why(page):
        if "/services/" in page.url:
            seen.append(page.url)
            assert page.locator("details", has_text=PURPOSE).count() == 1, page.url

    seen = []
    resident = Resident(Pointer(open_page(java_script_enabled=False)), asked_why)
    report_missed_bin(resident, next(missed))
    assert len(seen) >= 8
    reference = walks.reference_on(resident.page)
    officer = open_page(java_script_enabled=False)
    walks.sign_in(officer, "priya.nair")
    resident.open_status(officer, reference)
    assert resident.page.locator("details", has_text=PURPOSE).count() == 1, resident.page.url
    for page in ("", "tasks/"):
        officer.goto(f"/desk/cases/{reference}/{page}")
        assert officer.locator("a[href$='/words/good-lives/']").count() >= 1, officer.url
    officer.get_by_label("What is to be done?").fill("Ring the crew")
    walks.send(officer)
    officer.get_by_role("link", name="Ring the crew").click()
    assert officer.locator("a[href$='/words/good-lives/']").count() >= 1, officer.url


def test_the_why_is_on_a_draft(open_page):
    officer = open_page(java_script_enabled=False)
    walks.sign_in(officer, "helen.okafor")
    officer.goto("/desk/services/complaint/")
    assert officer.locator("a[href$='/words/good-lives/']").count() >= 1
    officer.get_by_role("button", name="Change it in a draft").click()
    assert officer.locator("a[href$='/words/good-lives/']").count() >= 1, officer.url


def test_all_of_it_is_walked_by_keyboard_on_a_phone(open_page, check_axe):
    page = open_page(viewport={"width": 320, "height": 700}, is_mobile=False, has_touch=False)
    keys = Keyboard(page)

    def look(heading=""):
        assert heading in walks.heading(page)
        fits(page, 320, check_axe)

    walks.sign_in(page, "priya.nair")
    page.goto("/desk/strategy/")
    look("Why we do what we do")
    keys.go_to("Play it, year by year")
    page.keyboard.press("Enter")
    page.locator("#picture-title", has_text=str(date.today().year - 5)).wait_for()
    page.locator(".vestry-picture + button:enabled").wait_for(timeout=60_000)
    for _ in range(5):
        page.goto("/desk/strategy/" if "on=" not in page.url else page.url)
        keys.press("A year earlier")
    look("Why we do what we do")
    # A band leads to its sentences, as they were on that day; and they up and down, on that day too.
    keys.go_to("", only="svg a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look("Every sentence")
    keys.press("We keep streets, parks and lanes clean.")
    look("We keep streets, parks and lanes clean.")
    main = page.locator("main").inner_text()
    assert "As it was on" in main
    assert "Report a missed bin" not in main, "nobody could report one then"
    keys.press("Harrowmere is a good place to live")
    look("Harrowmere is a good place to live")
    assert "on=" in page.url
    keys.press("As it is now")
    assert "Change what it says" in page.locator("main").inner_text()
    keys.press("Change what it says")
    keys.type("What should it say?", " For good.")
    keys.type("Why should it change?", "It should last.")
    keys.press("Continue")
    look("Propose this change?")
    keys.press("Propose it")
    keys.press("Every sentence")
    keys.press("Proposals")
    look("Proposals")
    for there in ("Every sentence", "Gaps", "What changed", "Import", "On one page"):
        keys.press(there)
        look()
