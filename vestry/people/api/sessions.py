"""Where officers are signed in, and how that ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from vestry.councils.api import ScopedQuerySet
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.people.api.officers import OfficerView
from vestry.people.events import OfficerAllowed, OfficerStopped, SessionsEnded
from vestry.people.models import Officer, Session


@dataclass(frozen=True, kw_only=True)
class SessionView:
    """One place where an officer is signed in. ``id`` opens nothing; ``here`` is the browser that asks."""

    id: str
    device: str
    since: datetime
    seen: datetime
    here: bool


def sessions_of(*, officer: OfficerView, here: str, now: datetime) -> list[SessionView]:
    """Where an officer is signed in, the one used last first. ``here``: the key of the session that asks."""
    rows = _rows(officer).filter(expire_date__gt=now, since__isnull=False).order_by("-seen")
    return [
        SessionView(
            id=_name(row), device=row.device, since=row.since, seen=row.seen, here=row.session_key == here
        )
        for row in rows
    ]


def end_session(*, officer: OfficerView, id: str, now: datetime) -> bool:
    """End one of an officer's own sessions; false when there is none of that id any more."""
    keys = [row.session_key for row in _rows(officer) if _name(row) == id]
    return bool(_end(officer, keys, actor=officer.ref, now=now))


def end_other_sessions(*, officer: OfficerView, here: str, now: datetime) -> int:
    """End every session of an officer but the one that asks; how many."""
    keys = [row.session_key for row in _rows(officer) if row.session_key != here]
    return _end(officer, keys, actor=officer.ref, now=now)


def stop_officer(*, officer: OfficerView, now: datetime, actor: Ref) -> None:
    """Somebody left, or must not come in any more: they can't sign in, and every session ends at once.

    It holds whatever the pack says, until `allow_officer`. Twice is once.
    """
    with ledger.transaction():
        if Officer.objects.filter(pk=officer.id, stopped=False).update(stopped=True):
            ledger.record(OfficerStopped(), subject=officer.ref, actor=actor, now=now)
        _end(officer, [row.session_key for row in _rows(officer)], actor=actor, now=now)


def allow_officer(*, officer: OfficerView, now: datetime, actor: Ref) -> None:
    """Let somebody who was stopped sign in again. Twice is once."""
    with ledger.transaction():
        if Officer.objects.filter(pk=officer.id, stopped=True).update(stopped=False):
            ledger.record(OfficerAllowed(), subject=officer.ref, actor=actor, now=now)


def _rows(officer: OfficerView) -> ScopedQuerySet:
    return Session.objects.filter(account__in=Officer.objects.filter(pk=officer.id).values("account"))


def _name(row: Session) -> str:
    # The key itself opens the desk, so no page shows it.
    return salted_hmac("people.session", row.session_key, algorithm="sha256").hexdigest()[:32]


def _end(officer: OfficerView, keys: list[str], *, actor: Ref, now: datetime) -> int:
    with ledger.transaction():
        count, _which = Session.objects.filter(session_key__in=keys).delete()
        if count:
            ledger.record(SessionsEnded(count=count), subject=officer.ref, actor=actor, now=now)
    return count
