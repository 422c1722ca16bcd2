"""What is owed, and what becomes of it on our side. No verb here talks to anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from vestry.kernel import SYSTEM, Ref, Refused, new_reference
from vestry.ledger import api as ledger
from vestry.pay import events, rules
from vestry.pay.api.showing import ChargeView, view
from vestry.pay.api.stating import locked, state
from vestry.pay.models import Charge, Payment, lines_of
from vestry.pay.rules import Line


class NotAnAmount(Refused):
    """This cannot be charged: each line must be zero or more, and together they must be from £0.30 to
    £100,000."""


class NotPaid(Refused):
    """This has not been paid."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """In whose course something is charged: a version of a service and a journey through it."""

    service: str = ""
    version: int = 0
    journey: str = ""


def charge(
    *,
    lines: Sequence[Line],
    key: str,
    title: str,
    now: datetime,
    course: Course = Course(),
    actor: Ref = SYSTEM,
) -> ChargeView:
    """Have something paid. The same key and lines again are the same charge, whatever has become of it.

    With other lines, what was owed before is given up and what was paid before is stranded. One that was
    given up, or whose money goes back, is followed by a new one. Raises `NotAnAmount`.
    """
    pence = sum(line.pence for line in lines)
    if any(line.pence < 0 for line in lines) or not rules.LEAST <= pence <= rules.MOST:
        raise NotAnAmount
    with ledger.transaction():
        rows = Charge.objects.select_for_update().filter(key=key).exclude(state=rules.CANCELLED)
        for row in rows.order_by("-pk"):
            if row.lines == lines_of(list(lines)) and not view(row).goes_back:
                return view(row)
            _give_up(row, actor, now)
        row = Charge.objects.create(
            reference=new_reference("PAY"),
            key=key,
            service=course.service,
            version=course.version,
            journey=course.journey,
            title=title[:200],
            lines=lines_of(list(lines)),
            pence=pence,
            made_at=now,
        )
        said = tuple((line.vat, line.code, line.pence) for line in lines)
        state(row, events.Charged(charge=row.reference, pence=pence, lines=said), now=now, actor=actor)
        return view(row)


def cancel(*, reference: str, now: datetime, actor: Ref = SYSTEM) -> None:
    """Nobody is to pay this any more. What was paid already is stranded, unless it is kept.

    The provider is told by the worker; money that comes all the same is stranded too. Raises `NoSuchCharge`.
    """
    with ledger.transaction():
        _give_up(locked(reference), actor, now)


def _give_up(row: Charge, actor: Ref, now: datetime) -> None:
    if row.state == rules.PAID:
        _strand(row, "given-up", now)
    if row.state != rules.OWED:
        return
    row.state = rules.CANCELLED
    row.save(update_fields=["state"])
    row.payments.filter(state__in=rules.LIVE).update(give_up=True, ask_at=now)
    state(row, events.ChargeCancelled(charge=row.reference), now=now, actor=actor)


def strand(*, reference: str, why: str, now: datetime) -> None:
    """It was paid and what it was for can't be had: somebody sees to it. Nothing happens to one not paid."""
    with ledger.transaction():
        row = locked(reference)
        if row.state == rules.PAID:
            _strand(row, why, now)


def _strand(row: Charge, why: str, now: datetime) -> None:
    row.state = rules.STRANDED
    row.save(update_fields=["state"])
    payment = row.payments.get(number=row.paid_with)
    strand_payment(row, payment, why, now)


def strand_payment(row: Charge, payment: Payment, why: str, now: datetime) -> None:
    """The money of one payment is used for nothing, so far; in the caller's transaction."""
    payment.stranded = why
    payment.save(update_fields=["stranded"])
    fact = events.Stranded(charge=row.reference, payment=payment.reference, pence=payment.pence, why=why)
    state(row, fact, now=now)


def keep(*, reference: str, now: datetime, subject: Ref | None = None, actor: Ref = SYSTEM) -> ChargeView:
    """The money belongs to what was sent, in the transaction that sends it. Twice comes to the same as once.

    ``subject`` is what it is kept for, where that has a name by then; facts are then about it.
    Raises `NotPaid` where there is none, or where it goes back already; `NoSuchCharge`.
    """
    with ledger.transaction():
        row = locked(reference)
        name = str(subject or "")
        if row.state == rules.KEPT and row.subject == name:
            return view(row)
        if row.state not in (rules.PAID, rules.STRANDED) or view(row).goes_back:
            raise NotPaid
        payment = row.payments.get(number=row.paid_with)
        payment.stranded = ""
        payment.save(update_fields=["stranded"])
        row.state, row.subject = rules.KEPT, name
        row.save(update_fields=["state", "subject"])
        fact = events.Kept(charge=row.reference, payment=payment.reference)
        state(row, fact, now=now, actor=actor)
        return view(row)


def strand_forgotten(*, now: datetime) -> int:
    """Strand what was paid and came to nothing for two hours: nobody finishes that by itself. How many."""
    old = Charge.objects.filter(state=rules.PAID, paid_at__lte=now - rules.PATIENCE)
    done = list(old.order_by("paid_at").values_list("reference", flat=True)[:50])
    for reference in done:
        strand(reference=reference, why="forgotten", now=now)
    return len(done)


def next_number(row: Charge) -> int:
    """The number of the next payment of a charge."""
    return (row.payments.aggregate(most=Max("number"))["most"] or 0) + 1
