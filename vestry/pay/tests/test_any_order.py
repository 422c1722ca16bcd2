"""Whatever happens in whatever order, no penny is lost sight of.

Examples: VESTRY_EXAMPLES says how many; few in the suite, 10,000 when somebody means it.
"""

import os
from contextlib import contextmanager, suppress

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from vestry.kernel import Refused
from vestry.pay import api as pay
from vestry.pay.tests import replay
from vestry.pay.tests.paying import (
    CARD,
    COLLECTION,
    DECLINED,
    FRIDGE,
    GRACE,
    HOUR,
    MINUTE,
    PRIYA,
    World,
    plugged,
)

EXAMPLES = int(os.environ.get("VESTRY_EXAMPLES", "5"))
FAULTS = (
    "down",
    "lost-answer",
    "no-notice",
    "duplicate-notice",
    "out-of-order",
    "paid-late",
    "refuse-refund",
)
LINES = st.sampled_from([(COLLECTION,), (COLLECTION, FRIDGE)])


class Undone(Exception):
    """Takes back all that an example did."""


@contextmanager
def taken_back():
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass


class AnyOrder(RuleBasedStateMachine):
    """Somebody pays, comes back or not; notices come late; officers refund; the worker asks."""

    def __init__(self):
        super().__init__()
        self.undo = taken_back()
        self.undo.__enter__()
        self.world = World()
        self.plug = plugged(self.world.provider)
        self.plug.__enter__()
        self.references = []
        self.keys = 0
        pay.put_settings(codes={}, alone=2000)

    def teardown(self):
        """The facts alone say what the tables hold."""
        said, there = replay.said(), replay.tables()
        self.plug.__exit__(None, None, None)
        self.undo.__exit__(None, None, None)
        assert said == there

    def charges(self):
        return [pay.get(reference=reference) for reference in self.references]

    def some(self, number):
        return self.references[number % len(self.references)]

    def try_to(self, verb, **said):
        try:
            with transaction.atomic():
                return verb(**said, now=self.world.now)
        except Refused:
            return None

    @rule(lines=LINES, key=st.sampled_from(["1:pay", "2:pay"]))
    def somebody_sends(self, lines, key):
        made = self.world.charge(*lines, key=key)
        if made.reference not in self.references:
            self.references.append(made.reference)

    @precondition(lambda self: self.references)
    @rule(number=st.integers(0, 9))
    def somebody_departs(self, number):
        with suppress(Refused):
            pay.depart(reference=self.some(number), back="https://here.example", now=self.world.now)

    @precondition(lambda self: self.world.theirs())
    @rule(number=st.integers(0, 9), card=st.sampled_from([CARD, CARD, CARD, DECLINED]))
    def somebody_pays(self, number, card):
        self.world.gives(card, number % len(self.world.theirs()))

    @precondition(lambda self: self.references)
    @rule(number=st.integers(0, 9))
    def somebody_comes_back(self, number):
        pay.look(reference=self.some(number), now=self.world.now)

    @precondition(lambda self: self.world.notices)
    @rule(again=st.booleans())
    def notices_arrive(self, again):
        told = list(self.world.notices)
        self.world.notices = told if again else []
        for signature, body in told:
            with suppress(Refused):
                pay.taken(signature=signature, body=body, now=self.world.now)

    @rule(wait=st.sampled_from([MINUTE, HOUR, 4 * HOUR]))
    def the_worker_asks(self, wait):
        self.world.wait(wait)
        pay.poll(now=self.world.now)
        pay.send_refunds(now=self.world.now)
        pay.strand_forgotten(now=self.world.now)

    @rule(faults=st.sets(st.sampled_from(FAULTS), max_size=2))
    def something_breaks(self, faults):
        self.world.simulator.faults = faults

    @precondition(lambda self: self.references)
    @rule(number=st.integers(0, 9), verb=st.sampled_from(["keep", "cancel", "give_back", "strand"]))
    def the_journey_goes_on(self, number, verb):
        said = {"why": "not-submitted"} if verb == "strand" else {}
        self.try_to(getattr(pay, verb), reference=self.some(number), **said)

    @precondition(lambda self: self.references)
    @rule(number=st.integers(0, 9), pence=st.integers(1, 4250))
    def somebody_refunds(self, number, pence):
        found = [each for charge in self.charges() for each in charge.payments if each.refundable]
        if found:
            self.keys += 1
            payment = found[number % len(found)].reference
            self.try_to(pay.refund, payment=payment, pence=pence, why="other", by=PRIYA, key=str(self.keys))

    @precondition(lambda self: self.keys)
    @rule(yes=st.booleans(), who=st.sampled_from([PRIYA, GRACE]))
    def somebody_decides(self, yes, who):
        verb = pay.approve if yes else pay.turn_down
        waiting = pay.work().to_approve
        if waiting:
            self.try_to(verb, refund=waiting[0].reference, by=who)

    @precondition(lambda self: self.keys)
    @rule(who=st.sampled_from([PRIYA, GRACE]))
    def somebody_gives_it_back_another_way(self, who):
        failed = pay.work().failed
        if failed:
            pay.see_to(refund=failed[0].reference, by=who, now=self.world.now)

    @invariant()
    def all_is_well(self):
        """Everything is read once: what is asked ten thousand times must not take long."""
        charges, work = self.charges(), pay.work()
        self.every_penny_is_somewhere(charges, work)
        self.no_charge_is_settled_twice(charges)
        self.nothing_goes_back_that_did_not_come()
        self.what_we_say_came_they_have(charges)

    def every_penny_is_somewhere(self, charges, work):
        stranded = {each.reference for each in work.stranded}
        for charge in charges:
            for payment in charge.payments:
                gone = sum(
                    refund.pence
                    for refund in payment.refunds
                    if refund.state not in ("failed", "turned-down")
                )
                assert payment.refundable == (payment.pence - gone if payment.state == "paid" else 0) >= 0
                if payment.state != "paid" or not payment.refundable:
                    continue
                settles = not payment.stranded
                assert settles == (payment.reference not in stranded)
                # Kept, or of a journey that goes on: never both that and somebody's work.
                assert not settles or charge.state in (pay.PAID, pay.KEPT)

    def no_charge_is_settled_twice(self, charges):
        for charge in charges:
            used = [each for each in charge.payments if each.state == "paid" and not each.stranded]
            assert len(used) <= 1
            assert charge.state != pay.PAID or len(used) == 1

    def nothing_goes_back_that_did_not_come(self):
        for payment in self.world.theirs():
            gone = sum(refund["amount"] for refund in payment["refunds"] if refund["status"] != "error")
            assert gone <= payment["amount"]

    def what_we_say_came_they_have(self, charges):
        paid = sum(each["amount"] for each in self.world.theirs() if each["status"] == "success")
        assert sum(charge.received for charge in charges) <= paid


def test_no_penny_is_lost_sight_of_in_any_order(council):
    assert connection.in_atomic_block
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_lost_penny_would_be_seen(world):
    charge = world.paid()
    from vestry.pay.models import Charge

    Charge.objects.filter(reference=charge.reference).update(state=pay.STRANDED)
    machine = AnyOrder.__new__(AnyOrder)
    machine.references = [charge.reference]
    with pytest.raises(AssertionError):
        machine.every_penny_is_somewhere(machine.charges(), pay.work())


def test_a_table_that_was_changed_behind_the_facts_would_be_seen(world):
    charge = world.paid()
    assert replay.said() == replay.tables()
    from vestry.pay.models import Charge

    Charge.objects.filter(reference=charge.reference).update(state=pay.KEPT)
    assert replay.said() != replay.tables()
