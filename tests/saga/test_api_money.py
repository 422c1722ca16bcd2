"""Money for officers' programs: what is not theirs, or too much, is refused and on record."""

import pytest
from django.test import Client

from tests.saga.paid import Hirer, furnish
from vestry.channels.rest.openapi import document
from vestry.channels.rest.tests.calling import Caller
from vestry.channels.rest.tests.client import Program, a_key
from vestry.councils import api as councils
from vestry.kernel import Ref, utc_now
from vestry.ledger import api as ledger
from vestry.pay import api as pay
from vestry.pay.tests.paying import World, plugged
from vestry.people.tests.officers import put_everybody

SCOPES = ("cases.read", "money.read", "money.refund")


@pytest.fixture
def world(council, other_council):
    put_everybody(other_council)
    pay.put_settings(codes={}, alone=2000)
    made = World()
    with plugged(made.provider):
        furnish(made.now)
        yield made


@pytest.fixture
def hirer(world):
    return Hirer(world).pays()


@pytest.fixture
def api(world):
    return Caller(Client(), document(councils.current(), "http://testserver"))


@pytest.fixture
def program(api):
    return Program(api, a_key(scopes=SCOPES))


def refusals(client="crm"):
    found = ledger.history(Ref("client", client))
    return [fact.payload["problem"] for fact in found if fact.name.endswith("refused")]


def refunding(hirer):
    return f"payments/{hirer.charge.reference}-1/refunds"


def refunds(hirer):
    return hirer.charge.payments[0].refunds


def test_what_was_paid_for_a_case_is_told_with_every_line_and_never_who_paid(program, hirer):
    (found,) = program.get(f"cases/{hirer.case}/charges").json()["charges"]
    assert found == program.get(f"charges/{hirer.charge.reference}").json()
    assert (found["state"], found["received"], found["refunded"]) == ("kept", 3000, 0)
    (line,) = found["lines"]
    assert (line["what"], line["pence"], line["code"]) == ("Skip", 3000, "4010")
    (payment,) = found["payments"]
    assert (payment["state"], payment["refundable"]) == ("paid", 3000)
    assert "sam@example.org" not in str(found)


def test_a_part_goes_back_once_however_often_it_is_sent(program, hirer, world):
    sent = {"pence": 1500, "why": "not-delivered", "note": "The crew was ill."}
    first, again = (program.post(refunding(hirer), sent, key="one-and-the-same-key") for _time in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert first.json()["state"] == "to-send"
    assert len(refunds(hirer)) == 1
    pay.send_refunds(now=utc_now())
    stands = program.get(f"refunds/{first.json()['refund']}").json()
    assert stands["state"] == "done"


def test_above_the_limit_it_waits_for_an_officer(program, hirer):
    assert program.post(refunding(hirer), {"pence": 3000, "why": "other"}).json()["state"] == "wanted"


@pytest.mark.parametrize("pence", [3001, 10_000_000])
def test_a_wrong_amount_is_refused_recorded_and_changes_nothing(program, hirer, pence):
    refused = program.post(refunding(hirer), {"pence": pence, "why": "other"})
    assert refused.status_code == 409
    assert refused.json()["detail"] == "You can refund at most £30.00 of this payment."
    assert refusals() == ["not-refundable"]
    assert not refunds(hirer)


@pytest.mark.parametrize("pence", [0, -1, 1.5, "3000", None, 2**70])
def test_what_is_no_amount_is_refused_in_words(program, hirer, pence):
    refused = program.post(refunding(hirer), {"pence": pence, "why": "other"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/pence"
    assert not refunds(hirer)


def test_another_councils_and_another_teams_charge_are_not_there_and_that_is_on_record(
    api, program, hirer, other_council
):
    stranger = Program(api, a_key("stranger", held=(("officer", "information"),), scopes=SCOPES))
    for address in (f"charges/{hirer.charge.reference}", f"cases/{hirer.case}/charges"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(refunding(hirer), {"pence": 1, "why": "other"}).status_code == 404
    assert refusals("stranger") == ["not-found"] * 3
    lines = hirer.charge.lines
    with councils.scope(other_council):
        theirs = pay.charge(lines=lines, key="theirs:1", title="Theirs", now=hirer.world.now)
    assert program.get(f"charges/{theirs.reference}").status_code == 404
    sent = {"pence": 1, "why": "other"}
    assert program.post(f"payments/{theirs.reference}-1/refunds", sent).status_code == 404
    assert refusals() == ["not-found"] * 2
    assert not refunds(hirer)


def test_without_the_scope_nothing_is_told_and_nothing_moves(api, hirer):
    reader = Program(api, a_key("reader", scopes=("cases.read",)))
    assert reader.get(f"charges/{hirer.charge.reference}").status_code == 403
    assert reader.post(refunding(hirer), {"pence": 1, "why": "other"}).status_code == 403
    assert not refunds(hirer)


def test_a_forged_call_back_is_refused_recorded_and_changes_nothing(world):
    hirer = Hirer(world).sends()
    theirs = world.theirs()[0]["payment_id"]
    body = f'{{"resource_type": "PAYMENT", "resource_id": "{theirs}", "resource": {{"status": "success"}}}}'
    sent = Client().post(
        "/inbound/payment-notices/", body, "application/json", headers={"Pay-Signature": "0" * 64}
    )
    assert sent.status_code == 401
    assert hirer.charge.state == "owed"
    assert [fact.payload["why"] for fact in ledger.since(0) if fact.name == "pay.notice_refused"] == [
        "forged"
    ]
