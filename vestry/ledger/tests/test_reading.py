import threading

import pytest
from django.db import connection, connections

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref
from vestry.ledger import api as ledger
from vestry.ledger.models import Position
from vestry.ledger.reading import WAITS
from vestry.ledger.tests.happened import NOON, BellRung, Listener, later, ring


def test_a_reader_goes_on_where_it_was(council):
    ring(times=1)
    first = Listener()
    ledger.read_on(first, now=NOON)
    ring(times=2)
    second = Listener()
    ledger.read_on(second, now=NOON)
    assert (first.heard, second.heard) == ([("bell:1", 1)], [("bell:1", 2)])


def test_a_fault_holds_its_subject_and_nobody_else(council):
    listener = Listener("bell:1")
    for subject, times in [("bell:1", 1), ("bell:2", 2), ("bell:1", 3), ("bell:2", 4)]:
        ring(subject, times)
    ledger.read_on(listener, now=NOON)
    assert listener.heard == [("bell:2", 2), ("bell:2", 4)]
    listener.deaf.clear()
    ledger.read_on(listener, now=later(hours=2))
    assert listener.heard[2:] == [("bell:1", 1), ("bell:1", 3)]
    assert ledger.parked() == []


def exhaust(listener):
    for _ in range(len(WAITS) + 1):
        ledger.read_on(listener, now=later(days=_))


def test_a_fact_that_keeps_failing_is_parked_and_its_followers_wait(council):
    listener = Listener("bell:1")
    ring("bell:1", 1)
    ring("bell:1", 2)
    exhaust(listener)
    (parked,) = ledger.parked()
    assert (str(parked.subject), parked.fact, parked.behind) == ("bell:1", "tests.bell_rung", 1)
    assert "ValueError in handle" in parked.fault
    assert "example.org" not in parked.fault
    listener.deaf.clear()
    ledger.read_on(listener, now=later(days=30))
    assert listener.heard == [], "parked means parked until somebody says so"
    ledger.try_again(parked_id=parked.id, now=later(days=30))
    ledger.read_on(listener, now=later(days=30))
    assert listener.heard == [("bell:1", 1), ("bell:1", 2)]
    with pytest.raises(ledger.NotParked):
        ledger.try_again(parked_id=parked.id, now=later(days=30))


def test_what_a_failing_reader_wrote_is_undone(council):
    class Careless(Listener):
        name = "careless"

        def handle(self, fact, *, now):
            if fact.payload["times"] == 1:
                ring("bell:echo", 100)
            super().handle(fact, now=now)

    ring("bell:1", 1)
    ledger.read_on(Careless("bell:1"), now=NOON)
    assert [str(fact.subject) for fact in ledger.since(0)] == ["bell:1"]


class Choosy(Listener):
    """Is handed what it wants only."""

    name = "choosy"

    def __init__(self, wants):
        super().__init__()
        self.wants = wants


def where(reader):
    return Position.objects.get(reader=reader.name).seq


def test_a_reader_is_handed_what_it_wants_and_is_past_the_rest(council):
    for subject in ("bell:1", "gong:1", "bells:1", "bell:2", "gong:2"):
        ring(subject)
    reader = Choosy(ledger.Wanted(subjects=frozenset({"bell"})))
    assert ledger.read_on(reader, now=NOON) == 2
    assert reader.heard == [("bell:1", 1), ("bell:2", 1)]
    assert where(reader) == 5
    assert ledger.read_on(reader, now=NOON) == 0
    ring("bell:3")
    assert ledger.read_on(reader, now=NOON) == 1


@pytest.mark.parametrize(
    ("wants", "heard"),
    [
        (ledger.Wanted(), 3),
        (ledger.Wanted(names=frozenset({"tests.bell_rung"})), 3),
        (ledger.Wanted(names=frozenset({"tests.bell"})), 0),
        (ledger.Wanted(rooms=frozenset({"tests", "cases"})), 3),
        (ledger.Wanted(rooms=frozenset({"test"})), 0),
        (ledger.Wanted(subjects=frozenset({"gong", "drum"})), 1),
        (ledger.Wanted(of_a_service=True), 1),
        (ledger.Wanted(of_a_service=True, subjects=frozenset({"gong"})), 0),
    ],
)
def test_all_that_is_said_of_what_is_wanted_holds(council, wants, heard):
    ring("bell:1")
    ring("gong:1")
    with ledger.transaction():
        ledger.record(BellRung(), subject=Ref("bell", "2"), actor=SYSTEM, now=NOON, service="ringing")
    reader = Choosy(wants)
    ledger.read_on(reader, now=NOON)
    assert len(reader.heard) == heard
    assert where(reader) == 3


class Looked:
    """What was found, once it is looked at no more."""

    def __init__(self, entries):
        self.found = entries.order_by("seq").first()

    def order_by(self, _name):
        return self

    def first(self):
        return self.found


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("when", ["before it looks", "after it looked"])
def test_what_commits_while_a_reader_looks_is_not_skipped(council, when):
    """A fact that is wanted, and one that is not, commit in the middle of a reader's step."""

    def elsewhere():
        try:
            with councils.scope(council):
                ring("bell:late")
                ring("gong:late")
        finally:
            connections.close_all()

    class Meanwhile(ledger.Wanted):
        def among(self, entries):
            found = super().among(entries)
            if when == "after it looked":
                found = Looked(found)
            late = threading.Thread(target=elsewhere)
            late.start()
            late.join()
            return found

    ring("gong:1")
    reader = Choosy(Meanwhile(subjects=frozenset({"bell"})))
    ledger.read_on(reader, now=NOON)
    assert reader.heard == []
    reader.wants = ledger.Wanted(subjects=frozenset({"bell"}))
    ledger.read_on(reader, now=NOON)
    assert reader.heard == [("bell:late", 1)]
    assert where(reader) == 3
