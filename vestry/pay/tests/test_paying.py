"""A charge is settled once, whoever hears first and in whatever order."""

import pytest

from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.pay import api as pay
from vestry.pay.rules import Line
from vestry.pay.tests.paying import BACK, BROKEN, CARD, CASE, COLLECTION, DAY, DECLINED, FRIDGE, HOUR, MINUTE


def said(charge):
    return [fact.name for fact in ledger.history(Ref("charge", charge.reference))]


def test_the_same_key_is_the_same_charge(world):
    assert world.charge().reference == world.charge().reference
    assert said(world.charge()) == ["pay.charged"]


def test_other_lines_are_another_charge_and_the_first_is_given_up(world):
    first = world.charge()
    second = world.charge(COLLECTION, FRIDGE)
    assert second.pence == 4250
    assert second.vat == 208
    assert pay.get(reference=first.reference).state == pay.CANCELLED


@pytest.mark.parametrize("pence", [[-1, 500], [29], [10_000_001], []])
def test_what_is_no_amount_is_not_charged(world, pence):
    lines = [Line(what="x", pence=each, vat="zero", code="1") for each in pence]
    with pytest.raises(pay.NotAnAmount):
        pay.charge(lines=lines, key="1", title="x", now=world.now)


def test_departing_twice_is_one_payment(world):
    charge = world.charge()
    assert world.depart(charge) == world.depart(charge)
    assert len(world.theirs()) == 1
    assert world.theirs()[0]["amount"] == 3000


def test_coming_back_settles_it(world):
    charge = world.paid()
    assert (charge.state, charge.received) == (pay.PAID, 3000)
    assert said(charge) == ["pay.charged", "pay.opened", "pay.paid"]


def test_a_notice_settles_it_and_the_return_changes_nothing(world):
    charge = world.charge()
    world.depart(charge)
    world.gives(CARD)
    world.tell()
    pay.look(reference=charge.reference, now=world.now)
    assert said(charge).count("pay.paid") == 1


def test_the_worker_settles_it_when_nobody_says_anything(world):
    world.simulator.faults = {"no-notice"}
    charge = world.charge()
    world.depart(charge)
    world.gives(CARD)
    world.wait(MINUTE)
    assert pay.poll(now=world.now) == 1
    assert pay.get(reference=charge.reference).state == pay.PAID
    world.wait(DAY)
    assert pay.poll(now=world.now) == 0


def test_notices_twice_and_out_of_order_do_no_harm(world):
    world.simulator.faults = {"duplicate-notice", "out-of-order"}
    charge = world.charge()
    world.depart(charge)
    world.gives(CARD)
    assert len(world.notices) == 4
    world.tell()
    assert said(charge).count("pay.paid") == 1


@pytest.mark.parametrize(("card", "how"), [(DECLINED, "declined"), (BROKEN, "error")])
def test_a_card_that_does_not_work_can_be_followed_by_one_that_does(world, card, how):
    charge = world.charge()
    first = world.depart(charge)
    world.gives(card)
    pay.look(reference=charge.reference, now=world.now)
    assert pay.get(reference=charge.reference).how == how
    assert world.depart(charge) != first
    world.gives(CARD)
    pay.look(reference=charge.reference, now=world.now)
    assert pay.get(reference=charge.reference).state == pay.PAID


def test_what_was_not_paid_in_time_is_known(world):
    charge = world.charge()
    world.depart(charge)
    world.wait(2 * HOUR)
    pay.poll(now=world.now)
    assert pay.get(reference=charge.reference).how == "expired"


def test_money_that_comes_after_it_was_given_up_is_seen(world):
    charge = world.charge()
    world.depart(charge)
    world.gives(CARD)
    pay.cancel(reference=charge.reference, now=world.now)
    world.tell()
    assert pay.get(reference=charge.reference).state == pay.CANCELLED
    (stranded,) = pay.work().stranded
    assert (stranded.pence, stranded.stranded) == (3000, "late")


def test_what_is_given_up_cannot_be_paid_any_more(world):
    charge = world.charge()
    world.depart(charge)
    pay.cancel(reference=charge.reference, now=world.now)
    pay.poll(now=world.now)
    assert world.theirs()[0]["status"] == "cancelled"
    with pytest.raises(pay.NotOwed):
        world.depart(charge)


def test_paid_after_it_expired_is_money_all_the_same(world):
    world.simulator.faults = {"paid-late", "no-notice"}
    charge = world.charge()
    world.depart(charge)
    world.wait(2 * HOUR)
    pay.poll(now=world.now)
    world.gives(CARD)
    world.wait(4 * HOUR)
    pay.poll(now=world.now)
    assert pay.get(reference=charge.reference).state == pay.PAID


def test_paid_twice_settles_once_and_the_second_is_seen(world):
    world.simulator.faults = {"paid-late"}
    charge = world.charge()
    world.depart(charge)
    world.simulator.expire(world.theirs()[0])
    world.depart(charge)
    world.gives(CARD, 1)
    world.gives(CARD, 0)
    world.tell()
    found = pay.get(reference=charge.reference)
    assert (found.state, found.received) == (pay.PAID, 6000)
    assert [each.stranded for each in pay.work().stranded] == ["twice"]


def test_a_provider_that_is_away_loses_nothing(world):
    charge = world.charge()
    world.simulator.faults = {"down"}
    with pytest.raises(pay.CannotPayNow):
        world.depart(charge)
    pay.look(reference=charge.reference, now=world.now)
    world.wait(HOUR)
    assert pay.poll(now=world.now) == 0
    world.simulator.faults = set()
    assert world.depart(charge)
    assert len(world.theirs()) == 1


def test_an_answer_that_was_lost_is_not_a_payment_twice(world):
    charge = world.charge()
    world.simulator.faults = {"lost-answer"}
    with pytest.raises(pay.CannotPayNow):
        world.depart(charge)
    world.simulator.faults = set()
    assert world.depart(charge)
    assert len(world.theirs()) == 1


def test_a_payment_that_never_arrived_is_given_up_in_the_end(world):
    charge = world.charge()
    world.simulator.faults = {"down"}
    with pytest.raises(pay.CannotPayNow):
        world.depart(charge)
    world.simulator.faults = set()
    for _hour in range(12):
        world.wait(4 * HOUR)
        pay.poll(now=world.now)
    assert not pay.get(reference=charge.reference).waiting


@pytest.mark.parametrize("name", ["amount", "reference"])
def test_another_amount_or_reference_changes_nothing_and_is_counted(world, name):
    charge = world.charge()
    world.depart(charge)
    world.theirs()[0][name] = 1 if name == "amount" else "PAY-SOME-BODY-1"
    world.gives(CARD)
    world.tell()
    assert pay.get(reference=charge.reference).state == pay.OWED
    assert [fact.payload["why"] for fact in ledger.since(0) if fact.name == "pay.notice_refused"] == ["wrong"]


def test_a_forged_notice_changes_nothing_and_is_counted(world):
    charge = world.charge()
    world.depart(charge)
    world.gives(CARD)
    (_signature, body), *_ = world.notices
    for _time in range(2):
        with pytest.raises(pay.NotFromThem):
            pay.taken(signature="0" * 64, body=body, now=world.now)
    assert pay.get(reference=charge.reference).state == pay.OWED
    assert [fact.payload["why"] for fact in ledger.since(0) if fact.name == "pay.notice_refused"] == [
        "forged"
    ]


def test_a_notice_about_another_councils_charge_changes_nothing(world, other_council):
    from vestry.councils import api as councils

    charge = world.charge()
    world.depart(charge)
    world.gives(CARD)
    with councils.scope(other_council):
        world.tell()
    assert pay.get(reference=charge.reference).state == pay.OWED


def test_it_is_kept_once_and_only_if_paid(world):
    charge = world.charge()
    with pytest.raises(pay.NotPaid):
        pay.keep(reference=charge.reference, subject=CASE, now=world.now)
    charge = world.paid()
    for _time in range(2):
        pay.keep(reference=charge.reference, subject=CASE, now=world.now)
    assert [each.reference for each in pay.of(subject=CASE)] == [charge.reference]
    assert [fact.name for fact in ledger.history(CASE)] == ["pay.kept"]


def test_what_is_stranded_can_be_used_when_they_choose_again(world):
    charge = world.paid()
    pay.strand(reference=charge.reference, why="not-submitted", now=world.now)
    assert [each.stranded for each in pay.work().stranded] == ["not-submitted"]
    assert world.charge().reference == charge.reference
    assert world.depart(charge) == BACK
    pay.keep(reference=charge.reference, subject=CASE, now=world.now)
    assert not pay.work().stranded


def test_what_came_to_nothing_for_hours_is_somebodys_work(world):
    world.paid()
    assert pay.strand_forgotten(now=world.now + HOUR) == 0
    assert pay.strand_forgotten(now=world.now + 3 * HOUR) == 1
    assert [each.stranded for each in pay.work().stranded] == ["forgotten"]


def test_a_link_opens_its_charge_only(world):
    charge = world.charge()
    link = pay.link(reference=charge.reference)
    assert pay.by_link(link=link).reference == charge.reference
    for other in ("", "x", charge.reference, link[:-1], link.replace("PAY", "PAX")):
        with pytest.raises(pay.NoSuchCharge):
            pay.by_link(link=other)


def test_a_payment_the_provider_has_lost_ends_and_keeps_no_other_waiting(world):
    lost, paid = (world.charge(key=key) for key in ("lost", "paid"))
    for each in (lost, paid):
        world.depart(each)
    world.gives(CARD, 1)
    world.account.payments.pop(world.theirs()[0]["payment_id"])
    pay.give_back(reference=lost.reference, now=world.now)
    world.wait(5 * MINUTE)
    pay.poll(now=world.now)
    assert pay.get(reference=paid.reference).state == pay.PAID
    for _time in range(12):
        world.wait(DAY)
        pay.poll(now=world.now)
    assert pay.get(reference=lost.reference).payments[0].state == "error"
    assert pay.poll(now=world.now + DAY) == 0, "nobody is asked about it for ever"


def test_whoever_goes_to_pay_what_the_provider_has_lost_pays_by_another(world):
    charge = world.charge()
    world.depart(charge)
    world.account.payments.clear()
    assert "/secure/" in world.depart(charge)
    world.gives(CARD)
    pay.look(reference=charge.reference, now=world.now)
    found = pay.get(reference=charge.reference)
    assert (found.state, [each.state for each in found.payments]) == (pay.PAID, ["error", "paid"])
