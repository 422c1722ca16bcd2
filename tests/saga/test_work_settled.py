"""Work that money called for is ended by what settles it, and says so: nobody looks for what is done with."""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from vestry.cases.models import Task
from vestry.ledger import api as ledger
from vestry.pay import api as pay
from vestry.pay import rules
from vestry.pay.models import Mismatch, Payment, Refund
from vestry.pay.tests.paying import CARD, GRACE, PRIYA, World, plugged
from vestry.services.readers import CallsForWork

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("VESTRY_EXAMPLES", "15"))
REFUSALS = (pay.NotRefundable, pay.NotThatMuch, pay.NotPaid, pay.AlreadyDecided, pay.NotTheSamePerson)


@pytest.fixture
def world(council):
    made = World()
    pay.put_settings(codes={}, alone=2000)
    with plugged(made.provider):
        yield made


def read_on(world):
    for _twice in range(2):
        ledger.read_on(CallsForWork(), now=world.now)
    assert ledger.parked() == []


def stranded(world):
    charge = world.paid()
    pay.cancel(reference=charge.reference, now=world.now)
    read_on(world)
    return charge


def refund(world, charge, pence, key="r", by=PRIYA):
    said = {"payment": f"{charge.reference}-1", "pence": pence, "why": "other", "key": key}
    return pay.refund(**said, by=by, now=world.now)


def send(world):
    # Beyond every wait between tries.
    for _try in range(3):
        world.wait(timedelta(hours=2))
        pay.send_refunds(now=world.now)
    read_on(world)


def ended():
    return [(each.state, each.reason) for each in Task.objects.order_by("pk")]


def test_what_went_back_is_nobody_s_work_any_more(world):
    charge = stranded(world)
    refund(world, charge, 1000)
    send(world)
    assert ended() == [("open", "")], "not all of it went back yet"
    refund(world, charge, 2000, "s", GRACE)
    send(world)
    assert ended() == [("not-needed", "All of the money went back.")]


def test_what_was_used_after_all_is_nobody_s_work_any_more(world):
    charge = stranded(world)
    pay.keep(reference=charge.reference, now=world.now)
    read_on(world)
    assert ended() == [("not-needed", "What was paid was used after all.")]


def test_a_refund_that_failed_is_settled_by_one_that_did_not(world):
    charge = world.paid()
    refund(world, charge, 2000)
    world.simulator.faults = {"refuse-refund"}
    send(world)
    assert ended() == [("open", "")]
    world.simulator.faults = set()
    refund(world, charge, 2000, "s", GRACE)
    refund(world, charge, 1000, "t")
    send(world)
    assert ended() == [("not-needed", "All of the money went back.")]


def test_a_refund_that_failed_is_settled_by_whoever_saw_to_it(world):
    charge = world.paid()
    made = refund(world, charge, 500)
    world.simulator.faults = {"refuse-refund"}
    send(world)
    pay.see_to(refund=made.reference, by=PRIYA, now=world.now)
    read_on(world)
    assert ended() == [("not-needed", "It went back another way.")]


@pytest.mark.parametrize("decide", [pay.approve, pay.turn_down])
def test_a_refund_that_was_decided_on(world, decide):
    made = refund(world, world.paid(), 3000)
    read_on(world)
    assert ended() == [("open", "")]
    decide(refund=made.reference, by=GRACE, now=world.now)
    read_on(world)
    assert ended() == [("not-needed", "Somebody has decided on it.")]


def test_a_difference_that_is_none_any_more(world):
    world.paid()
    there = dict(world.account.payments)
    world.account.payments.clear()
    pay.reconcile(day=world.now.date(), now=world.now)
    read_on(world)
    assert ended() == [("open", "")]
    world.account.payments.update(there)
    pay.reconcile(day=world.now.date(), now=world.now)
    read_on(world)
    assert ended() == [("not-needed", "It matches by now, or somebody has explained it.")]


def test_what_an_officer_ended_stays_as_they_ended_it(world):
    charge = stranded(world)
    Task.objects.update(state="done", ended_at=world.now, ended_by="officer:priya")
    pay.keep(reference=charge.reference, now=world.now)
    read_on(world)
    assert ended() == [("done", "")]


class Money(RuleBasedStateMachine):
    """Money is paid, stranded, kept, and goes back in whatever order and with whatever faults."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.world = Machine.world
        self.world.simulator.faults = set()
        self.charges, self.refunds, self.many = [], [], 0

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)
        self.world.account.payments.clear()

    @rule()
    def somebody_pays(self):
        if len(self.charges) < 3:
            made = self.world.charge(key=f"journey:{len(self.charges)}")
            self.world.depart(made)
            self.world.gives(CARD)
            pay.look(reference=made.reference, now=self.world.now)
            self.charges.append(made.reference)

    @rule(which=st.integers(0, 2), verb=st.sampled_from([pay.cancel, pay.keep, pay.give_back]))
    def settles(self, which, verb):
        if which < len(self.charges):
            self.attempt(lambda: verb(reference=self.charges[which], now=self.world.now))

    @rule(
        which=st.integers(0, 2), pence=st.sampled_from([500, 1000, 3000]), by=st.sampled_from([PRIYA, GRACE])
    )
    def wants_back(self, which, pence, by):
        if which < len(self.charges):
            self.many += 1
            said = {"payment": f"{self.charges[which]}-1", "pence": pence, "why": "other", "by": by}
            self.attempt(lambda: pay.refund(**said, key=f"r{self.many}", now=self.world.now))

    @rule(which=st.integers(0, 5), verb=st.sampled_from([pay.approve, pay.turn_down, pay.see_to]))
    def decides(self, which, verb):
        rows = list(Refund.objects.order_by("pk"))
        if which < len(rows):
            self.attempt(lambda: verb(refund=rows[which].reference, by=GRACE, now=self.world.now))

    @rule(faults=st.sampled_from([set(), {"refuse-refund"}]))
    def the_provider_is(self, faults):
        self.world.simulator.faults = faults

    @rule()
    def the_worker_comes(self):
        self.world.wait(timedelta(hours=1))
        pay.send_refunds(now=self.world.now)

    @rule()
    def a_day_is_compared(self):
        pay.reconcile(day=self.world.now.date(), now=self.world.now)

    def attempt(self, job):
        try:
            with transaction.atomic():
                job()
        except REFUSALS:
            return

    @invariant()
    def what_is_open_is_what_is_to_be_done(self):
        read_on(self.world)
        there = {each.key.rpartition(":")[2] for each in Task.objects.open()}
        assert there == set(self.to_be_done())

    def to_be_done(self):
        for payment in Payment.objects.prefetch_related("refunds"):
            refunds = list(payment.refunds.all())
            gone = sum(each.pence for each in refunds if each.state in (rules.DONE, rules.ELSEWHERE))
            if payment.stranded and gone < payment.pence:
                yield f"stranded/{payment.reference}"
            for each in refunds:
                if each.state == rules.WANTED:
                    yield f"decide/{each.reference}"
                if each.state == rules.FAILED and gone < payment.pence:
                    yield f"failed/{each.reference}"
        yield from (f"mismatch/{each.pk}" for each in Mismatch.objects.filter(explained_at=None))


class Machine(Money):
    """With the provider of the test."""


def test_whatever_happens_to_the_money(world):
    Machine.world = world
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
