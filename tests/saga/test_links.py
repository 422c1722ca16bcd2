"""Somebody else pays by a link, and whoever comes back lands where it is true."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.saga.paid import Hirer, furnish
from vestry.channels.desk.tests.pages import text
from vestry.councils import api as councils
from vestry.ledger import api as ledger
from vestry.pay import api as pay
from vestry.pay.tests.paying import CARD, DECLINED, World, plugged
from vestry.services import api as services


@pytest.fixture
def world(council):
    made = World()
    with plugged(made.provider):
        furnish(made.now)
        yield made


@pytest.fixture
def hirer(world, monkeypatch):
    from vestry.channels.public import journeys, links, paying

    for module in (journeys, links, paying):
        monkeypatch.setattr(module, "utc_now", lambda: world.now)
    return Hirer(world)


def address(hirer, page):
    return f"/services/skip/{hirer.token}/{page}/"


def let_another_pay(hirer):
    """They choose that somebody else pays; the address they are to send."""
    client = Client()
    went = client.post(address(hirer, "check"), {"other": "yes"})
    assert went["Location"] == address(hirer, "paying")
    page = client.get(went["Location"]).content.decode()
    return re.search(r"http://testserver(/pay/[^<]+)<", page)[1]


def return_url(world, number=-1):
    return world.theirs()[number]["return_url"]


def test_somebody_else_sees_what_it_is_for_and_pays_it_once(hirer, world):
    link, other = let_another_pay(hirer), Client()
    page = text(other.get(link))
    assert "Skip £30.00" in page
    assert "Sam" not in page
    assert other.post(link)["Location"].startswith("http")
    assert return_url(world) == f"http://testserver{link}back/"
    assert "We are waiting for your payment" in text(other.get(f"{link}back/"))
    world.gives(CARD)
    assert "We have your payment" in text(other.get(f"{link}back/"))
    assert "Receipt" in text(other.get(f"{link}receipt/"))
    # Whoever began it is told the same, at their own address.
    assert Client().get(address(hirer, "paying"))["Location"] == address(hirer, "done")
    assert f"{link}receipt/" in Client().get(address(hirer, "done")).content.decode()
    # Once is enough.
    for method in ("get", "post"):
        refused = getattr(other, method)(link)
        assert refused.status_code == 404
        assert "There is nothing to pay here" in text(refused)
    assert len(world.theirs()) == 1


def test_declined_is_said_and_can_be_tried_again(hirer, world):
    link, other = let_another_pay(hirer), Client()
    other.post(link)
    world.gives(DECLINED)
    page = other.get(f"{link}back/")
    assert "You have not paid" in text(page)
    assert link in page.content.decode()
    assert other.post(link).status_code == 302


def test_forged_used_given_up_and_another_councils_are_refused_alike_and_put_on_record(
    hirer, world, other_council
):
    link, other = let_another_pay(hirer), Client()
    pay.cancel(reference=hirer.charge.reference, now=world.now)
    forged = f"/pay/{hirer.charge.reference}.forged/"
    lines = hirer.charge.lines
    with councils.scope(other_council):
        theirs = pay.charge(lines=lines, key="theirs:1", title="Somebody's skip", now=world.now)
        elsewhere = f"/pay/{pay.link(reference=theirs.reference)}/"
    answers = {other.get(each).content for each in (link, forged, elsewhere)}
    assert len(answers) == 1
    assert {other.get(each).status_code for each in (link, forged, elsewhere)} == {404}
    assert other.post(elsewhere).status_code == 404
    assert other.get(f"{elsewhere}receipt/").status_code == 404
    assert not world.theirs()
    refused = [fact for fact in ledger.since(0) if fact.name == "services.address_refused"]
    assert {fact.payload["what"] for fact in refused} == {"payment"}


def test_who_pays_for_another_never_comes_to_their_answers(hirer, world):
    client = Client()
    client.post(address(hirer, "check"))
    assert urlsplit(return_url(world)).path == address(hirer, "paying")
    link = f"/pay/{pay.link(reference=hirer.charge.reference)}/"
    assert Client().post(link).status_code == 302
    assert [each["status"] for each in world.theirs()] == ["cancelled", "created"]
    assert return_url(world) == f"http://testserver{link}back/"
    world.gives(CARD)
    assert client.get(address(hirer, "paying"))["Location"] == address(hirer, "done")


def test_who_comes_back_to_an_address_closed_meanwhile_reads_how_it_stands(hirer, world):
    from vestry.channels.public.journeys import utc_now

    client = Client()
    saved = services.save(token=hirer.token, email="sam@example.org", key="1", now=utc_now())
    client.post(address(hirer, "check"))
    came = return_url(world)
    assert parse_qs(urlsplit(came).query).keys() == {"payment"}
    link = saved.address.rstrip("/").rpartition("/")[2]
    went_on = services.resume(link=link, now=utc_now())
    world.gives(CARD)
    back = client.get(came.removeprefix("http://testserver"), follow=True)
    assert back.status_code == 200
    assert "We have your payment" in text(back)
    assert went_on.token not in back.content.decode()
    closed = client.get(address(hirer, "paying"))
    assert closed.status_code == 404
    forged = client.get(f"{address(hirer, 'paying')}?payment={hirer.charge.reference}.forged")
    assert forged.status_code == 404
    where = services.look(token=went_on.token, now=utc_now())
    assert where.kind == "done"


def test_a_receipt_says_what_went_back(hirer, world):
    hirer.pays()
    link = f"/pay/{pay.link(reference=hirer.charge.reference)}/receipt/"
    payment = f"{hirer.charge.reference}-1"
    pay.put_settings(codes={}, alone=5000)
    asked = {"payment": payment, "pence": 500, "why": "other", "key": "1", "now": world.now}
    pay.refund(**asked, by=hirer.charge.about)
    assert "refunded" not in text(Client().get(link))
    pay.send_refunds(now=world.now)
    assert "£5.00 was refunded on 23 November 2026" in text(Client().get(link))
    world.simulator.faults = {"refuse-refund"}
    failed = pay.refund(**{**asked, "key": "2", "pence": 700}, by=hirer.charge.about)
    pay.send_refunds(now=world.now)
    assert "£7.00" not in text(Client().get(link))
    pay.see_to(refund=failed.reference, by=hirer.charge.about, now=world.now)
    assert "£7.00 was given back in another way on 23 November 2026" in text(Client().get(link))
    assert Client().get(link)["Cache-Control"] == "no-store"
