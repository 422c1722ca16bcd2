"""Somebody took what came free and is paying for it: the emailed link leads back to that."""

import pytest

from tests.saga.test_waiting import WAITED_FOR, came_free, fill, joined, link, put
from vestry.channels.public.tests.visitor import Visitor
from vestry.kernel import utc_now
from vestry.pay.tests.paying import World, plugged
from vestry.services.models import Journey
from vestry.services.tests.services_to_try import offer

pytestmark = pytest.mark.django_db

PAID = WAITED_FOR.replace(
    "  - check:",
    """\
  - pay: Visit
    id: fee
    lines: [{what: Visit, amount: 20, vat: outside, code: "6000"}]
  - check:""",
)


def test_while_it_is_being_paid_the_link_leads_to_paying(council):
    put()
    offer(PAID, utc_now())
    full = fill()
    joined()
    came_free(full)
    address = link()
    world = World()
    world.now = utc_now()
    with plugged(world.provider):
        taker = Visitor().open(address).press(take="yes")
        taker.press(email="sam@example.com").press()
        assert Journey.objects.get().state == Journey.SENDING
        assert "/secure/" in taker.here
        again = Visitor().open(address).press(take="yes")
        assert again.status == 200
        assert again.here.endswith("/paying/")
