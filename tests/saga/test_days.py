"""Rules for a day are done once when it has come, whoever was away and whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.cases import api as cases
from vestry.kernel import LONDON, Ref
from vestry.ledger import api as ledger
from vestry.notify.models import Message
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services import api as services
from vestry.services import jobs
from vestry.services.definition import timed
from vestry.services.definition.check import check_text
from vestry.services.models import Journey, Timer
from vestry.services.readers import OnRules
from vestry.services.tests.services_to_try import KNOWN, ORIGIN, offer, post, put_why

PASS = """
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
  - page: From when?
    ask:
      - date: {id: from-day, ask: From which day?}
  - page: How can we reach you?
    ask:
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  stages:
    let: {title: Let}
    given-up: {title: Given up, end: ended}
  actions:
    - {do: End, id: end, from: let, to: given-up, by: [officer]}
messages:
  soon: {subject: Soon, body: "It ends on ((day)). Go on at ((service_page))."}
  over: {subject: Over, body: "It ended on ((day))."}
on:
  28 days before 1 year after from-day: [{notify: soon}]
  on 1 year after from-day: [{notify: over}]
"""
NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def site(council):
    put_everybody()
    put_why()
    offer(PASS, NOON)


def send(day, now=NOON):
    token = services.start(service="allotment", origin=ORIGIN, now=now).token
    parts = {f"from-day-{name}": str(getattr(day, name)) for name in ("day", "month", "year")}
    post(token, "from-day", now, **{name.replace("-", "__"): part for name, part in parts.items()})
    post(token, "email", now, email="sam@example.com")
    services.submit(token=token, now=now)
    return Journey.objects.latest("pk")


def close(row):
    priya = {"officer": people.get_officer("priya"), "reference": Ref.read(row.subject).key}
    cases.act(**priya, action="end", answers={}, text="", now=NOON, key="1")


def turn(now):
    """One round of the worker, its reader twice: facts come at least once."""
    done = jobs.days_come(now=now)
    for _time in range(2):
        ledger.read_on(OnRules(), now=now)
    return done


def sent():
    return [(message.subject, message.body.strip()) for message in Message.objects.order_by("pk")]


def test_each_day_is_told_once_at_nine_in_the_morning_on_either_side_of_the_clocks(site):
    send(date(2026, 4, 1))
    soon = datetime(2027, 3, 4, 9, tzinfo=UTC)
    assert [each.due_at for each in Timer.objects.order_by("due_at")] == [
        soon,
        datetime(2027, 4, 1, 8, tzinfo=UTC),
    ]
    assert turn(soon - MINUTE) == 0
    assert [turn(soon), turn(soon), turn(soon + MINUTE)] == [1, 0, 0]
    assert sent() == [("Soon", f"It ends on 1 April 2027. Go on at {ORIGIN}/services/allotment/.")]
    turn(datetime(2027, 4, 1, 9, tzinfo=LONDON))
    assert sent()[1:] == [("Over", "It ended on 1 April 2027.")]


def test_a_worker_that_was_away_for_a_year_leaves_nothing_out(site):
    send(date(2026, 4, 1))
    assert turn(datetime(2028, 1, 1, tzinfo=UTC)) == 2
    assert [subject for subject, _body in sent()] == ["Soon", "Over"]


def test_what_was_killed_between_the_day_and_the_message_goes_on_where_it_was(site):
    send(date(2026, 4, 1))
    at = datetime(2027, 3, 4, 9, tzinfo=UTC)
    assert jobs.days_come(now=at) == 1
    assert sent() == []
    assert turn(at + timedelta(days=1)) == 0
    assert len(sent()) == 1


def test_of_what_is_over_nobody_is_told_any_more(site):
    row = send(date(2026, 4, 1))
    close(row)
    assert turn(datetime(2028, 1, 1, tzinfo=UTC)) == 2
    assert sent() == []
    assert not Timer.objects.exclude(told_at=None).exists()


def test_a_day_that_was_over_when_it_was_sent_never_comes(site):
    send(date(2025, 4, 10))
    assert [each.on for each in Timer.objects.all()] == ["on 1 year after from-day"]


def test_the_rule_is_that_of_the_version_that_was_sent(site):
    send(date(2026, 4, 1))
    offer(PASS.replace("28 days before 1 year", "7 days before 2 years"), NOON)
    turn(datetime(2027, 3, 4, 9, tzinfo=UTC))
    assert [subject for subject, _body in sent()] == ["Soon"]


def test_what_was_erased_leaves_no_day_behind(site):
    row = send(date(2026, 4, 1))
    close(row)
    services.forget(about=Ref.read(row.subject), actor=Ref("officer", "priya"), now=NOON)
    assert not Timer.objects.exists()


@pytest.mark.parametrize(
    ("on", "what"),
    [
        ("28 days before", "is not a day as a rule can say it"),
        ("0 days after submitted", "is not a day as a rule can say it"),
        ("28 dys before 1 year after submitted", "is not a day as a rule can say it"),
        ("on from-da", '"from-da" is no day that can be counted from'),
        ("1 day after email", '"email" is no day that can be counted from'),
        ("2 days before 1 day after submitted", "is always over when it is sent"),
    ],
)
def test_what_is_no_day_is_told_with_its_line_and_what_would_be_right(on, what):
    text = PASS.replace("on 1 year after from-day", on)
    known = KNOWN | {"statements": frozenset({"clean-streets"})}
    (found,) = check_text(text, "allotment.yaml", known).mistakes
    assert what in found.what
    assert found.line == text[: text.index(f"  {on}:")].count("\n") + 1
    assert found.instead


def test_a_message_of_another_happening_cannot_say_the_day():
    text = PASS.replace("on 1 year after from-day", "submitted")
    assert "((day))" in str(check_text(text, "allotment.yaml", KNOWN).mistakes[0])


days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(day=days, count=st.integers(1, 60), unit=st.sampled_from(["day", "week", "month", "year"]))
def test_counting_on_is_later_and_at_nine_in_london_whatever_the_clocks_do(day, count, unit):
    rule = timed.read_timed(f"{count} {unit}{'s' if count > 1 else ''} after submitted")
    at = rule.at(day)
    assert at.date() > day
    assert (at.astimezone(LONDON).hour, at.astimezone(LONDON).minute) == (9, 0)
    back = timed.read_timed(f"{count} {unit} before {count} {unit} after submitted").at(day).date()
    assert day - timedelta(days=3) <= back <= day


def test_a_month_that_is_too_short_ends_on_its_last_day():
    assert timed.read_timed("on 1 month after submitted").to(date(2027, 1, 31)) == date(2027, 2, 28)
    assert timed.read_timed("on 1 year after submitted").to(date(2028, 2, 29)) == date(2029, 2, 28)
