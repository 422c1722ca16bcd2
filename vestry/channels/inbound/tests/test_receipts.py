"""Receipts as GOV.UK Notify posts them, from its simulator to the address they come to."""

from datetime import timedelta
from importlib import import_module

import pytest

from vestry.councils import api as councils
from vestry.kernel import utc_now
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.tests.posted import AMAL, CASE, a_message, fakes, plugged

there = import_module("vestry.outbound.govuk_notify.tests.simulator")
adapter = import_module("vestry.outbound.govuk_notify")
ADDRESS = "/inbound/email-receipts/"


@pytest.fixture
def provider():
    with there.running() as simulator:
        url = simulator.settings(callback=there.TOKEN)
        with plugged(adapter.GovukNotify(url)):
            yield simulator


@pytest.fixture
def call_back(client):
    """`call_back(body)`: their call, with the token agreed on."""

    def call(body, token=there.TOKEN, **headers):
        return client.post(
            ADDRESS,
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", **headers},
        )

    return call


def send(key="1", now=None, **said):
    a_message(key, now=now or utc_now(), **said)
    notify.deliver_due(now=utc_now())


def states():
    return [(message.state, message.failure) for message in notify.about(CASE)]


def test_an_email_is_delivered_and_told_twice(council, provider, call_back):
    send()
    provider.becomes("delivered")
    for _ in range(2):
        assert call_back(provider.receipt()).status_code == 204
    assert states() == [("delivered", "")]
    assert [fact.name for fact in ledger.history(CASE)].count("notify.message_delivered") == 1


def test_receipts_out_of_order(council, provider, call_back):
    send()
    for status in ("temporary-failure", "delivered", "temporary-failure", "permanent-failure"):
        call_back(provider.receipt(status=status))
    assert states() == [("delivered", "")]


@pytest.mark.parametrize("failure", ["permanent", "temporary"])
def test_an_email_that_fails_in_the_end(council, provider, call_back, failure):
    send()
    assert call_back(provider.receipt(status=f"{failure}-failure")).status_code == 204
    assert states() == [("failed", failure)]


def test_one_that_got_stuck_goes_again_through_a_broken_service(council, provider, call_back):
    send()
    provider.becomes("technical-failure")
    call_back(provider.receipt())
    assert states() == [("queued", "")]
    provider.faults = [there.problem(500, "Exception", "Internal server error"), there.LOST]
    now = utc_now()
    for hours in (1, 8, 24, 72):
        notify.deliver_due(now=now + timedelta(hours=hours))
    # The try whose answer was lost had arrived: it is found there, and not made again.
    assert states() == [("sent", "")]
    assert len(provider.taken) == 2


def test_without_a_call_back_we_ask(council, provider):
    send()
    provider.becomes("permanent-failure")
    assert notify.ask_receipts(now=utc_now() + timedelta(hours=1)) == 1
    assert states() == [("failed", "permanent")]


@pytest.mark.parametrize("token", ["", "guessed", "agreed-with-notify-not"])
def test_without_the_token_nothing_is_believed(council, provider, call_back, caplog, token):
    send()
    response = call_back(provider.receipt(status="permanent-failure"), token)
    assert (response.status_code, response["WWW-Authenticate"], response.content) == (401, "Bearer", b"")
    assert states() == [("sent", "")]
    assert "receipt_refused" in caplog.text
    assert AMAL.email not in caplog.text


def test_the_token_alone_is_no_scheme(council, provider, client):
    send()
    response = client.post(
        ADDRESS, provider.receipt(), "application/json", headers={"Authorization": there.TOKEN}
    )
    assert response.status_code == 401


def test_another_council_s_message_looks_like_none(council, other_council, provider, call_back):
    with councils.scope(other_council):
        send()
    there_is = call_back(provider.receipt(status="permanent-failure"))
    there_is_not = call_back(provider.receipt(status="permanent-failure", reference="none@of.ours"))
    assert (there_is.status_code, there_is.content) == (there_is_not.status_code, there_is_not.content)
    with councils.scope(other_council):
        assert states() == [("sent", "")]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"\xff", b"x" * 30_000])
def test_nonsense_is_refused(council, provider, call_back, body):
    assert call_back(body).status_code == 400


def test_where_no_receipts_come_from_there_is_no_address(council, call_back):
    with plugged(fakes.FakeEmail()):
        assert call_back(b"{}").status_code == 404


def test_it_is_only_posted_to(council, client):
    assert client.get(ADDRESS).status_code == 405
