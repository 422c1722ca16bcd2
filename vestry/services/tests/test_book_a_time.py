"""A service that books a time: days, then times, held while the rest is answered, booked at the end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from vestry.book import api as book
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.services import api as services
from vestry.services.definition.capabilities import installed
from vestry.services.definition.check import check_text
from vestry.services.models import Journey
from vestry.services.readers import OnRules
from vestry.services.tests.services_to_try import KNOWN, ORIGIN, offer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
VISIT = """\
service: visit
title: Book a visit
summary: Come and see us.
why: told-what-happens
owner: waste
class: official-personal
reference: VI
contact: {email: email}
keep: {closed: 1 year}
journey:
  - page: How many?
    ask:
      - number: {id: people, ask: How many of you come?}
  - book: {id: visit, calendar: visits, units: people}
  - page: How can we reach you?
    ask:
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  stages:
    booked: {title: Booked}
    over: {title: Over, end: ended}
  actions:
    - {do: End, id: end, from: booked, to: over, by: [officer]}
messages:
  yours:
    subject: See you on ((booked_day))
    body: At ((booked_time)). Your reference is ((reference)).
on:
  book.booked: [{notify: yours}]
"""


@pytest.fixture
def visits(council):
    put_visits()
    offer(VISIT, NOON)


def put_visits(**notice):
    book.put_calendars(
        resources=[book.ResourcePlan(slug="seats", title="Seats", stock=4)],
        calendars=[
            book.CalendarPlan(
                slug="visits",
                title="Visits",
                plan=book.Plan(
                    open=dict.fromkeys(range(5), (book.read_hours("09:00-12:00"),)),
                    every=60,
                    lasts=60,
                    most=4,
                    each={"seats": 1},
                    notice=book.Notice(**notice),
                ),
            )
        ],
    )


def post(token, step, now=NOON, **fields):
    form = QueryDict(mutable=True)
    form.update(
        {
            f"visit-time-{name}" if step == "visit" else name.replace("__", "-"): value
            for name, value in fields.items()
        }
    )
    where = services.at(token=token, step=step, now=now)
    form.setlist("asked", [question.id for question in where.asked])
    return services.answer(token=token, step=step, form=form, now=now)


def begun(people=2):
    token = services.start(service="visit", origin=ORIGIN, now=NOON).token
    return token, post(token, "people", people=str(people))


def chosen(people=2, time="2026-11-25T10:00+00:00"):
    token, where = begun(people)
    return token, post(token, where.step, day="2026-11-25", slot=time, listed="2026-11-25")


def held():
    """What stands in the calendars, of whichever: calendar, units, minutes, extras."""
    days = {"first": NOON.date(), "last": NOON.date() + timedelta(days=5)}
    found = [each for it in book.calendars() for each in book.bookings_between(calendar=it.slug, **days)]
    return [
        (each.calendar, each.units, (each.end - each.start).seconds // 60, dict(each.extras), each.state)
        for each in found
        if each.state in {"held", "booked"}
    ]


def test_a_message_can_say_what_came_of_it(visits):
    body = VISIT.replace("At ((booked_time)).", "((came_of))").replace("book.booked:", "submitted:")
    offer(body.replace("((booked_day))", "a day"), NOON)
    token, _where = chosen()
    post(token, "email", email="sam@example.com")
    services.submit(token=token, now=NOON)
    ledger.read_on(OnRules(), now=NOON)
    (message,) = notify.sent(limit=5)
    assert "Booked for: Wednesday 25 November 2026, 10am to 11am" in message.body


def facts():
    return [fact.name for fact in ledger.since(0) if fact.name.startswith("book.")]


def test_first_the_day_then_the_time(visits):
    token, where = begun()
    assert where.step == "visit"
    where = post(token, "visit", day="2026-11-25")
    assert where.step == "visit"
    (question,) = where.asked
    raw = {"day": "2026-11-25", "listed": "2026-11-25"}
    assert [question.said_time(slot) for slot in question.times_listed(raw)] == [
        "9am to 10am",
        "10am to 11am",
        "11am to midday",
    ]
    where = post(token, "visit", day="2026-11-25", slot="2026-11-25T10:00+00:00", listed="2026-11-25")
    assert where.step == "email"
    assert facts() == ["book.held"]


def test_the_place_is_booked_with_the_rest(visits):
    token, _where = chosen()
    post(token, "email", email="sam@example.com")
    # The place is his own: what he chose does not become full by it.
    sent = services.submit(token=token, now=NOON)
    assert facts() == ["book.held", "book.booked"]
    (seat,) = book.bookings_between(
        calendar="visits", first=NOON.date(), last=NOON.date() + timedelta(days=1)
    )
    assert (seat.state, seat.units) == ("booked", 2)
    assert sent


def test_a_place_that_went_meanwhile_is_said_and_nothing_is_lost(visits):
    token, _where = chosen(4)
    post(token, "email", email="sam@example.com")
    later = NOON + timedelta(hours=1)
    book.lapse(now=later)
    other, where = begun(4)
    post(other, where.step, later, day="2026-11-25", slot="2026-11-25T10:00+00:00", listed="2026-11-25")
    with pytest.raises(services.SentBack) as back:
        services.submit(token=token, now=later)
    assert back.value.where.step == "visit"
    assert services.at(token=token, step="email", now=later).kind == "page"


def test_what_is_held_in_time_is_theirs_when_it_is_too_late_for_others(visits):
    # Until ten past twelve on the day before.
    put_visits(working_days=1, by=12 * 60 + 10)
    token, _where = chosen()
    later = NOON + timedelta(minutes=14)
    other, where = begun()
    assert post(other, where.step, later, day="2026-11-25", slot="2026-11-25T10:00+00:00").step == "visit"
    assert post(token, "email", later, email="sam@example.com").kind == "check"
    services.submit(token=token, now=later)
    assert [each[-1] for each in held()] == ["booked"]


def test_what_was_not_held_any_more_is_too_late_for_them_too(visits):
    put_visits(working_days=1, by=12 * 60 + 10)
    token, _where = chosen()
    post(token, "email", email="sam@example.com")
    with pytest.raises(services.SentBack) as back:
        services.submit(token=token, now=NOON + timedelta(minutes=16))
    assert back.value.where.step == "visit"
    assert "booked" not in [each[-1] for each in held()]


def test_what_is_full_is_not_offered(visits):
    chosen(3)
    token, where = begun(2)
    where = post(token, "visit", day="2026-11-25", slot="2026-11-25T10:00+00:00", listed="2026-11-25")
    assert where.step == "visit"
    assert facts() == ["book.held"]


@pytest.mark.parametrize(
    "fields",
    [
        {"day": "never"},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"slot": "x" * 500},
        {"slot": "0001-01-01T00:00"},
        {"slot": "9999-12-31T23:59"},
        {"slot": "2020-01-01T10:00", "day": "2020-01-01"},
        {"more": "9999-12-31"},
        {"more": "x"},
        {"days": "yes"},
        {},
    ],
)
def test_nonsense_is_asked_again(visits, fields):
    token, _where = begun()
    assert post(token, "visit", **fields).step == "visit"
    assert facts() == []


def test_more_people_than_there_are_seats_is_a_stop(visits):
    _token, where = begun(5)
    assert where.kind == "stop"


def test_what_is_wrong_with_a_definition_is_said():
    known = KNOWN | {"calendars": frozenset({"visits"})}
    wrong = VISIT.replace("calendar: visits, units: people", "calendar: visit, units: persons")
    said = [str(each) for each in check_text(wrong, "visit.yaml", known).mistakes]
    assert any('no calendar "visit"' in each for each in said), said
    assert any('"persons"' in each for each in said)


def test_a_repeat_is_all_cancelled_once_its_last_is(visits):
    ann, day = Ref("resident", "ann"), NOON.date()
    found = book.slots(calendar="visits", from_=day + timedelta(days=1), to=day + timedelta(days=2), now=NOON)
    until = NOON + timedelta(hours=1)
    made = book.repeat(slots=[found[0], found[-1]], until=until, key="k", actor=ann, now=NOON)
    for each in made:
        book.confirm(reference=each.reference, actor=ann, now=NOON)
    for each in made * 2:
        book.cancel(reference=each.reference, actor=ann, now=NOON)
    told = [fact for fact in ledger.since(0) if fact.name == "book.cancelled"]
    assert [fact.payload["left"] for fact in told] == [1, 0]
    said = [installed()["book"].happened(None, fact.name, fact.payload) for fact in told]
    assert said == [("book.cancelled",), ("book.cancelled", "book.all-cancelled")]


def test_more_who_come_have_more_seats_at_the_same_time(visits):
    token, _where = chosen(2)
    # Where the time still has as many, nobody chooses again.
    assert post(token, "people", people="4").step == "email"
    assert held() == [("visits", 4, 60, {}, "held")]
    post(token, "email", email="sam@example.com")
    services.submit(token=token, now=NOON)
    assert held() == [("visits", 4, 60, {}, "booked")]


def test_where_the_time_has_not_as_many_it_is_chosen_again(visits):
    token, _where = chosen(1)
    other, _where = chosen(2)
    assert post(token, "people", people="3").step == "visit"
    assert held() == [("visits", 2, 60, {}, "held")]
    where = post(token, "visit", day="2026-11-25", slot="2026-11-25T09:00+00:00", listed="2026-11-25")
    assert where.step == "email"
    assert sorted(each[1] for each in held()) == [2, 3]
    assert services.at(token=other, now=NOON).step == "email"


def test_an_answer_that_changes_nothing_of_it_leaves_it_alone(visits):
    token, _where = chosen(2)
    post(token, "people", people="2")
    post(token, "email", email="sam@example.com")
    assert facts() == ["book.held"]


def test_at_the_end_what_is_held_is_what_is_asked_for(visits):
    token, _where = chosen(2)
    post(token, "email", email="sam@example.com")
    # However it came about: what is booked is what was answered, not what was held.
    row = Journey.objects.get()
    row.said = {**row.said, "people": 4}
    row.save()
    services.submit(token=token, now=NOON)
    assert held() == [("visits", 4, 60, {}, "booked")]


HALL = (
    VISIT.replace("service: visit", "service: hall")
    .replace("reference: VI", "reference: HA")
    .replace(
        """\
  - page: How many?
    ask:
      - number: {id: people, ask: How many of you come?}
  - book: {id: visit, calendar: visits, units: people}
""",
        """\
  - page: Which room?
    ask:
      - radios: {id: room, ask: Which room?, options: {main: Main hall, small: Small room}}
  - page: The main hall
    when: room == "main"
    ask:
      - number: {id: hours-main, ask: "For how many hours?"}
  - page: The small room
    when: room == "small"
    ask:
      - number: {id: hours-small, ask: "For how many hours?"}
  - page: What else?
    ask:
      - number: {id: kitchens, ask: How many kitchens?}
  - book:
      id: visit
      calendar: {by: room, of: {main: hall-main, small: hall-small}}
      minutes: 60 * hours_main if room == "main" else 60 * hours_small
      extras: {kitchen: kitchens}
""",
    )
    .replace(
        "  - check:",
        """\
  - pay: Hire
    id: fee
    lines:
      - {what: Hour, amount: 25, times: hours_main, when: room == "main", vat: outside, code: "5010"}
      - {what: Hour, amount: 12, times: hours_small, when: room == "small", vat: outside, code: "5010"}
  - check:""",
    )
)


@pytest.fixture
def halls(council):
    every_day = dict.fromkeys(range(7), (book.read_hours("09:00-22:00"),))
    common = {"open": every_day, "every": 60, "lasts": 60, "extras": frozenset({"kitchen"})}
    book.put_calendars(
        resources=[
            book.ResourcePlan(slug=slug, title=slug, stock=1) for slug in ("main", "small", "kitchen")
        ],
        calendars=[
            book.CalendarPlan(
                slug=f"hall-{slug}",
                title=slug,
                plan=book.Plan(longest=longest, needs={slug: 1}, **common),
            )
            for slug, longest in (("main", 480), ("small", 240))
        ],
    )
    offer(HALL, NOON)


def hired():
    """The main hall for eight hours, as far as the last question."""
    token = services.start(service="hall", origin=ORIGIN, now=NOON).token
    post(token, "room", room="main")
    post(token, "hours-main", hours__main="8")
    post(token, "kitchens", kitchens="0")
    post(token, "visit", day="2026-11-25", slot="2026-11-25T10:00+00:00", listed="2026-11-25")
    post(token, "email", email="sam@example.com")
    assert [each[:3] for each in held()] == [("hall-main", 1, 480)]
    return token


def test_nobody_has_eight_hours_of_the_hall_for_the_price_of_one_of_the_room(halls):
    token = hired()
    post(token, "room", room="small")
    where = post(token, "hours-small", hours__small="1")
    # The same time is free there: the room is held by now, the hall given back.
    assert [each[:3] for each in held()] == [("hall-small", 1, 60)]
    assert where.step != "visit"
    with pytest.raises(services.SentBack) as back:
        services.submit(token=token, now=NOON)
    assert back.value.where.kind == "paying"
    assert [each[:3] for each in held()] == [("hall-small", 1, 60)]


def test_what_is_added_afterwards_is_taken_and_paid_for(halls):
    token = hired()
    post(token, "kitchens", kitchens="1")
    assert [each[3] for each in held()] == [{"kitchen": 1}]
    post(token, "hours-main", hours__main="2")
    assert [each[2] for each in held()] == [120]


def test_whoever_goes_to_pay_has_what_the_price_is_for(halls):
    token = hired()
    # However it came about: the hold is of another length than the answers.
    row = Journey.objects.get()
    row.said = {**row.said, "hours-main": 1}
    row.save()
    with pytest.raises(services.SentBack) as back:
        services.submit(token=token, now=NOON)
    assert back.value.where.kind == "paying"
    assert [each[2] for each in held()] == [60]
