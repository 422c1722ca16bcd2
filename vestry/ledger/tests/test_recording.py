import threading

import pytest
from django.db import connections, transaction
from django.db.utils import DatabaseError

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref
from vestry.ledger import api as ledger
from vestry.ledger.models import Entry
from vestry.ledger.tests.happened import NOON, BellRung, Listener, ring


def test_a_fact_needs_a_transaction(council):
    with pytest.raises(ledger.NoTransaction):
        ledger.record(BellRung(), subject=Ref("bell", "1"), actor=SYSTEM, now=NOON)


def test_what_is_rolled_back_left_no_fact(council):
    with pytest.raises(RuntimeError), ledger.transaction():
        ledger.record(BellRung(times=1), subject=Ref("bell", "1"), actor=SYSTEM, now=NOON)
        raise RuntimeError
    with ledger.transaction():
        ledger.record(BellRung(times=2), subject=Ref("bell", "1"), actor=SYSTEM, now=NOON)
        with pytest.raises(RuntimeError), ledger.transaction():
            ledger.record(BellRung(times=3), subject=Ref("bell", "1"), actor=SYSTEM, now=NOON)
            raise RuntimeError
    assert [fact.payload["times"] for fact in ledger.history(Ref("bell", "1"))] == [2]


def test_what_joins_and_fails_takes_everything_with_it(council):
    with pytest.raises(DatabaseError), ledger.transaction():
        ledger.record(BellRung(times=1), subject=Ref("bell", "1"), actor=SYSTEM, now=NOON)
        with pytest.raises(RuntimeError), ledger.transaction(joins=True):
            ledger.record(BellRung(times=2), subject=Ref("bell", "1"), actor=SYSTEM, now=NOON)
            raise RuntimeError
    assert ledger.history(Ref("bell", "1")) == []


def test_numbers_have_no_gaps_and_each_council_its_own(council, other_council):
    ring(times=1)
    with councils.scope(other_council):
        ring(times=7)
    ring(times=2)
    assert [(fact.seq, fact.payload["times"]) for fact in ledger.since(0)] == [(1, 1), (2, 2)]
    with councils.scope(other_council):
        assert [(fact.seq, fact.payload["times"]) for fact in ledger.since(0)] == [(1, 7)]


def test_an_entry_can_not_be_changed(council):
    ring()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(payload={"times": 99})


@pytest.mark.postgresql
def test_an_entry_can_not_be_deleted(council):
    ring()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_reader_never_misses_a_fact_that_commits_late(django_db_serialized_rollback):
    """Twelve writers, some of them slow between their work and their commit, and a reader all the while."""
    council = councils.establish(slug="busy", name="Busy", hosts=["busy.localhost"])
    listener, writers = Listener(), 6
    gate, over = threading.Barrier(writers + 1), threading.Event()

    def write(writer):
        try:
            gate.wait()
            with councils.scope(council):
                for n in range(8):
                    with ledger.transaction():
                        ledger.record(
                            BellRung(times=n), subject=Ref("bell", str(writer)), actor=SYSTEM, now=NOON
                        )
                        if n % 3 == writer % 3:
                            over.wait(0.01)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    gate.wait()
    with councils.scope(council):
        while any(thread.is_alive() for thread in threads):
            ledger.read_on(listener, now=NOON, limit=5)
        ledger.read_on(listener, now=NOON, limit=1000)
        assert ledger.faults() == []
    for writer in range(writers):
        assert [times for subject, times in listener.heard if subject == f"bell:{writer}"] == list(range(8))
