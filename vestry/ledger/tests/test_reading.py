import pytest

from vestry.ledger import api as ledger
from vestry.ledger.reading import WAITS
from vestry.ledger.tests.happened import NOON, Listener, later, ring


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
