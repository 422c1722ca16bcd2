"""A complaint through both stages, on a phone without script and on the desk; then many cases at once."""

import pytest

from tests.journeys import walks
from tests.journeys.keyboard import Keyboard
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident, complain

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}


def answer(page, what, text):
    page.get_by_role("link", name=what, exact=True).click()
    page.get_by_role("textbox").fill(text)
    walks.send(page)


def end_tasks(page, check_axe):
    for title in ("Speak to whoever complained", "Write down what we learn from this"):
        page.get_by_role("link", name=title).click()
        check_axe(page)
        page.get_by_label("It is done").check()
        walks.send(page)


def test_a_complaint_through_both_stages(open_page, desk, check_axe):
    phone = open_page(viewport=NARROW, java_script_enabled=False)
    resident = Resident(Pointer(phone))
    reference = complain(resident)

    walks.sign_in(desk, "nadia.rahman")
    keys = Keyboard(desk)
    keys.press(reference)
    check_axe(desk)
    keys.press("Say how we understand it")
    desk.get_by_role("textbox").focus()
    desk.keyboard.type("You say that your bin was missed six times.")
    keys.press("Say how we understand it")
    main = desk.locator("main").inner_text()
    assert "First do, or mark as not needed: Speak to whoever complained" in main
    keys.press("Extend")
    desk.get_by_role("textbox").focus()
    desk.keyboard.type("The crew is away until Monday.")
    check_axe(desk)
    keys.press("Extend the time")
    assert "extended the time" in desk.locator("main").inner_text()
    end_tasks(desk, check_axe)
    check_axe(desk)
    answer(desk, "Do not uphold", "The round was late, not missed.")
    assert "The case was closed" in desk.locator("main").inner_text()

    main = resident.open_status(desk, reference)
    assert "The crew is away until Monday." in main
    assert "Not upheld" in main
    check_axe(phone)
    phone.get_by_label("Why should we look at your complaint again?").fill(
        "It was missed. I have photographs."
    )
    phone.get_by_role("button", name="Ask for stage 2").click()
    assert "Stage 2 asked for" in phone.locator("main").inner_text()
    check_axe(phone)

    desk.goto(f"/desk/cases/{reference}/")
    main = desk.locator("main").inner_text()
    assert "Somebody who did not answer at stage 1 has to look at it." in main
    reviewer = open_page(viewport=NARROW, java_script_enabled=False)
    walks.sign_in(reviewer, "martin.hale")
    reviewer.get_by_role("link", name=reference).click()
    check_axe(reviewer)
    answer(reviewer, "Say how we understand what is still wrong", "You have photographs.")
    answer(reviewer, "Uphold at stage 2", "You are right, and we are sorry.")
    assert "The case was closed" in reviewer.locator("main").inner_text()
    check_axe(reviewer)

    phone.goto(f"/status/{reference}/")
    main = phone.locator("main").inner_text()
    assert "Upheld at stage 2" in main
    assert "Ombudsman" in main
    assert phone.get_by_role("button", name="Ask for stage 2").count() == 0
    check_axe(phone)


def test_several_at_once_and_found_again(open_page, check_axe):
    phone = open_page(viewport=NARROW, java_script_enabled=False)
    first, second = complain(Resident(Pointer(phone))), complain(Resident(Pointer(phone)))
    desk = open_page(viewport=NARROW, java_script_enabled=False)
    walks.sign_in(desk, "nadia.rahman")
    check_axe(desk)
    for reference in (first, second):
        desk.get_by_label(f"Choose {reference}").check()
    desk.get_by_role("button", name="Do something with the chosen cases").click()
    check_axe(desk)
    desk.get_by_label("Take them").check()
    desk.get_by_role("button", name="Continue").click()
    check_axe(desk)
    walks.send(desk)
    check_axe(desk)
    done = desk.locator("main").inner_text()
    assert first in done
    assert second in done
    assert "Not done" not in done

    desk.goto("/desk/search/")
    desk.get_by_label("Search cases").fill("reed helicopters")
    walks.send(desk)
    assert "Nothing that you can see was found" in desk.locator("main").inner_text()
    desk.get_by_label("Search cases").fill("pat@example.org six")
    walks.send(desk)
    check_axe(desk)
    found = desk.locator("main").inner_text()
    assert first in found
    assert second in found
    assert "pat" not in desk.url, "what is looked for is often somebody's name"

    desk.get_by_role("link", name=first).click()
    desk.get_by_role("link", name="Link with another case").click()
    desk.get_by_label("What is the other case’s reference?").fill(second.lower())
    desk.get_by_label("They have to do with each other").check()
    check_axe(desk)
    walks.send(desk)
    desk.get_by_role("link", name=second, exact=True).click()
    assert first in desk.locator("#links + ul").inner_text()

    crew = open_page(viewport=NARROW, java_script_enabled=False)
    walks.sign_in(crew, "dean.hollis")
    crew.goto("/desk/search/")
    crew.get_by_label("Search cases").fill(first)
    walks.send(crew)
    assert "Nothing that you can see was found" in crew.locator("main").inner_text()
