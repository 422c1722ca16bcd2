"""What moved on a day ties: with the provider's report, and in the council's ledger."""

import csv
import io

import pytest

from vestry.kernel import SYSTEM
from vestry.ledger import api as ledger
from vestry.pay import api as pay
from vestry.pay.tests.paying import CARD, COLLECTION, DAY, FRIDGE, GRACE, NOON, PRIYA

TODAY = NOON.date()
TOMORROW = NOON + DAY


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_a_day_that_matches_has_no_work(world):
    world.paid()
    assert pay.reconcile(day=TODAY, now=TOMORROW) == 0
    assert not pay.work().mismatches


def test_what_nobody_heard_of_is_found_out_first(world):
    world.simulator.faults = {"no-notice"}
    charge = world.charge()
    world.depart(charge)
    world.gives(CARD)
    assert pay.reconcile(day=TODAY, now=TOMORROW) == 0
    assert pay.get(reference=charge.reference).state == pay.PAID


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda payment: payment.update(status="failed", code="P0010"), "state"),
        (lambda payment: payment.update(amount=2900), "amount"),
        (
            lambda payment: payment["refunds"].append(
                {"refund_id": "r1", "amount": 100, "status": "success", "created": "2026-11-23"}
            ),
            "refunds",
        ),
    ],
)
def test_each_difference_is_work_once_and_ends_when_it_matches(world, change, kind):
    world.paid()
    (payment,) = world.theirs()
    before = {**payment, "refunds": []}
    change(payment)
    assert pay.reconcile(day=TODAY, now=TOMORROW) == 1
    assert pay.reconcile(day=TODAY, now=TOMORROW) == 0
    assert [each.kind for each in pay.work().mismatches] == [kind]
    payment.update(before)
    pay.reconcile(day=TODAY, now=TOMORROW)
    assert not pay.work().mismatches


def test_what_only_one_of_us_has_is_found(world):
    world.paid()
    _id, payment = world.account.payments.popitem()
    stranger = {**payment, "payment_id": "stranger", "reference": "OLD-SYSTEM"}
    world.account.payments["stranger"] = stranger
    assert pay.reconcile(day=TODAY, now=TOMORROW) == 2
    assert {each.kind for each in pay.work().mismatches} == {"only-ours", "only-theirs"}
    first, _second = pay.work().mismatches
    pay.explain(mismatch=first.id, by=PRIYA, note="Taken by the old system", now=TOMORROW)
    assert len(pay.work().mismatches) == 1
    with pytest.raises(pay.NoSuchMismatch):
        pay.explain(mismatch=0, by=PRIYA, note="", now=TOMORROW)


def test_the_worker_compares_each_day_once(world):
    world.paid()
    assert pay.reconcile_due(now=NOON) == 0
    assert pay.reconcile_due(now=TOMORROW) == 1
    assert pay.reconcile_due(now=TOMORROW) == 0


def goes_back_there(payment, pence):
    said = {"refund_id": f"r{pence}", "amount": pence, "status": "success", "created": "2026-11-23"}
    payment["refunds"].append(said)


def test_what_went_back_on_a_later_day_is_compared_on_that_day(world):
    charge = world.paid()
    assert pay.reconcile_due(now=TOMORROW) == 1
    world.wait(5 * DAY)
    payment = charge.payments[0].reference
    pay.refund(payment=payment, pence=1000, why="other", by=SYSTEM, key="1", now=world.now)
    pay.send_refunds(now=world.now)
    goes_back_there(world.theirs()[0], 999)
    pay.reconcile_due(now=world.now + DAY)
    (found,) = pay.work().mismatches
    assert (found.kind, found.payment, found.ours, found.theirs) == ("refunds", payment, 1000, 1999)


def test_what_went_back_in_the_providers_own_pages_is_found_within_a_month(world):
    world.paid()
    pay.reconcile_due(now=TOMORROW)
    goes_back_there(world.theirs()[0], 999)
    for day in range(2, 33):
        pay.reconcile_due(now=NOON + day * DAY)
    assert [each.kind for each in pay.work().mismatches] == ["refunds"]


def test_what_was_explained_is_work_again_with_other_sums(world):
    world.paid()
    (payment,) = world.theirs()
    goes_back_there(payment, 100)
    pay.reconcile(day=TODAY, now=TOMORROW)
    (found,) = pay.work().mismatches
    pay.explain(mismatch=found.id, by=PRIYA, note="By hand", now=TOMORROW)
    assert pay.reconcile(day=TODAY, now=TOMORROW) == 0
    goes_back_there(payment, 200)
    assert pay.reconcile(day=TODAY, now=TOMORROW) == 1
    assert [each.theirs for each in pay.work().mismatches] == [300]


def test_the_export_ties_and_is_the_same_every_time(world):
    charge = world.paid(COLLECTION, FRIDGE)
    pay.refund(
        payment=charge.payments[0].reference, pence=1000, why="overcharged", by=PRIYA, key="1", now=world.now
    )
    pay.put_settings(codes={}, alone=0)
    (waiting,) = pay.work().to_approve
    pay.approve(refund=waiting.reference, by=GRACE, now=world.now)
    pay.send_refunds(now=world.now)
    made = pay.export(day=TODAY, by=PRIYA, now=TOMORROW)
    assert made.pence == 4250 - 1000 == sum(int(row["gross_pence"]) for row in rows(made.content))
    for row in rows(made.content):
        assert int(row["net_pence"]) + int(row["vat_pence"]) == int(row["gross_pence"])
    assert {row["ledger_code"] for row in rows(made.content)} == {"4010", "4011"}
    assert pay.export(day=TODAY, by=PRIYA, now=TOMORROW + DAY).content == made.content
    assert [fact.name for fact in ledger.since(0)].count("pay.exported") == 1


def test_a_day_that_is_not_over_is_not_exported(world):
    with pytest.raises(pay.DayNotOver):
        pay.export(day=TODAY, by=PRIYA, now=NOON)


def test_a_text_that_a_spreadsheet_would_carry_out_is_only_a_text(world):
    from vestry.pay.rules import Line

    world.paid(Line(what="=1+1", pence=500, vat="zero", code="4010"))
    made = pay.export(day=TODAY, by=PRIYA, now=TOMORROW)
    assert rows(made.content)[0]["line"] == "'=1+1"
