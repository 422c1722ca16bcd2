"""A household moves, on a small phone without script: what is wrong is told, what is listed is changed."""

from datetime import date

import pytest

from tests.journeys import walks

pytestmark = pytest.mark.browser

MOVE_DAY, BORN = date(2026, 12, 1), date(2001, 3, 31)


def choose(page, label, look):
    look(page)
    page.get_by_label(label, exact=True).check()
    walks.carry_on(page)


def fill(page, label, text, look):
    look(page)
    page.get_by_label(label).fill(text)
    walks.carry_on(page)


def fill_day(page, day, look):
    look(page)
    walks.fill_date(page, day)
    walks.carry_on(page)


def task(page, title, look):
    look(page)
    page.get_by_role("link", name=title).click()


def at(page, address, look):
    fill(page, "Postcode", "hm1 1aa", look)
    choose(page, address, look)


def add_person(page, name, look, course=""):
    fill(page, "What is their full name?", name, look)
    assert name in page.locator(".govuk-caption-l").inner_text()
    fill_day(page, BORN, look)
    choose(page, "Yes" if course else "No", look)
    if course:
        fill(page, "Where do they study?", course, look)


def say_who_and_declare(page, look):
    task(page, "How to contact you", look)
    fill(page, "What is your full name?", "Pat Reed", look)
    fill(page, "What is your email address?", "pat@example.org", look)
    walks.carry_on(page)
    task(page, "Confirm that this is true", look)
    look(page)
    page.get_by_label("What I have told you is true").check()
    walks.carry_on(page)
    task(page, "Check your answers and send", look)
    look(page)


def test_within_the_district_without_script(open_page, desk, look):
    page = open_page(java_script_enabled=False)
    walks.start(page, "Tell us you are moving")
    choose(page, "From one home in Harrowmere to another", look)
    fill_day(page, MOVE_DAY, look)
    task(page, "The home you are leaving", look)
    fill(page, "What is your council tax account number?", "12345678", look)
    at(page, "1 Mere Road, Harrowmere", look)
    choose(page, "I rent it", look)
    task(page, "Your new home", look)
    at(page, "2 Mere Road, Harrowmere", look)
    choose(page, "I rent it", look)
    fill(page, "What is the name of your landlord or letting agent?", "Mere Lettings", look)
    fill(page, "How much rent will you pay a month?", "a lot", look)
    assert (
        "How much rent you will pay a month must be an amount of money" in page.locator("main").inner_text()
    )
    fill(page, "How much rent will you pay a month?", "£850.50", look)
    look(page)
    walks.carry_on(page)
    task(page, "The people who will live with you", look)
    look(page)
    walks.carry_on(page)
    assert "Select yes if you need to add a person" in page.locator("main").inner_text()
    choose(page, "Yes", look)
    add_person(page, "Sam Reed", look)
    assert walks.heading(page) == "You have added 1 person"
    choose(page, "Yes", look)
    add_person(page, "Kim Reed", look, course="Mere College")

    # Changed, removed, and added twice by going back: the list is as it says it is.
    page.get_by_role("link", name="Change What is their full name? (Sam Reed)").click()
    fill(page, "What is their full name?", "Samira Reed", look)
    choose(page, "Yes", look)
    walks.back(page)
    page.reload()
    choose(page, "Yes", look)
    add_person(page, "Max Reed", look)
    page.get_by_role("link", name="Remove (Max Reed)").click()
    choose(page, "Yes", look)
    assert walks.heading(page) == "You have added 2 people"
    choose(page, "No", look)

    say_who_and_declare(page, look)
    told = page.locator("main").inner_text()
    assert all(said in told for said in ("Samira Reed", "Kim Reed", "Mere College", "£850.50"))
    assert "Max Reed" not in told
    walks.send(page)
    look(page)
    reference = walks.reference_on(page)

    walks.sign_in(desk, "mina.castell")
    desk.get_by_role("link", name=reference).click()
    look(desk)
    case = desk.locator("main").inner_text()
    assert all(said in case for said in ("Samira Reed", "They are a full-time student: Yes", "Mere College"))
