"""Rules for a day: written down when something is sent, told once when their day has come.

What is done then is done from the fact, by `readers.OnRules`, as from any other: a worker that is killed on
the way, or away for a week, leaves nothing out and does nothing twice. A day that is that of a booking moves
with it and goes with it: whenever it moves (`count_again`), and looked at once more before it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from vestry.kernel import Ref, local_day
from vestry.ledger import api as ledger
from vestry.services.api._forgetting import is_closed
from vestry.services.api._row import course
from vestry.services.api._versions import definition_of
from vestry.services.definition.capabilities import installed
from vestry.services.definition.timed import days_of, read_timed
from vestry.services.events import DayReached
from vestry.services.models import Journey, Timer


def set_timers(row: Journey, now: datetime) -> None:
    """Write down when the rules of its version are due, inside the transaction that sends it.

    A day that was over by then never comes.
    """
    for on, (day, at) in _counted(row).items():
        if at > now:
            Timer.objects.create(journey=row, on=on, day=day, due_at=at)


def _counted(row: Journey) -> dict[str, tuple[date, datetime]]:
    """Each rule with the day that is counted to and when, as it stands now."""
    definition, sent = definition_of(row.version), local_day(row.submitted_at)
    found = days_of(definition.on, row.said, sent, _made(row))
    return {on: (day, at) for on, day, at in found}


def _made(row: Journey) -> Mapping[str, Sequence[date]]:
    """The days of what its steps made."""
    definition = definition_of(row.version)
    found: dict[str, Sequence[date]] = {}
    for item in definition.journey:
        ref = row.confirmed.get(item.id, {}).get("ref", "")
        capability = installed()[item.word]
        if ref and capability.dated:
            found[item.id] = capability.days(Ref.read(ref))
    return found


def count_again(*, journey: int, now: datetime) -> None:
    """What its steps made is on other days now, or on none: its rules are, too."""
    with ledger.transaction():
        row = Journey.objects.select_for_update(of=("self",)).select_related("version").filter(pk=journey)
        sent = row.filter(state=Journey.SUBMITTED, forgotten_at=None).first()
        if sent is None:
            return
        counted, timers = _counted(sent), {each.on: each for each in sent.timers.select_for_update()}
        for on in _dated(sent):
            if on in counted:
                _count_again(sent, timers.get(on), on, counted[on], now)
            elif on in timers:
                Timer.objects.filter(pk=timers[on].pk).update(due_at=None)


def _dated(row: Journey) -> list[str]:
    """Its rules that count from what a step made."""
    definition = definition_of(row.version)
    steps = {item.id for item in definition.journey if installed()[item.word].dated}
    return [on for on in definition.on if (timed := read_timed(on)) and timed.word in steps]


def _count_again(
    row: Journey, timer: Timer | None, on: str, counted: tuple[date, datetime], now: datetime
) -> None:
    day, at = counted
    if timer is None and at > now:
        Timer.objects.create(journey=row, on=on, day=day, due_at=at)
    elif timer is not None and (timer.day != day or (timer.due_at is None and timer.told_at is None)):
        _move(timer, day, at, now)


def _move(timer: Timer, day: date, at: datetime, now: datetime) -> None:
    """Its day is another one.

    Told of the day it had, it is told of this one. What is over by now is told only where it is to be done
    afterwards and never was: a deposit goes back, but nobody is reminded of what has been.
    """
    timed = read_timed(timer.on)
    never = at <= now and (timer.told_at is not None or timed is None or timed.is_before)
    timer.day, timer.due_at = day, None if never else at
    timer.told_at = timer.told_at if never else None
    timer.save(update_fields=["day", "due_at", "told_at"])


def due(now: datetime) -> QuerySet[Timer]:
    """The current council's days that have come, in order."""
    found: QuerySet[Timer] = Timer.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    return found


def tell(pk: int, now: datetime) -> bool:
    """Tell one of them, inside a transaction. Whether it was still to be told.

    Once the case is closed, nobody is told any more.
    """
    known = Timer.objects.filter(pk=pk).values_list("journey_id", flat=True).first()
    # The journey before its days, as whoever counts again locks them.
    row = Journey.objects.select_for_update(of=("self",)).select_related("version").filter(pk=known).first()
    # Looked at again under the lock: another worker may have been here.
    timer = due(now).select_for_update(of=("self",)).filter(pk=pk).first()
    if timer is None or row is None:
        return False
    if row.forgotten_at is None and timer.on in _dated(row) and not _still(row, timer, now):
        return True
    goes_on = row.forgotten_at is None and not is_closed(row)
    Timer.objects.filter(pk=pk).update(due_at=None, told_at=now if goes_on else None)
    if goes_on:
        ledger.record(DayReached(timer=pk, on=timer.on), subject=Ref.read(row.subject), **course(row, now))
    return True


def _still(row: Journey, timer: Timer, now: datetime) -> bool:
    """Whether a day that has come is still to be told, where it may have been moved or given up just now."""
    counted = _counted(row).get(timer.on)
    if counted is None:
        Timer.objects.filter(pk=timer.pk).update(due_at=None)
        return False
    # The fact that says so is not read yet.
    if counted[0] != timer.day:
        _move(timer, *counted, now)
    return timer.due_at is not None and timer.due_at <= now
