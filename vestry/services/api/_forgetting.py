"""Erasing what is personal, so long after its end as its own version says. See `services.api`.

A journey that was sent is looked at first when it could be due at the earliest: had it been closed in the
moment it was sent. What is not over by then is looked at again each day, what ended later when it is due. So
nobody has to hear of a case that was opened again, and nothing is due that is not over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from vestry.design.capability import Contact, Forgetting, Standing
from vestry.design.kinds import question_kinds
from vestry.kernel import SYSTEM, Ref, Refused
from vestry.ledger import api as ledger
from vestry.services.api._row import course
from vestry.services.api._versions import definition_of
from vestry.services.definition.capabilities import installed
from vestry.services.events import JourneyForgotten
from vestry.services.keeping import kept_until
from vestry.services.models import Journey, Link, Timer

A_DAY = timedelta(days=1)


class NotOver(Refused):
    """The details of {reference} cannot be erased yet. {why}"""


class NothingThere(Refused):
    """Nothing that was sent here is called {reference}."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """What is to be erased: of which service, from when on. ``why`` is what keeps it, if anything does.

    ``at`` is None for what is not over yet.
    """

    ref: Ref
    service: str
    title: str
    at: datetime | None
    why: str


def forget(*, about: Ref, actor: Ref, now: datetime) -> bool:
    """Erase what is personal in what was sent, before its time, because somebody asked. Twice is once.

    Returns whether it was erased just now. Raises `NothingThere`, and `NotOver` for what goes on or is held.
    """
    with ledger.transaction():
        row = Journey.objects.select_for_update().filter(subject=str(about)).first()
        if row is None:
            raise NothingThere(reference=about.key)
        if row.forgotten_at is not None:
            return False
        if why := _stands(row).why:
            raise NotOver(reference=about.key, why=why)
        erase(row, actor=actor, asked=True, now=now)
    return True


def forgotten(*, about: Ref) -> datetime | None:
    """When what is personal in it was erased; None when it was not, or was never there."""
    return Journey.objects.filter(subject=str(about)).values_list("forgotten_at", flat=True).first()


def to_forget(*, until: datetime) -> Iterator[Due]:
    """What will be due by then as it stands now, and what is kept though its time is up.

    Nothing is changed.
    """
    rows = Journey.objects.filter(forget_after__lte=until).select_related("version")
    for row in rows.order_by("forget_after", "pk").iterator(chunk_size=200):
        found = _stands(row)
        at = _due(row, found) if found.ended_at else None
        if found.why or (at and at <= until):
            title = definition_of(row.version).title
            yield Due(ref=Ref.read(row.subject), service=row.version.slug, title=title, at=at, why=found.why)


def forget_if_due(row: Journey, now: datetime) -> bool:
    """Erase a locked row whose time is over; otherwise say when to look again. For the room's own job."""
    found = _stands(row)
    due = _due(row, found)
    if not found.why and due <= now:
        erase(row, actor=SYSTEM, asked=False, now=now)
        return True
    row.forget_after = now + A_DAY if found.why else due
    row.save(update_fields=["forget_after"])
    return False


def erase(row: Journey, *, actor: Ref, asked: bool, now: datetime) -> None:
    """Let everybody erase what is theirs, and then the journey itself, inside a transaction."""
    about = _names(row)
    forgetting = Forgetting(about=about, to=Contact(**row.contact), actor=actor, now=now)
    for capability in installed().values():
        capability.forget(forgetting)
    for kind in question_kinds().values():
        for name in sorted(about):
            kind.forget(name, actor=actor, now=now)
    Link.objects.filter(journey=row).delete()
    Timer.objects.filter(journey=row).delete()
    row.said, row.typed, row.held, row.confirmed, row.contact = {}, {}, {}, {}, {}
    row.sending = {}
    # Hashes of what somebody wrote let whoever guesses it know that they guessed right.
    row.mailbox = row.link = row.digest = ""
    row.link_until = row.forget_after = None
    row.open_until = row.kept_until = row.forgotten_at = now
    row.save()
    fact = JourneyForgotten(kept=definition_of(row.version).keep.closed, asked=asked)
    ledger.record(fact, subject=_journey(row), **{**course(row, now), "actor": actor})


def is_closed(row: Journey) -> bool:
    """Whether all is decided in what came of it; whether it may be erased is another question."""
    return any(found.closed for found in _said(row))


def _stands(row: Journey) -> Standing:
    """What all that came of it say together: over when the last of them is."""
    said = _said(row)
    ends = [found.ended_at for found in said if found.ended_at]
    why = next((found.why for found in said if found.why), "")
    # Where nothing goes on after it was sent, its end is that.
    return Standing(ended_at=max(ends) if ends else None if why else row.submitted_at, why=why)


def _said(row: Journey) -> list[Standing]:
    return [
        found
        for name in sorted(_names(row))
        for capability in installed().values()
        if (found := capability.stands(name))
    ]


def _due(row: Journey, found: Standing) -> datetime:
    ended = found.ended_at or row.submitted_at
    return kept_until(ended, definition_of(row.version).keep.closed)


def _names(row: Journey) -> frozenset[Ref]:
    made = {Ref.read(step["ref"]) for step in row.confirmed.values() if step["ref"]}
    return frozenset({Ref.read(row.subject), _journey(row)} | made)


def _journey(row: Journey) -> Ref:
    return Ref("journey", str(row.pk))
