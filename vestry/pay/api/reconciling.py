"""Our day against the provider's, and what moved on it for the council's ledger.

Kinds of mismatch: ``only-theirs`` (they have a payment we know nothing of), ``only-ours`` (we have money they
know nothing of), ``state`` (paid here and not there, or there and not here), ``amount``, ``refunds``.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, Sum

from vestry.kernel import LONDON, SYSTEM, Ref, Refused, local_day, port
from vestry.ledger import api as ledger
from vestry.pay import events, rules
from vestry.pay.api.taking import look
from vestry.pay.models import Day, Mismatch, Payment, Refund
from vestry.pay.ports import Answer, NotThere, Unreachable

COLUMNS = (
    *("day", "movement", "charge", "movement_reference", "provider_reference", "line"),
    *("ledger_code", "vat_treatment", "net_pence", "vat_pence", "gross_pence"),
)
# A day is compared once everything begun on it is over: somebody may begin to pay at a minute to midnight.
AFTER = timedelta(hours=3)
# How far back a worker that was away catches up.
BACK = timedelta(days=7)
# So long after a day it is compared once more: by then most of what goes back at all went back, also what
# somebody sent back in the provider's own pages.
AGAIN = timedelta(days=30)
_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")


class DayNotOver(Refused):
    """{day} is not over yet."""


class NoSuchMismatch(Refused):
    """There is no such difference here."""


@dataclass(frozen=True, kw_only=True)
class DayView:
    """A day of the council: what came and what went back in pence; when it was compared and handed over."""

    day: date
    came: int
    went: int
    reconciled_at: datetime | None
    exported_at: datetime | None
    differences: int
    """How many nobody has explained yet."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """What moved on a day, as CSV: a row for each line of a movement, refunds below zero."""

    day: date
    content: bytes
    rows: int
    pence: int
    sha256: str


def reconcile(*, day: date, now: datetime, report: Sequence[Answer] | None = None) -> int:
    """Compare what was begun on a day with the provider's report of it. How many mismatches are new.

    So is every earlier payment of which something went back on that day. A payment we still wait for is
    asked about first; what matches by now is explained. Call it outside any transaction. Raises
    `Unreachable`.
    """
    since, until = _bounds(day)
    theirs = {
        each.id: each
        for each in (report if report is not None else port("pay.provider").report(since, until))
    }
    for payment in _of_day(since, until):
        told = theirs.get(payment.provider_id)
        if told and told.status == "paid" and payment.state != rules.PAID:
            look(reference=payment.charge.reference, now=now)
    for id in _went_back(since, until) - theirs.keys():
        # One the provider knows no more is told on the day it was begun.
        with suppress(NotThere):
            theirs[id] = port("pay.provider").look(id)
    return _note(day, list(_compared(theirs, since, until)), now)


def _of_day(since: datetime, until: datetime) -> list[Payment]:
    rows = Payment.objects.filter(asked_at__gte=since, asked_at__lt=until)
    return list(rows.select_related("charge").prefetch_related("refunds").order_by("pk"))


def _went_back(since: datetime, until: datetime) -> set[str]:
    """What the provider calls each earlier payment of which we sent something back, or were told it went."""
    moved = Q(asked_at__gte=since, asked_at__lt=until) | Q(ended_at__gte=since, ended_at__lt=until)
    known = Refund.objects.filter(moved, payment__asked_at__lt=since).exclude(payment__provider_id="")
    return set(known.values_list("payment__provider_id", flat=True))


def _bounds(day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight in London: 23, 24 or 25 hours."""
    return tuple(  # type: ignore[return-value]
        datetime.combine(day + timedelta(days=n), time(), tzinfo=LONDON) for n in (0, 1)
    )


def _compared(
    theirs: dict[str, Answer], since: datetime, until: datetime
) -> Iterator[tuple[str, str, int, int]]:
    """What disagrees: kind, payment, our pence, their pence."""
    ours = {payment.provider_id: payment for payment in _of_day(since, until) if payment.provider_id}
    # What is begun at the edge of a day may be the day before for one of the two.
    known = Payment.objects.filter(provider_id__in=list(theirs)).prefetch_related("refunds")
    ours |= {payment.provider_id: payment for payment in known}
    for id, payment in ours.items():
        told = theirs.get(id)
        got = payment.pence if payment.state == rules.PAID else 0
        if told is None:
            if got and since + timedelta(minutes=5) < payment.asked_at < until - timedelta(minutes=5):
                yield "only-ours", payment.reference, got, 0
            continue
        if told.pence != payment.pence:
            yield "amount", payment.reference, payment.pence, told.pence
        elif (told.status == "paid") != bool(got):
            yield "state", payment.reference, got, told.pence if told.status == "paid" else 0
        back = sum(
            refund.pence for refund in payment.refunds.all() if refund.state in (rules.SENT, rules.DONE)
        )
        if back != told.refunded:
            yield "refunds", payment.reference, back, told.refunded
    for id, told in theirs.items():
        if id not in ours:
            yield "only-theirs", told.reference or id, 0, told.pence if told.status == "paid" else 0


def _note(day: date, found: list[tuple[str, str, int, int]], now: datetime) -> int:
    new = 0
    with ledger.transaction():
        row, _new = Day.objects.get_or_create(day=day)
        row = Day.objects.select_for_update().get(pk=row.pk)
        there = {(each.kind, each.payment): each for each in Mismatch.objects.filter(day=day)}
        for kind, payment, ours, theirs in found:
            known = there.get((kind, payment))
            # What somebody explained stays so; with other sums, or once it had gone, it is a new difference.
            if known and (known.ours, known.theirs) == (ours, theirs) and known.explained_by != str(SYSTEM):
                continue
            made = known or Mismatch(day=day, kind=kind, payment=payment)
            made.ours, made.theirs, made.found_at = ours, theirs, now
            made.explained_at, made.explained_by, made.note = None, "", ""
            made.save()
            _state_found(made, now)
            new += 1
        still = {(kind, payment) for kind, payment, _ours, _theirs in found}
        for key, each in there.items():
            if key not in still and each.explained_at is None:
                _explain(each, SYSTEM, "", now)
        row.reconciled_at = now
        row.save(update_fields=["reconciled_at"])
    return new


def _state_found(made: Mismatch, now: datetime) -> None:
    fact = events.MismatchFound(
        mismatch=made.pk,
        day=made.day.isoformat(),
        kind=made.kind,
        payment=made.payment,
        ours=made.ours,
        theirs=made.theirs,
    )
    ledger.record(fact, subject=Ref("payments", made.day.isoformat()), actor=SYSTEM, now=now)


def explain(*, mismatch: int, by: Ref, note: str, now: datetime) -> None:
    """Somebody found out why. Explained already, nothing happens. Raises `NoSuchMismatch`."""
    with ledger.transaction():
        found = Mismatch.objects.select_for_update().filter(pk=mismatch).first()
        if found is None:
            raise NoSuchMismatch
        if found.explained_at is None:
            _explain(found, by, note, now)


def _explain(found: Mismatch, by: Ref, note: str, now: datetime) -> None:
    found.explained_at, found.explained_by, found.note = now, str(by), note
    found.save(update_fields=["explained_at", "explained_by", "note"])
    subject = Ref("payments", found.day.isoformat())
    ledger.record(events.MismatchExplained(mismatch=found.pk), subject=subject, actor=by, now=now)


def reconcile_due(*, now: datetime) -> int:
    """Compare the current council's days that are over and were not compared yet. How many were."""
    first = Payment.objects.order_by("asked_at").values_list("asked_at", flat=True).first()
    if first is None:
        return 0
    last = local_day(now - AFTER) - timedelta(days=1)
    day = max(local_day(first), last - BACK)
    done = 0
    while day <= last:
        # One that was looked at before it was over, at the desk, is compared once more when it is.
        if not Day.objects.filter(day=day, reconciled_at__gte=_bounds(day)[1] + AFTER).exists():
            try:
                done += _once_more(day - AGAIN, now)
                reconcile(day=day, now=now)
            except Unreachable:
                return done
            done += 1
        day += timedelta(days=1)
    return done


def _once_more(day: date, now: datetime) -> int:
    if not Day.objects.filter(day=day, reconciled_at__isnull=False).exists():
        return 0
    reconcile(day=day, now=now)
    return 1


def days(*, until: date, count: int = 31) -> list[DayView]:
    """So many days, the latest first: those on which nothing moved and nothing was compared are left out."""
    since = until - timedelta(days=count - 1)
    span = {"day__gte": since, "day__lte": until}
    came = dict(Payment.objects.filter(**span).values_list("day").annotate(Sum("pence")))
    went = dict(Refund.objects.filter(**span).values_list("day").annotate(Sum("pence")))
    rows = {row.day: row for row in Day.objects.filter(**span)}
    open_ = Mismatch.objects.filter(**span, explained_at=None)
    differences = dict(open_.values_list("day").annotate(Count("pk")))
    return [
        DayView(
            day=each,
            came=came.get(each, 0),
            went=went.get(each, 0),
            reconciled_at=rows[each].reconciled_at if each in rows else None,
            exported_at=rows[each].exported_at if each in rows else None,
            differences=differences.get(each, 0),
        )
        for each in sorted({*came, *went, *rows, *differences}, reverse=True)
    ]


def export(*, day: date, by: Ref, now: datetime) -> Export:
    """What moved on a day that is over, as CSV; the same bytes every time. Raises `DayNotOver`."""
    if day >= local_day(now):
        raise DayNotOver(day=day.isoformat())
    content, rows, pence = _written(day)
    made = Export(
        day=day, content=content, rows=rows, pence=pence, sha256=hashlib.sha256(content).hexdigest()
    )
    with ledger.transaction():
        row, _new = Day.objects.get_or_create(day=day)
        row = Day.objects.select_for_update().get(pk=row.pk)
        if row.sha256 != made.sha256:
            row.exported_at, row.sha256 = now, made.sha256
            row.save(update_fields=["exported_at", "sha256"])
            fact = events.DayExported(day=day.isoformat(), rows=rows, pence=pence, sha256=made.sha256)
            ledger.record(fact, subject=Ref("payments", day.isoformat()), actor=by, now=now)
    return made


def _written(day: date) -> tuple[bytes, int, int]:
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    rows = pence = 0
    for row in _movements(day):
        writer.writerow([_plain(value) for value in row])
        rows, pence = rows + 1, pence + int(row[-1])
    return made.getvalue().encode(), rows, pence


def _plain(value: str | int) -> str | int:
    """A text that a spreadsheet would take for a formula is kept from being one."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_SPREADSHEET) else value


def _movements(day: date) -> Iterator[tuple[str | int, ...]]:
    came = Payment.objects.filter(day=day).select_related("charge").order_by("reference")
    for payment in came:
        yield from _rows(day, "payment", payment, payment.reference, rules.whole(payment.charge.items), 1)
    went = Refund.objects.filter(day=day).select_related("payment__charge").order_by("reference")
    for refund in went:
        yield from _rows(day, "refund", refund.payment, refund.reference, refund.split, -1)


def _rows(
    day: date, movement: str, payment: Payment, reference: str, parts: Sequence[rules.Part], sign: int
) -> Iterator[tuple[str | int, ...]]:
    for line, part in zip(payment.charge.items, parts, strict=True):
        if part.pence:
            yield (
                *(day.isoformat(), movement, payment.charge.reference, reference, payment.provider_id),
                *(line.what, line.code, line.vat),
                *(sign * (part.pence - part.vat), sign * part.vat, sign * part.pence),
            )
