"""Money that goes back: asked for, above a limit approved by somebody else, sent, and followed to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args

import structlog
from django.utils.translation import gettext as _

from vestry.kernel import SYSTEM, Ref, Refused, local_day, new_reference, port
from vestry.ledger import api as ledger
from vestry.pay import events, rules
from vestry.pay.api.charging import cancel
from vestry.pay.api.rounds import go_round
from vestry.pay.api.showing import RefundView, refund_view
from vestry.pay.api.stating import locked, state
from vestry.pay.models import LEASE, Charge, Payment, Refund, Settings
from vestry.pay.ports import NotThere, Provider, RefundAnswer, Rejected
from vestry.pay.rules import Why
from vestry.people import api as people

log = structlog.get_logger()

AT_ONCE = 20
SOON, LATER = timedelta(minutes=5), timedelta(hours=6)
# Longer than any turn: what was sent and not heard of is not sent again while its answer may still come.
IN_FLIGHT = timedelta(minutes=30)
# Until then somebody notices that the provider is asked with another service's key.
LOST = timedelta(days=1)
REASONS = get_args(Why)


class NoSuchRefund(Refused):
    """There is no such refund here."""


class NotThatMuch(Refused):
    """You can refund at most {most} of this payment."""


class NotRefundable(Refused):
    """This payment cannot be refunded: no money came in with it, or all of it went back."""


class NotTheSamePerson(Refused):
    """You asked for this refund, or a program whose key you made did: somebody else must decide on it."""


class AlreadyDecided(Refused):
    """Somebody has decided on this refund already."""


def refund(
    *,
    payment: str,
    pence: int,
    why: Why,
    by: Ref,
    key: str,
    now: datetime,
    note: str = "",
) -> RefundView:
    """Have some or all of a payment go back. The same key again is the same refund.

    ``payment`` is its reference. Above the council's limit it waits until somebody else approves it. Raises
    `NotRefundable`, `NotThatMuch`.
    """
    with ledger.transaction():
        found = Payment.objects.filter(reference=payment).select_related("charge").first()
        if found is None:
            raise NotRefundable
        row = locked(found.charge.reference)
        known = Refund.objects.filter(key=key).select_related("payment__charge").first()
        if known:
            return refund_view(known)
        # Read again under the lock: it may have been paid, or refunded, just now.
        found = Payment.objects.get(pk=found.pk)
        rest = _left(row, found)
        most = sum(part.pence for part in rest)
        if found.state != rules.PAID or not most:
            raise NotRefundable
        if not 0 < pence <= most:
            raise NotThatMuch(most=rules.as_text(most))
        return _asked(row, found, rules.spread(pence, rest), why=why, by=by, key=key, note=note, now=now)


def _asked(
    row: Charge,
    found: Payment,
    parts: Sequence[rules.Part],
    *,
    why: Why,
    by: Ref,
    key: str,
    now: datetime,
    note: str = "",
) -> RefundView:
    pence = sum(part.pence for part in parts)
    # All that one person has given back of a payment: two halves are as much as the whole.
    before = sum(each.pence for each in found.refunds.all().counting() if _same(by, Ref.read(each.asked_by)))
    second = by != SYSTEM and before + pence > alone()
    made = Refund.objects.create(
        payment=found,
        reference=new_reference("RF"),
        key=key,
        pence=pence,
        parts=_written(parts),
        why=why,
        note=note,
        state=rules.WANTED if second else rules.TO_SEND,
        asked_by=str(by),
        asked_at=now,
        next_try=None if second else now,
    )
    fact = events.RefundAsked(
        charge=row.reference,
        payment=found.reference,
        refund=made.reference,
        pence=pence,
        why=why,
        second=second,
    )
    state(row, fact, now=now, actor=by)
    return refund_view(made)


def refund_line(*, reference: str, line: str, key: str, now: datetime) -> RefundView | None:
    """Have what is left of one line of a charge go back, as a rule says. The same key again is the same.

    ``line`` may also be the step that charged it: then all that is left goes back.

    What waits for a second person does not keep it: that is cut to what is left then. None where there is
    nothing to give back: it was not charged, not paid, or went back by now; or where it did not go through
    before, for then it is somebody's work. Raises `NoSuchCharge`.
    """
    with ledger.transaction():
        row = locked(reference)
        known = Refund.objects.filter(key=key).select_related("payment__charge").first()
        if known:
            return refund_view(known)
        found = row.payments.filter(number=row.paid_with, state=rules.PAID).first()
        if found is None:
            return None
        gone = [each.split for each in found.refunds.all().counting().exclude(state=rules.WANTED)]
        failed = [each.split for each in found.refunds.filter(state=rules.FAILED, asked_by=str(SYSTEM))]
        # What a step charges is kept under the journey and the step's id.
        parts, whole = [rules.Part(pence=0, vat=0)] * len(row.items), row.key.endswith(f":{line}")
        for place, (each, rest) in enumerate(zip(row.items, rules.left(row.items, gone), strict=True)):
            if (whole or each.id == line) and not any(split[place].pence for split in failed):
                parts[place] = rest
        if not any(part.pence for part in parts):
            return None
        why: Why = "cancelled" if whole else "deposit"
        made = _asked(row, found, parts, why=why, by=SYSTEM, key=key, now=now)
        _cut_waiting(row, found, [*gone, parts], now)
        return made


def _cut_waiting(row: Charge, payment: Payment, gone: list[Sequence[rules.Part]], now: datetime) -> None:
    """Let what waits for a second person be no more than is left; turned down where that is nothing."""
    for each in payment.refunds.filter(state=rules.WANTED).order_by("pk"):
        said = {"charge": row.reference, "payment": payment.reference, "refund": each.reference}
        rest, before = rules.left(row.items, gone), each.pence
        each.pence = min(before, sum(part.pence for part in rest))
        if not each.pence:
            each.pence, each.state, each.ended_at = before, rules.TURNED_DOWN, now
            each.fault = _("All of the payment went back meanwhile.")
            state(row, events.RefundTurnedDown(**said), now=now)
        else:
            split = rules.spread(each.pence, rest)
            each.parts, gone = _written(split), [*gone, split]
            if each.pence != before:
                state(row, events.RefundLessened(**said, pence=each.pence), now=now)
        each.save()


def give_back(*, reference: str, now: datetime) -> None:
    """Nobody is to pay this any more, and what was paid goes back, in the caller's transaction.

    What is kept stays. Twice comes to the same as once. Raises `NoSuchCharge`.
    """
    with ledger.transaction():
        cancel(reference=reference, now=now)
        row = locked(reference)
        if row.state != rules.STRANDED:
            return
        for payment in row.payments.exclude(stranded=""):
            gone = sum(each.pence for each in payment.refunds.all().counting())
            if gone < payment.pence:
                refund(
                    payment=payment.reference,
                    pence=payment.pence - gone,
                    why="unused",
                    by=SYSTEM,
                    key=f"given-back:{payment.reference}:{gone}",
                    now=now,
                )


def alone() -> int:
    """Up to how many pence one person may refund by themselves."""
    said = Settings.objects.first()
    return said.alone if said else 0


def approve(*, refund: str, by: Ref, now: datetime) -> None:
    """A second person says yes. Raises `NoSuchRefund`, `NotTheSamePerson`, `AlreadyDecided`."""
    _decide(refund, by, now, rules.TO_SEND)


def turn_down(*, refund: str, by: Ref, now: datetime) -> None:
    """A second person says no. Raises `NoSuchRefund`, `NotTheSamePerson`, `AlreadyDecided`."""
    _decide(refund, by, now, rules.TURNED_DOWN)


def _decide(reference: str, by: Ref, now: datetime, after: str) -> None:
    with ledger.transaction():
        found = _found(reference)
        row = locked(found.payment.charge.reference)
        found = _found(reference)
        if is_theirs(refund=refund_view(found), who=by):
            raise NotTheSamePerson
        if found.state != rules.WANTED:
            if found.decided_by == str(by) and (found.state == rules.TURNED_DOWN) == (
                after == rules.TURNED_DOWN
            ):
                return
            raise AlreadyDecided
        found.state, found.decided_by = after, str(by)
        found.next_try = now if after == rules.TO_SEND else None
        found.ended_at = None if after == rules.TO_SEND else now
        found.save()
        said = {
            "charge": row.reference,
            "payment": found.payment.reference,
            "refund": found.reference,
        }
        fact = events.RefundApproved(**said) if after == rules.TO_SEND else events.RefundTurnedDown(**said)
        state(row, fact, now=now, actor=by)


def is_theirs(*, refund: RefundView, who: Ref) -> bool:
    """Whether somebody asked for it, by themselves or by a program whose key they made."""
    return _same(who, refund.asked_by)


def _same(one: Ref, other: Ref) -> bool:
    """Whether the two may be one person: what programs do, whoever made their keys could have done."""
    hands = ({each, *people.makers_of(client=each)} for each in (one, other))
    return not set.isdisjoint(*hands)


def get_refund(*, reference: str) -> RefundView:
    """A refund. Raises `NoSuchRefund`."""
    return refund_view(_found(reference))


def _found(reference: str) -> Refund:
    found = Refund.objects.filter(reference=reference).select_related("payment__charge").first()
    if found is None:
        raise NoSuchRefund
    return found


def see_to(*, refund: str, by: Ref, now: datetime) -> None:
    """A refund that failed has been seen to: the money, or what is left of it, went back another way.

    Seen to already, nothing happens. Raises `NoSuchRefund`; `NotRefundable` where it did not fail, or where
    all of the payment went back by other refunds since.
    """
    with ledger.transaction():
        row = locked(_found(refund).payment.charge.reference)
        found = _found(refund)
        if found.state == rules.ELSEWHERE:
            return
        rest = _left(row, found.payment)
        most = sum(part.pence for part in rest)
        if found.state != rules.FAILED or not most:
            raise NotRefundable
        found.pence = min(found.pence, most)
        found.parts = _written(rules.spread(found.pence, rest))
        found.state, found.ended_at = rules.ELSEWHERE, now
        found.save()
        fact = events.RefundedElsewhere(
            charge=row.reference,
            payment=found.payment.reference,
            refund=found.reference,
            pence=found.pence,
        )
        state(row, fact, now=now, actor=by)


def _left(row: Charge, payment: Payment) -> list[rules.Part]:
    """What is left of each line, of the money that came with a payment."""
    return rules.left(row.items, [each.split for each in payment.refunds.all().counting()])


def _written(parts: Sequence[rules.Part]) -> list[list[int]]:
    return [[part.pence, part.vat] for part in parts]


def send_refunds(*, now: datetime) -> int:
    """Send what may go, and ask what became of what went, in the current council. How many were looked at.

    Call it outside any transaction: the network is asked in it.
    """

    def ask(found: Refund) -> None:
        if found.state == rules.TO_SEND:
            _send(found, now)
        else:
            _follow(found, now)

    def put_off(found: Refund, fault: str) -> None:
        Refund.objects.filter(pk=found.pk).update(fault=fault, next_try=now + SOON)

    def free(rest: Sequence[Refund]) -> None:
        Refund.objects.filter(pk__in=[each.pk for each in rest], next_try=now + LEASE).update(next_try=now)

    return go_round(Refund.objects.claim_due(now, AT_ONCE), ask, put_off, free)


def _provider() -> Provider:
    provider: Provider = port("pay.provider")
    return provider


def _send(found: Refund, now: datetime) -> None:
    """One at a time for each payment, so that one that got through unheard can be told from the next."""
    payment = found.payment
    ahead = payment.refunds.filter(state=rules.TO_SEND, tries__gt=0).exclude(pk=found.pk)
    if ahead.exists():
        Refund.objects.filter(pk=found.pk).update(next_try=now + SOON)
        return
    try:
        there = _provider().refunds(payment.provider_id)
        available = _provider().look(payment.provider_id).refundable
    except NotThere as lost:
        # As when the council's key was changed; that may have been a slip, so it is not the end at once.
        if now - found.asked_at < LOST:
            raise
        _became(found, "failed", "", str(lost), now)
        return
    answer = _unheard(found, there) if found.tries else None
    if answer is None:
        if not _goes_now(found, now):
            return
        try:
            answer = _provider().refund(payment.provider_id, found.pence, available=available)
        except Rejected as refused:
            log.warning("refund_rejected", refund=found.reference, why=str(refused))
            _became(found, "failed", "", str(refused), now)
            return
    _became(found, answer.status, answer.id, "", now)


def _goes_now(found: Refund, now: datetime) -> bool:
    """Count the try before it is asked: from then on it may be there though nobody heard so.

    False where the turn took longer than the lease and another worker has it by now.
    """
    mine = Refund.objects.filter(pk=found.pk, state=rules.TO_SEND, tries=found.tries, next_try=now + LEASE)
    return bool(mine.update(tries=found.tries + 1, next_try=now + IN_FLIGHT))


def _unheard(found: Refund, there: tuple[RefundAnswer, ...]) -> RefundAnswer | None:
    """A refund the provider has that is none of those we know: the try before this one got through."""
    known = set(found.payment.refunds.exclude(provider_id="").values_list("provider_id", flat=True))
    return next((each for each in there if each.id not in known and each.pence == found.pence), None)


def _follow(found: Refund, now: datetime) -> None:
    try:
        there = {each.id: each for each in _provider().refunds(found.payment.provider_id)}
    except NotThere:
        there = {}
    answer = there.get(found.provider_id)
    if answer is None:
        Refund.objects.filter(pk=found.pk).update(next_try=now + LATER)
        return
    _became(found, answer.status, answer.id, _("The bank did not take it."), now)


def _became(claimed: Refund, status: str, id: str, fault: str, now: datetime) -> None:
    with ledger.transaction():
        row = locked(claimed.payment.charge.reference)
        found = Refund.objects.select_related("payment").get(pk=claimed.pk)
        if found.state not in (rules.TO_SEND, rules.SENT):
            if id and id != found.provider_id:
                log.error("refund_sent_twice", refund=found.reference, theirs=id)
            return
        said = {
            "charge": row.reference,
            "payment": found.payment.reference,
            "refund": found.reference,
            "pence": found.pence,
        }
        if status == "failed":
            found.state, found.ended_at, found.next_try, found.fault = rules.FAILED, now, None, fault
            found.provider_id = found.provider_id or id
            found.save()
            state(row, events.RefundFailed(**said), now=now)
            return
        # Most are done within minutes; after that some banks take days.
        found.next_try = now + (SOON if found.state == rules.TO_SEND else LATER)
        if found.state == rules.TO_SEND:
            found.state, found.provider_id, found.fault = rules.SENT, id, ""
            state(row, events.RefundSent(**said), now=now)
        if status == "done":
            found.state, found.ended_at, found.next_try = rules.DONE, now, None
            found.day = local_day(now)
            state(row, events.Refunded(**said), now=now)
        found.save()
