"""Erasing what is personal in a case. That there was one, and what became of it when, stays."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from vestry.cases import events
from vestry.cases.api.residents import theirs
from vestry.cases.api.stating import state
from vestry.cases.api.views import CannotForget, CaseForgotten
from vestry.cases.models import Case, Done, Message, Note, Task, Word
from vestry.design.capability import Standing
from vestry.kernel import Ref
from vestry.ledger import api as ledger


def standing(*, reference: str) -> Standing:
    """When a case was closed, and what keeps its details from being erased. Raises `NoSuchCase`."""
    return _standing(theirs(reference))


def _standing(case: Case) -> Standing:
    if case.closed_at is None:
        return Standing(why=_("The case is still open."))
    if case.legal_hold_at is not None:
        return Standing(closed=True, ended_at=case.closed_at, why=_("There is a legal hold on the case."))
    if Case.objects.open().filter(parent=case).exists():
        return Standing(closed=True, ended_at=case.closed_at, why=_("A part of the case is still open."))
    if Task.objects.open().filter(case=case).exists():
        return Standing(closed=True, ended_at=case.closed_at, why=_("There is still a task to be done."))
    return Standing(closed=True, ended_at=case.closed_at)


def forgotten(*, reference: str) -> datetime | None:
    """When the details of a case were erased; None when they were not, or there is no such case."""
    if not reference.isprintable():
        return None
    return Case.objects.filter(reference=reference).values_list("forgotten_at", flat=True).first()


def forget(*, reference: str, actor: Ref, now: datetime) -> None:
    """Erase place, notes, messages, answers, tasks in officers' words, and what the case is found by.

    Nothing happens a second time. Raises `NoSuchCase`, `CannotForget`.
    """
    with ledger.transaction():
        case = theirs(reference, lock=True)
        if case.forgotten_at is not None:
            return
        if why := _standing(case).why:
            raise CannotForget(reference=reference, why=why)
        for rows in (Note, Message, Word):
            rows.objects.filter(case=case).delete()
        # Who did what in which stage is what happened; what they wrote there is not.
        Done.objects.filter(case=case).update(answers={})
        tasks = Task.objects.filter(case=case)
        tasks.update(hint="", reason="")
        tasks.filter(plan_task="").update(title="")
        case.place, case.shut, case.forgotten_at = "", [], now
        case.save(update_fields=["place", "shut", "forgotten_at"])
        state(case, events.Forgotten(), actor=actor, now=now)


def place_legal_hold(*, reference: str, actor: Ref, now: datetime) -> None:
    """Keep the details for longer than the definition says, such as for a court.

    Nothing happens a second time. Raises `NoSuchCase`, `CaseForgotten`.
    """
    with ledger.transaction():
        case = theirs(reference, lock=True)
        if case.forgotten_at is not None:
            raise CaseForgotten
        if case.legal_hold_at is None:
            _state_hold(case, now, events.LegalHoldPlaced(), actor, now)


def lift_legal_hold(*, reference: str, actor: Ref, now: datetime) -> None:
    """Lift the legal hold: the details are erased when it is time, at once if it is past. `NoSuchCase`."""
    with ledger.transaction():
        case = theirs(reference, lock=True)
        if case.legal_hold_at is not None:
            _state_hold(case, None, events.LegalHoldLifted(), actor, now)


def _state_hold(
    case: Case,
    at: datetime | None,
    fact: events.LegalHoldPlaced | events.LegalHoldLifted,
    actor: Ref,
    now: datetime,
) -> None:
    case.legal_hold_at = at
    case.save(update_fields=["legal_hold_at"])
    state(case, fact, actor=actor, now=now)
