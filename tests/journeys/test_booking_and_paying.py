"""A day is booked and paid for on a phone: without script, and by keyboard; a time with the registrar too.

The card is declined first: what was chosen is still there, and is paid once.
"""

import re
from datetime import date, timedelta

import pytest

from tests.journeys import walks
from tests.journeys.keyboard import Keyboard
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident

pytestmark = pytest.mark.browser
WHEN = {"Which day should we come?", "When would you like to come?", "When do you want to begin?"}
DECLINED, ACCEPTED = "4000000000000002", "4242424242424242"


@pytest.fixture(params=["without script", "by keyboard"])
def resident(request, open_page, look):
    if request.param == "by keyboard":
        return Resident(Keyboard(open_page()), look)
    return Resident(Pointer(open_page(java_script_enabled=False)), look)


def first_offered(resident, until="never"):
    """Take the first day, and where there are times the first time."""
    main = resident.page.locator("main")
    while walks.heading(resident.page) in WHEN and until not in main.inner_text():
        first = resident.page.get_by_role("radio").first
        resident.choose(
            resident.page.locator(f"label[for='{first.get_attribute('id')}']").inner_text().strip()
        )


def pay(resident, card, amount="£42.00"):
    """At the provider, which the demo pretends."""
    for name, text in (
        ("Card number", card),
        ("Expiry date", "10/30"),
        ("Card security code", "123"),
        ("Name on card", "S Resident"),
    ):
        resident.hand.type(name, text)
    resident.hand.press(f"Pay {amount}")
    resident.page.wait_for_load_state()


def come_to_pay(resident):
    """All the way to the button that says the price."""
    resident.begin("Book a bulky waste collection")
    resident.live_at("HM1 1AA", "1 Mere Road, Harrowmere")
    resident.type("What is it?", "Sofa")
    resident.choose("No")
    resident.choose("1")
    resident.type("Where will you put them?", "By the front gate")
    first_offered(resident)
    resident.say_who("What is your name?", "sam@example.org")


def test_bulky_waste_is_booked_and_paid_for(resident, desk):
    page = resident.page
    come_to_pay(resident)
    assert "You need to pay £42.00" in page.locator("main").inner_text()
    resident.press("Accept and pay £42.00")
    page.get_by_role("heading", name="Enter card details").wait_for()

    pay(resident, DECLINED)
    resident.hand.press("Go back to the service")
    page.wait_for_url(re.compile("/paying/"))
    assert walks.heading(page) == "Your payment was declined"
    assert "No money was taken" in page.locator("main").inner_text()
    resident.press("Try again")
    page.get_by_role("heading", name="Enter card details").wait_for()

    pay(resident, ACCEPTED)
    page.wait_for_url("**/done/")
    resident.look(page)
    reference = walks.reference_on(page)
    day = re.search(r"Booked for\s+(.+ 7am to 3pm)", page.locator("main").inner_text()).group(1)
    walks.sign_in(desk, "priya.nair")
    assert "By the front gate" in _case(desk, reference)
    assert day in walks.last_message(desk, f"Your bulky waste collection is booked: {reference}")
    told = resident.open_status(desk, reference)
    assert "Put everything out by 7am" in told
    assert "£42.00" in told

    resident.press("See, move or cancel your booking")
    resident.press("Cancel this booking")
    resident.press("Yes, cancel it")
    walks.last_message(desk, f"Your collection is cancelled: {reference}")
    resident.press("See what happens next")
    told = page.locator("main").inner_text()
    assert "What you paid goes back to your card" in told
    assert "Put everything out" not in told


def test_a_registrar_is_booked(resident, desk):
    resident.begin("Book a registrar")
    resident.choose("An appointment to register a birth")
    first_offered(resident)
    resident.say_who("What is your name?", "sam@example.org")
    reference = resident.send()
    walks.sign_in(desk, "nadia.rahman")
    told = resident.open_status(desk, reference)
    assert "Come to the register office" in told


def test_garden_waste_is_subscribed_to(resident, desk):
    page = resident.page
    resident.begin("Subscribe to garden waste collections")
    resident.choose("Begin a subscription")
    resident.live_at("HM1 1AA", "1 Mere Road, Harrowmere")
    resident.choose("3")
    resident.say_who("What is your name?", "sam@example.org")
    assert "You need to pay £128.00" in page.locator("main").inner_text()
    resident.press("Accept and pay £128.00")
    page.get_by_role("heading", name="Enter card details").wait_for()
    pay(resident, ACCEPTED, "£128.00")
    page.wait_for_url("**/done/")
    reference = walks.reference_on(page)
    walks.sign_in(desk, "priya.nair")
    assert "£128.00" in _case(desk, reference)
    told = resident.open_status(desk, reference)
    assert "Put your brown bin out by 7am" in told


def a_week_after(day):
    return date.fromisoformat(day) + timedelta(weeks=1)


def close(desk, day):
    """An officer closes the hall on a day."""
    desk.goto("/desk/calendars/hall-main/close/")
    group = desk.get_by_role("group", name="From which day?")
    for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part).fill(str(number))
    desk.locator("main").get_by_role("button").first.click()
    desk.get_by_text("Closed. Nothing is booked then.").first.wait_for()


def test_a_hall_is_hired_every_week_but_for_what_is_taken(resident, desk):
    page = resident.page
    resident.begin("Hire a hall")
    resident.choose("The main hall")
    resident.hand.type("How many people will come?", "80")
    resident.type("For how many hours?", "3")
    resident.hand.choose("The kitchen")
    resident.choose("Tables")
    resident.type("How many tables?", "10")
    resident.choose("Every week at the same time")
    resident.type("For how many weeks?", "20")
    walks.sign_in(desk, "nadia.rahman")
    close(desk, a_week_after(page.get_by_role("radio").first.get_attribute("value")))
    first_offered(resident, until="Some of these times are taken:")
    resident.look(page)
    free = page.locator("li", has_text=": free").count()
    assert 1 < free < 20
    resident.choose(f"Book the {free} times that are free")
    resident.say_who("What is your name?", "sam@example.org")
    # Three hours and the kitchen and ten tables each time, and the deposit once.
    amount = f"£{free * (75 + 15 + 10) + 100:,}.00"
    assert f"You need to pay {amount}" in page.locator("main").inner_text()
    resident.press(f"Accept and pay {amount}")
    page.get_by_role("heading", name="Enter card details").wait_for()
    pay(resident, ACCEPTED, amount)
    page.wait_for_url("**/done/")
    reference = walks.reference_on(page)
    told = resident.open_status(desk, reference)
    assert told.count("See, move or cancel your booking") == free


def _case(desk, reference):
    desk.goto(f"/desk/cases/{reference}/")
    return desk.locator("main").inner_text()
