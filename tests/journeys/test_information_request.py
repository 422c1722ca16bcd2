"""A freedom of information request on the desk: its clock, and its refusal with an exemption, by keyboard."""

import pytest

from tests.journeys import walks
from tests.journeys.keyboard import Keyboard
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident, request_information

pytestmark = pytest.mark.browser


def test_asked_and_refused_with_an_exemption(phone, desk, check_axe):
    reference = request_information(Resident(Pointer(phone)))
    assert reference.startswith("FOI-")

    walks.sign_in(desk, "tom.ashworth")
    keys = Keyboard(desk)
    keys.press(reference)
    check_axe(desk)
    due = desk.locator(".govuk-summary-list__value").first.inner_text()
    keys.press("Ask what is meant")
    keys.page.get_by_role("textbox").focus()
    desk.keyboard.type("Do you mean calendar or financial years?")
    keys.press("Ask what is meant")
    main = desk.locator("main").inner_text()
    assert "The clock stopped" in main
    assert due not in desk.locator(".govuk-summary-list__value").first.inner_text()

    keys.press("Refuse")
    check_axe(desk)
    # Without an exemption and a message it is not refused, and says so beside the fields.
    walks.send(desk)
    assert desk.title().startswith("Error: ")
    check_axe(desk)
    desk.get_by_label("Section 21").check()
    desk.get_by_role("textbox").fill("It is in our annual report, page 12.")
    walks.send(desk)
    main = desk.locator("main").inner_text()
    assert "Section 21" in main
    assert "The case was closed" in main


def test_another_team_and_another_council_see_nothing_of_it(phone, open_page, site):
    reference = request_information(Resident(Pointer(phone)))
    crew = open_page()
    walks.sign_in(crew, "dean.hollis")
    assert reference not in crew.locator("body").inner_text()
    crew.goto(f"/desk/cases/{reference}/")
    not_yours = crew.locator("main").inner_text()
    crew.goto("/desk/cases/FOI-0000-0000/")
    assert crew.locator("main").inner_text() == not_yours

    neighbour = open_page(base_url=site.saltmarsh)
    neighbour.goto("/desk/")
    neighbour.get_by_label("Email address").fill("tom.ashworth@harrowmere.example")
    neighbour.get_by_label("Password").fill(walks.PASSWORD)
    neighbour.get_by_role("button", name="Sign in").click()
    assert neighbour.title().startswith("Error: "), "an officer of one council is nobody at the other"
    neighbour.get_by_label("Email address").fill("anita.das@saltmarsh.example")
    neighbour.get_by_label("Password").fill(walks.PASSWORD)
    neighbour.get_by_role("button", name="Sign in").click()
    neighbour.goto(f"/desk/cases/{reference}/")
    assert neighbour.locator("main").inner_text() == not_yours
    # A journey's address opens nothing at another council.
    neighbour.goto(phone.url.replace(site.url, site.saltmarsh))
    assert walks.heading(neighbour) == "Page not found"
