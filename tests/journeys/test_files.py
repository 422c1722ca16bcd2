"""A photo goes along with a move, and later with an answer on the status page; on a phone, without script."""

import re
from datetime import date

import pytest

from tests.journeys import walks
from tests.journeys.keyboard import Keyboard
from vestry.documents.tests import made

pytestmark = pytest.mark.browser

MOVE_DAY = date(2026, 12, 1)
NAMES = ".vestry-files__name"


def choose(page, label):
    page.get_by_label(label, exact=True).check()
    walks.carry_on(page)


def fill(page, label, text):
    page.get_by_label(label).fill(text)
    walks.carry_on(page)


def to_the_evidence(page):
    walks.start(page, "Tell us you are moving")
    choose(page, "From one home in Harrowmere to another")
    walks.fill_date(page, MOVE_DAY)
    walks.carry_on(page)
    page.get_by_role("link", name="Your new home").click()
    fill(page, "Postcode", "hm1 1aa")
    choose(page, "2 Mere Road, Harrowmere")
    choose(page, "I rent it")
    fill(page, "What is the name of your landlord or letting agent?", "Mere Lettings")
    fill(page, "How much rent will you pay a month?", "£850.50")


def photo(name, content=None):
    return {"name": name, "mimeType": "image/jpeg", "buffer": content or made.picture()}


def upload(page, name, *files):
    page.locator("input[type=file]").set_input_files(list(files))
    page.get_by_role("button", name=name).click()


def names(page):
    return [name.strip() for name in page.locator(NAMES).all_inner_texts()]


def saved(page, name):
    """The bytes of a file of a case, as an officer saves it."""
    with page.expect_download() as saving:
        page.get_by_role("link", name=name).click()
    return saving.value.path().read_bytes()


def the_rest(page):
    page.get_by_role("link", name="The home you are leaving").click()
    walks.carry_on(page)
    fill(page, "Postcode", "hm1 1aa")
    choose(page, "1 Mere Road, Harrowmere")
    choose(page, "I rent it")
    page.get_by_role("link", name="The people who will live with you").click()
    choose(page, "No")
    page.get_by_role("link", name="How to contact you").click()
    fill(page, "What is your full name?", "Pat Reed")
    fill(page, "What is your email address?", "pat.reed@example.org")
    walks.carry_on(page)
    page.get_by_role("link", name="Confirm that this is true").click()
    page.get_by_label("What I have told you is true").check()
    walks.carry_on(page)
    page.get_by_role("link", name="Check your answers and send").click()


def open_status(page, officer, reference):
    page.goto("/status/")
    page.get_by_label("What is your reference number?").fill(reference)
    page.get_by_role("button", name="Send me a code").click()
    text = walks.last_message(officer, f"Your code for {reference}")
    page.get_by_label("Enter your code").fill(re.search(r"Your code is (\d{6})", text).group(1))
    page.get_by_role("button", name="Continue").click()


def test_a_photo_with_a_move_and_another_with_an_answer(site, open_page, desk, look):
    page, taken = open_page(java_script_enabled=False), made.picture("PNG")
    to_the_evidence(page)
    look(page)
    upload(page, "Continue", photo("keys.jpg", made.PAGE))
    look(page)
    assert "“keys.jpg” is not what its name says" in page.locator(".govuk-error-summary").inner_text()
    page.locator(".govuk-error-summary a").click()
    assert page.evaluate("document.activeElement.type") == "file"
    upload(page, "Upload and add another", photo("keys.png", taken))
    look(page)
    assert names(page) == ["keys.png"]

    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_label("What is your email address?").fill("pat.reed@example.org")
    page.get_by_role("button", name="Send me the link").click()
    walks.sign_in(desk, "mina.castell")
    link = re.search(r"/resume/[\w-]+/", walks.last_message(desk, "Your link:")).group()
    page = open_page(java_script_enabled=False)
    page.goto(site.url + link)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Your new home").click()
    while not page.locator("input[type=file]").count():
        walks.carry_on(page)
    assert names(page) == ["keys.png"]
    walks.carry_on(page)
    the_rest(page)
    look(page)
    told = page.locator("main").inner_text()
    assert all(said in told for said in ("keys.png", "£850.50", "Mere Lettings"))
    walks.send(page)
    reference = walks.reference_on(page)

    desk.goto(f"/desk/cases/{reference}/")
    look(desk)
    assert saved(desk, "keys.png") == taken, "not a byte of it was changed"

    open_status(page, desk, reference)
    look(page)
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": made.pdf()}
    page.locator("textarea").fill("Here is the letter as well.")
    upload(page, "Send", letter, photo("bad.jpg", made.PAGE))
    look(page)
    assert "“bad.jpg” is not what its name says" in page.locator(".govuk-error-summary").inner_text()
    assert page.locator("textarea").input_value() == "Here is the letter as well."
    assert names(page) == ["letter.pdf"]
    keys = Keyboard(page)
    keys.press("Send")
    look(page)
    assert "We have received your message." in page.locator("main").inner_text()

    desk.goto(f"/desk/cases/{reference}/")
    look(desk)
    assert "Here is the letter as well." in desk.locator("main").inner_text()
    assert saved(desk, "letter.pdf") == letter["buffer"]


def test_files_are_added_and_removed_by_keyboard(open_page, look):
    page = open_page(java_script_enabled=False)
    to_the_evidence(page)
    keys = Keyboard(page)
    for name in ("one.jpg", "two.jpg"):
        # Choosing happens in the browser's own dialogue.
        page.locator("input[type=file]").set_input_files([photo(name)])
        keys.press("Upload and add another")
    look(page)
    assert names(page) == ["one.jpg", "two.jpg"]
    keys.press("one.jpg")
    assert names(page) == ["two.jpg"]
    keys.press("Continue")
    assert walks.heading(page) == "Tell us you are moving"
