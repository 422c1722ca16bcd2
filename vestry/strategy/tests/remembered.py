"""What is remembered of the strategy, beside what would be measured now."""

from collections import Counter

from vestry.strategy import api as strategy
from vestry.strategy.api.measuring import cases_by_day, cases_of_the_year
from vestry.strategy.rules.graph import on
from vestry.strategy.rules.measures import measure_words, reach_of, traced_services, with_cases
from vestry.strategy.rules.shape import of_layers, of_statements


def check_remembered(day):
    """The picture and its gaps say what all of it, read and measured anew, says."""
    whole, seen = strategy.graph(), strategy.picture(day)
    snapshot = on(whole, day)
    measured = with_cases(measure_words(whole, day), cases_by_day(day), day)
    assert list(seen.measures) == measured
    counted = reach_of(traced_services(snapshot), cases_of_the_year(day))
    assert list(seen.reach)[: len(counted)] == counted
    expected = [*of_layers(whole.layers, measured), *of_statements(whole, snapshot)]
    assert seen.found == Counter(each.check for each in expected)
    told = [(each.check, each.about) for each in strategy.every_gap(day)]
    assert sorted(told) == sorted((each.check, each.about) for each in expected)
