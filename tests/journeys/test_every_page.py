"""Every page of the matrix that can be shown, on the narrowest screen: it fits, and axe finds nothing.

Each address is opened as the first person its row lets in: residents without signing in, then the officer who
works the case, the manager, and support.
"""

import json
import urllib.request
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.access.test_matrix import ROWS, named_patterns
from tests.journeys import walks
from tests.journeys.pointer import Pointer
from tests.journeys.residents import Resident
from tests.journeys.test_booking_and_paying import ACCEPTED, come_to_pay
from tests.journeys.test_booking_and_paying import pay as at_the_provider
from vestry.kernel import local_day, utc_now

pytestmark = pytest.mark.browser

# Who stands for whom of the matrix in the example council.
WHO = {"nobody": "", "priya": "nadia.rahman", "grace": "helen.okafor", "sam": "sam.whittle"}
# Given out as a file, only reached by what one is sent, or by whoever a layer of the strategy belongs to.
NO_PAGE = {
    "desk:file",
    "desk:strategy-file",
    "public:link",
    "public:waiter",
    "account_reset_password_from_key",
}
# A form like every other, for a day on which the provider's report differs.
NO_PAGE |= {"desk:money-explain"}
NO_PAGE |= {"desk:strategy-decide", "desk:technology-file", "public:technologies-file"}
NO_PAGE |= {"public:security-txt", "public:feed", "public:done-calendar", "public:status-calendar"}
NO_PAGE |= {"desk:technology-table", "desk:technology-days", "desk:technology-evidence"}
# Looked at where a look is taken, in `test_principles`.
NO_PAGE |= {"desk:technology-seen"}
NO_PAGE |= {"desk:service-evidence"}
# Words that break nowhere by themselves, as residents do paste them.
LONG = "https://www.example.org/" + "a-street-that-goes-on-and-on/" * 4
SHOWN = {"page", "code", "not now"}


def complain(site):
    """A complaint, its texts as long as they come; its reference."""
    answers = {
        "about": "bins",
        "happened": f"Missed. {LONG}",
        "wanted": LONG.replace("/", "").replace("-", ""),
    }
    answers |= {"your-name": "Bartholomew Featherstonehaugh-Cholmondeley", "email": f"{'b' * 60}@example.org"}
    return send(site, "complaint", answers)["reference"]


def send(site, service, answers):
    asked = urllib.request.Request(
        f"{site.url}/api/v1/services/{service}/submissions",
        data=json.dumps({"answers": answers}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex},
    )
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)


def begin(page, service):
    """The words of a journey's address."""
    page.goto(f"/services/{service}/")
    page.get_by_role("button", name="Start now").click()
    return dict(zip(("slug", "token", "step"), page.url.rstrip("/").split("/")[-3:], strict=True))


def answer_first(page, reference):
    """Bring the complaint to where there are tasks, another case linked and a message long as a line."""
    page.goto(f"/desk/cases/{reference}/do/acknowledge/")
    page.get_by_role("textbox").fill(f"We understand: {LONG}")
    walks.send(page)
    page.get_by_role("link", name="Speak to whoever complained").click()
    return int(page.url.rstrip("/").split("/")[-1])


def link(page, reference, other):
    page.goto(f"/desk/cases/{reference}/link/")
    page.get_by_label("reference").fill(other)
    page.get_by_label("They have to do with each other").check()
    walks.send(page)


def assess(page):
    page.goto("/desk/technologies/of/vestry/assess/")
    page.get_by_label("Whether to renew it").check()
    walks.send(page)


def book(page):
    """A time with the registrar, for somebody; the reference of the booking."""
    page.goto("/desk/calendars/registrar-appointments/book/")
    for _day_then_time in range(2):
        page.get_by_role("radio").first.check()
        page.get_by_label("For whom?").fill(LONG)
        walks.send(page)
    return page.locator("a[href*='/desk/bookings/']").first.get_attribute("href").split("/")[-2]


def waits(resident, page):
    """Somebody who waits for a time with the registrar; what their place on the list is called."""
    journey = begin(resident, "registrar")
    resident.get_by_label("An appointment to register a birth").check()
    walks.carry_on(resident)
    resident.goto(f"/services/registrar/{journey['token']}/time/waiting/")
    resident.get_by_label("What is your email address?").fill("sam@example.org")
    # A whole week: on some of its days the registrar is there, whatever day it is today.
    days = [local_day(utc_now()) + timedelta(days=many) for many in (20, 27)]
    groups = resident.get_by_role("group", name="day you could come").all()
    for asked, day in zip(groups, days, strict=True):
        for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            asked.get_by_label(part).fill(str(number))
    resident.get_by_role("button", name="Join the waiting list").click()
    resident.get_by_role("heading", name="You are on the waiting list").wait_for()
    page.goto("/desk/calendars/registrar-appointments/")
    return page.locator("a[href*='/waiting/']").first.get_attribute("href").split("/")[-2]


def draft(page):
    page.goto("/desk/services/missed-bin/")
    page.get_by_role("button", name="Change it in a draft").click()
    return int(page.url.rstrip("/").split("/")[-1])


def evidence(page):
    """The number of a piece of evidence that came with the register."""
    page.goto("/desk/technologies/of/vestry/evidence/")
    page.locator("main .govuk-list a").first.click()
    return int(page.url.rstrip("/").split("/")[-1])


def pay(open_page):
    """Somebody pays for a collection, and finance wants all of it to go back: a manager decides."""
    resident = Resident(Pointer(open_page(java_script_enabled=False)), lambda page: None)
    come_to_pay(resident)
    resident.press("Accept and pay £42.00")
    resident.page.get_by_role("heading", name="Enter card details").wait_for()
    at_the_provider(resident, ACCEPTED)
    resident.page.wait_for_url("**/done/")
    case = walks.reference_on(resident.page)
    receipt = resident.page.get_by_role("link", name="See the receipt").get_attribute("href")
    paid = receipt.split("/")[-3]
    page = open_page()
    walks.sign_in(page, "helen.okafor", "**/desk/**")
    page.goto(f"/desk/cases/{case}/")
    page.get_by_role("link", name="See it, or refund it").click()
    charge = page.url.rstrip("/").split("/")[-1]
    page = open_page()
    walks.sign_in(page, "anita.shah", "**/desk/**")
    page.goto(f"/desk/charges/{charge}/refund/{charge}-1/")
    page.get_by_label("It was cancelled").check()
    walks.send(page)
    refund = page.get_by_role("heading", name="Refund RF-").inner_text().split()[-1]
    day = local_day(utc_now()).isoformat()
    return {"charge": charge, "payment": f"{charge}-1", "refund": refund, "day": day, "paid": paid}


def ask_to_pay(site, page):
    """Somebody whose garden waste another is to pay for; what the link ends with."""
    answers = {"kind": "new", "home": {"uprn": "999900000101"}, "bins": "one", "your-name": "Sam Resident"}
    said = send(site, "garden-waste", answers | {"email": "sam@example.org"})
    page.goto(said["page"])
    return page.locator(".vestry-key").inner_text().rstrip("/").split("/")[-1]


def first_of(name, answers):
    """As whom an address is looked at: the first whom its row lets in, of money the manager of every team."""
    if name.startswith(("desk:charge", "desk:refund")):
        return "grace"
    return next((who for who in WHO if answers[who] in SHOWN), None)


def pages_of(person):
    """The addresses that are looked at as this person, each once."""
    for method, name, answers in ROWS:
        first = first_of(name, answers)
        is_page = name.partition(":")[0] != "rest" or name == "rest:about"
        if method == "GET" and first == person and is_page and name not in NO_PAGE:
            yield name


def look(page, check_axe, path):
    """What is wrong with a page: nothing, or one line."""
    answer = page.goto(path)
    if answer.status not in {200, 409}:
        return f"{path} answered {answer.status}"
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        return f"{path} is wider than the screen"
    if page.locator("h1").count() != 1:
        return f"{path} has {page.locator('h1').count()} headings, not one"
    try:
        check_axe(page)
    except AssertionError as found:
        return str(found)
    return ""


def test_every_page_fits_and_axe_finds_nothing(site, open_page, check_axe):
    from django.urls import get_resolver

    made_with = dict(named_patterns(get_resolver().url_patterns))
    reference, other = complain(site), complain(site)
    words = {"reference": reference, "other": other, "action": "uphold-1", "service": "complaint"}
    words |= {"statement": "bins-on-the-day", "parent": "clean-streets", "how": "serves"}
    words |= {"kind": "service", "thing": "missed-bin"}
    words |= pay(open_page)
    words |= {"supplier": "quillmark", "technology": "vestry", "principle": "cloud-native"}
    words |= {"calendar": "registrar-appointments"}
    wrong, unknown = [], set()
    for person, who in WHO.items():
        page = open_page(viewport={"width": 320, "height": 640}, is_mobile=False)
        if who:
            walks.sign_in(page, who, "**/desk/**")
        else:
            words |= begin(page, "complaint") | {"to_pay": ask_to_pay(site, open_page())}
        if person == "priya":
            words["task"] = answer_first(page, reference)
            link(page, reference, other)
            assess(page)
            words["booking"] = book(page)
            words["number"] = evidence(page)
            words["waiter"] = waits(open_page(), page)
        if person == "grace":
            words["draft"] = draft(page)
        for name in pages_of(person):
            known = words | ({"token": words.get("draft")} if name.startswith("preview:") else {})
            missing = [word for word in made_with[name] if word not in known]
            if missing:
                unknown.add((name, *missing))
                continue
            path = reverse(name, kwargs={word: known[word] for word in made_with[name]})
            wrong += filter(None, [look(page, check_axe, path)])
    assert wrong == []
    assert unknown == set(), "say above what their addresses are made with"
