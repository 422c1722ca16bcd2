"""Rules for a day: written down when something is sent, told once when their day has come.

What is done then is done from the fact, by `readers.OnRules`, as from any other: a worker that is killed on
the way, or away for a week, leaves nothing out and does nothing twice.
"""

from __future__ import annotations

from datetime import datetime

from vestry.kernel import Ref, local_day
from vestry.ledger import api as ledger
from vestry.services.api._forgetting import ended
from vestry.services.api._row import course
from vestry.services.api._versions import definition_of
from vestry.services.definition.timed import days_of
from vestry.services.events import DayReached
from vestry.services.models import Journey, Timer

AT_ONCE = 50


def set_timers(row: Journey, now: datetime) -> None:
    """Write down when the rules of its version are due, inside the transaction that sends it.

    A day that was over by then never comes.
    """
    definition = definition_of(row.version)
    for on, day, at in days_of(definition.on, row.said, local_day(now)):
        if at > now:
            Timer.objects.create(journey=row, on=on, day=day, due_at=at)


def days_come(*, now: datetime) -> int:
    """Tell the current council's days that have come. How many.

    Of what came to its end before its day, nobody is told any more.
    """
    due = Timer.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        with ledger.transaction():
            # Looked at again under the lock: another worker may have been here.
            timer = due.select_for_update(of=("self",)).filter(pk=pk).first()
            if timer is None:
                continue
            row = Journey.objects.select_related("version").get(pk=timer.journey_id)
            goes_on = row.forgotten_at is None and ended(row, now) is None
            Timer.objects.filter(pk=pk).update(due_at=None, told_at=now if goes_on else None)
            if goes_on:
                ledger.record(
                    DayReached(timer=pk, on=timer.on), subject=Ref.read(row.subject), **course(row, now)
                )
            done += 1
    return done
