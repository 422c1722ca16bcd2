"""A service changes while somebody is in the middle of it: they finish as it was, are told until when, or
are carried over; and the web process dies under them, with nothing lost.
"""

import os
import signal
from contextlib import suppress

import pytest
from playwright.sync_api import Error

from tests.journeys import walks
from tests.journeys.test_services_desk import write
from tools.postgres import children_of

pytestmark = pytest.mark.browser

REFERENCE = "reference: FOI"
CHOICE = "spreadsheet: {label: As a spreadsheet"


def publish(desk, *changes):
    """Change the service in a draft at the desk, and publish it."""
    desk.goto("/desk/services/freedom-of-information/")
    desk.get_by_role("button", name="Change it in a draft").click()
    draft = desk.url
    for old, new in changes:
        write(desk, old, new)
    desk.goto(draft)
    desk.get_by_role("button", name="Publish").click()
    desk.get_by_role("button", name="Publish now").click()
    assert "is published" in desk.locator(".govuk-notification-banner").inner_text()


def half_way(page):
    walks.start(page, "Make a freedom of information request")
    page.get_by_label("What information do you want?").fill("How many bins?")
    walks.carry_on(page)
    page.get_by_label("As a spreadsheet").check()
    walks.carry_on(page)
    page.get_by_label("What is your full name?").fill("Jo Curious")


def reload_until(page, text):
    """Other processes hear of a new version within seconds."""
    for _ in range(40):
        page.reload()
        if text in page.locator("main").inner_text():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{text!r} never came on {page.url}")


def test_who_is_midway_stays_then_has_until_a_day_then_is_carried_over(open_page, desk, look):
    page = open_page(java_script_enabled=False)
    half_way(page)
    walks.sign_in(desk, "helen.okafor")
    publish(desk, (REFERENCE, f"{REFERENCE}\npeople-midway: stay"), (CHOICE, f"{CHOICE} file"))
    page.reload()
    assert "has changed" not in page.locator("main").inner_text()

    publish(desk, ("people-midway: stay", "people-midway: {finish-by: 14 days}"))
    reload_until(page, "You can finish the old version until")
    look(page)

    publish(desk, ("people-midway: {finish-by: 14 days}", "people-midway: carry-over"))
    page.get_by_label("What is your full name?").fill("Jo Curious")
    walks.carry_on(page)
    if walks.heading(page) != "This service has changed":
        reload_until(page, "This service has changed")
    look(page)
    said = page.locator("main").inner_text()
    assert "You answered: As a spreadsheet" in said
    assert "We have kept your answers where we can." in said
    walks.carry_on(page)
    assert walks.heading(page) == "How would you like us to send you the information?"
    look(page)
    page.get_by_label("As a spreadsheet file").check()
    walks.carry_on(page)
    page.get_by_label("What is your email address?").fill("jo@example.org")
    walks.carry_on(page)
    look(page)
    said = page.locator("main").inner_text()
    assert all(each in said for each in ("How many bins?", "As a spreadsheet file", "Jo Curious"))
    walks.send(page)
    assert walks.reference_on(page)


def test_the_web_process_is_killed_and_nothing_is_lost(site, open_page):
    page = open_page(java_script_enabled=False)
    walks.start(page, "Make a complaint")
    page.get_by_label("Which service is your complaint about?").select_option(label="Pests")
    walks.carry_on(page)
    page.get_by_label("What happened?").fill("There were rats.")
    walks.carry_on(page)
    here = page.url
    for child in children_of(site.process.pid):
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    for _ in range(120):
        with suppress(Error):
            if page.goto(here).ok:
                break
        page.wait_for_timeout(250)
    page.get_by_role("textbox").fill("Traps.")
    walks.carry_on(page)
    walks.carry_on(page)
    page.get_by_label("What is your full name?").fill("Pat Reed")
    walks.carry_on(page)
    page.get_by_label("What is your email address?").fill("pat@example.org")
    walks.carry_on(page)
    said = page.locator("main").inner_text()
    assert all(each in said for each in ("Pests", "There were rats.", "Traps."))
    walks.send(page)
    assert walks.reference_on(page)
