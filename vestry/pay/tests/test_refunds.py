"""Money goes back once, and above a limit only when two people want it."""

from datetime import timedelta

import pytest

from vestry.kernel import Ref, local_day
from vestry.ledger import api as ledger
from vestry.pay import api as pay
from vestry.pay import jobs
from vestry.pay.tests.paying import CASE, COLLECTION, FRIDGE, GRACE, HOUR, MINUTE, PRIYA
from vestry.people.api import Held, new_key
from vestry.people.tests.officers import put_everybody


def a_refund(charge, pence=1000, key="1", by=PRIYA, **said):
    payment = charge.payments[0].reference
    return pay.refund(
        payment=payment, pence=pence, why="cancelled", by=by, key=key, **{"now": charge.made_at, **said}
    )


def state_of(refund):
    return pay.get_refund(reference=refund.reference).state


@pytest.fixture(autouse=True)
def limit(council):
    pay.put_settings(codes={"4010": pay.Code(title="Bulky waste", vat="outside")}, alone=2000)


def test_a_small_refund_goes_at_once(world):
    charge = world.paid()
    made = a_refund(charge)
    assert pay.send_refunds(now=world.now) == 1
    assert state_of(made) == "done"
    assert pay.get(reference=charge.reference).refunded == 1000
    assert world.theirs()[0]["refunds"][0]["amount"] == 1000


def test_the_same_key_is_the_same_refund(world):
    charge = world.paid()
    assert a_refund(charge).reference == a_refund(charge).reference


def test_a_large_one_waits_for_somebody_else(world):
    charge = world.paid()
    made = a_refund(charge, pence=2001)
    assert pay.send_refunds(now=world.now) == 0
    with pytest.raises(pay.NotTheSamePerson):
        pay.approve(refund=made.reference, by=PRIYA, now=world.now)
    assert [each.reference for each in pay.work().to_approve] == [made.reference]
    pay.approve(refund=made.reference, by=GRACE, now=world.now)
    pay.send_refunds(now=world.now)
    assert state_of(made) == "done"
    with pytest.raises(pay.AlreadyDecided):
        pay.turn_down(refund=made.reference, by=GRACE, now=world.now)


def test_one_that_is_turned_down_takes_nothing(world):
    charge = world.paid()
    made = a_refund(charge, pence=3000)
    pay.turn_down(refund=made.reference, by=GRACE, now=world.now)
    pay.send_refunds(now=world.now)
    assert state_of(made) == "turned-down"
    assert pay.get(reference=charge.reference).payments[0].refundable == 3000


def test_never_more_than_there_is(world):
    charge = world.paid()
    a_refund(charge, pence=2000)
    with pytest.raises(pay.NotThatMuch, match=r"£10\.00"):
        a_refund(charge, pence=1001, key="2")
    a_refund(charge, pence=1000, key="3")
    with pytest.raises(pay.NotRefundable):
        a_refund(charge, pence=1, key="4")


def test_what_was_not_paid_is_not_refunded(world):
    charge = world.charge()
    world.depart(charge)
    with pytest.raises(pay.NotRefundable):
        a_refund(pay.get(reference=charge.reference))
    with pytest.raises(pay.NotRefundable):
        pay.refund(payment="PAY-0000-0000-1", pence=1, why="other", by=PRIYA, key="9", now=world.now)


def test_an_answer_that_was_lost_is_not_a_refund_twice(world):
    charge = world.paid()
    made = a_refund(charge)
    world.simulator.faults = {"lost-answer"}
    assert pay.send_refunds(now=world.now) == 0
    world.simulator.faults = set()
    world.wait(HOUR)
    pay.send_refunds(now=world.now)
    assert state_of(made) == "done"
    assert len(world.theirs()[0]["refunds"]) == 1


def test_a_worker_that_was_held_up_does_not_send_what_another_sent_meanwhile(world, monkeypatch):
    charge = world.paid()
    a_refund(charge)
    ask = type(world.provider).refunds

    def after_another(self, id):
        monkeypatch.setattr(type(world.provider), "refunds", ask)
        world.wait(3 * MINUTE)
        assert pay.send_refunds(now=world.now) == 1
        return ask(self, id)

    monkeypatch.setattr(type(world.provider), "refunds", after_another)
    pay.send_refunds(now=world.now)
    assert [each["amount"] for each in world.theirs()[0]["refunds"]] == [1000]


def test_what_the_provider_has_lost_keeps_nothing_else_waiting_and_is_work_after_a_day(world):
    lost = [a_refund(world.paid(key=f"lost {n}"), key=f"lost {n}") for n in range(4)]
    world.account.payments.clear()
    good = a_refund(world.paid(), key="good")
    for _time in range(2):
        pay.send_refunds(now=world.now)
        world.wait(3 * MINUTE)
    assert state_of(good) == "done"
    assert not pay.work().failed
    world.wait(timedelta(days=1))
    for _time in range(2):
        pay.send_refunds(now=world.now)
    assert {each.reference for each in pay.work().failed} == {each.reference for each in lost}


def test_one_that_is_refused_is_somebodys_work_until_it_is_seen_to(world):
    charge = world.paid()
    made = a_refund(charge)
    world.simulator.faults = {"refuse-refund"}
    pay.send_refunds(now=world.now)
    assert [each.reference for each in pay.work().failed] == [made.reference]
    assert "P0603" in pay.work().failed[0].fault
    for _time in range(2):
        pay.see_to(refund=made.reference, by=GRACE, now=world.now)
    assert not pay.work().failed
    now = pay.get(reference=charge.reference)
    # It went back, so it can't go back once more; and who said so is on record, once.
    assert (now.payments[0].refundable, now.refunded) == (2000, 1000)
    facts = [fact for fact in ledger.since(0) if fact.name == "pay.refunded_elsewhere"]
    assert [(fact.actor, fact.payload["pence"]) for fact in facts] == [(GRACE, 1000)]


def test_of_one_that_failed_only_what_did_not_go_back_since_goes_back_another_way(world):
    charge = world.paid()
    made = a_refund(charge, pence=2000)
    world.simulator.faults = {"refuse-refund"}
    pay.send_refunds(now=world.now)
    a_refund(charge, pence=1500, key="again")
    pay.see_to(refund=made.reference, by=GRACE, now=world.now)
    assert pay.get_refund(reference=made.reference).pence == 1500
    assert pay.get(reference=charge.reference).payments[0].refundable == 0


def test_one_that_failed_is_nobodys_work_once_all_went_back_by_another(world):
    charge = world.paid()
    made = a_refund(charge)
    world.simulator.faults = {"refuse-refund"}
    pay.send_refunds(now=world.now)
    a_refund(charge, pence=3000, key="again", by=Ref("system", "vestry"))
    assert not pay.work().failed
    with pytest.raises(pay.NotRefundable):
        pay.see_to(refund=made.reference, by=GRACE, now=world.now)


def test_two_halves_are_as_much_as_the_whole(world):
    charge = world.paid()
    assert a_refund(charge, pence=1500).state == "to-send"
    assert a_refund(charge, pence=1500, key="another").state == "wanted"


def test_two_programs_of_one_person_are_that_person(world):
    put_everybody()
    said = {"held": [Held("manager")], "scopes": ["money.refund"], "expires": local_day(world.now)}
    programs = [Ref("client", name) for name in ("alpha", "beta")]
    for each in programs:
        new_key(client=each.key, now=world.now, actor=GRACE, **said)
    charge = world.paid()
    assert a_refund(charge, pence=1500, by=programs[0]).state == "to-send"
    assert a_refund(charge, pence=500, key="hers", by=PRIYA).state == "to-send"
    waits = a_refund(charge, pence=1000, key="another", by=programs[1])
    assert waits.state == "wanted"
    for who in (GRACE, *programs):
        with pytest.raises(pay.NotTheSamePerson):
            pay.approve(refund=waits.reference, by=who, now=world.now)


def test_whoever_made_the_key_of_a_program_is_no_second_person_to_it(world):
    put_everybody()
    said = {"held": [Held("manager")], "scopes": ["money.refund"], "expires": local_day(world.now)}
    new_key(client="crm", now=world.now, actor=GRACE, **said)
    made = a_refund(world.paid(), pence=3000, by=Ref("client", "crm"))
    with pytest.raises(pay.NotTheSamePerson):
        pay.approve(refund=made.reference, by=GRACE, now=world.now)
    pay.approve(refund=made.reference, by=PRIYA, now=world.now)


def test_one_that_fails_at_the_bank_is_seen(world):
    made = a_refund(world.paid())
    world.simulator.faults = {"refund-fails"}
    pay.send_refunds(now=world.now)
    assert state_of(made) == "sent"
    world.simulator.refunds_fail()
    world.wait(6 * MINUTE)
    pay.send_refunds(now=world.now)
    assert state_of(made) == "failed"


def test_stranded_money_that_went_back_is_nobodys_work(world):
    charge = world.paid()
    pay.strand(reference=charge.reference, why="not-submitted", now=world.now)
    a_refund(charge, pence=3000, by=Ref("system", "vestry"))
    assert not pay.work().stranded
    with pytest.raises(pay.NotPaid):
        pay.keep(reference=charge.reference, subject=CASE, now=world.now)
    assert world.charge().reference != charge.reference


def test_what_officers_wrote_is_forgotten_and_the_money_is_not(world):
    charge = world.paid(COLLECTION, FRIDGE)
    pay.keep(reference=charge.reference, subject=CASE, now=world.now)
    made = a_refund(charge, note="Amal rang: the fridge was gone")
    pay.forget(charges=[charge.reference], journeys=[])
    found = pay.get_refund(reference=made.reference)
    assert (found.note, found.pence) == ("", 1000)
    assert pay.get(reference=charge.reference).pence == 4250


def test_what_officers_wrote_of_money_that_came_to_nothing_is_forgotten_long_after(world):
    begun, course = world.now, pay.Course(service="bulky-waste", version=1, journey="7")
    lost, sent = (world.paid(key=key, course=course) for key in ("lost", "sent"))
    pay.strand(reference=lost.reference, why="not-submitted", now=world.now)
    pay.keep(reference=sent.reference, subject=CASE, now=world.now)
    made = [a_refund(each, key=each.reference, note="Amal rang") for each in (lost, sent)]
    pay.send_refunds(now=world.now)

    def notes():
        return [pay.get_refund(reference=each.reference).note for each in made]

    jobs.tidy_up(now=begun + timedelta(days=89))
    assert notes() == ["Amal rang", "Amal rang"]
    jobs.tidy_up(now=begun + timedelta(days=91))
    # What came of something is kept as long as its service says.
    assert notes() == ["", "Amal rang"]
