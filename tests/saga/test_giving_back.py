"""A rule gives one line of what was paid back, such as a deposit: once, and only what is left of it."""

from datetime import timedelta

import pytest

from tests.saga.paid import SKIP, Hirer
from vestry.cases import api as cases
from vestry.ledger import api as ledger
from vestry.notify.models import Message
from vestry.pay import api as pay
from vestry.pay.tests import replay
from vestry.pay.tests.paying import World, plugged
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services import jobs
from vestry.services.definition.check import check_text
from vestry.services.readers import OnRules
from vestry.services.tests.services_to_try import KNOWN, offer

DEPOSIT = (
    SKIP.replace(
        """{what: Skip, amount: 30, vat: outside, code: "4010"}""",
        """{what: Skip, amount: 30, vat: standard, code: "4010"},
             {id: deposit, what: Deposit, amount: 100, vat: outside, code: "5090"}""",
    )
    .replace("Fetched, end: done}", "Fetched, end: done}\n    kept: {title: Kept by them, end: kept}")
    .replace(
        "by: [officer]}",
        "by: [officer]}\n    - {do: Give up, id: lost, from: ordered, to: kept, by: [officer]}",
    )
    + """\
messages:
  kept: {subject: Kept, body: We keep your deposit.}
on:
  case.fetched: [{refund: deposit}]
  case.kept: [{notify: kept}]
  5 days after submitted: [{refund: deposit}]
"""
)


@pytest.fixture
def hirer(council):
    put_everybody()
    world = World()
    with plugged(world.provider):
        offer(DEPOSIT, world.now)
        yield Hirer(world).pays()


def act(hirer, action):
    officer = people.get_officer("priya")
    mine = {"officer": officer, "reference": hirer.case, "now": hirer.world.now}
    cases.act(**mine, action=action, answers={}, text="", key="1")
    for _time in range(2):
        ledger.read_on(OnRules(), now=hirer.world.now)
    pay.send_refunds(now=hirer.world.now)


def test_the_deposit_goes_back_once_and_only_the_deposit(hirer):
    act(hirer, "fetched")
    (refund,) = hirer.charge.payments[0].refunds
    assert (refund.pence, refund.why, refund.state) == (10000, "deposit", "done")
    assert hirer.charge.payments[0].refundable == 3000


def test_what_went_back_of_it_before_does_not_go_back_again(hirer):
    asked = {"payment": f"{hirer.charge.reference}-1", "why": "other", "key": "1", "now": hirer.world.now}
    pay.put_settings(codes={}, alone=100000)
    pay.refund(**asked, pence=12350, by=people.get_officer("priya").ref)
    act(hirer, "fetched")
    pences = [refund.pence for refund in hirer.charge.payments[0].refunds]
    assert pences[0] == 12350
    assert sum(pences) <= 13000
    assert hirer.charge.payments[0].refundable + sum(pences) == 13000


def wants(hirer, pence, key="1"):
    """Priya asks for so much, and it waits for somebody else."""
    pay.put_settings(codes={}, alone=0)
    payment, by = f"{hirer.charge.reference}-1", people.get_officer("priya").ref
    return pay.refund(payment=payment, pence=pence, why="other", by=by, key=key, now=hirer.world.now)


def refunds(hirer):
    return [(each.pence, each.state) for each in hirer.charge.payments[0].refunds]


@pytest.mark.parametrize("asked", [13000, 6500])
def test_what_waits_for_a_second_person_keeps_no_deposit(hirer, asked):
    waits = wants(hirer, asked)
    act(hirer, "fetched")
    # The deposit has gone back, so what waits is of the rest.
    assert refunds(hirer) == [(3000, "wanted"), (10000, "done")]
    decide = {"refund": waits.reference, "by": people.get_officer("grace").ref, "now": hirer.world.now}
    pay.approve(**decide)
    hirer.world.wait(timedelta(hours=1))
    pay.send_refunds(now=hirer.world.now)
    assert refunds(hirer) == [(3000, "done"), (10000, "done")]
    assert replay.said() == replay.tables()


def test_of_what_waits_nothing_is_left_where_all_has_gone_back(hirer):
    waits = wants(hirer, 5000)
    also = wants(hirer, 3000, "2")
    act(hirer, "fetched")
    assert refunds(hirer) == [(3000, "wanted"), (3000, "turned-down"), (10000, "done")]
    assert pay.get_refund(reference=also.reference).fault == "All of the payment went back meanwhile."
    assert [each.reference for each in pay.work().to_approve] == [waits.reference]
    assert replay.said() == replay.tables()


def test_what_did_not_go_through_is_somebodys_work_and_no_second_rule_s(hirer):
    hirer.world.simulator.faults = {"refuse-refund"}
    act(hirer, "fetched")
    hirer.world.simulator.faults = set()
    reference = hirer.charge.reference
    assert not pay.refund_line(reference=reference, line="deposit", key="2", now=hirer.world.now)
    assert refunds(hirer) == [(10000, "failed")]
    assert len(pay.work().failed) == 1


def test_where_it_ends_otherwise_nothing_goes_back(hirer):
    act(hirer, "lost")
    assert not hirer.charge.payments[0].refunds


def five_days_later(hirer):
    later = hirer.world.now + timedelta(days=7)
    jobs.days_come(now=later)
    ledger.read_on(OnRules(), now=later)
    assert not ledger.parked()


def test_where_nobody_says_anything_it_goes_back_after_days(hirer):
    five_days_later(hirer)
    (refund,) = hirer.charge.payments[0].refunds
    assert refund.pence == 10000


def test_where_it_is_kept_no_day_gives_it_back_though_the_email_is_not_sent_yet(hirer):
    act(hirer, "lost")
    assert Message.objects.get(subject="Kept").state == "queued"
    five_days_later(hirer)
    assert not hirer.charge.payments[0].refunds


def test_a_line_that_is_not_paid_is_told():
    text = DEPOSIT.replace("refund: deposit", "refund: deposits", 1)
    (found,) = check_text(text, "skip.yaml", KNOWN | {"statements": frozenset({"clean-streets"})}).mistakes
    assert 'Nothing that is paid here is called "deposits"' in found.what
    assert 'Did you mean "deposit"?' in found.instead
