"""Holding, booking, changing, giving back: through the door."""

from datetime import timedelta

import pytest

from vestry.book import api
from vestry.book.models import Cell
from vestry.book.tests.made import ANN, MONDAY, NOW, SOON, book, calendars, free, hold
from vestry.ledger import api as ledger

LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def offered(council):
    calendars()


def taken():
    return {cell.taken for cell in Cell.objects.all()}


def facts():
    return [fact.name for fact in ledger.since(0)]


def test_what_is_held_is_not_free_until_it_is_released():
    nine = free()[0]
    held = hold(nine, "a")
    # Half an hour of clearing up is taken too: ten o'clock has gone with it.
    assert [slot.start.hour for slot in free()] == [11, 12, 13, 14, 15, 16]
    api.release(reference=held.reference, actor=ANN, now=NOW)
    api.release(reference=held.reference, actor=ANN, now=NOW)
    assert free()[0] == nine
    assert taken() == {0}
    assert facts() == ["book.held", "book.released"]


def test_the_last_one_is_had_once():
    nine = free()[0]
    hold(nine, "a")
    with pytest.raises(api.Full):
        hold(nine, "b")


def test_capacity_above_one_is_counted_in_units():
    monday = free("round")[0]
    hold(monday, "a", units=3)
    assert free("round", units=2)
    assert not free("round", units=3)
    with pytest.raises(api.Full):
        hold(monday, "b", units=3)
    hold(monday, "c", units=2)


@pytest.mark.parametrize(
    "wanted", [{"units": 0}, {"units": -1}, {"units": 6}, {"minutes": 60}, {"extras": {"x": 1}}]
)
def test_what_is_never_offered_is_refused(wanted):
    with pytest.raises(api.NotOffered):
        hold(free("round")[0], "a", **wanted)


def test_a_slot_in_the_past_is_refused():
    monday = free()[0]
    with pytest.raises(api.NotOffered):
        hold(monday, "a", now=NOW + 7 * DAY)


def test_several_resources_are_taken_together_or_not_at_all():
    hold(free("birth")[0], "a")
    assert free("ceremony")[0].start.hour == 10
    with pytest.raises(api.Full):
        hold(api.Slot(calendar="ceremony", start=free("birth")[0].start, end=free("birth")[1].end), "b")
    # The room, which was free, was not taken either.
    assert not Cell.objects.filter(resource__slug="room", taken__gt=0).exists()


def test_extras_have_a_stock_of_their_own():
    nine = free()[0]
    assert hold(nine, "a", extras={"chairs": 10}).extras == {"chairs": 10}
    assert not free(extras={"chairs": 11})


def test_the_same_key_moves_the_hold_and_keeps_it_where_it_cannot():
    nine, *_, last = free()
    first = hold(nine, "a")
    assert hold(nine, "a").reference == first.reference
    moved = hold(last, "a")
    assert (moved.reference, moved.start) == (first.reference, last.start)
    assert free()[0] == nine
    hold(nine, "b")
    with pytest.raises(api.Full):
        hold(nine, "a")
    assert api.get(reference=moved.reference).start == last.start


def test_a_longer_booking_takes_the_place_of_the_shorter_it_was():
    nine = free()[0]
    held = hold(nine, "a")
    longer = api.Slot(calendar="hall", start=nine.start, end=nine.end + timedelta(hours=1))
    assert hold(longer, "a", minutes=120).reference == held.reference


def test_one_whose_time_is_up_moves_onto_another_whose_time_is_up():
    nine, ten, eleven = free()[:3]
    mine, theirs = hold(nine, "a"), hold(eleven, "b")
    moved = hold(ten, "a", now=LATER)
    assert (moved.reference, moved.start) == (mine.reference, ten.start)
    assert api.get(reference=theirs.reference).state == "lapsed"
    api.release(reference=moved.reference, actor=ANN, now=LATER)
    assert free(now=LATER)[:3] == (nine, ten, eleven)


def test_a_hold_ends_by_the_clock():
    held = hold(free()[0], "a")
    assert api.lapse(now=NOW) == 0
    assert api.lapse(now=LATER) == 1
    assert api.get(reference=held.reference).state == "lapsed"
    assert taken() == {0}


def test_a_hold_that_cannot_be_ended_keeps_no_other():
    nine, *_, last = free()
    broken, other = hold(nine, "a"), hold(last, "b")
    count = Cell.objects.filter(taken=1, at__lt=other.start.timestamp() // 60)
    was = list(count.values_list("pk", flat=True))
    count.update(taken=0)
    assert api.lapse(now=LATER) == 1
    assert [api.get(reference=each.reference).state for each in (broken, other)] == ["held", "lapsed"]
    Cell.objects.filter(pk__in=was).update(taken=1)
    assert api.lapse(now=LATER) == 0
    assert api.lapse(now=LATER + timedelta(hours=1)) == 1


def test_nobody_waits_for_the_worker():
    nine = free()[0]
    first = hold(nine, "a")
    second = hold(nine, "b", now=LATER)
    assert api.get(reference=first.reference).state == "lapsed"
    assert second.state == "held"
    with pytest.raises(api.HoldEnded):
        api.confirm(reference=first.reference, actor=ANN, now=LATER)


def test_a_hold_that_lapsed_is_booked_where_it_is_still_free():
    held = hold(free()[0], "a")
    api.lapse(now=LATER)
    assert api.confirm(reference=held.reference, actor=ANN, now=LATER).state == "booked"
    assert taken() == {1}


def lapsed(slot):
    held = hold(slot, "a")
    api.lapse(now=LATER)
    return {"reference": held.reference, "actor": ANN}


def test_a_hold_that_lapsed_is_not_had_again_on_a_day_closed_since():
    theirs = lapsed(free()[0])
    day = {"calendar": "hall", "first": MONDAY, "last": MONDAY, "actor": ANN, "now": LATER}
    assert api.close(**day) == []
    with pytest.raises(api.HoldEnded):
        api.extend(**theirs, until=LATER + DAY, now=LATER)
    with pytest.raises(api.HoldEnded):
        api.confirm(**theirs, now=LATER)
    assert taken() == {0}
    api.open_again(**day)
    assert api.extend(**theirs, until=LATER + DAY, now=LATER).state == "held"


def test_a_hold_that_lapsed_is_kept_again_in_time_only_and_booked_once_it_was_accepted():
    theirs, saturday = lapsed(free("round")[0]), NOW + 4 * DAY
    with pytest.raises(api.HoldEnded):
        api.extend(**theirs, until=saturday + DAY, now=saturday)
    assert api.confirm(**theirs, now=saturday).state == "booked"


@pytest.mark.parametrize("clock", [True, False])
def test_nobody_has_what_has_begun_by_a_hold_whose_time_is_up_whatever_the_clock_has_said(clock):
    nine = free()[0]
    theirs = {"reference": hold(nine, "a").reference, "actor": ANN, "now": nine.start + DAY}
    if clock:
        api.lapse(now=LATER)
    with pytest.raises(api.HoldEnded):
        api.confirm(**theirs)
    with pytest.raises(api.HoldEnded):
        api.extend(**theirs, until=nine.start + 2 * DAY)
    with pytest.raises(api.NotOffered):
        hold(nine, "a", now=theirs["now"])
    assert api.get(reference=theirs["reference"]).state == ("lapsed" if clock else "held")


def test_extending_never_makes_it_shorter():
    held = hold(free()[0], "a", until=LATER)
    assert api.extend(reference=held.reference, until=SOON, actor=ANN, now=NOW).until == LATER
    assert api.extend(reference=held.reference, until=LATER + DAY, actor=ANN, now=NOW).until == LATER + DAY


def test_booked_twice_is_booked_once():
    held = hold(free()[0], "a")
    for _ in range(2):
        assert api.confirm(reference=held.reference, actor=ANN, now=NOW).state == "booked"
    assert facts() == ["book.held", "book.booked"]
    api.release(reference=held.reference, actor=ANN, now=NOW)
    assert api.get(reference=held.reference).state == "booked"


def test_change_and_cancel_within_the_rules():
    nine, *_, last = free()
    booked = book(nine, "a")
    moved = api.change(reference=booked.reference, slot=last, actor=ANN, now=NOW)
    assert moved.start == last.start
    assert free()[0] == nine
    # Two working days before, at noon.
    thursday = NOW.replace(day=26, hour=11, minute=59)
    assert api.may_change(reference=booked.reference, now=thursday)
    late = NOW.replace(day=26, hour=12)
    assert not api.may_change(reference=booked.reference, now=late)
    for refused in (
        lambda: api.change(reference=booked.reference, slot=nine, actor=ANN, now=late),
        lambda: api.cancel(reference=booked.reference, actor=ANN, now=late),
    ):
        with pytest.raises(api.TooLateToChange):
            refused()
    assert api.cancel(reference=booked.reference, actor=ANN, now=late, by_officer=True).state == "cancelled"
    assert api.cancel(reference=booked.reference, actor=ANN, now=late).state == "cancelled"
    assert taken() == {0}


def test_closing_a_day_lists_what_is_booked_on_it():
    booked = book(free()[0], "a")
    hit = api.close(calendar="hall", first=MONDAY, last=MONDAY, why="Painting", actor=ANN, now=NOW)
    assert [each.reference for each in hit] == [booked.reference]
    assert free() == ()
    api.open_again(calendar="hall", first=MONDAY, last=MONDAY, actor=ANN, now=NOW)
    assert len(free()) == 6


def test_every_occurrence_of_a_repeat_is_looked_at():
    nine = free()[0]
    third = free(day=MONDAY + 14 * DAY)[0]
    book(third, "a")
    found = api.conflicts(slot=nine, every=7, times=5, now=NOW)
    # The fifth is on Monday 28 December, the bank holiday in place of Boxing Day.
    assert [each.free for each in found] == [True, True, False, True, False]
    with pytest.raises(api.Full):
        api.repeat(slots=[each.slot for each in found[:4]], until=SOON, key="r", actor=ANN, now=NOW)
    assert free()[0] == nine
    made = api.repeat(
        slots=[each.slot for each in found if each.free], until=SOON, key="r", actor=ANN, now=NOW
    )
    assert len(made) == 3


def test_a_repeat_held_again_moves_past_itself_and_gives_back_what_is_too_much():
    weeks = [free(day=MONDAY + each * 7 * DAY)[0] for each in range(3)]
    again = {"until": SOON, "key": "r", "actor": ANN, "now": NOW}
    first = api.repeat(slots=weeks[:2], **again)
    assert {each.series for each in first} == {first[0].reference}
    # A week later: the first wants the place of the second.
    later = api.repeat(slots=weeks[1:], **again)
    assert [each.start for each in later] == [each.start for each in weeks[1:]]
    assert free()[0] == weeks[0]
    book(weeks[0], "other")
    with pytest.raises(api.Full):
        api.repeat(slots=weeks, **again)
    assert [each.state for each in api.series_of(reference=later[0].reference)] == ["held", "held"]
    (one,) = api.repeat(slots=weeks[2:], **again)
    assert one.series == ""
    assert free(day=MONDAY + 7 * DAY)[0] == weeks[1]


def test_an_officer_books_by_the_same_rule():
    nine = free()[0]
    one = api.desk_book(slot=nine, who="Mrs Ali", key="d", actor=ANN, now=NOW)
    assert api.desk_book(slot=nine, who="Mrs Ali", key="d", actor=ANN, now=NOW) == one
    with pytest.raises(api.Full):
        api.desk_book(slot=nine, who="Mr Oak", key="e", actor=ANN, now=NOW)


def booked_for():
    return [each.who for each in api.bookings_between(calendar="hall", first=MONDAY, last=MONDAY)]


def test_for_whom_it_was_is_erased_and_the_place_stays_taken():
    nine, *_between, four = free()
    api.desk_book(slot=nine, who="Mrs Ali", key="d", actor=ANN, now=NOW)
    api.join(calendar="hall", first=MONDAY, last=MONDAY, who="Mr Oak", key="w", actor=ANN, now=NOW)
    theirs = api.hold(
        calendar="hall",
        slot=four,
        until=SOON,
        course=api.Course(service="hall-hire", version=1, journey="7"),
        key="j",
        actor=ANN,
        now=NOW,
    )
    api.confirm(reference=theirs.reference, who="Ms Elm", actor=ANN, now=NOW)
    assert api.forget_past(now=NOW + 90 * DAY) == 0
    assert api.forget_past(now=NOW + 100 * DAY) == 2
    # What somebody booked in a service is kept as long as the service says.
    assert [each.who for each in api.bookings_between(calendar="hall", first=MONDAY, last=MONDAY)] == [
        "",
        "Ms Elm",
    ]
    api.forget(journeys=["7"], references=[])
    assert booked_for() == ["", ""]
    assert [each.who for each in api.waiting(calendar="hall", now=NOW)] == [""]


def test_whoever_waits_longest_is_offered_the_freed_place():
    slots = [book(slot, str(number)) for number, slot in enumerate(free("birth")[:1] * 2)]
    api.close(calendar="birth", first=MONDAY + DAY, last=MONDAY + 365 * DAY, actor=ANN, now=NOW)
    for number, slot in enumerate(free("birth")):
        book(slot, f"x{number}")
        book(slot, f"y{number}")
    for name in ("first", "second"):
        api.join(calendar="birth", first=MONDAY, last=MONDAY, who=name, key=name, actor=ANN, now=NOW)
    assert api.offer(now=NOW) == 0
    api.cancel(reference=slots[0].reference, actor=ANN, now=NOW)
    assert api.offer(now=NOW) == 1
    first, second = api.waiting(calendar="birth", now=NOW)
    assert (first.state, first.who, second.state) == ("offered", "first", "waiting")
    # The first lets it run out: the second is asked.
    later = NOW + 2 * DAY
    assert [each.who for each in api.waiting(calendar="birth", now=later)] == ["second"]
    api.offer(now=later)
    (second,) = api.waiting(calendar="birth", now=later)
    assert second.state == "offered"
    assert api.take_offer(reference=second.reference, actor=ANN, now=later).who == "second"
    with pytest.raises(api.NothingOffered):
        api.take_offer(reference=second.reference, actor=ANN, now=later)
    assert api.waiting(calendar="birth", now=later) == []


@pytest.mark.parametrize(("before", "asked"), [(29, 0), (30, 1)])
def test_nobody_is_asked_who_could_not_read_it_in_time(before, asked):
    taken = book(free("hall")[0], "1")
    while others := free("hall"):
        book(others[0], others[0].start.isoformat())
    api.join(calendar="hall", first=MONDAY, last=MONDAY, who="x", key="x", actor=ANN, now=NOW)
    now = taken.start - timedelta(minutes=before)
    api.cancel(reference=taken.reference, actor=ANN, now=now, by_officer=True)
    assert api.offer(now=now) == asked
    # Not asked, they go on waiting.
    assert [each.state for each in api.waiting(calendar="hall", now=now)] == [
        "offered" if asked else "waiting"
    ]


@pytest.mark.parametrize(
    "wanted", [{"minutes": 999}, {"minutes": 3_000_000_000}, {"extras": {"chairs": 11}}, {"units": 2}]
)
def test_nobody_waits_for_more_than_there_ever_is(wanted):
    wanted = api.Wanted(**wanted)
    said = {"calendar": "hall", "first": MONDAY, "last": MONDAY, "wanted": wanted}
    with pytest.raises(api.NeverSoMuch):
        api.join(**said, key="k", actor=ANN, now=NOW)
    assert api.full(calendar="hall", from_=MONDAY, to=MONDAY, wanted=wanted, now=NOW) == ()


def test_nobody_waits_for_days_on_which_nothing_is_offered():
    saturday = MONDAY - 2 * DAY
    with pytest.raises(api.NotOffered):
        api.join(calendar="hall", first=saturday, last=saturday + DAY, key="k", actor=ANN, now=NOW)
    with pytest.raises(api.TooFarAhead):
        api.join(calendar="hall", first=MONDAY, last=MONDAY + 400 * DAY, key="k", actor=ANN, now=NOW)


def test_less_stock_leaves_what_is_booked():
    monday = free("round")[0]
    booked = book(monday, "a", units=5)
    calendars(crew=3)
    with pytest.raises(api.Full):
        hold(monday, "b", units=1)
    api.cancel(reference=booked.reference, actor=ANN, now=NOW)
    assert free("round", units=3)
    assert not free("round", units=4)


def test_another_council_has_none_of_it(other_council):
    from vestry.councils import api as councils

    held = hold(free()[0], "a")
    with councils.scope(other_council), pytest.raises(api.NoSuchBooking):
        api.get(reference=held.reference)
