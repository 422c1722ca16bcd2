"""How often one address may do something."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.councils import api as councils
from vestry.kernel import Ref
from vestry.people import api
from vestry.people.limits import LIMITS
from vestry.people.models import Tally

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MANY = LIMITS["codes.about"].many
WITHIN = LIMITS["codes.about"].within


def from_(address):
    return RequestFactory().get("/", REMOTE_ADDR=address)


def ask(address="192.0.2.1", about="x", now=NOON):
    return api.wait_for(from_(address), "codes.about", about=about, now=now)


def test_one_too_many_waits_until_the_window_ends(council):
    assert [ask() for _ in range(MANY)] == [None] * MANY
    assert ask(now=NOON + timedelta(minutes=20)) == WITHIN - timedelta(minutes=20)
    assert ask(now=NOON + WITHIN) is None


def test_others_are_counted_by_themselves(council, other_council):
    for _ in range(MANY + 1):
        ask()
    assert ask() is not None
    assert ask("192.0.2.2") is None
    assert ask(about="y") is None
    with councils.scope(other_council):
        assert ask() is None


def test_one_line_in_ipv6_is_one_however_it_is_written(council):
    for number in range(MANY):
        assert ask(f"2001:db8:0:1::{number}") is None
    assert ask("2001:db8:0:1:ffff::1") is not None
    assert ask("2001:db8:0:2::1") is None


def test_no_address_is_kept(council):
    ask("192.0.2.1")
    assert "192.0.2.1" not in str(list(Tally.objects.values()))


def test_counts_are_forgotten(council):
    ask()
    assert api.forget_expired(now=NOON + WITHIN) == 0
    assert api.forget_expired(now=NOON + WITHIN + timedelta(seconds=1)) == 1


def test_what_has_no_limit_is_a_mistake():
    with pytest.raises(KeyError):
        api.limited("journeys.strat")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(moments=st.lists(st.integers(0, 7200), min_size=1, max_size=25))
def test_never_more_than_so_many_in_a_window(council, moments):
    Tally.objects.all().delete()
    let_in = [at for at in sorted(moments) if ask(now=NOON + timedelta(seconds=at)) is None]
    for window in {at // 3600 for at in moments}:
        wanted = sum(at // 3600 == window for at in moments)
        assert sum(at // 3600 == window for at in let_in) == min(wanted, MANY)


def test_a_page_says_how_long_to_wait(council, client, settings):
    statuses = [client.post("/status/", {"reference": "MB-7K3N-9QFA"}).status_code for _ in range(61)]
    assert statuses == [302] * 60 + [429]
    response = client.post("/status/", {"reference": "MB-7K3N-9QFA"})
    assert 0 < int(response.headers["Retry-After"]) <= 600
    assert "Wait" in response.content.decode()
    assert client.get("/status/").status_code == 200, "reading is never limited"
    settings.LIMITS = False
    assert client.post("/status/", {"reference": "MB-7K3N-9QFA"}).status_code == 302


def test_the_api_says_so_as_a_problem(council, client):
    for _ in range(120):
        client.post("/api/v1/services/none/submissions", {}, content_type="application/json")
    response = client.post("/api/v1/services/none/submissions", {}, content_type="application/json")
    assert response.status_code == 429
    assert response.headers["Content-Type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) > 0


def test_a_stranger_takes_no_code_and_no_try_from_whom_it_is_about(council):
    status = Ref("status", "MB-7K3N-9QFA")
    mine = api.new_code(purpose=status, asker="me", now=NOON)
    for number in range(40):
        theirs = api.new_code(purpose=status, asker=f"stranger {number}", now=NOON)
        for _ in range(6):
            assert not api.check_code(purpose=status, code=mine, asker=f"stranger {number}", now=NOON)
        assert len(theirs) == (6 if number < 4 else 10), "many askers guess no better than one"
    assert api.check_code(purpose=status, code=mine, asker="me", now=NOON)
    again = api.new_code(purpose=status, asker="me", now=NOON)
    assert api.check_code(purpose=status, code=again, asker="me", now=NOON)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_together(django_db_serialized_rollback):
    council = councils.establish(slug="busy", name="Busy", hosts=["busy.localhost"])
    gate, let_in = threading.Barrier(12), []

    def one():
        try:
            with councils.scope(council):
                gate.wait()
                let_in.append(ask() is None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_in) == 12
    assert let_in.count(True) <= MANY
