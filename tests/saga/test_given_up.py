"""What was booked and paid for is given up: by whoever booked it, or with the case, whoever closes that."""

from datetime import timedelta

import pytest

from tests.saga.paid import SKIP, Hirer
from vestry.book import api as book
from vestry.cases import api as cases
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.notify.models import Message
from vestry.pay import api as pay
from vestry.pay.tests.paying import World, plugged
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services import api as services
from vestry.services.definition.check import check_text
from vestry.services.readers import OnRules
from vestry.services.tests.services_to_try import KNOWN, offer, post

BOOKED = (
    SKIP.replace(
        "  - pay: Skip\n", "  - book: {id: day, calendar: skips, cancel: case.withdrawn}\n  - pay: Skip\n"
    )
    .replace(
        "Fetched, end: done}",
        """Fetched, end: done}
    withdrawn: {title: Withdrawn, told: We had to cancel it., end: withdrawn}
    given-up: {title: Cancelled, told: It is cancelled., end: given-up}""",
    )
    .replace(
        "by: [officer]}",
        """by: [officer]}
    - {do: Cancel, id: withdraw, from: ordered, to: withdrawn, by: [officer]}
    - {do: Close what was cancelled, id: given-up, from: ordered, to: given-up, on: book.all-cancelled}""",
    )
    + """\
messages:
  withdrawn: {subject: Withdrawn, body: We had to cancel it.}
  given-up: {subject: Given up, body: It is cancelled.}
on:
  case.withdrawn: [{notify: withdrawn}]
  case.given-up: [{notify: given-up}]
  book.all-cancelled: [{refund: fee}]
"""
)
WHERE = KNOWN | {"statements": frozenset({"clean-streets"}), "calendars": frozenset({"skips"})}


class Booker(Hirer):
    """Somebody who books a day too."""

    def pays(self):
        slot = self.free()[0]
        day = slot.start.date().isoformat()
        post(self.token, "day", self.world.now, day__time__slot=slot.start.isoformat(), day__time__day=day)
        return super().pays()

    def free(self):
        today = self.world.now.date()
        return book.slots(calendar="skips", from_=today, to=today + timedelta(days=9), now=self.world.now)

    @property
    def booking(self):
        made = services.made(Ref("case", self.case))
        return next(book.get(reference=each.key) for each in made if each.kind == "booking")


@pytest.fixture
def booker(council):
    put_everybody()
    world = World()
    plan = book.Plan(
        open=dict.fromkeys(range(7), (book.read_hours("10:00-11:00"),)),
        each={"skips": 1},
        bank_holidays=True,
    )
    book.put_calendars(
        resources=[book.ResourcePlan(slug="skips", title="Skips", stock=1)],
        calendars=[book.CalendarPlan(slug="skips", title="Skips", plan=plan)],
    )
    with plugged(world.provider):
        offer(BOOKED, world.now)
        yield Booker(world).pays()


def what_follows(booker):
    for _time in range(3):
        ledger.read_on(OnRules(), now=booker.world.now)
        for fact in ledger.since(0):
            OnRules().handle(fact, now=booker.world.now)
    assert not ledger.parked()
    pay.send_refunds(now=booker.world.now)


def outcome(booker):
    refunds = [(each.pence, each.why) for each in booker.charge.payments[0].refunds]
    subjects = set(Message.objects.values_list("subject", flat=True))
    return cases.next_step(reference=booker.case).outcome, booker.booking.state, refunds, subjects


def act(booker, action):
    mine = {"officer": people.get_officer("priya"), "reference": booker.case, "now": booker.world.now}
    cases.act(**mine, action=action, answers={}, text="", key="1")


def test_whoever_cancels_what_they_booked_closes_the_case_and_gets_all_of_it_back_once(booker):
    actor = cases.resident_of(booker.case)
    book.cancel(reference=booker.booking.reference, actor=actor, now=booker.world.now)
    what_follows(booker)
    assert outcome(booker) == ("given-up", "cancelled", [(3000, "cancelled")], {"Given up"})


def test_a_case_that_is_cancelled_takes_what_was_booked_with_it(booker):
    taken = booker.booking.slot
    act(booker, "withdraw")
    what_follows(booker)
    assert outcome(booker) == ("withdrawn", "cancelled", [(3000, "cancelled")], {"Withdrawn"})
    assert taken in booker.free()


def test_what_is_closed_otherwise_stays_booked_and_paid(booker):
    act(booker, "fetched")
    what_follows(booker)
    assert outcome(booker) == ("done", "booked", [], set())


def test_what_has_begun_is_not_cancelled_any_more(booker):
    booker.world.now = booker.booking.start
    act(booker, "withdraw")
    what_follows(booker)
    assert outcome(booker)[:2] == ("withdrawn", "booked")


def test_what_follows_by_itself_is_no_officers_to_do(booker):
    mine = {"officer": people.get_officer("priya"), "reference": booker.case, "now": booker.world.now}
    assert {each.id for each in cases.possible(**mine).actions} == {"fetched", "withdraw"}
    with pytest.raises(cases.NotNow):
        cases.act(**mine, action="given-up", answers={}, text="", key="1")


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("on: book.all-cancelled}", "on: book.all-canceled}", "ever happens here"),
        ("cancel: case.withdrawn", "cancel: case.withdrawing", "ever happens here"),
        ("on: book.all-cancelled}", "on: book.all-cancelled, message: required}", "waits for nobody"),
        ("on: book.all-cancelled}", "on: case.closed}", "follows from the case already"),
    ],
)
def test_what_could_never_follow_is_told(before, after, what):
    (found,) = check_text(BOOKED.replace(before, after, 1), "skip.yaml", WHERE).mistakes
    assert what in found.what
