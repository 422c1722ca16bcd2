"""Cases that have to do with each other: related ones, and parts of a bigger one."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Q

from vestry.cases import events
from vestry.cases.api.allowing import may
from vestry.cases.api.finding import visible
from vestry.cases.api.stating import state, view
from vestry.cases.api.views import CaseView, LinkView, NotPossible, NotYours
from vestry.cases.models import Case, Link
from vestry.ledger import api as ledger
from vestry.people import api as people

Role = Literal["related", "parent", "part"]
THE_OTHER_WAY = {"related": "related", "parent": "part", "part": "parent"}


class Itself(NotPossible):
    """A case cannot be linked with itself."""


class LinkedAlready(NotPossible):
    """These two cases are linked already. Take that link away first."""


class PartOfAPart(NotPossible):
    """A case that is part of another cannot have parts of its own, or be part of two."""


def link(*, officer: people.OfficerView, reference: str, other: str, role: Role, now: datetime) -> None:
    """Link two cases, both of which the officer sees and may link. ``role``: what the other is to this one.

    Raises `NoSuchCase`, `NotYours`, `Itself`, `LinkedAlready`, `PartOfAPart`.
    """
    with ledger.transaction():
        case, friend = _both(officer, reference, other)
        was = _role(case, friend)
        if was == role:
            return
        if was:
            raise LinkedAlready
        if role == "related":
            one, two = sorted((case, friend), key=lambda row: row.pk)
            Link.objects.create(one=one, other=two)
        else:
            parent, part = (friend, case) if role == "parent" else (case, friend)
            if parent.parent_id or part.parent_id or Case.objects.filter(parent=part).exists():
                raise PartOfAPart
            part.parent = parent
            part.save(update_fields=["parent"])
        _state_both(events.Linked, case, friend, role, officer, now)


def unlink(*, officer: people.OfficerView, reference: str, other: str, now: datetime) -> None:
    """Take the link between two cases away, whatever it was. Raises `NoSuchCase`, `NotYours`."""
    with ledger.transaction():
        case, friend = _both(officer, reference, other)
        role = _role(case, friend)
        if not role:
            return
        Link.objects.filter(Q(one=case, other=friend) | Q(one=friend, other=case)).delete()
        for part in (case, friend):
            if role != "related" and part.parent_id in {case.pk, friend.pk}:
                part.parent = None
                part.save(update_fields=["parent"])
        _state_both(events.Unlinked, case, friend, role, officer, now)


def _both(officer: people.OfficerView, reference: str, other: str) -> tuple[Case, Case]:
    first, second = visible(officer, reference), visible(officer, other)
    if first.pk == second.pk:
        raise Itself
    if not (may(officer, first, "cases.link") and may(officer, second, "cases.link")):
        raise NotYours
    # In one order, so that two who link the same two never wait for each other.
    locked = {name: visible(officer, name, lock=True) for name in sorted((reference, other))}
    return locked[reference], locked[other]


def _role(case: Case, friend: Case) -> str:
    if case.parent_id == friend.pk:
        return "parent"
    if friend.parent_id == case.pk:
        return "part"
    related = Link.objects.filter(Q(one=case, other=friend) | Q(one=friend, other=case)).exists()
    return "related" if related else ""


def _state_both(
    fact: type[events.Linked | events.Unlinked],
    case: Case,
    friend: Case,
    role: str,
    officer: people.OfficerView,
    now: datetime,
) -> None:
    state(case, fact(other=friend.reference, role=role), actor=officer.ref, now=now)
    back = THE_OTHER_WAY[role]
    state(friend, fact(other=case.reference, role=back), actor=officer.ref, now=now)


def links(*, officer: people.OfficerView, reference: str) -> list[LinkView]:
    """What a case has to do with, as far as the officer may see it. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    pairs = Link.objects.filter(Q(one=case) | Q(other=case)).values_list("one_id", "other_id")
    related = {row for pair in pairs for row in pair} - {case.pk}
    others = Case.objects.visible_to(officer).filter(
        Q(pk__in=related) | Q(parent=case) | Q(pk=case.parent_id or 0)
    )
    return [
        LinkView(case=view(row), role=_role_of(case, row))
        for row in others.select_related("plan").order_by("id")
    ]


def _role_of(case: Case, row: Case) -> str:
    if row.pk == case.parent_id:
        return "parent"
    return "part" if row.parent_id == case.pk else "related"


def open_parts(*, officer: people.OfficerView, reference: str) -> list[CaseView]:
    """The parts of a case that are still open, as far as the officer may see them. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    rows = Case.objects.visible_to(officer).open().filter(parent=case).select_related("plan").order_by("id")
    return [view(row) for row in rows]
