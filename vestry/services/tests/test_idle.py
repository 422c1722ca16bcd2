"""Journeys nobody comes back to are ended by the clock, and their answers deleted."""

from datetime import timedelta

import pytest

from vestry.councils.api import scope
from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.api import _row as journeys
from vestry.services.jobs import abandon_idle
from vestry.services.models import Journey
from vestry.services.tests.services_to_try import TUESDAY_NOON, fill, furnish, start

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def furnished(council):
    furnish()


def test_an_idle_journey_is_abandoned_once_its_time_is_over():
    token = start()
    fill(token, until="reach")
    assert abandon_idle(now=TUESDAY_NOON + A_DAY - timedelta(seconds=1)) == 0
    assert abandon_idle(now=TUESDAY_NOON + A_DAY) == 1
    assert abandon_idle(now=TUESDAY_NOON + A_DAY) == 0
    row = Journey.objects.get()
    assert (row.state, row.said, row.held) == ("abandoned", {}, {})
    fact = ledger.since(0)[-1]
    assert (fact.name, fact.payload, fact.service) == ("services.abandoned", {"left": False}, "missed-bin")


def test_one_that_was_sent_stays():
    token = start()
    fill(token)
    services.submit(token=token, now=TUESDAY_NOON)
    assert abandon_idle(now=TUESDAY_NOON + 100 * A_DAY) == 0
    assert Journey.objects.get().said["bin"] == "refuse"


def test_another_councils_journeys_are_its_own(other_council):
    start()
    with scope(other_council):
        assert abandon_idle(now=TUESDAY_NOON + A_DAY) == 0
    assert Journey.objects.get().state == "started"


def test_many_are_done_a_few_at_a_time():
    for _ in range(60):
        start("ask-us")
    assert abandon_idle(now=TUESDAY_NOON + A_DAY) == 50
    assert abandon_idle(now=TUESDAY_NOON + A_DAY) == 10


def test_a_journey_that_breaks_keeps_nobody_elses_answers(monkeypatch):
    start()
    start()
    broken, whole = Journey.objects.order_by("pk")
    abandon = journeys.abandon

    def breaks(row, now, *, left):
        if row.pk == broken.pk:
            raise RuntimeError
        abandon(row, now, left=left)

    monkeypatch.setattr(journeys, "abandon", breaks)
    assert abandon_idle(now=TUESDAY_NOON + A_DAY) == 1
    whole.refresh_from_db()
    assert whole.state == "abandoned"
