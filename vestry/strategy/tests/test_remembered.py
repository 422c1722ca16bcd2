"""The picture is measured once after a change, and shows every change at once."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from vestry.councils import api as councils
from vestry.strategy import api as strategy
from vestry.strategy import models
from vestry.strategy.api import measuring
from vestry.strategy.tests.remembered import check_remembered
from vestry.strategy.tests.strategies import BIN, NOON, PURPOSE, TODAY, officer, put

pytestmark = pytest.mark.usefixtures("officers")


@pytest.fixture
def read(monkeypatch):
    """How often all of it was read."""
    times = []

    def graph():
        times.append(1)
        return strategy.graph()

    monkeypatch.setattr(measuring, "graph", graph)
    return times


def words(layer, day=TODAY):
    return next(each.words for each in strategy.picture(day).measures if each.layer == layer)


def test_it_is_read_once_for_all_who_look(read):
    put()
    for _ in range(3):
        assert words("purpose") == 4
        strategy.gaps(TODAY, check="barren", most=5)
        list(strategy.every_gap(TODAY))
    assert len(read) == 1


def test_each_change_shows_at_once(read):
    put()
    assert words("purpose") == 4
    strategy.reword(officer=officer("dora"), slug="live-well", sentence="All live well.", now=NOON)
    assert words("purpose") == 3
    again = strategy.propose(
        officer=officer("priya"), slug="live-well", sentence="We live.", reason="Short.", now=NOON
    )
    assert words("purpose") == 3
    strategy.decide(officer=officer("dora"), slug="live-well", number=again.number, accept=True, now=NOON)
    assert words("purpose") == 2
    strategy.hang(BIN, on=TODAY)
    assert words("service") == 6
    strategy.unhang(slug="missed-bin", on=TODAY)
    assert words("service") == 1
    strategy.put_outline([PURPOSE], now=NOON)
    assert words("outcome") == 0


def test_a_case_shows_at_once_though_nothing_is_read_again(read):
    put()
    strategy.hang(BIN, on=TODAY)
    assert words("activity") == 0
    models.Tally.objects.create(service="missed-bin", day=TODAY, opened=1, words_in=12)
    assert words("activity") == 12
    assert {each.of: each.all for each in strategy.picture(TODAY).reach}["cases"] == 1
    assert len(read) == 1


@pytest.mark.parametrize("day", [TODAY, date(2024, 6, 1), date(2020, 1, 1)])
def test_what_is_remembered_is_what_would_be_measured(day):
    put()
    strategy.hang(BIN, on=TODAY)
    models.Tally.objects.create(service="missed-bin", day=TODAY - timedelta(days=400), opened=9, words_in=90)
    models.Tally.objects.create(service="missed-bin", day=TODAY, opened=1, closed=4, words_in=9, words_out=40)
    check_remembered(day)


def test_gaps_are_turned_over_like_pages(monkeypatch):
    monkeypatch.setattr(measuring, "TOGETHER", 3)
    put()
    for number in range(8):
        strategy.add(
            officer=officer("dora"),
            slug=f"promise-{number}",
            layer="outcome",
            sentence=f"Number {number} {'very ' * number} good.",
            serves={"clean-streets": ""},
            now=NOON,
        )
    every = [each.about for each in strategy.every_gap(TODAY) if each.check == "barren"]
    assert len(every) == strategy.picture(TODAY).found["barren"] == 9
    for skip in range(10):
        for most in (1, 2, 3, 7):
            turned = strategy.gaps(TODAY, check="barren", skip=skip, most=most)
            assert [each.about for each in turned] == every[skip : skip + most]
    assert all(each.says for each in strategy.gaps(TODAY, check="barren", most=9))


def test_the_clock_measures_before_anybody_asks(read):
    put()
    assert strategy.measure_due(now=NOON) == 1
    assert strategy.measure_due(now=NOON) == 0
    assert words("purpose") == 4
    assert len(read) == 1
    assert strategy.measure_due(now=NOON + timedelta(days=1)) == 1


def test_nothing_is_measured_where_there_is_nothing(read):
    assert strategy.measure_due(now=NOON) == 0


def test_what_was_measured_long_ago_is_forgotten():
    put()
    for back in range(measuring.DAYS + 5):
        words("purpose", TODAY - timedelta(days=back))
    assert models.Measured.objects.count() == measuring.DAYS
    for number in range(3):
        strategy.reword(officer=officer("dora"), slug="live-well", sentence="Well " * (number + 1), now=NOON)
        assert words("purpose") == number + 1
    assert models.Measured.objects.count() == 2
    assert set(models.Found.objects.values_list("measured", flat=True)) <= set(
        models.Measured.objects.values_list("pk", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_measures(officers, read):
    put()
    council, together, seen = councils.current(), Barrier(4), []

    def ask():
        with councils.scope(council):
            together.wait()
            seen.append(words("purpose"))
        connection.close()

    asking = [Thread(target=ask) for _ in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert seen == [4] * 4
    assert len(read) == 1
