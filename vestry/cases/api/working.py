"""What an officer does. Each verb locks the case's row and states its fact in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from vestry.cases import events
from vestry.cases.api import asking
from vestry.cases.api.finding import choose, may, name, visible
from vestry.cases.api.stating import clock_of, form_key, move, plan_of, set_clock, state, tidy, write
from vestry.cases.api.views import (
    AlreadyTaken,
    CaseClosed,
    NobodyThere,
    NothingWritten,
    NotPossible,
    NotYours,
)
from vestry.cases.models import Case, Done, Message, Note
from vestry.cases.rules import Clock
from vestry.kernel import Ref, local_day
from vestry.ledger import api as ledger
from vestry.people import api as people


class NotADueDate(NotPossible):
    """The due date must be today or later, and within two years."""


@contextmanager
def _working(officer: people.OfficerView, reference: str, action: str) -> Iterator[Case]:
    with ledger.transaction():
        case = visible(officer, reference, lock=True)
        if not may(officer, case, action):
            raise NotYours
        yield case


def _open(case: Case) -> None:
    if case.closed_at is not None:
        raise CaseClosed


def take(*, officer: people.OfficerView, reference: str, now: datetime) -> None:
    """Take a case nobody has; nothing happens when it is one's own already.

    Raises `NoSuchCase`, `NotYours`, `CaseClosed`, `AlreadyTaken`.
    """
    with _working(officer, reference, "cases.take") as case:
        _open(case)
        if case.owner == officer.slug:
            return
        if case.owner:
            raise AlreadyTaken(name=name(f"officer:{case.owner}"))
        case.owner = officer.slug
        case.save(update_fields=["owner"])
        state(case, events.Taken(owner=case.owner), actor=officer.ref, now=now)


def hand_over(
    *, officer: people.OfficerView, reference: str, team: str, now: datetime, owner: str = ""
) -> None:
    """Give a case to a team, and to one of its officers or, with none named, to whoever takes it.

    Raises `NoSuchCase`, `NotYours`, `CaseClosed`, `NobodyThere`.
    """
    with _working(officer, reference, "cases.hand-over") as case:
        _open(case)
        _check_recipient(team, owner)
        if (case.team, case.owner) == (team, owner):
            return
        case.team, case.owner = team, owner
        case.save(update_fields=["team", "owner"])
        state(case, events.HandedOver(team=team, owner=owner), actor=officer.ref, now=now)


def _check_recipient(team: str, owner: str) -> None:
    if team not in {known.slug for known in people.teams()}:
        raise NobodyThere
    workers = {one.slug for one in people.find_officers(team) if people.allowed(one, "cases.take")}
    if owner and owner not in workers:
        raise NobodyThere


def note(*, officer: people.OfficerView, reference: str, text: str, now: datetime, key: str = "") -> None:
    """Write a note that only officers see.

    Raises `NoSuchCase`, `NotYours`, `NothingWritten`, `WrittenTooLong`.
    """
    with _working(officer, reference, "cases.note") as case:
        row, new = Note.objects.get_or_create(
            case=case,
            key=form_key("note", key),
            defaults={"by": str(officer.ref), "at": now, "text": tidy(text)},
        )
        if new:
            state(case, events.Noted(note=row.pk), actor=officer.ref, now=now)


def message(
    *,
    officer: people.OfficerView,
    reference: str,
    text: str,
    now: datetime,
    wants_answer: bool = False,
    key: str = "",
) -> None:
    """Write to the resident. A closed case can still be written about, but asks for no answer.

    Raises `NoSuchCase`, `NotYours`, `CaseClosed`, `NothingWritten`, `WrittenTooLong`.
    """
    with _working(officer, reference, "cases.message") as case:
        if wants_answer:
            _open(case)
        kept, key = tidy(text), form_key("message", key)
        if not Message.objects.filter(case=case, key=key).exists():
            write(case, kept, wants_answer=wants_answer, actor=officer.ref, now=now, key=key)


def set_due(*, officer: people.OfficerView, reference: str, due: date, reason: str, now: datetime) -> None:
    """Set another due date; the reason is kept as a note.

    Raises `NoSuchCase`, `NotYours`, `CaseClosed`, `NotADueDate`, `NothingWritten`, `WrittenTooLong`.
    """
    with _working(officer, reference, "cases.due") as case:
        _open(case)
        today, why = local_day(now), tidy(reason)
        if not today <= due <= date(today.year + 2, 12, 31):
            raise NotADueDate
        before = clock_of(case)
        if before.due == due:
            return
        row = Note.objects.create(
            case=case, by=str(officer.ref), at=now, key=form_key("due", ""), text=why, kind="due"
        )
        # A date set while the clock stands still is meant as it stands on that day.
        set_clock(case, Clock(due=due, stopped=today if before.stopped else None))
        case.save(update_fields=["due", "stopped_on"])
        fact = events.DueChanged(due=due, was=before.due, note=row.pk)
        state(case, fact, actor=officer.ref, now=now)


def act(
    *,
    officer: people.OfficerView,
    reference: str,
    action: str,
    answers: Mapping[str, Any],
    now: datetime,
    text: str = "",
    key: str = "",
) -> None:
    """Do one of the definition's actions: ``answers`` are raw, by question; ``text`` goes to the resident.

    The same ``key`` again does nothing. Raises `NoSuchCase`; `NotNow` when it can't be done, or not by this
    officer; `NotAnswered`, `NothingWritten`, `WrittenTooLong`.
    """
    with _working(officer, reference, "cases.act") as case:
        key = form_key("act", key)
        if Done.objects.filter(case=case, key=key).exists():
            return
        plan = plan_of(case)
        chosen = choose(officer, case, plan, action, now)
        kept = _text(text, chosen.message)
        done = Done.objects.create(
            case=case,
            by=str(officer.ref),
            at=now,
            key=key,
            action=chosen.id,
            answers=asking.clean(chosen, answers, now),
        )
        if kept:
            wants_answer = bool(plan.stages[chosen.to].on_reply)
            write(case, kept, wants_answer=wants_answer, actor=officer.ref, now=now, key=key)
        move(case, plan, chosen.to, action=chosen.id, done=done.pk, actor=officer.ref, now=now)


def is_done(*, officer: people.OfficerView, reference: str, key: str) -> bool:
    """Whether a form's action was done already: it was sent twice. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    return bool(key) and Done.objects.filter(case=case, key=form_key("act", key)).exists()


def _text(text: str, wanted: str) -> str:
    if not wanted:
        return ""
    try:
        return tidy(text)
    except NothingWritten:
        if wanted == "required":
            raise
        return ""


def resident_of(reference: str) -> Ref:
    """How the ledger names the resident of a case: by the case, never by who they are."""
    return Ref("resident", reference)
