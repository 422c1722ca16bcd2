"""Signing in with a second step, where somebody is signed in, and a resident's own page."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.journeys import walks
from tests.journeys.keyboard import Keyboard
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident, request_information
from vestry.config.commands.demo import PASSWORD

pytestmark = pytest.mark.browser

NARROW = {"viewport": {"width": 320, "height": 640}}


def code_for(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in_by_keyboard(page, who):
    keys = Keyboard(page)
    page.goto("/desk/")
    keys.type("Email address", f"{who}@harrowmere.example")
    keys.type("Password", PASSWORD)
    keys.press("Sign in")
    return keys


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_app_that_shows_codes_is_added_and_used_by_keyboard_on_a_narrow_screen(open_page, check_axe):
    page = open_page(**NARROW)

    def look():
        check_axe(page)
        assert fits(page), page.url

    keys = sign_in_by_keyboard(page, "gareth.lowe")
    keys.press("Your sign-in")
    look()
    keys.press("Add an app that shows codes")
    look()
    secret = page.locator(".vestry-key").inner_text()
    keys.type("Code from the app", "000000")
    keys.press("Add the app")
    assert page.title().startswith("Error: ")
    look()
    secret = page.locator(".vestry-key").inner_text()
    keys.type("Code from the app", code_for(secret))
    keys.press("Add the app")
    assert walks.heading(page) == "Your recovery codes"
    look()
    keys.press("Go to the desk")
    keys.press("Sign out")

    keys = sign_in_by_keyboard(page, "gareth.lowe")
    assert walks.heading(page) == "Enter your code"
    look()
    # The code before was used a moment ago, and opens once.
    keys.type("Code from your app", code_for(secret, 1))
    keys.press("Sign in")
    assert page.url.endswith("/desk/")


def test_the_demo_shows_the_code_of_one_officer(open_page, check_axe):
    page = open_page(**NARROW, java_script_enabled=False)
    page.goto("/desk/")
    page.get_by_label("Email address").fill("helen.okafor@harrowmere.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert "code is shown: " in page.locator("main").inner_text()
    check_axe(page)
    walks.take_second_step(page)
    page.wait_for_url("**/desk/")


def virtual_passkeys(page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_opens_the_desk_without_a_password(open_page, check_axe):
    page = open_page()
    virtual_passkeys(page)
    walks.sign_in(page, "ruth.adeyemi")
    page.goto("/desk/security/passkeys/add/")
    check_axe(page)
    page.get_by_label("What do you call it?").fill("Work phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto("/desk/security/")
    assert "Work phone" in page.locator("main").inner_text()
    check_axe(page)
    page.get_by_role("button", name="Sign out", exact=True).click()

    page.goto("/desk/")
    check_axe(page)
    assert not page.get_by_text("The passkey was not used").is_visible()
    page.get_by_role("button", name="Use a passkey instead").click()
    page.get_by_text("Signed in as Ruth Adeyemi").wait_for()
    page.get_by_role("button", name="Sign out", exact=True).click()

    # As the second step after a password.
    page.goto("/desk/")
    page.get_by_label("Email address").fill("ruth.adeyemi@harrowmere.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Use a passkey instead").click()
    page.get_by_text("Signed in as Ruth Adeyemi").wait_for()


def test_somebody_ends_where_they_are_signed_in_and_support_stops_whoever_left(open_page, check_axe):
    here, elsewhere, support = open_page(), open_page(), open_page(**NARROW, java_script_enabled=False)
    walks.sign_in(here, "dean.hollis")
    walks.sign_in(elsewhere, "dean.hollis")
    here.goto("/desk/security/")
    check_axe(here)
    here.get_by_role("button", name="Sign out everywhere else").click()
    check_axe(here)
    elsewhere.goto("/desk/")
    assert walks.heading(elsewhere) == "Sign in to the desk"
    here.goto("/desk/")
    assert "Signed in as Dean Hollis" in here.locator("body").inner_text()

    walks.sign_in(support, "sam.whittle", lands_on="**/desk/tasks/")
    support.goto("/desk/people/")
    check_axe(support)
    assert fits(support)
    support.get_by_role("button", name="Sign out and stop Dean Hollis").click()
    check_axe(support)
    here.goto("/desk/")
    assert walks.heading(here) == "Sign in to the desk"
    support.get_by_role("button", name="Let in again Dean Hollis").click()
    walks.sign_in(here, "dean.hollis")


def test_a_resident_sees_everything_of_theirs_by_a_code_without_script(open_page, desk, check_axe):
    page = open_page(**NARROW, java_script_enabled=False)
    reference = request_information(Resident(Pointer(open_page())))
    walks.sign_in(desk, "priya.nair")
    page.goto("/")
    page.get_by_role("link", name="See everything you have saved or sent on one page").click()
    check_axe(page)
    page.get_by_label("What is your email address?").fill("JO@example.org")
    page.get_by_role("button", name="Send me a code").click()
    check_axe(page)
    message = walks.last_message(desk, "Your code for")
    page.get_by_label("Enter your code").fill(re.search(r"Your code is (\d{6,10})", message).group(1))
    walks.carry_on(page)
    assert walks.heading(page) == "Your services"
    check_axe(page)
    assert fits(page)
    page.get_by_role("link", name=re.compile(reference)).click()
    assert reference in page.locator("main").inner_text()
    assert "What has happened" in page.locator("main").inner_text()
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/")
    assert page.get_by_label("What is your email address?").is_visible()
