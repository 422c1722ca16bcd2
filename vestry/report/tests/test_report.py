"""The capability `report`: reasons for people, made once, and a fact for each."""

import threading
from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
from django.db import connection

from vestry.councils.api import scope
from vestry.design.capability import Outline, Stopped, Visit
from vestry.design.expressions import Today
from vestry.kernel import Ref, WorkingCalendar
from vestry.ledger import api as ledger
from vestry.places import api as places
from vestry.report.models import Report as Row
from vestry.report.options import Options
from vestry.report.step import Report

STEP = Report()
MISSED = Options(
    id="missed",
    category="missed-bin",
    place="home",
    happened="day",
    schedule="bins",
    kind="bin",
    within="2 working days",
)
HOME = {"uprn": "42", "line": "1 Mill Lane", "postcode": "HM1 3CD", "ward": "hill"}
MONDAY = "2026-11-23"
TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def rounds(council):
    put_rounds()
    return council


def put_rounds():
    places.put_addresses([places.AddressView(**HOME, round="monday")])
    of_bins = {"schedule": "bins", "slug": "monday", "weeks": 2, "over": time(16, 30)}
    places.put_rounds(
        [
            places.Round(kind="refuse", first=date(2026, 11, 9), **of_bins),
            places.Round(kind="recycling", first=date(2026, 11, 16), **of_bins),
        ]
    )


def a_visit(now=TUESDAY_NOON, actor="a", **said):
    return Visit(
        service="missed-bin",
        title="Report a missed bin",
        version=1,
        journey="j1",
        said={"home": HOME, "day": MONDAY, "bin": "refuse"} | said,
        words={},
        now=now,
        today=Today(day=now.date(), calendar=WorkingCalendar(frozenset())),
        actor=Ref("resident", actor),
    )


def make(**said):
    with ledger.transaction():
        return STEP.confirm(MISSED, a_visit(**said))


def told(stop):
    return f"{stop.title}. {stop.reason} {stop.instead}"


@pytest.mark.django_db
def test_on_time_nothing_stops_it(rounds):
    assert STEP.ask(MISSED, a_visit()) is None


NOT_THERE = """We do not collect this there.
    We do not make this kind of collection at 1 Mill Lane.
    Check the address, and the kind of collection you chose."""
REFUSED = {
    "before the round is over": (
        {"now": datetime(2026, 11, 23, 16, 29, tzinfo=UTC)},
        """It is too early to report this.
        The crew may still come. They should have finished by 4:30pm on Monday 23 November 2026.
        If they have not come by then, report it from 4:30pm on Monday 23 November 2026.""",
    ),
    "more than two working days later": (
        {"now": datetime(2026, 11, 26, 0, 0, tzinfo=UTC)},
        """It is too late to report this.
        You can report this up to 2 working days after the collection.
        For Monday 23 November 2026, the last day to report it was Wednesday 25 November 2026.
        The next collection is on Monday 7 December 2026. If you meant another day, change the date.""",
    ),
    "on another day": (
        {"day": "2026-11-24"},
        """That is not a collection day.
        There is no collection of this kind at 1 Mill Lane on Tuesday 24 November 2026.
        The last one was Monday 23 November 2026.
        If you meant another day, change the date. The next collection is on Monday 7 December 2026.""",
    ),
    "for the other bin": (
        {"bin": "recycling"},
        """That is not a collection day.
        There is no collection of this kind at 1 Mill Lane on Monday 23 November 2026.
        The last one was Monday 16 November 2026.
        If you meant another day, change the date. The next collection is on Monday 30 November 2026.""",
    ),
    "for what is not collected": ({"bin": "garden"}, NOT_THERE),
    "at an address outside": ({"home": HOME | {"uprn": ""}}, NOT_THERE),
    "years ago": (
        {"day": "1926-11-22"},
        """Check the date. Monday 22 November 1926 is several years away.
        Change the date to the day it happened.""",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("changed", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_gives_its_reason_and_what_to_do(rounds, changed, sentence):
    sentence = " ".join(sentence.split())
    assert told(STEP.ask(MISSED, a_visit(**changed))) == sentence
    with pytest.raises(Stopped) as stopped:
        make(**changed)
    assert told(stopped.value.stop) == sentence
    assert not Row.objects.exists()


@pytest.mark.django_db
def test_on_the_evening_of_a_summer_day_the_clock_is_londons(rounds):
    july = {"day": "2026-07-06", "bin": "refuse"}
    places.put_rounds(
        [
            places.Round(
                schedule="bins",
                slug="monday",
                kind="refuse",
                first=date(2026, 7, 6),
                weeks=1,
                over=time(16, 30),
            )
        ]
    )
    early = STEP.ask(MISSED, a_visit(now=datetime(2026, 7, 6, 15, 29, tzinfo=UTC), **july))
    assert "from 4:30pm" in early.instead
    assert STEP.ask(MISSED, a_visit(now=datetime(2026, 7, 6, 15, 30, tzinfo=UTC), **july)) is None
    assert STEP.ask(MISSED, a_visit(now=datetime(2026, 7, 8, 22, 59, tzinfo=UTC), **july)) is None
    assert STEP.ask(MISSED, a_visit(now=datetime(2026, 7, 8, 23, 0, tzinfo=UTC), **july)) is not None


@pytest.mark.django_db
def test_two_reports_of_one_matter_are_one_and_the_second_learns_nothing_of_the_first(rounds):
    first = make(actor="first")
    assert "already been reported" in STEP.ask(MISSED, a_visit()).title
    with pytest.raises(Stopped) as stopped:
        make(actor="second")
    said = told(stopped.value.stop)
    assert "You do not need to report it again" in said
    assert "first" not in said
    assert first.ref.key not in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed", [{"home": HOME | {"uprn": "43"}}, {"day": "2026-11-09"}, {"bin": "other"}]
)
def test_another_place_day_or_kind_is_another_matter(rounds, changed):
    anytime = Options(id="x", category="noise", place="home", happened="day", kind="bin")
    with ledger.transaction():
        STEP.confirm(anytime, a_visit())
        STEP.confirm(anytime, a_visit(**changed))
    assert Row.objects.count() == 2


@pytest.mark.django_db
def test_a_typed_address_is_the_same_however_it_is_written(rounds):
    noise = Options(id="x", category="noise", place="home", happened="day")
    typed = {"uprn": "", "line": "1 Far Road, Far", "postcode": "ZZ1 1ZZ", "ward": ""}
    with ledger.transaction():
        STEP.confirm(noise, a_visit(home=typed))
    again = STEP.ask(noise, a_visit(home=typed | {"line": "1, Far road Far"}))
    assert "already" in again.title
    assert "Far" not in Row.objects.get().place


@pytest.mark.django_db
def test_another_councils_report_does_not_stand_in_the_way(rounds, other_council):
    make()
    with scope(other_council):
        put_rounds()
        assert STEP.ask(MISSED, a_visit()) is None
        make()
        assert Row.objects.count() == 1


@pytest.mark.django_db
def test_without_place_or_day_nothing_is_made(rounds):
    assert STEP.ask(MISSED, a_visit(day=None)) is None
    for missing in ("home", "day"):
        with pytest.raises(Stopped) as stopped:
            make(**{missing: None})
        assert "where and when" in stopped.value.stop.title


@pytest.mark.django_db
def test_the_round_is_told_on_the_status_page(rounds):
    confirmed = make()
    rows = STEP.show(MISSED, a_visit(), confirmed.words)
    assert [(row.label, row.text) for row in rows] == [("The round was over at", "4:30pm")]
    assert not STEP.show(MISSED, a_visit(), {})


@pytest.mark.django_db
def test_a_message_about_it_can_say_the_day(rounds):
    make()
    (fact,) = ledger.since(0)
    (on,) = STEP.happened(MISSED, fact.name, fact.payload)
    words = STEP.words(MISSED, fact.subject, fact.name, fact.payload)
    assert words == {"day_reported": "Monday 23 November 2026"}
    assert STEP.announces(MISSED) == {on: frozenset(words)}


@pytest.mark.django_db
def test_its_facts_replayed_give_what_its_table_holds(rounds):
    make()
    make(bin="recycling", day="2026-11-16", now=datetime(2026, 11, 17, 9, tzinfo=UTC))
    told_by_facts = {
        (fact.subject.key, *(fact.payload[name] for name in ("category", "kind", "day", "ward")), fact.at)
        for fact in ledger.since(0)
        if fact.name == "report.made"
    }
    held = {
        (row.reference, row.category, row.kind, row.day.isoformat(), row.ward, row.made_at)
        for row in Row.objects.all()
    }
    assert held == told_by_facts
    assert len(held) == 2


@pytest.mark.django_db(transaction=True)
def test_at_the_same_second_one_is_made_and_the_others_are_told(rounds):
    start, outcomes = threading.Barrier(8), []

    def report_it():
        try:
            with scope(rounds):
                start.wait()
                outcomes.append(make())
        except Stopped as stopped:
            outcomes.append(stopped.stop.title)
        finally:
            connection.close()

    threads = [threading.Thread(target=report_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("This has already been reported") == 7
    assert Row.objects.count() == 1
    assert [fact.name for fact in ledger.since(0)] == ["report.made"]


def an_outline(**changed):
    questions = {
        "home": SimpleNamespace(kind="address", optional=False),
        "day": SimpleNamespace(kind="date", optional=False),
        "bin": SimpleNamespace(kind="radios", optional=False),
    }
    return Outline(
        service="missed-bin",
        questions=questions | changed,
        words=frozenset(),
        messages={},
        known={"schedules": frozenset({"bins"})},
    )


def test_a_right_definition_has_no_problems():
    assert list(STEP.problems(MISSED, an_outline())) == []


@pytest.mark.parametrize(
    ("options", "questions", "path"),
    [
        ({"place": "hom"}, {}, "place"),
        ({"happened": "bin"}, {}, "happened"),
        ({"kind": "bib"}, {}, "kind"),
        ({"schedule": "bin"}, {}, "schedule"),
        ({"kind": ""}, {}, "schedule"),
        ({}, {"day": SimpleNamespace(kind="date", optional=True)}, "happened"),
    ],
)
def test_a_wrong_definition_is_told_what_is_wrong(options, questions, path):
    said = {name: getattr(MISSED, name) for name in MISSED.__struct_fields__} | options
    (problem,) = STEP.problems(Options(**said), an_outline(**questions))
    assert problem.path == (path,)
    assert problem.instead
