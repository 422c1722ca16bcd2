"""Notices about payments, as the provider posts them."""

import pytest

from vestry.pay import api as pay
from vestry.pay.tests.paying import CARD, World, plugged

ADDRESS = "/inbound/payment-notices/"


@pytest.fixture
def world(council):
    made = World()
    with plugged(made.provider):
        yield made


@pytest.fixture
def charge(world):
    made = world.charge()
    world.depart(made)
    world.gives(CARD)
    return made


def post(client, signature, body):
    return client.post(ADDRESS, body, content_type="application/json", headers={"Pay-Signature": signature})


def test_a_notice_settles_the_charge_however_often_it_comes(client, world, charge):
    for signature, body in [*world.notices, *world.notices]:
        assert post(client, signature, body).status_code == 204
    assert pay.get(reference=charge.reference).received == 3000


def test_a_forged_one_changes_nothing(client, world, charge):
    _signature, body = world.notices[0]
    assert post(client, "0" * 64, body).status_code == 401
    assert pay.get(reference=charge.reference).state == pay.OWED


def test_what_cannot_be_read_is_refused(client, world):
    assert post(client, world.account.sign(b"{}"), b"{}").status_code == 400
    assert post(client, "x", b"x" * 60_000).status_code == 400


def test_one_about_nothing_of_ours_looks_like_any_other(client, world, charge):
    signature, body = world.notices[0]
    id = world.theirs()[0]["payment_id"].encode()
    other = body.replace(id, b"nobody")
    assert post(client, world.account.sign(other), other).status_code == 204
    assert pay.get(reference=charge.reference).state == pay.OWED
    assert signature


def test_one_that_cannot_be_looked_into_is_sent_again(client, world, charge):
    world.simulator.faults = {"down"}
    signature, body = world.notices[0]
    assert post(client, signature, body).status_code == 503


def test_it_is_only_ever_posted(client, council):
    assert client.get(ADDRESS).status_code == 405
