"""The pages and the API while somebody pays, step by step."""

import json

import pytest
from django.test import Client

from tests.capabilities.permits import ANSWERS, NOON, apply
from tests.saga import till
from tests.saga.test_saga import PAID_PERMIT
from vestry.cases.models import Case
from vestry.kernel import utc_now
from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services import jobs
from vestry.services.api._submissions import PAYING_PAGE
from vestry.services.models import Journey
from vestry.services.readers import Settles
from vestry.services.tests.services_to_try import offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(council, monkeypatch):
    till.install(monkeypatch)
    offer(PAID_PERMIT, NOON)
    yield till.open_till()
    till.forget_what_is_installed()


def come_to_check(zone="harbour"):
    """The address of somebody on the check page."""
    token, where = apply(utc_now(), space={"space-zone": zone})
    assert where.kind == "check"
    return f"/services/parking-permit/{token}"


def press(client, address, **fields):
    return client.post(address, fields)


def decide(site, state):
    site.payments[-1].state = state


def test_the_button_says_the_price_and_leads_to_the_other_site(site):
    client, address = Client(), come_to_check()
    page = client.get(f"{address}/check/").text
    assert "Accept and pay £30.00" in page
    went = press(client, f"{address}/check/")
    assert went.status_code == 302
    assert went["Location"] == f"https://other.example/0?http://testserver{address}/paying/"
    assert not Case.objects.exists()


def test_who_paid_comes_back_to_the_confirmation(site):
    client, address = Client(), come_to_check()
    press(client, f"{address}/check/")
    decide(site, "paid")
    assert client.get(f"{address}/paying/")["Location"] == f"{address}/done/"
    assert "PS-" in client.get(f"{address}/done/").text
    assert Case.objects.count() == 1


def test_who_does_not_come_back_is_sent_by_the_fact_alone_and_once(site):
    client, address = Client(), come_to_check()
    press(client, f"{address}/check/")
    decide(site, "paid")
    till.learn(site, 1, utc_now())
    for _ in range(2):
        ledger.read_on(Settles(), now=utc_now())
    assert client.get(f"{address}/paying/")["Location"] == f"{address}/done/"
    assert [fact.name for fact in ledger.since(0)].count("services.submitted") == 1


def test_declined_says_so_and_can_be_tried_again(site):
    client, address = Client(), come_to_check()
    press(client, f"{address}/check/")
    decide(site, "declined")
    page = client.get(f"{address}/paying/").text
    assert "Your payment was declined" in page
    assert "Try again" in page
    assert "Nothing has been sent to the council yet" in page
    assert press(client, f"{address}/paying/")["Location"].startswith("https://other.example/1?")


def test_answers_cannot_be_changed_while_they_are_sent_unless_the_payment_is_given_up(site):
    client, address = Client(), come_to_check()
    press(client, f"{address}/check/")
    assert client.get(f"{address}/space/")["Location"] == f"{address}/paying/"
    assert press(client, f"{address}/space/", **{"space-zone": "mill"})["Location"] == f"{address}/paying/"
    assert press(client, f"{address}/paying/", change="yes")["Location"] == f"{address}/check/"
    assert client.get(f"{address}/space/").status_code == 200
    assert press(client, f"{address}/check/")["Location"].startswith("https://other.example/1?")


def test_the_other_site_is_away_and_nothing_is_lost(site):
    client, address = Client(), come_to_check()
    site.down = True
    page = press(client, f"{address}/check/")
    assert page.status_code == 422
    assert "You cannot pay at the moment" in page.text
    site.down = False
    assert press(client, f"{address}/paying/")["Location"].startswith("https://other.example/0?")


def strand(site):
    """Somebody who paid, and whose space was given to somebody else meanwhile."""
    from parking_permit.models import Space

    client, address = Client(), come_to_check("mill")
    press(client, f"{address}/check/")
    Space.objects.update(held_until=None, reference="PP-SOMEBODY")
    decide(site, "paid")
    return client, address


def test_paid_and_the_space_gone_is_said_and_another_is_chosen_without_paying_again(site):
    client, address = strand(site)
    page = client.get(f"{address}/paying/")
    assert "There is no space left in Mill Lane" in page.text
    assert "We have your payment" in page.text
    assert "You do not have to pay a second time" in page.text
    assert till.state(1) == "stranded"
    press(client, f"{address}/space/", asked="space-zone", **{"space-zone": "harbour"})
    press(client, f"{address}/narrow/", asked="narrow", narrow="yes")
    assert "Accept and send" in client.get(f"{address}/check/").text
    assert press(client, f"{address}/check/")["Location"] == f"{address}/done/"
    assert till.state(1) == "kept"


def test_stranded_and_never_back_gets_the_money_back(site):
    client, address = strand(site)
    client.get(f"{address}/paying/")
    jobs.abandon_idle(now=utc_now().replace(year=2030))
    assert till.state(1) == "refunded"


def send(key="0123456789abcdef", **answers):
    return Client().post(
        "/api/v1/services/parking-permit/submissions",
        json.dumps({"answers": ANSWERS | answers}),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def test_a_machine_is_told_where_a_person_pays_and_when_it_was_sent(site):
    first, again = send(), send()
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    said = first.json()
    assert said["state"] == "open"
    client = Client()
    page = client.get(said["page"].removeprefix("http://testserver"))
    assert "You need to pay" in page.text
    address = said["page"].removeprefix("http://testserver")
    assert press(client, address)["Location"].startswith("https://other.example/0?")
    decide(site, "paid")
    client.get(address)
    sent = client.get(said["status"], headers={"Authorization": f"Bearer {said['token']}"})
    assert sent.status_code == 200
    assert sent.json()["reference"].startswith("PS-")
    assert send().status_code == 201


def test_another_token_opens_nothing_that_is_being_sent(site):
    said = send().json()
    asked = Client().get(said["status"], headers={"Authorization": "Bearer nonsense"})
    assert asked.status_code == 404


def test_the_page_a_machine_is_told_is_the_page_there_is(site):
    said = send().json()
    row = Journey.objects.get()
    token = said["page"].split("/")[-3]
    assert said["page"] == PAYING_PAGE.format(origin=row.origin, service="parking-permit", token=token)
    assert services.at(token=token, now=utc_now()).kind == "paying"
