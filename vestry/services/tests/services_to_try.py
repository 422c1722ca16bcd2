"""A service to try journeys on, with everything a journey can meet, and where it happens."""

from datetime import UTC, date, datetime, time
from hashlib import sha256

from django.http import QueryDict

from vestry.places import api as places
from vestry.services import api as services
from vestry.services.definition.check import check_text
from vestry.services.models import Journey, Link, Offer, Version
from vestry.strategy import api as strategy

MONDAY = date(2026, 11, 23)
TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ORIGIN = "https://harrowmere.example"
HOME = "100000000002"

MISSED_BIN = """
service: missed-bin
title: Report a missed bin
summary: Tell us if we did not empty your bin.
before: |
  You can report it once the round is over.

  You need to know which day it was.
why: clean-streets
owner: waste
class: official-personal
reference: MB
contact: {name: your-name, email: email}
keep: {closed: 2 years}

journey:
  - page: Which bin did we miss?
    ask:
      - radios:
          id: bin
          ask: Which bin did we miss?
          options: {refuse: Rubbish, recycling: Recycling, garden: Garden waste}
  - page: Your garden waste permit
    when: bin == "garden"
    ask:
      - text: {id: permit, ask: What is your permit number?}
  - page: Where is the bin?
    ask:
      - address: {id: home, ask: What is your address?, within: council}
  - page: When did we miss it?
    ask:
      - date: {id: day, ask: Which day did we miss it?, latest: today}
  - report: {id: missed, category: missed-bin, place: home, happened: day, schedule: bins, kind: bin,
             within: 2 working days}
  - page: How can we reach you?
    id: reach
    ask:
      - yes-no: {id: tell-me, ask: Should we tell you when it is done?}
      - email: {id: email, ask: What is your email address?, when: tell_me}
      - text: {id: your-name, ask: What is your name?, optional: true}
  - check: Check your answers

case:
  team: waste
  due: 2 working days
  stages:
    reported: {title: Reported, next: The crew will come back.}
    collected: {title: Collected, end: resolved, told: We have emptied your bin.}
  actions:
    - {do: Mark as collected, id: collected, from: reported, to: collected, by: [crew]}

messages:
  confirmation:
    subject: We have your report ((reference))
    body: ((name)), see ((status_page)) of ((council)) for ((service)).
  done:
    subject: Collected
    body: It is ((stage)).

on:
  submitted: [{notify: confirmation}]
  case.closed: [{notify: done}]
"""

QUESTION = """
service: ask-us
title: Ask us something
summary: Ask, and we answer.
why: clean-streets
owner: waste
class: official-sensitive
reference: AU
contact: {email: email}
keep: {closed: 1 year, abandoned: 30 days}
journey:
  - page: What do you want to know?
    ask:
      - long-text: {id: question, ask: What do you want to know?, max: 300}
  - page: How do we answer?
    ask:
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  stages:
    open: {title: Being looked at}
    answered: {title: Answered, end: answered}
  actions:
    - {do: Answer, id: answer, from: open, to: answered, by: [officer]}
"""

PAGES = {
    "bin": {"bin": "refuse"},
    "home": {"home-postcode": "HM1 2AB", "home-uprn": HOME},
    "day": {"day-day": "23", "day-month": "11", "day-year": "2026"},
    "reach": {"tell-me": "yes", "email": "sam@example.com", "your-name": "Sam"},
}
ANSWERS = {
    "bin": "refuse",
    "home": {"uprn": HOME},
    "day": "2026-11-23",
    "tell-me": True,
    "email": "sam@example.com",
    "your-name": "Sam",
}


KNOWN = {
    "teams": frozenset({"waste"}),
    "roles": frozenset({"crew", "officer"}),
    "schedules": frozenset({"bins"}),
}


def offer(text, now=TUESDAY_NOON):
    """Publish a definition as the version that is offered."""
    checked = check_text(text, "service.yaml", KNOWN)
    assert checked.definition, checked.mistakes
    said = checked.definition
    number = Version.objects.filter(slug=said.service).count() + 1
    version = Version.objects.create(
        slug=said.service,
        number=number,
        title=said.title,
        source=text,
        digest=sha256(text.encode()).hexdigest(),
        published_at=now,
        published_by="system:vestry",
    )
    Offer.objects.update_or_create(slug=said.service, defaults={"version": version})


def put_places():
    """A street, with rubbish collected every second Monday."""
    street = {"postcode": "HM1 2AB", "ward": "mere", "round": "monday"}
    places.put_addresses(
        [
            places.AddressView(uprn=HOME, line="2 High Street, Harrow Mere", **street),
            places.AddressView(uprn="100000000004", line="4 High Street, Harrow Mere", **street),
        ]
    )
    every = {"schedule": "bins", "slug": "monday", "weeks": 2, "over": time(16, 30)}
    places.put_rounds(
        [
            places.Round(kind="refuse", first=MONDAY, **every),
            places.Round(kind="garden", first=MONDAY, **every),
            places.Round(kind="recycling", first=date(2026, 11, 16), **every),
        ]
    )


def put_why():
    """What the services say they serve."""
    why = strategy.Statement(slug="clean-streets", layer="purpose", sentence="Streets are clean.")
    strategy.put_outline([why], now=TUESDAY_NOON)


def furnish():
    """Everything a journey needs."""
    put_places()
    offer(MISSED_BIN)
    offer(QUESTION)


def start(service="missed-bin", now=TUESDAY_NOON):
    """Begin, and return the token."""
    return services.start(service=service, origin=ORIGIN, now=now).token


def post(token, step, now=TUESDAY_NOON, **fields):
    """Post a page as a browser does."""
    form = QueryDict(mutable=True)
    form.update({name.replace("__", "-"): value for name, value in fields.items()})
    where = services.at(token=token, step=step, now=now)
    form.setlist("asked", [question.id for question in where.asked])
    return services.answer(token=token, step=step, form=form, now=now)


def fill(token, now=TUESDAY_NOON, until="", **changed):
    """Answer page after page until the check page, or the one named."""
    where = services.at(token=token, now=now)
    for _ in range(12):
        if where.kind != "page" or where.step == until:
            return where
        where = post(token, where.step, now, **changed.get(where.step, PAGES.get(where.step, {})))
    raise AssertionError(f"still at {where.step}: {where.wrongs}")


def stored():
    """Everything that is kept of journeys."""
    return list(Journey.objects.values()), list(Link.objects.values())
