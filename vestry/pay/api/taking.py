"""Talking with the provider about payments. The network is asked outside every transaction:

what is about to be asked is written down first, then it is asked, then the answer is written down. Nothing a
notice says is believed: it only says which payment to ask about.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from django.db.models import F

from vestry.kernel import Ref, Refused, local_day, port
from vestry.ledger import api as ledger
from vestry.pay import events, rules
from vestry.pay.api.charging import next_number, strand_payment
from vestry.pay.api.rounds import go_round
from vestry.pay.api.stating import NotOwed, locked, state
from vestry.pay.models import LEASE, Charge, Disbelieved, Payment
from vestry.pay.ports import (
    Answer,
    NotANotice,
    NotFromThem,
    NotThere,
    Provider,
    Rejected,
    Unreachable,
    Wanted,
)

log = structlog.get_logger()

# As many as are asked about in one turn: each is a question over the network.
AT_ONCE = 20


class CannotPayNow(Refused):
    """We cannot take payments at the moment. You have not been charged. Try again in a few minutes."""


def _provider() -> Provider:
    provider: Provider = port("pay.provider")
    return provider


def depart(
    *, reference: str, back: str, now: datetime, language: str = "en", somebody_else: bool = False
) -> str:
    """The address to send a browser to so that somebody pays. Twice comes to the same as once.

    ``somebody_else`` who pays for another must not come back to where the other would: a payment begun
    before is cancelled, and theirs is one of its own.

    ``back`` is where the provider sends it afterwards; it is ``back`` itself that is returned once there is
    nothing left to pay. Call it outside any transaction. Raises `NoSuchCharge`, `NotOwed`, `CannotPayNow`.
    """
    open_one = Payment.objects.filter(charge__reference=reference).live().select_related("charge").first()
    if open_one is not None and somebody_else and not open_one.provider_id:
        # It may be there and lead back to the other: the worker finds out within minutes.
        raise CannotPayNow
    if open_one is not None and open_one.provider_id:
        try:
            if somebody_else:
                _provider().cancel(open_one.provider_id)
            answer = _ask_about(open_one, now)
        except Unreachable:
            raise CannotPayNow from None
        if answer is not None and answer.url:
            if somebody_else:
                raise CannotPayNow
            return answer.url
        if answer is not None and answer.status == "waiting":
            return back
        if answer is None:
            # Asked for anew under its name, it would be another one, and nobody would know that one.
            _fail(open_one, now)
    payment = _intend(reference, now, fresh=somebody_else)
    if payment is None:
        return back
    answer = _have_it_made(payment, back, language, now)
    return answer.url or back


def _intend(reference: str, now: datetime, *, fresh: bool = False) -> Payment | None:
    """Write down that a payment is asked for; None where the money is there already.

    ``fresh``: one that somebody else began is not gone on with.
    """
    with ledger.transaction():
        row = locked(reference)
        if row.state in (rules.PAID, rules.KEPT, rules.STRANDED):
            return None
        if row.state != rules.OWED:
            raise NotOwed
        payment = row.payments.filter(state__in=rules.LIVE).first()
        if payment is not None and fresh:
            raise CannotPayNow
        if payment is None:
            number = next_number(row)
            payment = Payment(
                charge=row,
                number=number,
                reference=f"{row.reference}-{number}",
                pence=row.pence,
                asked_at=now,
            )
        payment.tries += 1
        payment.ask_at = now + LEASE
        payment.save()
        return payment


def _have_it_made(payment: Payment, back: str, language: str, now: datetime) -> Answer:
    wanted = Wanted(
        reference=payment.reference,
        pence=payment.pence,
        description=payment.charge.title,
        back=back,
        language="cy" if language.startswith("cy") else "en",
        tried_before=payment.tries > 1,
    )
    try:
        answer = _provider().ask(wanted)
    except Rejected as refused:
        log.warning("payment_rejected", payment=payment.reference, why=str(refused))
        _fail(payment, now)
        raise CannotPayNow from None
    except Unreachable as fault:
        log.warning("provider_unreachable", payment=payment.reference, why=str(fault))
        raise CannotPayNow from None
    _write_down(payment, answer, now)
    return answer


def _fail(payment: Payment, now: datetime) -> None:
    """The provider will never make this payment."""
    with ledger.transaction():
        row = locked(payment.charge.reference)
        _end(row, payment.pk, rules.BROKEN, now)


def look(*, reference: str, now: datetime) -> None:
    """Ask the provider how a charge stands, as when somebody comes back. Call it outside any transaction.

    Where the provider can't be asked nothing happens: the worker asks again.
    """
    rows = Payment.objects.filter(charge__reference=reference).live().select_related("charge")
    for payment in rows.exclude(provider_id=""):
        try:
            _ask_about(payment, now)
        except Unreachable as fault:
            log.warning("provider_unreachable", payment=payment.reference, why=str(fault))


def taken(*, signature: str, body: bytes, now: datetime) -> None:
    """Take a notice. It is not believed: the provider is asked. Twice, late or never does no harm.

    Raises `NotFromThem` and `NotANotice`, which are counted; one about nothing of this council's is counted
    and looks the same to whoever sent it. Raises `Unreachable` when the provider should send it again.
    """
    try:
        about = _provider().read(signature, body)
    except (NotFromThem, NotANotice) as refused:
        disbelieve("forged" if isinstance(refused, NotFromThem) else "unreadable", now)
        raise
    if about is None:
        return
    payment = Payment.objects.filter(provider_id=about).select_related("charge").first()
    if payment is None:
        disbelieve("unknown", now)
        return
    _ask_about(payment, now)


def disbelieve(why: str, now: datetime) -> None:
    """Count a notice that was refused; the first of a day and reason is stated."""
    day = local_day(now)
    with ledger.transaction():
        row, new = Disbelieved.objects.get_or_create(day=day, why=why)
        Disbelieved.objects.filter(pk=row.pk).update(count=F("count") + 1)
        if new:
            fact = events.NoticeRefused(day=day.isoformat(), why=why)
            ledger.record(
                fact, subject=Ref("payments", day.isoformat()), actor=Ref("system", "provider"), now=now
            )


def poll(*, now: datetime) -> int:
    """Ask about the current council's payments that are due to be asked about. How many were.

    Call it outside any transaction.
    """

    def put_off(payment: Payment, fault: str) -> None:
        # The lease ends soon enough, and nothing has been missed.
        log.warning("payment_not_asked_about", payment=payment.reference, why=fault)

    def free(rest: Sequence[Payment]) -> None:
        Payment.objects.filter(pk__in=[each.pk for each in rest], ask_at=now + LEASE).update(ask_at=now)

    return go_round(
        Payment.objects.claim_due(now, AT_ONCE), lambda payment: _poll_one(payment, now), put_off, free
    )


def _poll_one(payment: Payment, now: datetime) -> None:
    provider = _provider()
    if not payment.provider_id:
        answer = provider.find(payment.reference)
        if answer is None:
            # Asked for, and it never arrived. A search there lags behind, so it is given its time.
            if payment.asks >= len(rules.ASK_AFTER):
                _fail(payment, now)
            else:
                _later(payment, now)
            return
        _write_down(payment, answer, now)
        return
    if payment.give_up:
        # One the provider lost is nobody's to pay; `_ask_about` sees what becomes of it.
        with suppress(NotThere):
            provider.cancel(payment.provider_id)
    _ask_about(payment, now)


def _later(payment: Payment, now: datetime) -> None:
    asks = payment.asks + 1
    Payment.objects.filter(pk=payment.pk, state__in=rules.LIVE).update(
        asks=asks, ask_at=now + rules.asks_after(asks)
    )


def _ask_about(payment: Payment, now: datetime) -> Answer | None:
    """How it stands, written down; None where the provider has lost it: once asked long enough, for good.

    Raises `Unreachable`.
    """
    try:
        answer = _provider().look(payment.provider_id)
    except NotThere:
        log.warning("payment_lost_by_provider", payment=payment.reference)
        if payment.asks >= len(rules.ASK_AFTER) or payment.state not in rules.LIVE:
            _fail(payment, now)
        else:
            _later(payment, now)
        return None
    _write_down(payment, answer, now)
    return answer


def _write_down(payment: Payment, answer: Answer, now: datetime) -> None:
    """What the provider says of a payment, whoever asked and in whatever order the answers come."""
    with ledger.transaction():
        row = locked(payment.charge.reference)
        found = Payment.objects.select_for_update().get(pk=payment.pk)
        if answer.pence != found.pence or answer.reference != found.reference or _is_another(found, answer):
            disbelieve("wrong", now)
            Payment.objects.filter(pk=found.pk).update(ask_at=None)
            return
        if not found.provider_id and found.state == rules.ASKED:
            found.provider_id, found.state, found.asks = answer.id, rules.OPEN, 0
            found.ask_at = now + rules.asks_after(0) if not found.give_up else now
            found.save()
            state(row, events.PaymentOpened(charge=row.reference, payment=found.reference), now=now)
        if answer.status in ("open", "waiting"):
            _later(found, now)
        elif answer.status == "paid":
            _paid(row, found, now)
        else:
            _end(row, found.pk, answer.status, now)


def _is_another(found: Payment, answer: Answer) -> bool:
    return bool(found.provider_id) and found.provider_id != answer.id


def _paid(row: Charge, payment: Payment, now: datetime) -> None:
    """Money is money, however late and whatever was said before."""
    if payment.state == rules.PAID:
        return
    payment.state, payment.ended_at, payment.ask_at = rules.PAID, now, None
    payment.day = local_day(now)
    payment.save()
    if rules.after_paid(row.state) == row.state:
        late = row.state == rules.CANCELLED
        strand_payment(row, payment, "late" if late else "twice", now)
        return
    row.state, row.paid_with, row.paid_at = rules.PAID, payment.number, now
    row.save(update_fields=["state", "paid_with", "paid_at"])
    # Whatever else is open for it is not to be paid as well.
    row.payments.filter(state__in=rules.LIVE).update(give_up=True, ask_at=now)
    fact = events.Paid(charge=row.reference, payment=payment.reference, pence=payment.pence)
    state(row, fact, now=now)


def _end(row: Charge, pk: int, how: str, now: datetime) -> None:
    payment = Payment.objects.get(pk=pk)
    if payment.state not in rules.LIVE:
        # Asked once more after its end, and it is still over.
        Payment.objects.filter(pk=pk).update(ask_at=None)
        return
    payment.state, payment.ended_at = how, now
    # Paid after it expired has been seen: it is asked about once more, a good while later.
    payment.ask_at = now + rules.RARELY if payment.provider_id else None
    payment.save()
    fact: events.PaymentExpired | events.PaymentFailed
    if how == rules.EXPIRED:
        fact = events.PaymentExpired(charge=row.reference, payment=payment.reference)
    else:
        fact = events.PaymentFailed(charge=row.reference, payment=payment.reference, how=how)
    state(row, fact, now=now)
