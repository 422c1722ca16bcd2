"""A resident's way from the catalogue to the confirmation, page by page, without script or cookies."""

import re
from datetime import timedelta

import pytest

from vestry.channels.public import journeys
from vestry.channels.public.tests.visitor import Visitor
from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.tests.services_to_try import TUESDAY_NOON

TOKEN = re.compile(r"/services/missed-bin/([\w-]{43,})/")


def facts(name):
    return [fact.name for fact in ledger.since(0)].count(name)


def begin(visitor):
    return visitor.open("/").follow("Report a missed bin").press()


def answer_all(visitor):
    begin(visitor).press(bin="refuse")
    visitor.press(home__postcode="hm12ab").press(home__uprn="100000000002")
    visitor.press(day__day="23", day__month="11", day__year="2026")
    return visitor.press(tell__me="yes").press(email="sam@example.com", your__name="Sam")


def test_from_the_catalogue_to_the_confirmation(visitor):
    visitor.open("/")
    assert visitor.page.title == "Services – Harrowmere District Council"
    visitor.follow("Report a missed bin")
    assert "You need to know which day it was." in visitor.page.text
    visitor.press()
    assert visitor.page.title.startswith("Which bin did we miss? – Report a missed bin")
    visitor.press(bin="refuse").press(home__postcode=" hm1 2ab")
    assert "4 High Street, Harrow Mere" in visitor.page.text
    visitor.press(home__uprn="100000000002")
    visitor.press(day__day="23", day__month="11", day__year="2026")
    assert "email" not in visitor.page.forms[0].names
    visitor.press(tell__me="yes")
    visitor.press(email="sam@example.com", your__name="Sam")
    assert "Check your answers" in visitor.page.title
    assert "2 High Street, Harrow Mere, HM1 2AB" in visitor.page.text
    assert visitor.page.forms[0].buttons == ["true"]
    visitor.press()
    assert visitor.status == 200
    reference = re.search(r"MB-[0-9A-Z]{4}-[0-9A-Z]{4}", visitor.page.text).group()
    assert "The crew will come back. We expect to finish this by 26 November 2026." in visitor.page.text
    assert "We are sending you an email" in visitor.page.text
    assert (f"/status/{reference}/", "See what is happening with this") in map(tuple, visitor.page.links)
    assert ledger.since(0)[-1].subject.key == reference


def test_who_gave_no_email_address_is_asked_to_write_the_reference_down(visitor):
    answer_all(visitor).follow("Change Should we tell you when it is done?")
    visitor.press(tell__me="no").press()
    assert "Write down the reference number" in visitor.page.text
    assert "email" not in visitor.page.text
    assert "See what is happening with this" not in visitor.page.text


def test_each_answer_can_be_changed_and_leads_back_to_the_check_page(visitor):
    answer_all(visitor)
    visitor.follow("Change Which bin did we miss?")
    assert dict(visitor.page.forms[0].fields)["bin"] == "refuse"
    visitor.press(bin="garden")
    assert visitor.page.title.startswith("What is your permit number?")
    visitor.press(permit="G-1")
    assert "Check your answers" in visitor.page.title
    visitor.follow("Change What is your address?")
    fields = dict(visitor.page.forms[0].fields)
    assert (fields["home-postcode"], fields["home-uprn"]) == ("HM1 2AB", "100000000002")
    visitor.press()
    assert "Check your answers" in visitor.page.title


def test_the_back_links_lead_all_the_way_back(visitor):
    answer_all(visitor)
    titles = []
    for _ in range(5):
        titles.append(visitor.page.title.partition(" – ")[0])
        visitor.follow("Back")
    assert titles == [
        "Check your answers",
        "How can we reach you?",
        "Which day did we miss it?",
        "What is your address?",
        "Which bin did we miss?",
    ]
    assert visitor.here == "/services/missed-bin/"


def test_another_postcode_shows_other_addresses_and_a_wrong_one_says_so(visitor):
    begin(visitor).press(bin="refuse")
    visitor.press(home__postcode="HM1 2AB").press(home__postcode="nowhere")
    assert visitor.status == 422
    assert "Enter a full UK postcode, like HM1 2AB" in visitor.page.text
    assert dict(visitor.page.forms[0].fields)["home-postcode"] == "nowhere"
    visitor.press(home__postcode="HM1 2AB")
    assert visitor.status == 200
    visitor.press()
    assert "Select an address" in visitor.page.text
    assert visitor.status == 422


def test_what_is_wrong_is_said_above_and_beside_and_what_was_typed_stays(visitor):
    begin(visitor).press(bin="refuse").press(home__postcode="HM1 2AB").press(home__uprn="100000000002")
    visitor.press(day__day="31", day__month="11", day__year="2026")
    assert visitor.status == 422
    assert visitor.page.title.startswith("Error: ")
    fields = dict(visitor.page.forms[0].fields)
    assert (fields["day-day"], fields["day-month"], fields["day-year"]) == ("31", "11", "2026")
    leads = [href.removeprefix("#") for href, _ in visitor.page.links if href.startswith("#day")]
    assert leads
    assert set(leads) <= visitor.page.ids
    visitor.press(day__day="23")
    visitor.press(tell__me="yes").press(email="sam at home", your__name="Sam <b>")
    fields = dict(visitor.page.forms[0].fields)
    assert (fields["tell-me"], fields["email"], fields["your-name"]) == ("yes", "sam at home", "Sam <b>")


def test_nothing_answered_gets_a_sentence_on_every_page(visitor):
    begin(visitor)
    for typed in (
        {"bin": "refuse"},
        {"home__postcode": "HM1 2AB"},
        {"home__uprn": "100000000002"},
        {"day__day": "23", "day__month": "11", "day__year": "2026"},
        {"tell__me": "yes"},
        {"email": "sam@example.com"},
    ):
        visitor.press()
        assert visitor.status == 422
        assert "There is a problem" in visitor.page.text
        leads = [
            href[1:] for href, _ in visitor.page.links if href.startswith("#") and href != "#main-content"
        ]
        assert leads
        assert set(leads) <= visitor.page.ids
        visitor.press(**typed)
        assert visitor.status == 200
    assert "Check your answers" in visitor.page.title


def test_a_stop_gives_the_reason_and_a_way_on(visitor):
    begin(visitor).press(bin="refuse").press(home__postcode="HM1 2AB").press(home__uprn="100000000002")
    visitor.press(day__day="16", day__month="11", day__year="2026")
    assert visitor.status == 200
    assert "no collection of this kind at 2 High Street, Harrow Mere on Monday 16" in visitor.page.text
    assert visitor.page.forms == []
    visitor.follow("Change Which day did we miss it?")
    visitor.press(day__day="23")
    assert visitor.page.title.startswith("How can we reach you?")


def test_of_two_neighbours_the_second_is_told_at_the_end(visitor):
    second = Visitor()
    answer_all(visitor)
    answer_all(second)
    visitor.press()
    second.press()
    assert "This has already been reported" in second.page.text
    assert facts("services.submitted") == 1


def test_clicking_twice_going_back_and_sending_again_is_one_submission(visitor):
    answer_all(visitor)
    check = visitor.here
    visitor.press()
    confirmation = visitor.page.text
    for _ in range(2):
        visitor.here = check
        visitor._arrive(visitor.client.post(check))
        assert visitor.page.text == confirmation
    for address in (check, check.replace("/check/", "/bin/"), check.replace("/check/", "/")):
        assert visitor.open(address).page.text == confirmation
    assert facts("services.submitted") == 1


def test_on_another_device_the_address_goes_on_where_it_was_left(visitor):
    answer_all(visitor)
    token = TOKEN.search(visitor.here).group(1)
    elsewhere = Visitor().open(f"/services/missed-bin/{token}/")
    assert elsewhere.page.text == visitor.page.text


def test_answers_are_deleted_when_asked(visitor):
    begin(visitor).press(bin="refuse")
    left = visitor.here
    visitor.follow("Delete your answers")
    visitor.press()
    assert visitor.here == "/?deleted=yes"
    assert "We have deleted your answers." in visitor.page.text
    assert visitor.open(left).status == 404
    assert "you need to start again" in visitor.page.text


def test_a_page_not_come_to_leads_to_the_one_where_one_is(visitor):
    begin(visitor)
    base = visitor.here.removesuffix("bin/")
    for step in ("", "home/", "day/", "missed/", "check/", "done/", "nonsense/"):
        assert visitor.open(base + step).here == f"{base}bin/"
    visitor._arrive(visitor.client.post(f"{base}check/"))
    assert visitor.here == f"{base}bin/"


@pytest.mark.parametrize("wrong", ["slug", "token", "host", "time"])
def test_a_wrong_address_gets_the_same_page_as_one_that_never_was(visitor, other_council, wrong, monkeypatch):
    begin(visitor).press(bin="refuse")
    token, host = TOKEN.search(visitor.here).group(1), "testserver"
    address = visitor.here
    if wrong == "slug":
        address = address.replace("missed-bin", "ask-us")
    if wrong == "token":
        address = address.replace(token, "A" * 43)
    if wrong == "host":
        host = "saltmarsh.localhost"
    if wrong == "time":
        monkeypatch.setattr(journeys, "utc_now", lambda: TUESDAY_NOON + timedelta(days=1))
    stranger = Visitor(host)
    never = stranger.open("/services/missed-bin/" + "B" * 43 + "/bin/")
    expected = (never.status, never.response.content)
    for method in (stranger.client.get, stranger.client.head, stranger.client.post):
        stranger.here = address
        assert stranger._arrive(method(address)).status == 404
    assert (stranger.open(address).status, stranger.response.content) == expected


def test_journey_pages_are_kept_by_nobody(visitor):
    def look():
        headers = visitor.response.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in headers["X-Robots-Tag"]
        assert "noindex" in visitor.response.content.decode().partition("<body")[0]

    begin(visitor)
    look()
    visitor.press()
    look()
    answer_all(visitor)
    look()
    visitor.press()
    look()


def test_reading_and_looking_ahead_change_nothing(visitor):
    for method in (visitor.client.get, visitor.client.head):
        method("/")
        method("/services/missed-bin/")
    assert ledger.since(0) == []
    answer_all(visitor)
    token = TOKEN.search(visitor.here).group(1)

    def standing():
        return services.at(token=token, now=TUESDAY_NOON), len(ledger.since(0))

    before = standing()
    base = visitor.here.removesuffix("check/")
    for step in ("", "bin/", "home/", "day/", "reach/", "check/", "done/", "leave/"):
        assert visitor.client.get(base + step).status_code in {200, 302}
        assert visitor.client.head(base + step).status_code in {200, 302}
        assert visitor.client.put(base + step).status_code == 405
        assert visitor.client.delete(base + step).status_code == 405
    assert standing() == before
