"""What a definition lets the resident do by themselves, such as end a subscription, on the status page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from vestry.cases import api as cases
from vestry.channels.public.tests.test_bookings import opened
from vestry.kernel import Ref, utc_now
from vestry.ledger import api as ledger
from vestry.notify.models import Message
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services import api as services
from vestry.services import jobs
from vestry.services.definition.check import check_text
from vestry.services.readers import OnRules
from vestry.services.tests.services_to_try import KNOWN, ORIGIN, offer

pytestmark = pytest.mark.django_db

SUBSCRIPTION = """
service: allotment
title: Rent an allotment
summary: A plot for a year.
why: clean-streets
owner: waste
class: official-personal
reference: AL
contact: {email: email}
keep: {closed: 1 year}
journey:
  - page: How can we reach you?
    ask:
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  stages:
    let: {title: Let}
    given-up: {title: Given up, told: The plot is somebody else’s now., end: ended}
  actions:
    - {do: Give up the plot, id: end, from: let, to: given-up, by: [officer, resident]}
    - {do: Take it away, id: evict, from: let, to: given-up, by: [officer]}
messages:
  soon: {subject: Soon, body: "It ends on ((day))."}
  gone: {subject: Given up, body: "It is given up."}
on:
  28 days before 1 year after submitted: [{notify: soon}]
  case.ended: [{notify: gone}]
"""


@pytest.fixture
def reference(council):
    put_everybody()
    offer(SUBSCRIPTION, utc_now())
    answers = {"email": "sam@example.com"}
    sent = services.submit_answers(
        service="allotment", answers=answers, key="k", client="tests", origin=ORIGIN, now=utc_now()
    )
    return sent.reference


def address(reference):
    return reverse("public:status-of", args=[reference])


def messages():
    ledger.read_on(OnRules(), now=utc_now())
    return [each.subject for each in Message.objects.order_by("pk")]


def test_it_is_asked_once_more_then_done_and_nobody_is_reminded(reference):
    client, here = opened(reference), address(reference)
    shown = client.get(here).content.decode()
    assert "Give up the plot" in shown
    assert "Take it away" not in shown
    asked = client.post(here, {"do": "end"}).content.decode()
    assert "You cannot take this back yourself." in asked
    assert "The plot is somebody else’s now." in asked
    assert not cases.next_step(reference=reference).closed
    for _twice in range(2):
        assert client.post(here, {"do": "end", "sure": "yes"}).status_code == 302
    assert cases.next_step(reference=reference).outcome == "ended"
    ended = [fact for fact in ledger.history(Ref("case", reference)) if fact.name == "cases.closed"]
    assert [fact.actor for fact in ended] == [Ref("resident", reference)]
    assert messages() == ["Given up"]
    # The email about it may still be waiting for a mail server.
    assert Message.objects.filter(state="queued").exists()
    jobs.days_come(now=utc_now() + timedelta(days=340))
    assert messages() == ["Given up"]
    assert "Give up the plot" not in client.get(here).content.decode()


@pytest.mark.parametrize("action", ["evict", "nothing", "", "\x00"])
def test_what_is_not_theirs_is_not_done(reference, action):
    assert opened(reference).post(address(reference), {"do": action, "sure": "yes"}).status_code == 302
    assert not cases.next_step(reference=reference).closed


def test_nobody_else_comes_to_it(reference, client):
    client.post(address(reference), {"do": "end", "sure": "yes"})
    assert not cases.next_step(reference=reference).closed


def test_an_officer_may_still(reference):
    priya = {"officer": people.get_officer("priya"), "reference": reference}
    cases.act(**priya, action="end", answers={}, now=utc_now(), key="1")
    assert cases.next_step(reference=reference).closed
    # Pressed by the resident at the same moment, it has come about.
    opened(reference).post(address(reference), {"do": "end", "sure": "yes"})
    assert messages() == ["Given up"]


@pytest.mark.parametrize("more", ["message: required", "needs: [look]", 'guard: "overdue"'])
def test_what_the_resident_does_waits_for_nobody(more):
    wrong = SUBSCRIPTION.replace("by: [officer, resident]", f"by: [officer, resident], {more}")
    said = [each.what for each in check_text(wrong, "allotment.yaml", KNOWN).mistakes]
    assert "What the resident does by themselves asks nothing and waits for nobody." in said
