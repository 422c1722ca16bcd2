"""The bottom of the picture is counted from the ledger while it happens."""

from datetime import date, timedelta

import pytest

from vestry.kernel import Fact, Ref
from vestry.ledger import api as ledger
from vestry.strategy import api as strategy
from vestry.strategy.models import Tally
from vestry.strategy.readers import Tallies
from vestry.strategy.tests.strategies import BIN, NOON, TODAY, put

READER = Tallies()
CASE = Ref("case", "MB-1")


def fact(called, **says):
    """A fact as the cases room would state it."""
    said = {"words": 0, **says}
    return type("Told", (Fact,), {"name": called, "payload": lambda self: said})()


def happened(called, *, subject=CASE, now=NOON, service="missed-bin", **says):
    with ledger.transaction():
        ledger.record(
            fact(called, **says), subject=subject, actor=Ref("resident", "1"), now=now, service=service
        )


def counted():
    while ledger.read_on(READER, now=NOON):
        pass
    return {(row.service, row.day): row for row in Tally.objects.all()}


def test_what_begins_and_ends_is_counted_by_day(council):
    happened("services.submitted", words=12)
    happened("cases.opened")
    happened("cases.told", words=8)
    happened("cases.closed", now=NOON + timedelta(days=1))
    days = counted()
    first, second = days["missed-bin", TODAY], days["missed-bin", TODAY + timedelta(days=1)]
    assert (first.opened, first.closed, first.words_in, first.said) == (1, 0, 20, 2)
    assert (second.opened, second.closed, second.words_out) == (0, 1, 20)


def test_a_case_that_is_opened_again_brings_its_words_back(council):
    happened("services.submitted", words=12)
    happened("cases.opened")
    happened("cases.closed")
    happened("cases.reopened")
    (tally,) = counted().values()
    assert tally.opened - tally.closed == 1
    assert tally.words_in - tally.words_out == 12


def test_what_is_no_case_is_not_counted(council):
    happened("services.published", subject=Ref("service", "missed-bin"))
    happened("cases.opened", service="")
    assert counted() == {}


def test_each_fact_counts_once_however_often_the_worker_begins(council):
    happened("cases.opened")
    counted()
    assert counted()["missed-bin", TODAY].opened == 1


@pytest.fixture
def past():
    return strategy.PastService(
        slug="missed-bin",
        serves="bins-on-the-day",
        versions=((date(2024, 1, 1), 20), (date(2025, 1, 1), 50)),
        months={date(2024, 3, 28): (10, 4, 100, 40, 3)},
    )


def test_the_years_before_are_taken_in_once(council, past):
    put()
    strategy.put_past([past])
    strategy.put_past([past])
    then = {each.layer: each for each in strategy.picture(date(2024, 6, 1)).measures}
    assert (then["activity"].items, then["activity"].words, then["service"].words) == (6, 60, 20)
    strategy.hang(BIN, on=TODAY)
    now = {each.layer: each for each in strategy.picture(TODAY).measures}
    assert now["service"].words == 5 + 1, "what it says now, and the name of what it uses"


def test_a_past_changes_nothing_once_there_is_a_present(council, past):
    put()
    strategy.hang(BIN, on=TODAY)
    strategy.put_past([past])
    assert Tally.objects.count() == 0
