"""Two tabs, two officers, a program, a pack that changes: what each of them reads is how it stands."""

import re
from datetime import date

import pytest
from django.test import Client

from tests.saga.paid import SKIP, Hirer
from tests.saga.test_rooms import DAY, put_tours
from tests.saga.test_rooms import NOON as TUESDAY
from vestry.book import api as book
from vestry.book.models import Booking
from vestry.cases.step import Cases
from vestry.channels.desk.money import charges
from vestry.channels.desk.tests.pages import key, text
from vestry.channels.public import journeys, links, paying
from vestry.design.capability import Stop, Stopped
from vestry.notify.models import Message
from vestry.pay import api as pay
from vestry.pay.tests.paying import CARD, HOUR, PRIYA, World, plugged
from vestry.people.tests.officers import put_everybody, sign_in
from vestry.services import api as services
from vestry.services.tests.services_to_try import ORIGIN, offer, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(council, monkeypatch):
    pay.put_settings(codes={"4010": pay.Code(title="Skips", vat="outside")}, alone=2000)
    made = World()
    for module in (charges, journeys, links, paying):
        monkeypatch.setattr(module, "utc_now", lambda: made.now)
    with plugged(made.provider):
        yield made


def page(hirer, name):
    return f"/services/skip/{hirer.token}/{name}/"


def gone(self, options, visit):
    """What was to be had is gone when it is confirmed."""
    raise Stopped(Stop(title="Gone", reason="Somebody was faster."))


def stranded(hirer, monkeypatch):
    """They paid, and it could not be sent."""
    with monkeypatch.context() as patch:
        patch.setattr(Cases, "confirm", gone)
        return hirer.pays()


def refunds(hirer, pence, by=PRIYA):
    payment, now = f"{hirer.charge.reference}-1", hirer.world.now
    return pay.refund(payment=payment, pence=pence, why="unused", by=by, key=f"{pence}", now=now)


def sends_a_tour(world, key, **holds):
    """A program sends all answers at once."""
    answers = {"tour-time": f"{DAY}T10:00:00+00:00", "email": "sam@example.com"}
    return services.submit_answers(
        service="tour", answers=answers, holds=holds, key=key, client="crm", origin=ORIGIN, now=world.now
    )


def test_what_a_program_sends_is_held_while_somebody_pays_for_it(world):
    world.now = TUESDAY
    put_tours()
    assert sends_a_tour(world, "1").state == "open"
    assert Booking.objects.get().state == "held"
    with pytest.raises(services.NotTaken):
        sends_a_tour(world, "2")
    assert Booking.objects.count() == 1


def test_a_program_gives_nothing_back_that_somebody_pays_for_by_now(world):
    world.now = TUESDAY
    put_tours()
    day = date.fromisoformat(DAY)
    slot, other = book.slots(calendar="tours", from_=day, to=day, now=world.now)
    theirs = {"until": world.now + HOUR, "actor": PRIYA, "now": world.now, "calendar": "tours"}
    held, unsent = (
        book.hold(slot=each, key=f"{book.BY_HAND}{each.start}", **theirs) for each in (slot, other)
    )
    token = book.token_of(reference=held.reference)
    assert sends_a_tour(world, "1", **{"tour-time": token}).state == "open"
    assert book.give_back(token=token, actor=PRIYA, now=world.now).state == "held"
    token = book.token_of(reference=unsent.reference)
    assert book.give_back(token=token, actor=PRIYA, now=world.now).state == "released"


def test_whoever_pays_is_not_kept_by_a_ledger_code_that_went_meanwhile(world):
    offer(SKIP.replace("vat: outside, ", ""), world.now)
    hirer = Hirer(world).sends()
    pay.put_settings(codes={}, alone=2000)
    world.gives(CARD)
    assert services.look(token=hirer.token, now=world.now).kind == "done"
    assert hirer.charge.state == pay.KEPT


def test_nobody_is_told_that_answers_are_deleted_which_another_tab_has_sent(world):
    offer(SKIP, world.now)
    hirer, browser = Hirer(world), Client()
    assert browser.get(page(hirer, "leave")).status_code == 200
    hirer.sends()
    assert browser.post(page(hirer, "leave"))["Location"] == page(hirer, "paying")
    hirer.pays()
    assert browser.post(page(hirer, "leave"))["Location"] == page(hirer, "done")


def test_whoever_has_to_choose_again_is_told_that_a_colleague_gave_the_money_back(world, monkeypatch):
    offer(SKIP, world.now)
    hirer, browser = stranded(Hirer(world), monkeypatch), Client()
    assert "You do not have to pay a second time" in text(browser.get(page(hirer, "paying")))
    assert "Accept and send" in text(browser.get(page(hirer, "check")))
    first = hirer.charge.reference
    refunds(hirer, 1000)
    for name in ("paying", "check"):
        shown = text(browser.get(page(hirer, name)))
        assert "You do not have to pay" not in shown
        assert "You need to pay £30.00" in shown
        assert "We give back £30.00 that you paid before." in shown
    hirer.pays()
    assert browser.get(page(hirer, "paying"))["Location"] == page(hirer, "done")
    assert hirer.charge.state == pay.KEPT
    assert [each.pence for each in pay.get(reference=first).payments[0].refunds] == [1000, 2000]


def test_nobody_is_offered_to_choose_without_paying_what_a_colleague_gave_back(world, monkeypatch):
    put_everybody()
    offer(SKIP, world.now)
    hirer = stranded(Hirer(world), monkeypatch)
    priya, address = sign_in(Client(), "priya"), f"/desk/charges/{hirer.charge.reference}/"
    form = {"form-key": key(priya.get(f"{address}offer/"))}
    refunds(hirer, 1000)
    assert "Offer something else" not in text(priya.get(address))
    assert "They cannot be asked" in text(priya.post(f"{address}offer/", form, follow=True))
    assert not Message.objects.exists()


KIND = """\
  - page: Which kind
    ask:
      - radios: {id: kind, ask: Which kind?, options: {old: An old one, new: A new one}}
  - pay: Skip
"""


def test_what_was_paid_goes_back_where_what_is_chosen_again_costs_nothing(world, monkeypatch):
    priced = SKIP.replace("  - pay: Skip\n", KIND)
    offer(priced.replace("amount: 30", 'amount: 30 if kind == "new" else 0'), world.now)
    hirer = Hirer(world)
    post(hirer.token, "kind", world.now, kind="new")
    stranded(hirer, monkeypatch)
    post(hirer.token, "kind", world.now, kind="old")
    services.submit(token=hirer.token, now=world.now)
    assert [each.pence for each in hirer.charge.payments[0].refunds] == [3000]


def test_whoever_pays_what_another_tab_has_given_up_is_told_what_becomes_of_it(world):
    offer(SKIP, world.now)
    hirer, browser = Hirer(world), Client()
    browser.post(page(hirer, "check"))
    came = world.theirs()[-1]["return_url"].removeprefix("http://testserver")
    browser.post(page(hirer, "paying"), {"change": "yes"})
    world.gives(CARD)
    shown = text(browser.get(came, follow=True))
    assert "This was given up" in shown
    assert "If you paid all the same, we refund you" in shown
    (late,) = pay.work().stranded
    assert late.stranded == "late"


def test_nobody_sends_or_pays_what_they_did_not_see(world):
    priced = SKIP.replace("  - pay: Skip\n", KIND)
    offer(priced.replace("amount: 30", 'amount: 50 if kind == "new" else 30'), world.now)
    hirer, browser = Hirer(world), Client()
    post(hirer.token, "kind", world.now, kind="old")

    def seen():
        return {"seen": re.search(r'name="seen" value="(.+?)"', check().content.decode())[1]}

    def check():
        return browser.get(page(hirer, "check"))

    assert "Accept and pay £30.00" in text(check())
    before = seen()
    # In another tab.
    post(hirer.token, "kind", world.now, kind="new")
    again = browser.post(page(hirer, "check"), before)
    assert again.status_code == 422
    assert "Your answers or the price changed" in text(again)
    assert "Accept and pay £50.00" in text(again)
    assert pay.of(journey=hirer.journey) == []
    assert "/secure/" in browser.post(page(hirer, "check"), seen())["Location"]
    assert [charge.pence for charge in pay.of(journey=hirer.journey)] == [5000]
