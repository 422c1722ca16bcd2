"""Before publishing it is said how many people are in the middle of it, and what it means for them."""

from datetime import timedelta

import pytest

from vestry.services import api as services
from vestry.services.definition.check import check_text
from vestry.services.tests.services_to_try import (
    KNOWN,
    MISSED_BIN,
    TUESDAY_NOON,
    fill,
    furnish,
    offer,
    start,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def furnished(council):
    furnish()


def version(policy, asked):
    text = MISSED_BIN.replace("What is your permit number?", asked)
    return f"{text}\npeople-midway: {policy}\n"


def affected(text, now=TUESDAY_NOON):
    definition = check_text(text, "service.yaml", KNOWN).definition
    return services.affected_by(text=text, definition=definition, now=now)


def meanings(text, now=TUESDAY_NOON):
    return [(line.version, line.people, line.policy, line.sentence) for line in affected(text, now).midway]


def test_only_those_who_are_in_the_middle_are_counted():
    start()
    start("ask-us")
    services.leave(token=start(), now=TUESDAY_NOON)
    sent = start()
    fill(sent)
    services.submit(token=sent, now=TUESDAY_NOON)
    found = affected(version("stay", "Permit?"))
    assert (found.change, found.number, found.people, found.disturbs) == ("changed", 2, 1, False)
    said = "1 person is filling in version 1. They finish it as it is."
    assert meanings(version("stay", "Permit?")) == [(1, 1, "stay", said)]


def test_what_a_policy_means_is_said_in_words():
    start()
    start()
    (line,) = affected(version("carry-over", "Permit?")).midway
    assert line.sentence == (
        "2 people are filling in version 1. "
        "When they come back, they go on with version 2 and are asked only what changed."
    )
    assert line.moves
    (line,) = affected(version("{finish-by: 2 weeks}", "Permit?")).midway
    assert "until midnight at the start of 9 December 2026" in line.sentence
    assert not line.moves
    (line,) = affected(version("{finish-by: 2026-11-23}", "Permit?")).midway
    assert line.moves, "the day is over"


def test_the_strictest_of_the_versions_since_holds():
    start()
    offer(version("carry-over", "Permit?"))
    start()
    offer(version("stay", "Which permit?"))
    start()
    assert [line[:3] for line in meanings(version("{finish-by: 3 days}", "Permit number?"))] == [
        (1, 1, "carry-over"),
        (2, 1, "finish-by"),
        (3, 1, "finish-by"),
    ]
    assert [line[:3] for line in meanings(version("stay", "Permit number?"))] == [
        (1, 1, "carry-over"),
        (2, 1, "stay"),
        (3, 1, "stay"),
    ]


def test_a_day_that_was_set_stands_although_a_later_version_sets_a_later_one():
    start()
    offer(version("{finish-by: 3 days}", "Permit?"))
    (line,) = affected(
        version("{finish-by: 1 month}", "Which permit?"), TUESDAY_NOON + timedelta(days=1)
    ).midway
    assert "midnight at the start of 28 November 2026" in line.sentence


def test_the_same_text_affects_nobody():
    start()
    found = affected(MISSED_BIN)
    assert (found.change, found.number, found.midway) == ("same", 1, ())


def test_a_service_nobody_had_yet_affects_nobody():
    found = affected(MISSED_BIN.replace("service: missed-bin", "service: other"))
    assert (found.change, found.number, found.midway) == ("new", 1, ())
