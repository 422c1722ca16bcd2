"""Officers see money, give it back, and tie the days; nobody decides on their own refund."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from tests.saga.paid import Hirer, furnish
from vestry.cases.step import Cases
from vestry.channels.desk.money import charges, days
from vestry.channels.desk.tests.pages import errors, key, text
from vestry.design.capability import Stop, Stopped
from vestry.ledger import api as ledger
from vestry.notify.models import Message
from vestry.pay import api as pay
from vestry.pay.tests.paying import DAY, NOON, World, plugged
from vestry.people import api as people
from vestry.people.tests.officers import PLACEMENTS, put_everybody, put_officers, sign_in
from vestry.services import api as services
from vestry.services.readers import CallsForWork

FINANCE = people.Placement(
    slug="anita", name="Anita Shah", email="anita@harrowmere.example", council=("finance",)
)


@pytest.fixture
def world(council, monkeypatch):
    cache.clear()  # allauth counts tries in it
    put_everybody()
    made = World()
    for module in (charges, days):
        monkeypatch.setattr(module, "utc_now", lambda: made.now)
    put_officers([*PLACEMENTS, FINANCE])
    pay.put_settings(codes={}, alone=2000)
    with plugged(made.provider):
        furnish(made.now)
        yield made


@pytest.fixture
def signed_in(world):
    return lambda slug: sign_in(Client(), slug)


@pytest.fixture
def hirer(world):
    return Hirer(world).pays()


def at(hirer, more=""):
    return f"/desk/charges/{hirer.charge.reference}/{more}"


def ask(client, hirer, **fields):
    address = at(hirer, f"refund/{hirer.charge.reference}-1/")
    fields["form-key"] = key(client.get(address))
    return client.post(address, {"why": "not-delivered", **fields})


def refund_of(hirer):
    return hirer.charge.payments[0].refunds[-1]


def test_what_was_paid_is_on_the_case_and_has_a_page_of_its_own(signed_in, hirer):
    priya = signed_in("priya")
    assert "Payment" in text(priya.get(f"/desk/cases/{hirer.case}/"))
    page = text(priya.get(at(hirer)))
    assert "Skip £30.00 (code 4010)" in page
    assert "Can be refunded £30.00" in page


def test_another_teams_money_is_not_there(signed_in, hirer):
    for address in (at(hirer), at(hirer, f"refund/{hirer.charge.reference}-1/")):
        assert signed_in("maya").get(address).status_code == 404
        assert signed_in("tom").get(address).status_code == 404
    assert "Skip" not in text(signed_in("maya").get("/desk/money/"))


def test_a_part_within_the_limit_goes_back_at_once(signed_in, hirer, world):
    priya = signed_in("priya")
    assert ask(priya, hirer, amount="12.50").status_code == 302
    pay.send_refunds(now=world.now)
    page = text(priya.get(at(hirer)))
    assert "Paid back" in page
    assert "We did not do it" in page
    assert "Can be refunded £17.50" in page


def test_too_much_or_no_reason_is_told_beside_the_field_and_nothing_is_lost(signed_in, hirer):
    priya = signed_in("priya")
    page = ask(priya, hirer, amount="30.01", note="Crew was ill")
    assert page.status_code == 422
    assert errors(page) == [("amount", "You can refund at most £30.00 of this payment.")]
    assert "Crew was ill" in page.content.decode()
    assert ask(priya, hirer, amount="1", why="").status_code == 422
    assert not hirer.charge.payments[0].refunds


@pytest.mark.parametrize("forged", ["", "\0forged"])
def test_the_same_form_twice_is_one_refund(signed_in, hirer, forged):
    priya = signed_in("priya")
    address = at(hirer, f"refund/{hirer.charge.reference}-1/")
    form = {"amount": "5", "why": "other", "form-key": forged or key(priya.get(address))}
    for _time in range(2):
        assert priya.post(address, form).status_code == 302
    assert len(hirer.charge.payments[0].refunds) == 1


def test_above_the_limit_somebody_else_has_to_agree(signed_in, hirer, world):
    grace, anita = signed_in("grace"), signed_in("anita")
    ask(grace, hirer, amount="30")
    refund = refund_of(hirer)
    assert refund.state == "wanted"
    address = f"/desk/refunds/{refund.reference}/"
    own = grace.post(address, {"decision": "yes"})
    assert own.status_code == 409
    assert "somebody else must decide" in text(own)
    assert "You asked for it, so somebody else decides" in text(grace.get("/desk/money/"))
    assert signed_in("priya").post(address, {"decision": "yes"}).status_code == 404
    assert refund_of(hirer).state == "wanted"
    assert "A manager, or whoever looks after money" in text(signed_in("priya").get("/desk/money/"))
    assert "Decide on it" in text(anita.get("/desk/money/"))
    assert anita.post(address, {}).status_code == 422
    assert anita.post(address, {"decision": "yes"}).status_code == 302
    assert refund_of(hirer).state == "to-send"
    assert "Somebody has decided on it" in text(anita.get(address))


def test_what_does_not_go_through_is_work_until_it_is_seen_to(signed_in, hirer, world):
    priya = signed_in("priya")
    ask(priya, hirer, amount="5")
    world.simulator.faults = {"refuse-refund"}
    pay.send_refunds(now=world.now)
    ledger.read_on(CallsForWork(), now=world.now)
    assert "Send the refund" in text(priya.get(f"/desk/cases/{hirer.case}/"))
    assert "Did not go through" in text(priya.get(at(hirer)))
    assert priya.post(f"/desk/refunds/{refund_of(hirer).reference}/seen-to/").status_code == 302
    assert not pay.work().failed


def test_money_that_came_to_nothing_is_work_of_the_services_team_with_its_next_step(
    signed_in, world, monkeypatch
):
    hirer = Hirer(world).sends()
    world.gives("4242424242424242")
    world.wait(timedelta(minutes=1))
    with monkeypatch.context() as patch:
        patch.setattr(Cases, "confirm", gone)
        services.look(token=hirer.token, now=world.now)
    ledger.read_on(CallsForWork(), now=world.now)
    priya = signed_in("priya")
    tasks = priya.get("/desk/tasks/?whose=team")
    assert "nothing came of it" in text(tasks)
    address = re.search(r'href="(/desk/tasks/[0-9]+/)"', tasks.content.decode())[1]
    assert at(hirer) in priya.get(address).content.decode()
    assert "Offer them something else, or refund it" in text(priya.get(at(hirer)))
    page = priya.get(at(hirer, "offer/"))
    assert priya.post(at(hirer, "offer/"), {"form-key": key(page)}).status_code == 302
    assert priya.post(at(hirer, "offer/"), {"form-key": key(page)}).status_code == 302
    (sent,) = Message.objects.filter(to="sam@example.org")
    link = next(word for word in sent.body.split() if "/resume/" in word)
    went_on = services.resume(link=link.rstrip("/").rpartition("/")[2], now=world.now)
    services.submit(token=went_on.token, now=world.now)
    assert pay.get(reference=hirer.charge.reference).state == "kept"
    again = priya.post(at(hirer, "offer/"), {"form-key": "another"}, follow=True)
    assert "They cannot be asked" in again.content.decode()


def gone(self, options, visit):
    """What was to be had is gone when it is confirmed."""
    raise Stopped(Stop(title="Gone", reason="Somebody was faster."))


def test_a_day_is_compared_explained_and_exported(signed_in, hirer, world):
    anita = signed_in("anita")
    world.account.payments.clear()
    assert pay.reconcile(day=world.now.date(), now=world.now) == 1
    address = f"/desk/money/days/{world.now.date()}/"
    assert "We have £30.00 They have £0.00" in text(anita.get(address))
    assert "It can be exported once the day is over" in text(anita.get(address))
    (found,) = pay.work().mismatches
    explaining = f"/desk/money/differences/{found.id}/"
    assert anita.post(explaining, {"note": ""}).status_code == 422
    assert anita.post(explaining, {"note": "Their test account was emptied"}).status_code == 302
    assert "Their test account was emptied" in text(anita.get(address))
    assert not pay.work().mismatches
    refused = anita.post(f"{address}export/")
    assert refused.status_code == 409
    world.wait(DAY)
    exported = anita.post(f"{address}export/")
    (row,) = csv.DictReader(io.StringIO(exported.content.decode()))
    assert (row["ledger_code"], row["gross_pence"]) == ("4010", "3000")
    assert anita.post(f"{address}compare/").status_code == 302


def test_days_are_for_whoever_looks_after_all_the_money(signed_in, hirer):
    for slug, answer in {"priya": 404, "tom": 404, "sam": 404, "grace": 200}.items():
        assert signed_in(slug).get(f"/desk/money/days/{NOON.date()}/").status_code == answer
    assert signed_in("anita").get("/desk/money/days/yesterday/").status_code == 404
    assert signed_in("anita").get("/desk/money/days/2026-02-31/").status_code == 404
