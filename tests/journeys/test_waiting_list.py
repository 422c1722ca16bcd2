"""A room is full: somebody waits, takes what comes free, pays; without script, and by keyboard, at 320 px."""

import re

import pytest

from tests.journeys import walks
from tests.journeys.keyboard import Keyboard
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident
from tests.journeys.test_booking_and_paying import ACCEPTED, pay
from vestry.kernel import local_day, utc_now

pytestmark = pytest.mark.browser
NARROW = {"viewport": {"width": 320, "height": 640}, "is_mobile": False}


@pytest.fixture(params=["without script", "by keyboard"])
def resident(request, open_page, look):
    if request.param == "by keyboard":
        return Resident(Keyboard(open_page(**NARROW)), look)
    return Resident(Pointer(open_page(java_script_enabled=False, **NARROW)), look)


def come_to_the_times(resident):
    resident.begin("Hire a hall")
    resident.choose("The meeting room")
    resident.hand.type("How many people will come?", "12")
    resident.type("For how many hours?", "4")
    resident.go_on()
    resident.choose("Once")


def fill_the_day(desk, day):
    """An officer books the meeting room from nine to one and on until nobody has four hours together."""
    made = []
    while True:
        desk.goto("/desk/calendars/hall-meeting/book/?minutes=240")
        asked = desk.get_by_role("radio").first.get_attribute("value")
        if asked != day:
            return made
        for _day_then_time in range(2):
            desk.get_by_role("radio").first.check()
            desk.get_by_label("For whom?").fill("A choir")
            walks.send(desk)
        desk.get_by_text("Booked.").first.wait_for()
        link = desk.locator("a[href*='/desk/bookings/']").last.get_attribute("href")
        made.append(link)


def in_words(day):
    return f"{day:%A} {day.day} {day:%B %Y}"


def said(day):
    return (day.day, day.month, day.year)


def wait_for(resident, day):
    page = resident.page
    page.get_by_role("heading", name="Join the waiting list").wait_for()
    resident.hand.type("What is your email address?", "waits@example.org")
    for name in ("What is the first day you could come?", "What is the last day you could come?"):
        group = page.get_by_role("group", name=name)
        for part, number in zip(("Day", "Month", "Year"), said(day), strict=True):
            group.get_by_label(part).fill(str(number))
    resident.press("Join the waiting list")
    page.get_by_role("heading", name="You are on the waiting list").wait_for()
    resident.look(page)


def test_what_is_full_is_waited_for_and_taken(resident, desk):
    page = resident.page
    come_to_the_times(resident)
    day = page.get_by_role("radio").first.get_attribute("value")
    walks.sign_in(desk, "nadia.rahman")
    booked = fill_the_day(desk, day)
    page.reload()
    page.get_by_text("These days are full:").wait_for()
    resident.look(page)
    resident.press("Join the waiting list")
    wanted = local_day(utc_now()).fromisoformat(day)
    wait_for(resident, wanted)

    desk.goto("/desk/calendars/hall-meeting/")
    assert "waits@example.org" in desk.locator("main").inner_text()
    desk.goto(booked[0])
    desk.get_by_role("button", name="Cancel this booking").click()
    desk.get_by_role("button", name="Yes, cancel this booking").click()
    desk.get_by_text("The booking is cancelled.").first.wait_for()
    body = walks.last_message(desk, f"A place came free: Meeting room, {in_words(wanted)}")
    address = re.search(r"https?://\S+/waiting/\S+", body).group()
    page.goto(address)
    page.get_by_role("heading", name="A place came free").wait_for()
    resident.press("Take this place")
    # What was answered is still there: the next page is asked.
    resident.say_who("What is your name?", "sam@example.org")
    assert "You need to pay £48.00" in page.locator("main").inner_text()
    resident.press("Accept and pay £48.00")
    page.get_by_role("heading", name="Enter card details").wait_for()
    pay(resident, ACCEPTED, "£48.00")
    page.wait_for_url("**/done/")
    resident.look(page)
    page.goto(address)
    page.get_by_role("heading", name="You took this place before").wait_for()
    resident.look(page)
