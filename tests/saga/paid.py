"""Somebody pays for a skip, as far as a test wants: the provider is in this process."""

from vestry.kernel import Ref
from vestry.pay import api as pay
from vestry.pay.tests.paying import CARD
from vestry.services import api as services
from vestry.services.models import Journey
from vestry.services.tests.services_to_try import ORIGIN, offer, post

SKIP = """
service: skip
title: Hire a skip
summary: A skip for a day.
why: clean-streets
owner: waste
class: official-personal
reference: SK
contact: {name: your-name, email: email}
keep: {closed: 2 years}
journey:
  - page: Who are you?
    ask:
      - name: {id: your-name, ask: What is your name?}
  - page: How can we reach you?
    ask:
      - email: {id: email, ask: What is your email address?}
  - pay: Skip
    id: fee
    lines: [{what: Skip, amount: 30, vat: outside, code: "4010"}]
  - check: Check your answers
case:
  team: waste
  stages:
    ordered: {title: Ordered}
    fetched: {title: Fetched, end: done}
  actions:
    - {do: Mark as fetched, id: fetched, from: ordered, to: fetched, by: [officer]}
"""


class Hirer:
    """Somebody on the way through it."""

    def __init__(self, world):
        self.world = world
        self.token = services.start(service="skip", origin=ORIGIN, now=world.now).token
        post(self.token, "your-name", world.now, your__name="Sam")
        post(self.token, "email", world.now, email="sam@example.org")
        self.journey = str(Journey.objects.latest("pk").pk)

    def sends(self):
        try:
            services.submit(token=self.token, now=self.world.now)
        except services.SentBack:
            services.depart(token=self.token, back="https://here.example/", now=self.world.now)
        return self

    def pays(self):
        self.sends()
        self.world.gives(CARD)
        services.look(token=self.token, now=self.world.now)
        return self

    @property
    def charge(self):
        return pay.of(journey=self.journey)[-1]

    @property
    def case(self):
        return Ref.read(Journey.objects.get(pk=self.journey).subject).key


def furnish(now):
    """The service is offered."""
    offer(SKIP, now)
