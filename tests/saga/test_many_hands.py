"""Two tabs, two officers, a program, a pack that changes: what each of them reads is how it stands."""

import pytest
from django.test import Client

from tests.saga.paid import SKIP, Hirer
from tests.saga.test_rooms import DAY, put_tours
from tests.saga.test_rooms import NOON as TUESDAY
from vestry.book.models import Booking
from vestry.channels.public import journeys, links, paying
from vestry.pay import api as pay
from vestry.pay.tests.paying import CARD, World, plugged
from vestry.services import api as services
from vestry.services.tests.services_to_try import ORIGIN, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(council, monkeypatch):
    pay.put_settings(codes={"4010": pay.Code(title="Skips", vat="outside")}, alone=2000)
    made = World()
    for module in (journeys, links, paying):
        monkeypatch.setattr(module, "utc_now", lambda: made.now)
    with plugged(made.provider):
        yield made


def page(hirer, name):
    return f"/services/skip/{hirer.token}/{name}/"


def sends_a_tour(world, key):
    """A program sends all answers at once, and holds nothing before."""
    answers = {"tour-time": f"{DAY}T10:00:00+00:00", "email": "sam@example.com"}
    return services.submit_answers(
        service="tour", answers=answers, key=key, client="crm", origin=ORIGIN, now=world.now
    )


def test_what_a_program_sends_is_held_while_somebody_pays_for_it(world):
    world.now = TUESDAY
    put_tours()
    assert sends_a_tour(world, "1").state == "open"
    assert Booking.objects.get().state == "held"
    with pytest.raises(services.NotTaken):
        sends_a_tour(world, "2")
    assert Booking.objects.count() == 1


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
