"""The register on the narrowest screen: added to, contracts, a table, a calendar, claims, evidence."""

import pytest

from tests.journeys import walks
from vestry.kernel import local_day, utc_now

pytestmark = pytest.mark.browser
PHONE = {"java_script_enabled": False, "viewport": {"width": 320, "height": 640}}
HOME = "/desk/technologies/"
ADDED = f"{HOME}of/bright-notices/"
TABLE = "name,title,what,hosting,owner,class,users,people,pounds\n"
ROW = "street-lamps,Street Lamps,Says which lamp is out.,saas,waste,official,staff,12,1200\n"
CLAIMS = "question,answer\nmobileDifferences,None\nmobile,Yes\nguaranteedAvailability,99.9%\n"


@pytest.fixture
def manager(open_page):
    """A manager who keeps the register, on a phone without script."""
    page = open_page(**PHONE)
    walks.sign_in(page, "helen.okafor", "**/desk/**")
    return page


@pytest.fixture
def is_sound(look):
    """Whether the page that was waited for is there, fits the screen, and axe finds nothing on it."""

    def sound(page, heading):
        page.get_by_role("heading", name=heading, level=1).wait_for()
        look(page)

    return sound


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def main(page):
    return page.locator("main").inner_text()


def refused(page):
    """What is wrong, once the page that says so is there: the one before has the same heading."""
    return page.locator(".govuk-error-summary").inner_text()


def done(page):
    """What was done, once the page that says so is there."""
    return page.locator(".govuk-notification-banner--success").inner_text()


def fill_day(page, day, month, year):
    for name, value in (("Day", day), ("Month", month), ("Year", year)):
        page.get_by_label(name, exact=True).fill(str(value))


def test_a_technology_and_its_contract_are_written_down(manager, is_sound):
    manager.goto(HOME)
    manager.get_by_role("link", name="Add a technology").click()
    is_sound(manager, "Add a technology")
    manager.get_by_label("What is it called?").fill("Bright Notices")
    press(manager, "Save")
    # What was typed is there still, and what is missing is said.
    said = refused(manager)
    for missing in (
        "Enter what it is for",
        "Select how it is hosted",
        "Select who uses it",
        "Enter the cost",
    ):
        assert missing in said
    assert "Enter what it is called" not in said
    is_sound(manager, "Add a technology")
    assert manager.get_by_label("What is it called?").input_value() == "Bright Notices"
    manager.get_by_label("Who supplies it?").fill("Bright Ltd")
    manager.get_by_label("What is it for?").fill("Puts up notices.")
    manager.get_by_label("Software as a service", exact=True).check()
    manager.get_by_label("Which team owns it?").select_option("waste")
    manager.get_by_label("Official", exact=True).check()
    manager.get_by_label("Staff", exact=True).check()
    manager.get_by_label("How many people use it?").fill("12")
    manager.get_by_label("What does it cost in a year?").fill("1200")
    press(manager, "Save")
    is_sound(manager, "Bright Notices")

    manager.get_by_role("link", name="Write down its contract").click()
    is_sound(manager, "Contract")
    # Two years from then are still to come, on whatever day this is walked.
    year = local_day(utc_now()).year
    fill_day(manager, 31, 12, year - 1)
    manager.get_by_label("How many months does it run at first?").fill("24")
    manager.get_by_label("Yes", exact=True).check()
    manager.get_by_label("How many months before its end is notice given?").fill("3")
    press(manager, "Save")
    is_sound(manager, "Bright Notices")
    assert f"31 December {year + 1}" in main(manager)


def test_a_register_is_imported_from_a_table(manager, is_sound):
    manager.goto(f"{HOME}import/")
    is_sound(manager, "Import a register")
    manager.get_by_label("Paste the table").fill(TABLE + ROW.replace("saas", "sass"))
    press(manager, "Show what it would change")
    assert "Line 2, hosting: “sass” is none of those it can be. Write saas." in refused(manager)
    is_sound(manager, "Import a register")
    manager.get_by_label("Paste the table").fill(TABLE + ROW)
    press(manager, "Show what it would change")
    is_sound(manager, "What it would change")
    press(manager, "Take it in")
    assert "1 technology is taken in." in done(manager)
    is_sound(manager, "Technologies")


def test_the_days_that_matter_go_into_a_calendar(manager, is_sound):
    manager.goto(HOME)
    manager.get_by_role("link", name="In your calendar").click()
    is_sound(manager, "In your calendar")
    manager.get_by_role("button").filter(has_text="link").first.click()
    assert ".ics" in manager.locator("main code").inner_text()
    is_sound(manager, "In your calendar")


def test_claims_are_taken_in_and_stand_beside_what_was_seen(manager, is_sound):
    """On Letterpost, which the pack says was looked at."""
    manager.goto(f"{HOME}of/letterpost/")
    manager.get_by_role("link", name="What the supplier says").click()
    is_sound(manager, "What the supplier says")
    manager.get_by_role("link", name="Take in all of it from a file").click()
    is_sound(manager, "Take in all of it from a file")
    manager.get_by_label("Where does the supplier say so?").fill(
        "https://market.example/letterpost/" + "x" * 60
    )
    fill_day(manager, 1, 9, 2026)
    manager.get_by_label("Paste their answers").fill(CLAIMS.replace("mobile,", "moblie,"))
    press(manager, "Show what it would mean")
    assert "Line 3, moblie: “moblie” is no question of the set. Write mobile." in refused(manager)
    is_sound(manager, "Take in all of it from a file")
    assert "mobileDifferences,None" in manager.get_by_label("Paste their answers").input_value()
    manager.get_by_label("Paste their answers").fill(CLAIMS)
    press(manager, "Show what it would mean")
    is_sound(manager, "What it would mean")
    press(manager, "Take it in")
    assert "3 answers are kept." in done(manager)
    is_sound(manager, "What the supplier says")

    manager.get_by_role("link", name="Write down what they say").click()
    is_sound(manager, "Write down what they say")
    manager.get_by_label("Where does the supplier say so?").fill("A letter")
    fill_day(manager, 1, 10, 2026)
    manager.get_by_label("How is it told when it is not there?").fill("On a page of its own.")
    press(manager, "Save")
    assert "1 answer is kept." in done(manager)
    is_sound(manager, "What the supplier says")
    assert "On a page of its own." in main(manager)


def test_evidence_is_looked_into_and_reached_from_the_decision(manager, is_sound):
    manager.goto(f"{HOME}of/vestry/")
    manager.get_by_role("link", name="All the evidence").click()
    is_sound(manager, "All the evidence")
    manager.goto(f"{HOME}of/vestry/")
    manager.get_by_text("What it rested on").first.click()
    rested = manager.locator("details[open]")
    rested.get_by_role("link").first.click()
    manager.get_by_role("heading", name="Files", level=2).wait_for()
    is_sound(manager, manager.locator("h1").inner_text())
    assert "hash fits" in main(manager).casefold()
