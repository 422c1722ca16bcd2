"""The question for a time, in the night in which the clocks go back: an hour comes twice."""

from datetime import UTC, date, datetime

import pytest

from vestry.book import api
from vestry.book.step.asking import Offer, Slots
from vestry.book.tests.made import ANN
from vestry.design.questions import Asking, NotYet, Wrong

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 20, 10, tzinfo=UTC)
SUNDAY = date(2026, 10, 25)


@pytest.fixture
def question(council):
    nights = dict.fromkeys(range(7), (api.read_hours("22:00-04:00"),))
    api.put_calendars(
        resources=[api.ResourcePlan(slug="hall", title="Hall", stock=1)],
        calendars=[
            api.CalendarPlan(
                slug="nights",
                title="Nights",
                plan=api.Plan(open=nights, every=60, lasts=60, needs={"hall": 1}),
            )
        ],
    )
    return Slots(id="night", ask="When?", offer=Offer(calendar="nights", now=NOW))


def test_both_are_listed_and_said_apart(question):
    said = [question.said_time(slot) for slot in question.times(SUNDAY)]
    assert said[1:3] == [
        "1am to 1am (before the clocks go back)",
        "1am to 2am (after the clocks go back)",
    ]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("posted", "hour"), [("2026-10-25T01:00:00+01:00", 0), ("2026-10-25T01:00:00+00:00", 1)]
)
def test_each_of_the_two_can_be_chosen(question, posted, hour):
    raw = {"day": SUNDAY.isoformat(), "listed": SUNDAY.isoformat(), "slot": posted}
    answer = question.clean(raw, Asking(now=NOW, said={}))
    assert datetime.fromisoformat(answer["start"]) == datetime(2026, 10, 25, hour, tzinfo=UTC)
    assert question.refill(answer) == raw


def test_a_repeat_finds_both_of_them_free_until_one_is_taken(question):
    first, second = question.times(SUNDAY)[1:3]
    api.desk_book(slot=first, who="", key="a", actor=ANN, now=NOW)
    free = [api.conflicts(slot=slot, every=7, times=1, now=NOW)[0].free for slot in (first, second)]
    assert free == [False, True]


WEEKLY = {day: (api.read_hours("18:00-20:00"),) for day in range(7)}


@pytest.fixture
def weekly(council):
    api.put_calendars(
        resources=[api.ResourcePlan(slug="hall", title="Hall", stock=1)],
        calendars=[
            api.CalendarPlan(
                slug="hall", title="Hall", plan=api.Plan(open=WEEKLY, every=60, lasts=60, needs={"hall": 1})
            )
        ],
    )
    return Slots(id="hire", ask="When?", offer=Offer(calendar="hall", now=NOW, times=3))


def choose(question, slot, **more):
    day = slot.start.date().isoformat()
    raw = {"day": day, "listed": day, "slot": slot.start.isoformat(), **more}
    return question.clean(raw, Asking(now=NOW, said={}))


def test_a_repeat_keeps_its_hour_over_the_clock_change(weekly):
    # The week before the clocks go back: six in the evening is six in the evening.
    answer = choose(weekly, weekly.times(date(2026, 10, 21))[0])
    assert [answer["start"], *(each["start"] for each in answer["more"])] == [
        "2026-10-21T18:00:00+01:00",
        "2026-10-28T18:00:00+00:00",
        "2026-11-04T18:00:00+00:00",
    ]
    assert weekly.shown(answer).count("6pm to 7pm") == 3
    assert weekly.word(answer).times == 3


def test_what_is_taken_of_a_repeat_is_listed_before_anything_is_booked(weekly):
    slot, second = weekly.times(date(2026, 10, 21))[0], weekly.times(date(2026, 10, 28))[0]
    api.desk_book(slot=second, who="", key="a", actor=ANN, now=NOW)
    with pytest.raises(NotYet) as more:
        choose(weekly, slot)
    raw = more.value.raw
    assert weekly.stage(raw) == "repeat"
    assert [each.free for each in weekly.repeat_listed(raw)] == [True, False, True]
    listed = {"repeat": slot.start.isoformat()}
    with pytest.raises(Wrong):
        choose(weekly, slot, **listed)
    with pytest.raises(NotYet) as back:
        choose(weekly, slot, **listed, anyway="no")
    assert weekly.stage(back.value.raw) == "days"
    answer = choose(weekly, slot, **listed, anyway="yes")
    assert [each["start"] for each in answer["more"]] == ["2026-11-04T18:00:00+00:00"]
    # Asked again with what was decided, as when it is sent: the same, and nobody is asked twice.
    assert weekly.clean(weekly.refill(answer), Asking(now=NOW, said={})) == answer
    # Whatever a program may say was decided: it is asked as if it had said nothing.
    for more in (1, [1], [{}], answer["more"] * 2, [{"start": "x", "end": "x"}]):
        with pytest.raises(NotYet):
            forged = {**weekly.refill(answer), "answer": {**answer, "more": more}}
            weekly.clean(forged, Asking(now=NOW, said={}))
    # A program has nobody to ask.
    with pytest.raises(Wrong):
        weekly.clean(slot.start.isoformat(), Asking(now=NOW, said={}))
    api.desk_book(slot=weekly.times(date(2026, 11, 4))[0], who="", key="b", actor=ANN, now=NOW)
    alone = choose(weekly, slot, **listed, anyway="yes")
    assert alone["more"] == []
    assert weekly.clean(weekly.refill(alone), Asking(now=NOW, said={})) == alone
