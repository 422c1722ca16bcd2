"""The door to parking permits: a space is held, then granted, else released.

All of it runs inside `ledger.api.transaction`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from parking_permit.events import SpaceGranted, SpaceHeld, SpaceReleased
from parking_permit.models import Space
from vestry.kernel import Ref, Refused, new_reference
from vestry.ledger import api as ledger

CLOCK = Ref("system", "clock")


class NoneLeft(Refused):
    """Every space in this zone is taken."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """In whose course it happens: ``service`` and ``version`` of the definition, and the ``journey``."""

    service: str
    version: int
    journey: str


@dataclass(frozen=True, kw_only=True)
class SpaceView:
    """A space somebody has, for the time being or for good."""

    reference: str
    zone: str
    number: int


def hold(*, zone: str, spaces: int, until: datetime, course: Course, actor: Ref, now: datetime) -> SpaceView:
    """Set a space aside: the first that is free of those numbered 1 to ``spaces``. Raises `NoneLeft`."""
    rows = Space.objects.filter(service=course.service, zone=zone)
    for lapsed in rows.filter(held_until__lte=now).select_for_update():
        _free(lapsed, CLOCK, now)
    taken = set(rows.values_list("number", flat=True))
    for number in range(1, spaces + 1):
        if number in taken:
            continue
        row = Space(
            reference=new_reference("PP"),
            zone=zone,
            number=number,
            held_until=until,
            service=course.service,
            version=course.version,
            journey=course.journey,
        )
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            # Somebody was faster by a moment: the next one, then.
            continue
        _state(SpaceHeld(zone=zone, number=number, until=until), row, actor, now)
        return _view(row)
    raise NoneLeft


def release(*, reference: str, actor: Ref, now: datetime) -> None:
    """Give back a space that is held. Nothing happens to one that lapsed before, or was granted."""
    for row in Space.objects.filter(reference=reference, held_until__isnull=False).select_for_update():
        _free(row, actor, now)


def grant(*, reference: str, actor: Ref, now: datetime) -> SpaceView | None:
    """Make a held space somebody's, even after its time; None when somebody else has it."""
    row = Space.objects.filter(reference=reference, held_until__isnull=False).select_for_update().first()
    if row is None:
        return None
    row.held_until = None
    row.save(update_fields=["held_until"])
    _state(SpaceGranted(zone=row.zone, number=row.number), row, actor, now)
    return _view(row)


def lapse(*, now: datetime) -> int:
    """Release what was held for long enough. How many there were."""
    with ledger.transaction():
        rows = list(Space.objects.filter(held_until__lte=now).select_for_update(skip_locked=True)[:50])
        for row in rows:
            _free(row, CLOCK, now)
    return len(rows)


def _free(row: Space, actor: Ref, now: datetime) -> None:
    row.delete()
    _state(SpaceReleased(zone=row.zone, number=row.number), row, actor, now)


def _state(fact: SpaceHeld | SpaceReleased | SpaceGranted, row: Space, actor: Ref, now: datetime) -> None:
    ledger.record(
        fact,
        subject=Ref("parking-permit", row.reference),
        actor=actor,
        now=now,
        service=row.service,
        version=row.version,
        journey=row.journey,
    )


def _view(row: Space) -> SpaceView:
    return SpaceView(reference=row.reference, zone=row.zone, number=row.number)
