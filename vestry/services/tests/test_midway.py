"""A new version appears while people are in the middle of the one before."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.models import Journey
from vestry.services.tests.services_to_try import (
    MISSED_BIN,
    PAGES,
    TUESDAY_NOON,
    fill,
    furnish,
    offer,
    post,
    start,
)

pytestmark = pytest.mark.django_db
CARRY = "\npeople-midway: carry-over\n"
A_DAY = "\npeople-midway: {finish-by: 2026-11-25}\n"


@pytest.fixture(autouse=True)
def furnished(council):
    furnish()


def at(token, step="", now=TUESDAY_NOON):
    return services.at(token=token, step=step, now=now)


def carry(token, now=TUESDAY_NOON):
    return services.carry_over(token=token, now=now)


def rewritten(*changes):
    text = MISSED_BIN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def asked_again(where):
    return [(again.ask, again.before) for again in where.changes.again]


def test_who_may_stay_is_not_disturbed():
    token = start()
    fill(token)
    offer(rewritten(("Which day did we miss it?", "When?")))
    assert at(token).kind == "check"
    assert services.submit(token=token, now=TUESDAY_NOON).version == 1


def test_who_is_carried_over_is_told_and_asked_only_what_changed():
    token = start()
    fill(token)
    offer(rewritten(("ask: Which day did we miss it?", "ask: On which day did we miss it?")) + CARRY)
    where = at(token)
    assert (where.kind, where.journey.version) == ("changed", 1)
    assert asked_again(where) == [("On which day did we miss it?", "23 November 2026")]
    assert at(token, "bin").kind == "changed", "whatever page they come to"
    where = carry(token)
    assert (where.kind, where.step, where.journey.version) == ("page", "day", 2)
    assert where.raws["day"]["day"] == "23", "filled in, to be looked at again"
    assert post(token, "day", **{"day-day": "23", "day-month": "11", "day-year": "2026"}).kind == "check"
    assert services.submit(token=token, now=TUESDAY_NOON).version == 2
    facts = [fact for fact in ledger.since(0) if fact.name == "services.carried_over"]
    assert [(fact.service_version, fact.payload) for fact in facts] == [
        (2, {"began": 1, "kept": 5, "again": 1})
    ]


def test_looking_at_what_changed_changes_nothing():
    token = start()
    fill(token)
    offer(rewritten(("Which day did we miss it?", "When?")) + CARRY)
    before = Journey.objects.values().get(), len(ledger.since(0))
    at(token)
    at(token, "day")
    assert (Journey.objects.values().get(), len(ledger.since(0))) == before


def test_nothing_is_sent_by_the_old_rules():
    token = start()
    fill(token)
    offer(rewritten(("Which day did we miss it?", "When?")) + CARRY)
    with pytest.raises(services.SentBack) as back:
        services.submit(token=token, now=TUESDAY_NOON)
    assert back.value.where.kind == "changed"
    assert Journey.objects.get().state == "started"


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (("refuse: Rubbish", "refuse: Black bin"), ["Which bin did we miss?"]),
        (("garden: Garden waste", "garden: Green waste"), []),
        (("options: {refuse: Rubbish, recycling", "options: {recycling"), ["Which bin did we miss?"]),
        (("ask: What is your name?, optional: true", "ask: What is your name?"), []),
        (("beginning", "beginning"), []),
    ],
)
def test_an_answer_goes_along_when_it_still_says_the_same_and_is_still_taken(change, again):
    token = start()
    fill(token)
    old, new = change
    offer(MISSED_BIN.replace(old, new) + "\n" + CARRY)
    assert [ask for ask, _before in asked_again(at(token))] == again
    assert carry(token).kind == ("page" if again else "check")


def test_what_was_left_out_is_asked_where_it_is_needed_now():
    token = start()
    fill(token, reach={"tell-me": "no", "email": "", "your-name": ""})
    offer(rewritten(("What is your name?, optional: true", "What is your name?")) + CARRY)
    assert asked_again(at(token)) == [("What is your name?", "")]
    assert carry(token).step == "reach"


def test_another_kind_of_question_is_asked_empty():
    token = start()
    fill(token)
    kind = (
        "text: {id: your-name, ask: What is your name?",
        "long-text: {id: your-name, ask: What is your name?",
    )
    offer(rewritten(kind) + CARRY)
    where = carry(token)
    assert (where.step, where.raws["your-name"]) == ("reach", "")


def test_what_is_not_asked_any_more_is_told_and_gone_once_it_is_sent():
    token = start()
    fill(token, bin={"bin": "garden"}, permit={"permit": "G-1"})
    text = rewritten(
        (
            """  - page: Your garden waste permit
    when: bin == "garden"
    ask:
      - text: {id: permit, ask: What is your permit number?}
""",
            "",
        )
    )
    offer(text + CARRY)
    assert at(token).changes.gone == ("What is your permit number?",)
    assert carry(token).kind == "check"
    assert Journey.objects.get().said["permit"] == "G-1", "a version after it may ask for it again"
    services.submit(token=token, now=TUESDAY_NOON)
    assert "permit" not in Journey.objects.get().said


def test_what_is_new_is_told_and_asked():
    token = start()
    fill(token)
    new = "  - page: Colour\n    ask: [text: {id: colour, ask: What colour is it?}]\n  - check: Check"
    offer(rewritten(("  - check: Check", new)) + CARRY)
    assert at(token).changes.added == ("What colour is it?",)
    assert carry(token).step == "colour"
    assert post(token, "colour", colour="Black").kind == "check"


def test_what_is_typed_into_a_page_that_was_open_goes_along():
    token = start()
    fill(token, until="day")
    form = QueryDict(mutable=True)
    form.update({"day-day": "23", "day-month": "11", "day-year": ""})
    form.setlist("asked", ["day"])
    offer(rewritten(("What is your name?", "What are you called?")) + CARRY)
    where = services.answer(token=token, step="day", form=form, now=TUESDAY_NOON)
    assert where.kind == "changed"
    where = carry(token)
    assert (where.step, where.raws["day"]["day"]) == ("day", "23")
    # And a whole answer as an answer.
    token = start()
    fill(token, until="day")
    offer(rewritten(("What is your name?", "And you are?")) + CARRY)
    form = QueryDict("asked=day&day-day=23&day-month=11&day-year=2026")
    where = services.answer(token=token, step="day", form=form, now=TUESDAY_NOON)
    assert where.kind == "changed"
    assert carry(token).step == "reach"


def test_until_the_day_one_may_finish_and_after_it_one_goes_on_with_the_new():
    token, late = start(), start()
    offer(rewritten(("Which day did we miss it?", "When?")) + A_DAY)
    where = fill(token)
    assert where.kind == "check"
    assert where.journey.finish_by.isoformat() == "2026-11-26T00:00:00+00:00"
    assert services.submit(token=token, now=TUESDAY_NOON).version == 1
    just_before = TUESDAY_NOON.replace(day=25, hour=23, minute=59)
    next_door = {"home-postcode": "HM1 2AB", "home-uprn": "100000000004"}
    fill(late, now=TUESDAY_NOON + timedelta(hours=20), home=next_door)
    assert at(late, now=just_before).kind == "check"
    after = just_before + timedelta(minutes=1)
    where = at(late, now=after)
    assert (where.kind, where.journey.finish_by) == ("changed", after)
    assert carry(late, now=after).step == "day"


def test_several_versions_are_taken_in_one_step():
    token = start()
    fill(token)
    offer(rewritten(("Which day did we miss it?", "When?")) + CARRY)
    offer(rewritten(("Which day did we miss it?", "When was it?")))
    assert asked_again(at(token)) == [("When was it?", "23 November 2026")]
    assert carry(token).journey.version == 3


def test_a_service_that_is_withdrawn_is_finished_as_it_is():
    from vestry.services.models import Offer

    token = start()
    fill(token)
    offer(rewritten(("Which day did we miss it?", "When?")) + CARRY)
    Offer.objects.all().delete()
    assert at(token).kind == "check"


def test_going_on_twice_is_once():
    token = start()
    fill(token, until="day")
    offer(rewritten(("What is your name?", "What are you called?")) + CARRY)
    assert carry(token) == carry(token)
    assert [fact.name for fact in ledger.since(0)].count("services.carried_over") == 1
    assert post(token, "day", **PAGES["day"]).step == "reach"


def test_versions_replayed_from_facts_stand_where_rows_do():
    for _ in range(2):
        token = start()
        fill(token)
        offer(rewritten(("Which day did we miss it?", f"When {Journey.objects.count()}?")) + CARRY)
        carry(token)
    start()
    versions = {
        int(fact.journey): fact.service_version
        for fact in ledger.since(0)
        if fact.name.startswith("services.")
    }
    versions.pop(0, None)
    assert versions == dict(Journey.objects.values_list("pk", "version__number"))
