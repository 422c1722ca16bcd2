"""Nonsense, double clicks, the back button, a lost session: one submission, nothing lost."""

import pytest

from tests.journeys import walks
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident, request_information

pytestmark = pytest.mark.browser

NONSENSE = "<script>alert(1)</script> ' OR 1=1 -- \U0001f4a9 \u202e"


def to_the_email_question(page):
    walks.start(page, "Make a freedom of information request")
    page.get_by_label("What information do you want?").fill("Everything")
    walks.carry_on(page)
    page.get_by_label("By email").check()
    walks.carry_on(page)
    page.get_by_label("What is your full name?").fill("Jo Curious")
    walks.carry_on(page)


def test_nonsense_is_told_beside_the_field_and_kept(open_page, check_axe):
    page = open_page(java_script_enabled=False)
    to_the_email_question(page)
    page.get_by_label("What is your email address?").fill(NONSENSE)
    walks.carry_on(page)
    assert page.title().startswith("Error: ")
    assert page.get_by_label("What is your email address?").input_value() == NONSENSE
    check_axe(page)
    # The summary leads to the field.
    page.locator(".govuk-error-summary a").click()
    assert page.url.endswith("#email")
    assert page.locator("#email").count() == 1


def test_every_page_tells_what_is_missing(open_page, check_axe):
    page = open_page(java_script_enabled=False)
    walks.start(page, "Report a missed bin")
    missed = walks.missed_collections()[-1]
    answers = [
        lambda: page.get_by_label("Postcode").fill(missed.postcode),
        lambda: page.get_by_label(missed.address, exact=True).check(),
        lambda: page.get_by_label(missed.bin, exact=True).check(),
        lambda: walks.fill_date(page, missed.day),
        lambda: page.get_by_label("No", exact=True).check(),
    ]
    for answer in answers:
        walks.carry_on(page)
        assert page.title().startswith("Error: "), page.url
        check_axe(page)
        answer()
        walks.carry_on(page)


def test_a_double_click_sends_once(open_page):
    page = open_page(java_script_enabled=False)
    to_the_email_question(page)
    page.get_by_label("What is your email address?").fill("jo@example.org")
    walks.carry_on(page)
    check = page.url
    page.locator("main form").get_by_role("button").first.dblclick()
    page.wait_for_url("**/done/")
    reference = walks.reference_on(page)
    # Sent again from the page that was still open in another tab, and from the history.
    for _ in range(2):
        page.goto(check)
        assert walks.reference_on(page) == reference


def test_back_and_change_lose_nothing(open_page):
    page = open_page(java_script_enabled=False)
    to_the_email_question(page)
    walks.back(page)
    assert page.get_by_label("What is your full name?").input_value() == "Jo Curious"
    walks.forward(page)
    page.get_by_label("What is your email address?").fill("jo@example.org")
    walks.carry_on(page)
    page.get_by_role("link", name="Change").first.click()
    assert page.get_by_label("What information do you want?").input_value() == "Everything"
    page.get_by_label("What information do you want?").fill("Nothing much")
    walks.carry_on(page)
    assert walks.heading(page) == "Check your answers", "a change leads back, and asks nothing again"
    assert "Nothing much" in page.locator("main").inner_text()


def test_two_tabs_of_one_journey_undo_nothing_of_each_other(open_page):
    one = open_page(java_script_enabled=False)
    to_the_email_question(one)
    two = one.context.new_page()
    two.goto(one.url)
    two.get_by_role("link", name="Back").click()
    two.get_by_label("What is your full name?").fill("Jo Second")
    one.get_by_label("What is your email address?").fill("first@example.org")
    walks.carry_on(one)
    walks.carry_on(two)
    one.reload()
    for page in (one, two):
        said = page.locator("main").inner_text()
        assert walks.heading(page) == "Check your answers"
        assert all(each in said for each in ("Everything", "Jo Second", "first@example.org"))
    walks.send(one)
    reference = walks.reference_on(one)
    walks.send(two)
    assert walks.reference_on(two) == reference, "sent once"


def test_a_conditional_page_comes_and_goes_with_its_answer(phone):
    to_the_email_question(phone)
    phone.get_by_label("What is your email address?").fill("jo@example.org")
    walks.carry_on(phone)
    phone.get_by_role("link", name="Change").nth(1).click()
    phone.get_by_label("In another format, because I cannot use these").check()
    walks.carry_on(phone)
    assert walks.heading(phone) == "What format do you need?"
    phone.get_by_label("What format do you need?").fill("Large print")
    walks.carry_on(phone)
    assert "Large print" in phone.locator("main").inner_text()
    phone.get_by_role("link", name="Change").nth(1).click()
    phone.get_by_label("By email").check()
    walks.carry_on(phone)
    assert "Large print" not in phone.locator("main").inner_text()


def test_a_session_that_is_lost_loses_nothing(open_page, phone):
    to_the_email_question(phone)
    phone.context.clear_cookies()
    elsewhere = open_page(java_script_enabled=False)
    elsewhere.goto(phone.url)
    elsewhere.get_by_label("What is your email address?").fill("jo@example.org")
    walks.carry_on(elsewhere)
    assert "Jo Curious" in elsewhere.locator("main").inner_text()


def test_after_sending_the_address_shows_no_answers(phone):
    request_information(Resident(Pointer(phone)))
    journey = phone.url.removesuffix("done/")
    for page in ("", "request/", "check/"):
        phone.goto(journey + page)
        assert "bins were missed" not in phone.locator("body").inner_text()


def test_refused_with_a_reason_when_it_was_not_a_collection_day(phone, check_axe):
    missed = walks.missed_collections()[0]
    walks.start(phone, "Report a missed bin")
    phone.get_by_label("Postcode").fill(missed.postcode)
    walks.carry_on(phone)
    phone.get_by_label(missed.address, exact=True).check()
    walks.carry_on(phone)
    phone.get_by_label(missed.bin, exact=True).check()
    walks.carry_on(phone)
    walks.fill_date(phone, missed.day.replace(year=missed.day.year - 1, month=3, day=2))
    walks.carry_on(phone)
    assert phone.locator("form").count() == 0, "a stop asks nothing"
    assert phone.get_by_role("link", name="Change").count() >= 1
    check_axe(phone)
