"""Everything of one resident on one page."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from vestry.channels.public import account
from vestry.channels.public.tests.test_status import TABLE, words
from vestry.kernel import utc_now
from vestry.notify import api as notify
from vestry.notify.tests.posted import fakes, plugged
from vestry.people.tests.officers import put_everybody
from vestry.people.tests.officers import sign_in as officer_signs_in
from vestry.services import api as services
from vestry.services.tests.services_to_try import ANSWERS, ORIGIN, TUESDAY_NOON, furnish, offer

SAM = "sam@example.com"


@pytest.fixture(autouse=True)
def mailbox(council, other_council):
    put_everybody(other_council)
    furnish()
    offer(TABLE)
    with plugged(fakes.FakeEmail()) as mailbox:
        yield mailbox


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = utc_now()

    monkeypatch.setattr(account, "utc_now", lambda: Clock.now)
    return Clock


def submit(service="missed-bin", **answers):
    said = {"answers": {**(ANSWERS if service == "missed-bin" else {}), **answers}, "service": service}
    key = f"key-{uuid.uuid4().hex}"
    return services.submit_answers(**said, key=key, client="tests", origin=ORIGIN, now=TUESDAY_NOON).reference


def save(email=SAM):
    token = services.start(service="missed-bin", origin=ORIGIN, now=utc_now()).token
    services.save(token=token, email=email, key="form", now=utc_now())
    return token


def ask(client, email=SAM):
    return client.post("/account/", {"email": email}, follow=True)


def the_code(mailbox):
    notify.deliver_due(now=utc_now() + timedelta(seconds=1))
    found = [re.search(r"Your code is ([0-9]{6})", email.body) for email in mailbox.taken]
    return [code[1] for code in found if code][-1]


def enter(client, mailbox, email=SAM):
    ask(client, email)
    return client.post("/account/code/", {"code": the_code(mailbox)}, follow=True)


def test_one_page_lists_everything_and_leads_to_each(client, mailbox):
    first, second = submit(), submit("tell-us", email="SAM@Example.com ".strip())
    save()
    other = submit("tell-us", email="ann@example.com")
    save("ann@example.com")
    page = enter(client, mailbox)
    assert page.redirect_chain[-1][0] == "/account/"
    said = words(page)
    assert first in said
    assert second in said
    assert other not in said
    assert said.count("Continue") == 1
    assert "We will go and see." in said
    assert client.get(f"/status/{first}/").status_code == 200
    assert "What has happened" in words(client.get(f"/status/{first}/")), "no further code is asked for"


def test_going_on_with_what_was_saved_closes_the_address_before(client, mailbox):
    token = save()
    page = enter(client, mailbox)
    (address,) = re.findall(r'action="(/account/journeys/[0-9]+/)"', page.content.decode())
    opened = client.post(address)
    assert opened.status_code == 302
    assert client.get(opened.headers["Location"], follow=True).status_code == 200
    assert client.get(f"/services/missed-bin/{token}/").status_code == 404


@pytest.mark.parametrize("journey", ["0", "999999", "x", "-1", "1" * 30, "%00"])
def test_another_s_journey_and_none_are_the_same(client, mailbox, journey):
    save()
    enter(client, mailbox)
    assert client.post(f"/account/journeys/{journey}/").status_code == 404


def test_nobody_goes_on_with_another_mailbox_s_journey(client, mailbox):
    save()
    page = enter(client, mailbox)
    (address,) = re.findall(r'action="(/account/journeys/[0-9]+/)"', page.content.decode())
    submit("tell-us", email="ann@example.com")
    ann = Client()
    enter(ann, mailbox, "ann@example.com")
    assert ann.post(address).status_code == 404
    assert Client().post(address).headers["Location"] == "/account/"


def test_known_or_not_the_answer_is_the_same_and_nothing_is_sent_to_strangers(client):
    submit()
    before = len(notify.sent())
    known = words(ask(client))
    unknown = words(ask(Client(), "who@example.com"))
    assert known.replace(SAM, "X") == unknown.replace("who@example.com", "X")
    assert len(notify.sent()) == before + 1


def test_a_code_is_for_the_browser_that_asked_and_opens_once(client, mailbox):
    submit()
    ask(client)
    code = the_code(mailbox)
    stranger = Client()
    ask(stranger)
    assert stranger.post("/account/code/", {"code": code}).status_code == 422
    assert client.post("/account/code/", {"code": code}).status_code == 302
    assert client.post("/account/code/", {"code": code}).headers["Location"] == "/account/"


def test_what_is_of_one_council_is_not_listed_at_another(client, mailbox):
    reference = submit()
    enter(client, mailbox)
    assert reference in words(client.get("/account/"))
    response = client.get("/account/", headers={"host": "saltmarsh.localhost"})
    assert reference not in words(response)


def test_it_closes_by_itself_and_by_hand(client, mailbox, clock):
    reference = submit()
    enter(client, mailbox)
    clock.now += timedelta(minutes=31)
    assert reference not in words(client.get("/account/"))
    clock.now -= timedelta(minutes=31)
    assert reference in words(client.get("/account/"))
    client.post("/account/sign-out/")
    assert reference not in words(client.get("/account/"))


def test_a_resident_is_never_an_officer_and_an_officer_never_a_resident(client, mailbox):
    reference = submit()
    officer_signs_in(client, "priya")
    assert client.get("/desk/").status_code == 200
    enter(client, mailbox)
    assert client.get("/desk/").status_code == 302
    assert reference in words(client.get("/account/"))
    officer_signs_in(client, "priya")
    assert reference not in words(client.get("/account/"))


@pytest.mark.parametrize("email", ["", "sam", "\x00", "x" * 400 + "@example.com"])
def test_nonsense_is_asked_for_again(client, email):
    assert client.post("/account/", {"email": email}).status_code == 422


def test_wrong_codes_and_no_code(client):
    submit()
    ask(client)
    assert client.post("/account/code/", {"code": ""}).status_code == 422
    for _ in range(6):
        assert client.post("/account/code/", {"code": "x"}).status_code == 422
    assert Client().get("/account/code/").headers["Location"] == "/account/"
