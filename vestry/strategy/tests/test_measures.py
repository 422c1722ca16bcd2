"""The picture is counted: words and change of each layer, and what of the work has a why."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.strategy.rules.figures import Figures
from vestry.strategy.rules.graph import Graph, Link, Tally, Wording, on
from vestry.strategy.rules.layers import DEFAULT
from vestry.strategy.rules.measures import (
    at_least,
    changed,
    faster,
    measure_words,
    reach_of,
    shape,
    tau,
    traced_services,
    with_cases,
)
from vestry.strategy.rules.words import edit, spoken

DAY = date(2026, 11, 23)
LONG_AGO = date(2020, 1, 1)


def said(slug, layer, *texts, every=100, kind="statement"):
    """The wordings of one statement, the last of which stands since ``every`` days ago."""
    before, wordings = "", []
    starts = [LONG_AGO, *(DAY - timedelta(days=every * n) for n in range(len(texts) - 1, 0, -1))]
    for n, text in enumerate(texts):
        change = edit(before, text)
        until = starts[n + 1] if n + 1 < len(texts) else None
        wordings.append(
            Wording(
                slug=slug,
                layer=layer,
                since=starts[n],
                until=until,
                words=len(spoken(text)),
                came=change.came,
                went=change.went,
                text=text,
                kind=kind,
            )
        )
        before = text
    return wordings


def of(measured, layer):
    return next(each for each in measured if each.layer == layer)


def test_a_layer_is_measured():
    graph = Graph(
        layers=DEFAULT,
        wordings=[*said("a", "outcome", "one two three", "one two four"), *said("b", "outcome", "five")],
    )
    found = of(measure_words(graph, DAY), "outcome")
    assert (found.items, found.words, found.changes) == (2, 4, 1)
    assert found.words_an_item == 2
    assert found.exposure == pytest.approx(2, abs=0.01)
    assert found.churn == pytest.approx(2 / 8)


def test_what_ended_counts_as_change_and_no_longer_as_words():
    (wording,) = said("a", "plan", "one two")
    ended = Wording(**{**vars(wording), "until": DAY - timedelta(days=10)})
    found = of(measure_words(Graph(layers=DEFAULT, wordings=[ended]), DAY), "plan")
    assert (found.items, found.words, found.changes) == (0, 0, 1)
    assert found.churn == 1


def test_cases_are_the_bottom_layer():
    tallies = [
        Tally(
            service="service:bin", day=DAY - timedelta(days=400), opened=3, closed=0, words_in=30, words_out=0
        ),
        Tally(
            service="service:bin", day=DAY - timedelta(days=10), opened=5, closed=4, words_in=50, words_out=40
        ),
        Tally(
            service="service:bin", day=DAY + timedelta(days=1), opened=9, closed=0, words_in=90, words_out=0
        ),
    ]
    found = of(with_cases(measure_words(Graph(layers=DEFAULT, wordings=[]), DAY), tallies, DAY), "activity")
    assert (found.items, found.words, found.changes) == (4, 40, 9)
    assert found.churn == pytest.approx(90 / (30 + 40))


def test_small_layers_do_not_cry_wolf():
    """The figures of the paper that the check comes from."""
    assert at_least(1, 2, 3, 24) == pytest.approx(0.21, abs=0.005)
    assert at_least(90, 130, 120, 360) < 1e-20
    assert at_least(0, 0, 1, 1) == 1
    assert at_least(5000, 10000, 1, 1) == pytest.approx(0.5, abs=0.01)


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.1, 100), st.floats(0.1, 100))
def test_a_chance_is_a_chance_and_falls_with_every_hit(hits, more, mine, others):
    tries = hits + more
    assert -1e-9 <= at_least(hits, tries, mine, others) <= 1 + 1e-9
    assert at_least(hits + 1, tries + 1, mine, others) <= at_least(hits, tries + 1, mine, others) + 1e-9


def test_the_picture_is_a_rise():
    assert tau([1, 2, 3]) == 1
    assert tau([3, 2, 1]) == -1
    assert tau([1, 1]) == 0
    assert tau([1]) is None


def test_the_shape_is_four_numbers():
    graph = Graph(
        layers=DEFAULT,
        wordings=[
            *said("p", "purpose", "one two"),
            *said("a", "principle", "one two three four"),
            *said("b", "strategy", "one two three four five six seven eight"),
        ],
    )
    found = shape(measure_words(graph, DAY))
    assert found.taper == pytest.approx(2)
    assert found.tau_words == 1
    assert found.slope is None


def test_a_layer_that_changes_faster_than_the_one_below_is_seen():
    restless = [line for n in range(9) for line in said(f"p{n}", "purpose", "a", "b", "c", "d", every=60)]
    calm = [line for n in range(30) for line in said(f"q{n}", "principle", "a b c")]
    measured = measure_words(Graph(layers=DEFAULT, wordings=[*restless, *calm]), DAY)
    assert faster(measured[0], measured[1]) < 0.001


SPEND = Figures(of="spend", since=DAY, source="Budget", services={"service:s": 10.0}, all=40.0)


@pytest.mark.parametrize(("broken", "share"), [([], 1.0), ([("b", "a")], 0.0)])
def test_reach_is_what_leads_up(broken, share):
    links = [("a", "top"), ("b", "a"), ("service:s", "b")]
    graph = Graph(
        layers=DEFAULT,
        wordings=[
            *said("top", "purpose", "x"),
            *said("a", "principle", "x"),
            *said("b", "strategy", "x"),
            *said("service:s", "service", "x", kind="service"),
        ],
        links=[Link(child=c, parent=p, since=LONG_AGO) for c, p in links if (c, p) not in broken],
    )
    services = traced_services(on(graph, DAY))
    found = {each.of: each for each in reach_of(services, {"service:s": 4}, [SPEND])}
    assert found["services"].share == found["cases"].share == share
    assert found["cases"].all == 4
    spend = found["spend"]
    assert (spend.traced, spend.all, spend.unknown) == (10 if share else 0, 40, 0)


def test_what_is_not_known_is_said_to_be_not_known():
    wordings = [*said("service:s", "service", "x", kind="service")]
    graph = Graph(layers=DEFAULT, wordings=wordings)
    told = Figures(of="hours", since=DAY, source="Nobody knows", services={})
    found = {each.of: each for each in reach_of(traced_services(on(graph, DAY)), {}, [told])}
    assert (found["hours"].all, found["hours"].unknown) == (0, 1)
    assert "spend" not in found, "nobody said anything about it"


def test_what_changed_between_two_days():
    graph = Graph(
        layers=DEFAULT, wordings=[*said("a", "outcome", "one", "two"), *said("b", "outcome", "three")]
    )
    assert [(old.text, new.text) for old, new in changed(graph, DAY - timedelta(days=200), DAY)] == [
        ("one", "two")
    ]
    assert changed(graph, DAY - timedelta(days=1), DAY) == []
