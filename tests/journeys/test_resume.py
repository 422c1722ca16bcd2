"""Half of it now, the rest on another device: by the link in an email."""

import re
from datetime import date

import pytest

from tests.journeys import walks
from tests.journeys.keyboard import Keyboard
from vestry.documents.tests import made

pytestmark = pytest.mark.browser


def emailed_link(open_page, site):
    """The newest link, as the demo shows what was sent."""
    desk = open_page(java_script_enabled=False)
    walks.sign_in(desk, "priya.nair")
    text = walks.last_message(desk, "Your link:")
    return site.url + re.search(r"/resume/[\w-]+/", text).group()


def test_what_is_half_done_on_the_phone_is_finished_elsewhere_by_keyboard(site, phone, open_page, check_axe):
    walks.start(phone, "Make a freedom of information request")
    phone.get_by_label("What information do you want?").fill("How many bins")
    check_axe(phone)
    phone.get_by_role("button", name="Save and come back later").click()
    assert walks.heading(phone) == "Save and come back later"
    check_axe(phone)
    phone.get_by_role("button", name="Send me the link").click()
    assert phone.title().startswith("Error: ")
    check_axe(phone)
    phone.get_by_label("What is your email address?").fill("jo@example.org")
    phone.get_by_role("button", name="Send me the link").click()
    assert walks.heading(phone) == "Check your email"
    check_axe(phone)
    link = emailed_link(open_page, site)

    elsewhere = open_page(java_script_enabled=False)
    for _ in range(3):
        # A mail filter is there first.
        assert elsewhere.request.head(link).ok
        assert elsewhere.request.get(link).ok
    elsewhere.goto(link)
    check_axe(elsewhere)
    keyboard = Keyboard(elsewhere)
    keyboard.press("Continue")
    assert re.search(r"/services/freedom-of-information/[^/]+/(?!request/)[a-z-]+/$", elsewhere.url)
    elsewhere.get_by_role("link", name="Back").click()
    assert elsewhere.get_by_label("What information do you want?").input_value() == "How many bins"
    phone.get_by_role("link", name="Continue where you stopped").click()
    assert "How many bins" not in phone.locator("body").inner_text()


def save(page):
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_label("What is your email address?").fill("pat@example.org")
    page.get_by_role("button", name="Send me the link").click()
    assert walks.heading(page) == "Check your email"


def elsewhere(open_page, link):
    page = open_page(java_script_enabled=False)
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    return page


def test_a_move_is_paused_on_a_file_and_inside_a_list_and_ended_on_a_third_device(site, open_page, look):
    page = open_page(java_script_enabled=False)
    walks.start(page, "Tell us you are moving")
    page.get_by_label("Into Harrowmere").check()
    walks.carry_on(page)
    walks.fill_date(page, date(2026, 12, 1))
    walks.carry_on(page)
    page.get_by_role("link", name="Your new home").click()
    page.get_by_label("Postcode").fill("HM1 1AA")
    walks.carry_on(page)
    page.get_by_label("1 Mere Road, Harrowmere", exact=True).check()
    walks.carry_on(page)
    page.get_by_label("I own it").check()
    walks.carry_on(page)
    photo = {"name": "keys.png", "mimeType": "image/png", "buffer": made.picture("PNG")}
    page.locator("input[type=file]").set_input_files([photo])
    save(page)

    page = elsewhere(open_page, emailed_link(open_page, site))
    look(page)
    assert "You have completed 1 of 5 tasks." in page.locator("main").inner_text()
    page.get_by_role("link", name="The people who will live with you").click()
    page.get_by_label("Yes", exact=True).check()
    walks.carry_on(page)
    page.get_by_label("What is their full name?").fill("Sam Reed")
    walks.carry_on(page)
    page.get_by_label("Day", exact=True).fill("31")
    save(page)

    page = elsewhere(open_page, emailed_link(open_page, site))
    page.get_by_role("link", name="The people who will live with you").click()
    look(page)
    assert page.get_by_label("Day", exact=True).input_value() == "31", "what was half typed is there"
    walks.fill_date(page, date(2001, 3, 31))
    walks.carry_on(page)
    page.get_by_label("No", exact=True).check()
    walks.carry_on(page)
    page.get_by_label("No", exact=True).check()
    walks.carry_on(page)
    page.get_by_role("link", name="Your new home").click()
    while not page.locator("input[type=file]").count():
        walks.carry_on(page)
    assert "keys.png" in page.locator("main").inner_text()


def test_a_link_that_does_not_work_says_so_and_nothing_else(site, phone, check_axe):
    phone.goto(f"{site.url}/resume/{'a' * 43}/")
    phone.get_by_role("button", name="Continue").click()
    assert walks.heading(phone) == "This link does not work"
    check_axe(phone)
