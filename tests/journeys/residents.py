"""A resident, and what they do in each of the four services, with whichever hands they have."""

import re
from datetime import date

from tests.journeys import walks

BORN = date(2001, 3, 31)


class Resident:
    """``hand``: a `Pointer` or a `Keyboard`. ``look`` is called with every page, once all is filled in."""

    def __init__(self, hand, look=lambda page: None):
        self.hand, self.page, self.look = hand, hand.page, look

    def begin(self, service):
        self.page.goto("/")
        self.press(service)
        self.press("Start now")

    def press(self, name):
        self.look(self.page)
        self.hand.press(name)

    def go_on(self):
        self.press("Continue")

    def choose(self, name):
        self.hand.choose(name)
        self.go_on()

    def type(self, name, text):
        self.hand.type(name, text)
        self.go_on()

    def date(self, day):
        for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            self.hand.type(part, str(number))
        self.go_on()

    def live_at(self, postcode, address):
        self.type("Postcode", postcode)
        self.choose(address)

    def live_elsewhere(self):
        self.type("Postcode", "ZZ1 1ZZ")
        self.hand.type("Address line 1", "1 Far Road")
        self.hand.type("Town or city", "Far")
        self.go_on()

    def say_who(self, name="What is your full name?", email="pat@example.org"):
        self.type(name, "Pat Reed")
        self.type("What is your email address?", email)

    def send(self):
        """Send it; the reference."""
        assert walks.heading(self.page) == "Check your answers"
        self.press("Accept and send")
        self.look(self.page)
        return walks.reference_on(self.page)

    def open_status(self, mailbox, reference):
        """See what is happening with it, by the code that was sent, which the demo shows to officers."""
        self.page.goto("/")
        self.press("Check what is happening")
        self.hand.type("reference number", reference.lower())
        self.press("Send me a code")
        said = walks.last_message(mailbox, f"Your code for {reference}")
        self.hand.type("Enter your code", re.search(r"Your code is (\d{6})", said).group(1))
        self.go_on()
        self.look(self.page)
        return self.page.locator("main").inner_text()


def report_missed_bin(resident, missed):
    resident.begin("Report a missed bin")
    resident.live_at(missed.postcode.lower().replace(" ", ""), missed.address)
    resident.choose(missed.bin)
    resident.date(missed.day)
    resident.choose("Yes")
    resident.type("Where does the crew fetch it from?", "By the side gate")
    resident.go_on()
    resident.say_who("What is your name?", "sam@example.org")
    return resident.send()


def request_information(resident):
    resident.begin("Make a freedom of information request")
    resident.type("What information do you want?", "How many bins were missed in 2025, by ward?")
    resident.choose("By email")
    resident.say_who(email="jo@example.org")
    return resident.send()


def move(resident):
    """Into the district, with one person, from a list of tasks that is begun at its end."""
    resident.begin("Tell us you are moving")
    resident.choose("Into Harrowmere")
    resident.date(date(2026, 12, 1))
    main = resident.page.locator("main").inner_text()
    assert "You have completed 0 of 5 tasks." in main
    assert "Cannot start yet" in main
    resident.press("How to contact you")
    resident.say_who()
    resident.go_on()
    resident.press("The people who will live with you")
    resident.choose("Yes")
    resident.type("What is their full name?", "Sam Reed")
    resident.date(BORN)
    resident.choose("No")
    assert walks.heading(resident.page) == "You have added 1 person"
    resident.choose("No")
    resident.press("Your new home")
    resident.live_at("HM1 1AA", "1 Mere Road, Harrowmere")
    resident.choose("I own it")
    resident.go_on()
    resident.press("The home you are leaving")
    resident.live_elsewhere()
    resident.press("Confirm that this is true")
    resident.choose("What I have told you is true")
    assert "You have completed 5 of 5 tasks." in resident.page.locator("main").inner_text()
    resident.press("Check your answers and send")
    return resident.send()


def complain(resident):
    resident.begin("Make a complaint")
    resident.hand.pick("Which service is your complaint about?", "Bins and recycling")
    resident.go_on()
    resident.type("What happened?", "My bin was missed six times.")
    resident.type("What would you like us to do", "An apology.")
    resident.go_on()
    resident.say_who()
    return resident.send()
