"""A journey by its address: nothing skipped, nothing lost, nobody else's."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from vestry.councils.api import scope
from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.models import Journey
from vestry.services.tests.services_to_try import (
    MISSED_BIN,
    ORIGIN,
    PAGES,
    TUESDAY_NOON,
    fill,
    furnish,
    offer,
    post,
    start,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def furnished(council):
    furnish()


def at(token, step="", now=TUESDAY_NOON):
    return services.at(token=token, step=step, now=now)


def test_it_goes_from_page_to_page_to_the_check_page():
    token, seen = start(), []
    where = at(token)
    while where.kind == "page":
        seen.append(where.step)
        where = post(token, where.step, **PAGES[where.step])
    # The last page comes twice: yes, tell me, calls for an email address.
    assert seen == ["bin", "home", "day", "reach", "reach"]
    assert where.kind == "check"


def test_the_check_page_shows_each_answer_with_the_page_that_changes_it():
    token = start()
    rows = [(row.label, row.text, row.step) for row in fill(token).rows]
    assert rows == [
        ("Which bin did we miss?", "Rubbish", "bin"),
        ("What is your address?", "2 High Street, Harrow Mere, HM1 2AB", "home"),
        ("Which day did we miss it?", "23 November 2026", "day"),
        ("Should we tell you when it is done?", "Yes", "reach"),
        ("What is your email address?", "sam@example.com", "reach"),
        ("What is your name?", "Sam", "reach"),
    ]


@pytest.mark.parametrize("step", ["home", "day", "missed", "reach", "check", "case", "nonsense", "bin-2"])
def test_a_later_page_leads_to_the_first_unfinished_one(step):
    token = start()
    assert at(token, step).step == "bin"
    where = services.answer(token=token, step=step, form=QueryDict("bin=refuse"), now=TUESDAY_NOON)
    assert where.step == "bin"
    assert at(token).rows == ()
    with pytest.raises(services.SentBack) as back:
        services.submit(token=token, now=TUESDAY_NOON)
    assert back.value.where.step == "bin"


def test_a_wrong_answer_stays_on_its_page_with_what_was_typed():
    token = start()
    fill(token, until="reach")
    where = post(token, "reach", tell__me="yes", your__name="Sam")
    assert [question.id for question in where.asked] == ["tell-me", "email", "your-name"]
    where = post(token, "reach", tell__me="yes", email="sam at example", your__name="Sam")
    assert where.again
    assert set(where.wrongs) == {"email"}
    assert (where.raws["email"], where.raws["your-name"]) == ("sam at example", "Sam")
    assert at(token).step == "reach"


def test_an_earlier_page_can_be_opened_again_and_leads_back_to_the_check_page():
    token = start()
    fill(token)
    where = at(token, "bin")
    assert (where.kind, where.raws["bin"], where.back) == ("page", "refuse", "")
    assert at(token, "day").back == "home"
    assert post(token, "bin", bin="refuse").kind == "check"


def test_a_change_that_asks_for_more_leads_to_it_and_what_no_longer_applies_is_dropped():
    token = start()
    fill(token)
    assert post(token, "bin", bin="garden").step == "permit"
    assert post(token, "permit", permit="G-1").kind == "check"
    assert post(token, "reach", tell__me="no", email="", your__name="").kind == "check"
    labels = [row.label for row in at(token).rows]
    assert "What is your email address?" not in labels
    services.submit(token=token, now=TUESDAY_NOON)
    said = Journey.objects.get().said
    assert said["permit"] == "G-1"
    assert "email" not in said


def test_a_stop_says_why_and_goes_away_when_the_answer_is_changed():
    token = start()
    where = fill(token, day={"day-day": "24", "day-month": "11", "day-year": "2026"})
    assert (where.kind, where.step, where.back) == ("stop", "missed", "day")
    assert where.stop.title == "That is not a collection day"
    assert where.rows[-1].step == "day"
    assert at(token, "missed").stop == where.stop
    assert post(token, "day", day__day="23", day__month="11", day__year="2026").step == "reach"
    assert at(token, "missed").step == "reach"


def test_reading_changes_nothing():
    token = start()
    fill(token, until="day")
    before = Journey.objects.values().get()
    facts = len(ledger.since(0))
    for step in ("", "bin", "home", "day", "reach", "check"):
        at(token, step)
    assert Journey.objects.values().get() == before
    assert len(ledger.since(0)) == facts


def test_it_stays_open_for_a_day_after_the_last_answer_and_no_longer():
    token = start()
    later = TUESDAY_NOON + timedelta(hours=23)
    post(token, "bin", now=later, bin="refuse")
    assert at(token, now=later + timedelta(hours=23, minutes=59)).step == "home"
    with pytest.raises(services.NoSuchJourney):
        at(token, now=later + timedelta(hours=24))
    with pytest.raises(services.NoSuchJourney):
        services.submit(token=token, now=later + timedelta(hours=24))


def test_what_could_do_harm_stays_open_for_an_hour():
    token = start("ask-us")
    assert at(token, now=TUESDAY_NOON + timedelta(minutes=59)).step == "question"
    with pytest.raises(services.NoSuchJourney):
        at(token, now=TUESDAY_NOON + timedelta(hours=1))


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "a" * 43, "💧" * 20])
def test_a_forged_address_leads_nowhere(token):
    start()
    with pytest.raises(services.NoSuchJourney):
        at(token)


def test_another_councils_journey_leads_nowhere(other_council):
    token = start()
    with scope(other_council), pytest.raises(services.NoSuchJourney):
        at(token)


def test_the_token_is_not_stored_and_not_told():
    token = start()
    fill(token)
    row = Journey.objects.values().get()
    assert len(token) >= 43
    assert token not in str(row)
    assert token not in str([fact.payload for fact in ledger.since(0)])


def test_a_journey_stays_on_the_version_it_began_on():
    token = start()
    fill(token, until="reach")
    offer(MISSED_BIN.replace("Which bin did we miss?", "Which one?"))
    assert at(token).journey.version == 1
    assert at(token, "bin").asked[0].ask == "Which bin did we miss?"
    assert services.at(token=start(), now=TUESDAY_NOON).asked[0].ask == "Which one?"


def test_leaving_deletes_the_answers():
    token = start()
    fill(token, until="reach")
    services.leave(token=token, now=TUESDAY_NOON)
    with pytest.raises(services.NoSuchJourney):
        at(token)
    row = Journey.objects.get()
    assert (row.state, row.said) == ("abandoned", {})
    assert [(fact.name, fact.payload) for fact in ledger.since(0)][-1] == (
        "services.abandoned",
        {"left": True},
    )


def test_a_service_that_is_not_there_cannot_be_started():
    with pytest.raises(services.NoSuchService):
        services.start(service="nonsense", origin=ORIGIN, now=TUESDAY_NOON)


def test_journeys_replayed_from_facts_stand_where_their_rows_do():
    for end in ("stay", "leave", "submit"):
        token = start()
        fill(token, home={"home-postcode": "HM1 2AB", "home-uprn": "100000000004"})
        if end == "leave":
            services.leave(token=token, now=TUESDAY_NOON)
        if end == "submit":
            services.submit(token=token, now=TUESDAY_NOON)
    states = {}
    for fact in ledger.since(0):
        if fact.name.startswith("services."):
            states[int(fact.journey)] = fact.name.removeprefix("services.")
    assert states == dict(Journey.objects.values_list("pk", "state"))
    assert sorted(states.values()) == ["abandoned", "started", "submitted"]
