"""What an officer does. Each verb locks the case's row and states its fact in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from vestry.cases import events, rules
from vestry.cases.api import asking
from vestry.cases.api.allowing import choose, extension, may
from vestry.cases.api.finding import name, visible
from vestry.cases.api.searching import index_more
from vestry.cases.api.stating import (
    calendar_of,
    check_due,
    clock_of,
    form_key,
    give,
    move,
    plan_of,
    set_clock,
    state,
    tidy,
    view,
    write,
)
from vestry.cases.api.views import (
    AlreadyTaken,
    CaseClosed,
    CaseForgotten,
    CaseView,
    NobodyThere,
    NoSuchCase,
    NothingWritten,
    NotNow,
    NotYours,
    TakesNoMessage,
)
from vestry.cases.models import Case, Done, Message, Note
from vestry.cases.rules import Clock
from vestry.kernel import Ref, local_day, word_count
from vestry.ledger import api as ledger
from vestry.people import api as people


@contextmanager
def alone_with(*, officer: people.OfficerView, reference: str) -> Iterator[CaseView]:
    """A transaction in which nobody else changes the case: what it is now it still is when something is done.

    Raises `NoSuchCase`.
    """
    with ledger.transaction():
        yield view(visible(officer, reference, lock=True))


@contextmanager
def working(officer: people.OfficerView, reference: str, action: str) -> Iterator[Case]:
    """A transaction in which an officer does something with a case, its row locked.

    Raises `NoSuchCase`, `NotYours`, `CaseForgotten`.
    """
    with ledger.transaction():
        case = visible(officer, reference, lock=True)
        if not may(officer, case, action):
            raise NotYours
        if case.forgotten_at is not None:
            raise CaseForgotten
        yield case


def _open(case: Case) -> None:
    if case.closed_at is not None:
        raise CaseClosed


def take(*, officer: people.OfficerView, reference: str, now: datetime) -> None:
    """Take a case nobody has; nothing happens when it is one's own already.

    Raises `NoSuchCase`, `NotYours`, `CaseClosed`, `AlreadyTaken`.
    """
    with working(officer, reference, "cases.take") as case:
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

    Given there already by the same officer, as by the same form sent twice, nothing happens.

    Raises `NoSuchCase`, `NotYours`, `CaseClosed`, `NobodyThere`.
    """
    try:
        with working(officer, reference, "cases.hand-over") as case:
            _open(case)
            check_recipient(team, owner)
            if (case.team, case.owner) == (team, owner):
                return
            give(case, team, owner, actor=officer.ref, now=now)
            case.save(update_fields=["team", "owner"])
    except NoSuchCase:
        # While this waited for the case, the form's twin gave it away.
        if not is_handed_over(officer=officer, reference=reference, team=team, owner=owner):
            raise


def is_handed_over(*, officer: people.OfficerView, reference: str, team: str, owner: str) -> bool:
    """Whether the last to hand this case over was the officer, and it is where they gave it."""
    there = Case.objects.filter(reference=reference, team=team, owner=owner)
    if not reference.isprintable() or not there.exists():
        return False
    given = [fact for fact in ledger.history(Ref("case", reference)) if fact.name == events.HandedOver.name]
    return bool(given) and given[-1].actor == officer.ref


def check_recipient(team: str, owner: str) -> None:
    """Whether a team, and an officer of it where one is named, can be given work. Raises `NobodyThere`."""
    if team not in {known.slug for known in people.teams()}:
        raise NobodyThere
    workers = {one.slug for one in people.find_officers() if team in people.reach(one, "cases.take")}
    if owner and owner not in workers:
        raise NobodyThere


def note(*, officer: people.OfficerView, reference: str, text: str, now: datetime, key: str = "") -> None:
    """Write a note that only officers see.

    Raises `NoSuchCase`, `NotYours`, `NothingWritten`, `WrittenTooLong`.
    """
    with working(officer, reference, "cases.note") as case:
        row, new = Note.objects.get_or_create(
            case=case,
            key=form_key("note", key),
            defaults={"by": str(officer.ref), "at": now, "text": tidy(text)},
        )
        if new:
            index_more(case, row.text)
            state(case, events.Noted(note=row.pk, words=word_count(row.text)), actor=officer.ref, now=now)


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
    with working(officer, reference, "cases.message") as case:
        if wants_answer:
            _open(case)
        kept, key = tidy(text), form_key("message", key)
        if not Message.objects.filter(case=case, key=key).exists():
            write(case, kept, wants_answer=wants_answer, actor=officer.ref, now=now, key=key)
            index_more(case, kept)


def set_due(*, officer: people.OfficerView, reference: str, due: date, reason: str, now: datetime) -> None:
    """Set another due date; the reason is kept as a note.

    Raises `NoSuchCase`, `NotYours`, `CaseClosed`, `NotADueDate`, `NothingWritten`, `WrittenTooLong`.
    """
    with working(officer, reference, "cases.due") as case:
        _open(case)
        today, why = local_day(now), tidy(reason)
        check_due(due, now)
        before = clock_of(case)
        if before.due == due:
            return
        row = Note.objects.create(
            case=case, by=str(officer.ref), at=now, key=form_key("due", ""), text=why, kind="due"
        )
        index_more(case, why)
        # A date set while the clock stands still is meant as it stands on that day.
        set_clock(case, Clock(due=due, stopped=today if before.stopped else None))
        case.save(update_fields=["due", "stopped_on"])
        fact = events.DueChanged(due=due, was=before.due, note=row.pk)
        state(case, fact, actor=officer.ref, now=now)


def extend(*, officer: people.OfficerView, reference: str, reason: str, now: datetime, key: str = "") -> None:
    """Put the due date off, once in a stage, by as much as the definition says; the resident reads why.

    The same ``key`` again does nothing. Raises `NoSuchCase`; `NotNow` when there is no extension, when it is
    used or not for this officer; `NothingWritten`, `WrittenTooLong`.
    """
    with working(officer, reference, "cases.act") as case:
        key = form_key("extend", key)
        if Message.objects.filter(case=case, key=key).exists():
            return
        plan, before = plan_of(case), clock_of(case)
        allowed = extension(officer, case, plan)
        if allowed is None or before.due is None:
            raise NotNow(stage=plan.stages[case.stage].title)
        message = Message.objects.create(
            case=case, by=str(officer.ref), at=now, key=key, text=tidy(reason), from_resident=False
        )
        index_more(case, message.text)
        due = rules.Span.read(allowed.by).after(before.due, calendar_of(plan))
        set_clock(case, Clock(due=due))
        case.extended = [*case.extended, case.stage]
        case.save(update_fields=["due", "extended"])
        fact = events.Extended(stage=case.stage, due=due, was=before.due, message=message.pk)
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
    officer; `NotAnswered`, `TakesNoMessage`, `NothingWritten`, `WrittenTooLong`.
    """
    with working(officer, reference, "cases.act") as case:
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
            stage=case.stage,
            answers=asking.clean(chosen, answers, now),
        )
        if kept:
            wants_answer = bool(plan.stages[chosen.to].on_reply)
            write(case, kept, wants_answer=wants_answer, actor=officer.ref, now=now, key=key)
            index_more(case, kept)
        move(case, plan, chosen.to, action=chosen.id, done=done.pk, actor=officer.ref, now=now)


def is_done(*, officer: people.OfficerView, reference: str, key: str) -> bool:
    """Whether a form's action was done already: it was sent twice. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    return bool(key) and Done.objects.filter(case=case, key=form_key("act", key)).exists()


def is_extended(*, officer: people.OfficerView, reference: str, key: str) -> bool:
    """Whether a form's extension was given already: it was sent twice. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    return bool(key) and Message.objects.filter(case=case, key=form_key("extend", key)).exists()


def _text(text: str, wanted: str) -> str:
    if not wanted and text.strip():
        raise TakesNoMessage
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
