"""A service that uses the capability of another package, and people who go through it."""

from datetime import UTC, datetime, timedelta

from django.http import QueryDict

from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.definition.check import check_text
from vestry.services.tests.services_to_try import KNOWN, ORIGIN, offer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOON = NOON + timedelta(minutes=21)
"""When what was held at noon has lapsed."""

PERMIT = """\
service: parking-permit
title: Apply for a parking space
summary: A space of your own near your home.
why: clean-streets
owner: waste
class: official-personal
reference: PS
contact: {email: email}
keep: {closed: 1 year}
journey:
  - page: Which vehicle is it for?
    ask:
      - text: {id: plate, ask: What is the registration?}
  - parking:
      id: space
      ask: Where would you like to park?
      vehicle: plate
      zones:
        harbour: {title: Harbour Street, spaces: 2}
        mill: {title: Mill Lane, spaces: 1}
  - page: The first space is narrow
    when: space.number == 1
    ask:
      - yes-no: {id: narrow, ask: Is your vehicle less than 2 metres wide?}
  - page: How can we reach you?
    ask:
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  stages:
    granted: {title: Granted}
    ended: {title: Ended, end: ended}
  actions:
    - {do: End, id: end, from: granted, to: ended, by: [officer]}
messages:
  yours:
    subject: You can park at ((space))
    body: Your reference is ((reference)).
on:
  parking.granted: [{notify: yours}]
"""

PAGES = {
    "plate": {"plate": "AB12 CDE"},
    "space": {"space-zone": "harbour"},
    "narrow": {"narrow": "yes"},
    "email": {"email": "sam@example.com"},
}
ANSWERS = {"plate": "AB12 CDE", "space-zone": "harbour", "narrow": True, "email": "sam@example.com"}


def said(text):
    """What is wrong with a definition, as a person reads it."""
    known = KNOWN | {"statements": frozenset({"clean-streets"})}
    return [str(mistake) for mistake in check_text(text, "permit.yaml", known).mistakes]


def furnish():
    offer(PERMIT, NOON)


def post(token, step, now=NOON, **fields):
    """Post a page as a browser does."""
    form = QueryDict(mutable=True)
    form.update({name.replace("_", "-"): value for name, value in fields.items()})
    where = services.at(token=token, step=step, now=now)
    form.setlist("asked", [question.id for question in where.asked])
    return services.answer(token=token, step=step, form=form, now=now)


def apply(now=NOON, until="", **changed):
    """Go through the pages up to the check page, or the one named. The token, and where it led."""
    token = services.start(service="parking-permit", origin=ORIGIN, now=now).token
    return token, go_on(token, now, until, **changed)


def go_on(token, now=NOON, until="", **changed):
    """Answer page after page."""
    where = services.at(token=token, now=now)
    while where.kind == "page" and where.step != until:
        step, fields = where.step, changed.get(where.step, PAGES[where.step])
        where = post(token, step, now, **{name.replace("-", "_"): value for name, value in fields.items()})
    return where


def facts(room="parking_permit"):
    return [fact for fact in ledger.since(0) if fact.name.startswith(f"{room}.")]
