"""Refusals on record: none is missed, and nobody fills the record up."""

from datetime import UTC, datetime, timedelta

import pytest

from vestry.councils import api as councils
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.people import api, refusals
from vestry.people.events import OfficerRefused

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PRIYA, TOM = Ref("officer", "priya"), Ref("officer", "tom")


def refuse(who=PRIYA, address="desk:case", now=NOON, times=1):
    for _ in range(times):
        refusals.state(who, address, fact=lambda count: OfficerRefused(address=address, count=count), now=now)


def stated(who=PRIYA):
    return [(fact.payload["address"], fact.payload["count"]) for fact in ledger.history(who)]


def test_somebody_who_hammers_writes_few_facts_that_say_how_often(council):
    refuse(times=119)
    assert stated() == [("desk:case", 1), ("desk:case", 10), ("desk:case", 100)]


def test_who_where_and_when_are_counted_by_themselves(council, other_council):
    refuse(times=2)
    refuse(address="desk:parked")
    refuse(TOM)
    refuse(now=NOON + timedelta(minutes=59))
    refuse(now=NOON + timedelta(hours=1))
    assert stated() == [("desk:case", 1), ("desk:parked", 1), ("desk:case", 1)]
    assert stated(TOM) == [("desk:case", 1)]
    with councils.scope(other_council):
        refuse()
        assert stated() == [("desk:case", 1)]


@pytest.mark.usefixtures("officers")
def test_a_program_is_counted_too(council):
    token = api.new_key(
        client="crm",
        held=[api.Held("officer", "waste")],
        scopes=["cases.read"],
        expires=NOON.date(),
        now=NOON,
        actor=PRIYA,
    )
    client = api.client_of(token=token, now=NOON)
    for _ in range(12):
        api.state_refusal(client=client, address="case", problem="not-found", now=NOON)
    api.state_refusal(client=client, address="case", problem="not-now", now=NOON)
    said = [fact.payload for fact in ledger.history(client.ref)][1:]
    assert [(one["problem"], one["count"]) for one in said] == [
        ("not-found", 1),
        ("not-found", 10),
        ("not-now", 1),
    ]
