from dataclasses import replace

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from vestry.councils import api as councils
from vestry.ledger import api as ledger
from vestry.ledger import sealing
from vestry.ledger.models import Entry, Head, SealRow
from vestry.ledger.tests.happened import NOON, later, ring, unlock
from vestry.ledger.writing import entry_hash


def ring_times(*times):
    for one in times:
        ring(times=one)


def found(**words):
    return [(fault.kind, fault.first, fault.last) for fault in ledger.faults(**words)]


def write_anew(since):
    """Mend the chain of hashes from a fact on, and the seals too, as one would who wants it to hold."""
    unlock("ledger_seal")
    previous = Entry.objects.filter(seq=since - 1).values_list("hash", flat=True).first() or ""
    for entry in Entry.objects.filter(seq__gte=since).order_by("seq"):
        previous = entry_hash(previous, entry)
        Entry.objects.filter(pk=entry.pk).update(hash=previous)
    Head.objects.update(hash=previous)
    before = ""
    for row in SealRow.objects.order_by("number"):
        row.root = sealing.merkle.root_of(sealing._hashes(row.first, row.last)).hex()
        row.previous = before
        before = row.hash = sealing.seal_hash(sealing.sealed(row))
        row.save()


def test_seals_follow_each_other_without_gaps(council):
    assert ledger.seal(now=NOON) is None
    ring_times(1, 2, 3)
    first = ledger.seal(now=NOON)
    assert ledger.seal(now=NOON) == first, "nothing new, no new seal"
    ring_times(4)
    second = ledger.seal(now=later(hours=1))
    assert (first.number, first.first, first.last, first.previous) == (1, 1, 3, "")
    assert (second.number, second.first, second.last, second.previous) == (2, 4, 4, first.hash)
    assert ledger.newest_seal() == second
    assert found(kept=[second, first]) == []


def test_much_is_sealed_in_parts(council, monkeypatch):
    monkeypatch.setattr(sealing, "MOST", 2)
    ring_times(1, 2, 3, 4, 5)
    assert (ledger.seal(now=NOON).number, ledger.newest_seal().last) == (3, 5)
    assert found() == []


def test_the_worker_seals_every_quarter_of_an_hour(council):
    ring()
    assert ledger.seal_when_due(now=NOON) == 1
    ring()
    assert ledger.seal_when_due(now=later(minutes=14)) == 0
    assert ledger.seal_when_due(now=later(minutes=15)) == 1
    assert ledger.seal_when_due(now=later(minutes=40)) == 0, "there is nothing new"


def test_each_council_has_its_own_seals(council, other_council):
    ring()
    ours = ledger.seal(now=NOON)
    with councils.scope(other_council):
        assert ledger.newest_seal() is None
        ring()
        theirs = ledger.seal(now=NOON)
    assert (ours.council, theirs.council) == ("harrowmere", "saltmarsh")
    assert ours.hash != theirs.hash


def test_a_seal_can_not_be_changed(council):
    ring()
    ledger.seal(now=NOON)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SealRow.objects.update(root="0" * 64)


@pytest.mark.parametrize("sealed", [False, True])
def test_a_changed_fact_is_named(council, sealed):
    ring_times(1, 2, 3, 4)
    if sealed:
        ledger.seal(now=NOON)
    assert found() == []
    unlock()
    Entry.objects.filter(seq=3).update(payload={"times": 99})
    assert found() == [("changed", 3, 3)]


def test_missing_facts_are_named(council):
    ring_times(1, 2, 3, 4, 5)
    unlock()
    Entry.objects.filter(seq__in=[2, 3, 5])._raw_delete("default")
    assert found() == [("missing", 2, 3), ("missing", 5, 5)]


def test_an_end_cut_off_and_forgotten_shows_by_the_seal(council):
    ring_times(1, 2, 3)
    ledger.seal(now=NOON)
    unlock()
    Entry.objects.filter(seq=3)._raw_delete("default")
    Head.objects.update(seq=2, hash=Entry.objects.get(seq=2).hash)
    assert found() == [("rewritten", 1, 3)]


def test_a_changed_seal_shows(council):
    ring()
    ledger.seal(now=NOON)
    unlock("ledger_seal")
    SealRow.objects.update(root="0" * 64)
    assert found() == [("seal", 1, 1)]


def test_a_ledger_written_anew_shows_by_a_seal_kept_outside(council):
    kept = []
    for times in range(1, 5):
        ring_times(times, times)
        kept.append(ledger.seal(now=later(hours=times)))
    unlock()
    Entry.objects.filter(seq=5).update(payload={"times": 99})
    write_anew(since=5)
    assert found() == [], "everything here was mended"
    assert found(kept=kept[:2]) == [], "what was sealed before is untouched"
    assert found(kept=kept[1:]) == [("rewritten", 5, 6)], (
        "between the seal that holds and the one that does not"
    )
    assert found(kept=kept[3:]) == [("rewritten", 1, 8)], "one seal covers all before it"


def test_a_ledger_that_ends_too_early_shows_by_a_seal_kept_outside(council):
    ring_times(1, 2)
    ledger.seal(now=NOON)
    ring_times(3)
    kept = ledger.seal(now=later(hours=1))
    unlock()
    unlock("ledger_seal")
    Entry.objects.filter(seq=3)._raw_delete("default")
    SealRow.objects.filter(number=2)._raw_delete("default")
    Head.objects.update(seq=2, hash=Entry.objects.get(seq=2).hash)
    assert found() == []
    assert found(kept=[kept]) == [("rewritten", 1, 3)]


def test_a_seal_that_was_not_kept_well_is_refused(council):
    ring()
    kept = ledger.seal(now=NOON)
    with pytest.raises(ledger.NotASeal, match="harrowmere 1"):
        ledger.faults(kept=[replace(kept, last=2)])


def test_one_fact_can_be_proven_without_the_others(council):
    ring_times(*range(1, 12))
    seal = ledger.seal(now=NOON)
    proof = ledger.prove(seq=7)
    assert proof.seal == seal
    assert proof.fact.payload == {"times": 7}
    assert ledger.proves(proof)
    assert not ledger.proves(replace(proof, fact=replace(proof.fact, payload={"times": 8})))
    assert not ledger.proves(replace(proof, fact=replace(proof.fact, seq=8)))
    assert not ledger.proves(replace(proof, path=proof.path[1:]))
    assert not ledger.proves(replace(proof, seal=replace(seal, root="0" * 64)))


def test_what_is_not_sealed_can_not_be_proven(council):
    ring_times(1)
    ledger.seal(now=NOON)
    ring_times(2)
    for seq in (0, 2, 3):
        with pytest.raises(ledger.NotSealed):
            ledger.prove(seq=seq)
