"""Several people at the same case in the same moment."""

import threading
from functools import partial

import pytest
from django.db import connections

from vestry.cases import api
from vestry.cases.tests.opened import NOON, WALKER, maya, open_bin, open_foi, priya, tom
from vestry.councils import api as councils
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.people.tests.officers import put_everybody

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(transactional_db):
    council = councils.establish(slug="busy", name="Busy", hosts=["busy.localhost"])
    with councils.scope(council):
        put_everybody()
        yield council


def all_at_once(council, *verbs):
    """Do each in a thread of its own; how many were not refused."""
    gate, done = threading.Barrier(len(verbs)), []

    def do(verb):
        try:
            with councils.scope(council):
                gate.wait()
                verb()
                done.append(verb)
        except api.NotPossible:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done)


def facts(reference):
    return [fact.name for fact in ledger.history(Ref("case", reference))]


def test_a_case_is_taken_by_one(busy):
    hers, his = priya(), tom()
    for _ in range(3):
        reference = open_bin()
        takers = [partial(api.take, officer=who, reference=reference, now=NOON) for who in (hers, his)]
        assert all_at_once(busy, *takers * 3) == 3, "three times the one who has it"
        assert facts(reference).count("cases.taken") == 1


def test_a_form_sent_many_times_at_once_counts_once(busy):
    reference, officer = open_foi(), maya()

    def clarify():
        api.act(
            officer=officer,
            reference=reference,
            action="clarify",
            answers={},
            text="Which year?",
            now=NOON,
            key="form-1",
        )

    assert all_at_once(busy, *[clarify] * 5) == 5
    assert facts(reference) == ["cases.opened", "cases.asked", "cases.moved", "cases.clock_stopped"]


def test_a_case_handed_over_twice_at_once_is_handed_over_once_and_neither_is_refused(busy):
    officer = priya()
    for _ in range(3):
        reference = open_bin()
        given = {"officer": officer, "reference": reference, "team": "information", "now": NOON}
        assert all_at_once(busy, *[partial(api.hand_over, **given)] * 4) == 4
        assert facts(reference).count("cases.handed_over") == 1
        assert [case.reference for case in api.inbox(officer=maya(), now=NOON).cases][-1] == reference


def test_an_answer_that_comes_while_the_case_is_closed_is_before_or_after_never_both(busy):
    reference, officer = open_bin(), tom()

    def close():
        api.act(officer=officer, reference=reference, action="collected", answers={}, now=NOON)

    def reply():
        api.reply(reference=reference, text="Wait!", now=NOON, actor=WALKER)

    all_at_once(busy, close, reply, reply)
    stated = facts(reference)
    assert stated.count("cases.closed") == 1
    assert "cases.replied" not in stated[stated.index("cases.closed") :]


def test_one_journey_sent_twice_at_once_has_one_case(busy):
    open_bin(journey="before")  # so that the plan is there
    assert all_at_once(busy, *[partial(open_bin, journey="same")] * 4) == 4
    assert len(api.inbox(officer=priya(), now=NOON).cases) == 2
