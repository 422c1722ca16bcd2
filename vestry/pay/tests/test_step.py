"""How a definition takes money: what it comes to, and what becomes of it while somebody sends."""

from datetime import date

import pytest

from vestry.design.capability import Contact, Forgetting, Outline, Stop, Stopped, Visit
from vestry.design.expressions import Today
from vestry.kernel import SYSTEM, Ref, WorkingCalendar, local_day
from vestry.pay import api as pay
from vestry.pay.options import LineOptions, Options
from vestry.pay.step import Pay
from vestry.pay.tests.paying import BACK, CARD, DECLINED

STEP = Pay()
ITEMS = "30 + 5 * (len(items) - 1)"


def options(amount=ITEMS, when="", **line):
    lines = (LineOptions(what="Collection", amount=amount, vat="standard", code="4010", **line),)
    return Options(id="payment", title="Bulky waste collection", lines=lines, when=when)


def visit(world, items=("sofa",), held=None, **words):
    return Visit(
        service="bulky-waste",
        title="Book a bulky waste collection",
        version=1,
        journey="41",
        said={},
        words={"items": list(items), **words},
        now=world.now,
        today=Today(day=local_day(world.now), calendar=WorkingCalendar(frozenset())),
        actor=Ref("journey", "41"),
        held=held,
    )


def outline(*words, **known):
    return Outline(
        service="bulky-waste",
        questions={},
        words=frozenset(words),
        messages={},
        known={name.replace("_", "-"): frozenset(each) for name, each in known.items()},
    )


@pytest.mark.parametrize(
    ("amount", "items", "pence"),
    [
        (ITEMS, 1, 3000),
        (ITEMS, 3, 4000),
        (12.5, 1, 1250),
        ("0.1 + 0.2", 1, 30),
        ("len(items) * 10 / 3", 1, 333),
    ],
)
def test_amounts_are_worked_out_to_the_penny(world, amount, items, pence):
    held = STEP.hold(options(amount), visit(world, ["sofa"] * items))
    assert pay.get(reference=held["charge"]).pence == pence


def test_nothing_is_owed_where_it_comes_to_nothing(world):
    for nothing in (options(0), options(when="len(items) > 5")):
        assert STEP.owes(nothing, visit(world)) is None
        assert STEP.hold(nothing, visit(world)) == {}


@pytest.mark.parametrize("amount", ["0 - 5 * len(items)", "items", "len(items) / 0", "1000000"])
def test_a_price_that_is_none_stops_and_charges_nothing(world, amount):
    with pytest.raises(Stopped):
        STEP.hold(options(amount), visit(world))


@pytest.mark.parametrize(
    "amount",
    ["0 - 5 * len(items)", "items", "len(items) / 0", "1000000000 * 1000000000 * 1000000000 * 1000000000"],
)
def test_whoever_only_looks_at_a_price_that_is_none_is_told_so(world, amount):
    owed = STEP.owes(options(amount), visit(world))
    assert (owed.state, owed.action) == ("failed", "")
    assert "cannot work out what this costs" in owed.text


def test_it_is_paid_kept_and_shown(world):
    said = options()
    assert STEP.owes(said, visit(world)).state == "open"
    held = STEP.hold(said, visit(world))
    assert STEP.hold(said, visit(world, held=held)) == held
    there = visit(world, held=held)
    assert STEP.depart(said, there, BACK) == STEP.depart(said, there, BACK)
    assert STEP.owes(said, there).state == "waiting"
    with pytest.raises(Stopped):
        STEP.confirm(said, there)
    world.gives(CARD)
    STEP.look(said, there)
    assert STEP.owes(said, there).state == "settled"
    confirmed = STEP.confirm(said, there)
    assert confirmed.words["amount"] == "£30.00"
    assert [row.text for row in STEP.show(said, there, confirmed.words)] == [
        "£30.00",
        confirmed.words["payment_reference"],
    ]


def test_a_declined_card_is_said_and_can_be_tried_again(world):
    said = options()
    there = visit(world, held=STEP.hold(said, visit(world)))
    STEP.depart(said, there, BACK)
    world.gives(DECLINED)
    STEP.look(said, there)
    owed = STEP.owes(said, there)
    assert (owed.state, owed.title) == ("failed", "Your payment was declined")


def test_a_provider_that_is_away_stops_and_says_so(world):
    said = options()
    there = visit(world, held=STEP.hold(said, visit(world)))
    world.simulator.faults = {"down"}
    with pytest.raises(Stopped, match="not been charged"):
        STEP.depart(said, there, BACK)


def paid(world, said):
    there = visit(world, held=STEP.hold(said, visit(world)))
    STEP.depart(said, there, BACK)
    world.gives(CARD)
    STEP.look(said, there)
    return there


def test_what_was_paid_and_cannot_be_sent_is_not_paid_twice(world):
    said = options()
    there = paid(world, said)
    STEP.strand(said, there, Stop(title="Gone", reason="The slot went."))
    assert pay.work().stranded
    assert STEP.owes(said, there).state == "settled"
    assert STEP.hold(said, there) == there.held
    STEP.confirm(said, there)
    assert not pay.work().stranded


def test_other_answers_give_the_money_back_and_ask_for_the_new_price(world):
    said = options()
    there = paid(world, said)
    more = visit(world, ["sofa", "bed"], held=there.held)
    assert STEP.owes(said, more).state == "open"
    held = STEP.hold(said, more)
    assert pay.get(reference=held["charge"]).pence == 3500
    pay.send_refunds(now=world.now)
    assert pay.get(reference=there.held["charge"]).refunded == 3000
    with pytest.raises(Stopped):
        STEP.confirm(said, visit(world, ["sofa", "bed"], held=there.held))


def test_what_is_released_goes_back(world):
    said = options()
    there = paid(world, said)
    for _time in range(2):
        STEP.release(said, there)
    pay.send_refunds(now=world.now)
    assert pay.get(reference=there.held["charge"]).refunded == 3000
    assert not pay.work().stranded


def test_the_payment_outlives_what_was_answered(world):
    said = options()
    there = paid(world, said)
    STEP.confirm(said, there)
    STEP.forget(Forgetting(about=[Ref("journey", "41")], to=Contact(), actor=SYSTEM, now=world.now))
    assert [each.pence for each in pay.of(journey="41")] == [3000]


@pytest.mark.parametrize(
    ("amount", "what"),
    [
        ("30 +", "cannot be read"),
        ("30 + lengths", "Nothing is called “lengths”"),
        ("30 - 5 * len(items)", "less than zero"),
        (-1, "less than zero"),
        ("30 - 10 if discount else 30", ""),
        ("fee - 5 if fee > 5 else 0", ""),
        (ITEMS, ""),
    ],
)
def test_what_is_wrong_with_a_price_is_told_before_anybody_pays(amount, what):
    found = list(STEP.problems(options(amount), outline("items", "discount", "fee")))
    assert [what in each.what for each in found] == ([True] if what else [])


def test_a_ledger_code_must_be_one_of_the_councils():
    (found,) = STEP.problems(options(), outline("items", ledger_codes=["4011"]))
    assert "4010" in found.what
    assert "4011" in found.instead
    assert not list(STEP.problems(options(), outline("items")))


@pytest.mark.parametrize(
    ("fact", "payload"),
    [
        ("pay.stranded", {"payment": "PAY-1"}),
        ("pay.refund_failed", {"refund": "RF-1"}),
        ("pay.refund_asked", {"refund": "RF-1", "second": True}),
        ("pay.mismatch_found", {"payment": "PAY-1", "day": date(2026, 11, 23).isoformat(), "mismatch": 1}),
    ],
)
def test_money_that_is_nobodys_is_somebodys_work(fact, payload):
    assert STEP.calls_for(fact, payload).title


def test_money_that_is_as_it_should_be_is_nobodys_work():
    assert STEP.calls_for("pay.paid", {}) is None
    assert STEP.calls_for("pay.refund_asked", {"refund": "RF-1", "second": False}) is None
