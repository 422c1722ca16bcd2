"""What others see of charges, payments and refunds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core import signing

from vestry.kernel import Ref
from vestry.pay import rules
from vestry.pay.api.stating import NoSuchCharge
from vestry.pay.models import Charge, Mismatch, Payment, Refund
from vestry.pay.rules import Line

# What a link to pay or to a receipt is signed as; nothing else opens with it.
_LINK = signing.Signer(salt="vestry.pay.link", sep=".")


@dataclass(frozen=True, kw_only=True)
class RefundView:
    """Money that goes back. ``pence``; ``state`` as in `rules`; ``note`` is for officers only."""

    reference: str
    charge: str
    title: str
    about: Ref
    pence: int
    state: str
    why: str
    note: str
    asked_by: Ref
    decided_by: Ref | None
    asked_at: datetime
    ended_at: datetime | None
    fault: str
    key: str


@dataclass(frozen=True, kw_only=True)
class PaymentView:
    """One try to pay. ``stranded`` says why its money is used for nothing: empty where all is well.

    ``refundable`` is how many pence of it can still be asked back.
    """

    reference: str
    charge: str
    title: str
    about: Ref
    provider_id: str
    pence: int
    state: str
    stranded: str
    refundable: int
    asked_at: datetime
    ended_at: datetime | None
    refunds: tuple[RefundView, ...]


@dataclass(frozen=True, kw_only=True)
class ChargeView:
    """Something to be paid: ``pence`` in all, ``vat`` of them VAT. ``state`` as in `rules`.

    ``waiting`` is true while the provider has a payment of it that may yet be paid. ``how`` says how the last
    one ended that was not: ``declined``, ``expired``, ``cancelled``, ``error``; empty before the first.
    ``received`` and ``refunded`` are pence, of every payment of it.
    """

    reference: str
    title: str
    about: Ref
    journey: str
    service: str
    lines: tuple[Line, ...]
    pence: int
    vat: int
    state: str
    waiting: bool
    how: str
    received: int
    refunded: int
    made_at: datetime
    paid_at: datetime | None
    payments: tuple[PaymentView, ...]

    @property
    def amount(self) -> str:
        """£30.00."""
        return rules.as_text(self.pence)

    @property
    def vats(self) -> tuple[int, ...]:
        """The VAT in each line, in pence."""
        return tuple(part.vat for part in rules.whole(self.lines))

    @property
    def settled(self) -> bool:
        """True once its money is there, whatever becomes of it."""
        return self.state in (rules.PAID, rules.KEPT, rules.STRANDED)

    @property
    def goes_back(self) -> bool:
        """True while it is used for nothing and somebody gives it back, or some of it: it settles nothing."""
        refunds = (each for payment in self.payments for each in payment.refunds)
        return self.state == rules.STRANDED and any(each.state not in rules.NO_MONEY_BACK for each in refunds)


@dataclass(frozen=True, kw_only=True)
class MismatchView:
    """Where the provider's report and our tables disagree, in pence; see `reconciling` for the kinds."""

    id: int
    day: date
    kind: str
    payment: str
    ours: int
    theirs: int
    found_at: datetime
    explained_at: datetime | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Work:
    """Money somebody has to see to."""

    stranded: tuple[PaymentView, ...]
    to_approve: tuple[RefundView, ...]
    failed: tuple[RefundView, ...]
    mismatches: tuple[MismatchView, ...]


def get(*, reference: str) -> ChargeView:
    """A charge. Raises `NoSuchCharge`."""
    charge = Charge.objects.filter(reference=reference).first()
    if charge is None:
        raise NoSuchCharge
    return view(charge)


def find(*, key: str) -> ChargeView | None:
    """The newest charge of a key that was not given up."""
    charge = Charge.objects.filter(key=key).exclude(state=rules.CANCELLED).order_by("-pk").first()
    return view(charge) if charge else None


def of(*, subject: Ref | None = None, journey: str = "") -> list[ChargeView]:
    """Every charge that is kept for something, or was made in the course of a journey; oldest first."""
    ours = Charge.objects.filter(journey=journey) if journey else Charge.objects.filter(subject=str(subject))
    return [view(charge) for charge in ours.order_by("pk")]


def newest(*, limit: int = 100) -> list[ChargeView]:
    """The council's newest charges, of whatever state."""
    return [view(charge) for charge in Charge.objects.order_by("-pk")[:limit]]


def work() -> Work:
    """Every pence that somebody has to see to."""
    stranded = Payment.objects.exclude(stranded="").select_related("charge").order_by("pk")
    waits = Refund.objects.filter(state__in=[rules.WANTED, rules.FAILED])
    rows = waits.select_related("payment__charge").order_by("pk")
    # What failed and went back by another refund since is done with.
    open_ones = [row for row in rows if row.state == rules.WANTED or payment_view(row.payment).refundable]
    refunds = [refund_view(row) for row in open_ones]
    return Work(
        stranded=tuple(found for found in map(payment_view, stranded) if found.refundable),
        to_approve=tuple(each for each in refunds if each.state == rules.WANTED),
        failed=tuple(each for each in refunds if each.state == rules.FAILED),
        mismatches=tuple(map(_mismatch, Mismatch.objects.filter(explained_at=None).order_by("day", "pk"))),
    )


def all_went_back(*, payment: str) -> list[str] | None:
    """The refunds of a payment that failed, once all of its money went back all the same; None before."""
    row = Payment.objects.filter(reference=payment).prefetch_related("refunds").first()
    if row is None:
        return None
    refunds = list(row.refunds.all())
    gone = sum(each.pence for each in refunds if each.state in (rules.DONE, rules.ELSEWHERE))
    return [each.reference for each in refunds if each.state == rules.FAILED] if gone >= row.pence else None


def mismatches(*, day: date) -> list[MismatchView]:
    """Every difference that was found on a day, explained or not."""
    return [_mismatch(row) for row in Mismatch.objects.filter(day=day).order_by("pk")]


def get_mismatch(*, mismatch: int) -> MismatchView | None:
    """One of them; None where there is none."""
    row = Mismatch.objects.filter(pk=mismatch).first()
    return _mismatch(row) if row else None


def _mismatch(row: Mismatch) -> MismatchView:
    return MismatchView(
        id=row.pk,
        day=row.day,
        kind=row.kind,
        payment=row.payment,
        ours=row.ours,
        theirs=row.theirs,
        found_at=row.found_at,
        explained_at=row.explained_at,
        note=row.note,
    )


def link(*, reference: str) -> str:
    """The last part of an address at which anybody may pay this, and later read its receipt."""
    return _LINK.sign(reference)


def by_link(*, link: str) -> ChargeView:
    """The charge of a link. Raises `NoSuchCharge`, alike for one that is made up."""
    try:
        return get(reference=_LINK.unsign(link))
    except signing.BadSignature:
        raise NoSuchCharge from None


def view(charge: Charge) -> ChargeView:
    """A charge with all that belongs to it."""
    rows = charge.payments.order_by("number").prefetch_related("refunds")
    payments = tuple(_payment(row, charge) for row in rows)
    ended = [each for each in payments if each.state not in (*rules.LIVE, rules.PAID)]
    return ChargeView(
        reference=charge.reference,
        title=charge.title,
        about=charge.about,
        journey=charge.journey,
        service=charge.service,
        lines=tuple(charge.items),
        pence=charge.pence,
        vat=sum(part.vat for part in rules.whole(charge.items)),
        state=charge.state,
        waiting=any(each.state in rules.LIVE for each in payments),
        how=ended[-1].state if ended else "",
        received=sum(each.pence for each in payments if each.state == rules.PAID),
        refunded=sum(
            refund.pence for each in payments for refund in each.refunds if refund.state in rules.MONEY_BACK
        ),
        made_at=charge.made_at,
        paid_at=charge.paid_at,
        payments=payments,
    )


def payment_view(row: Payment) -> PaymentView:
    """A payment."""
    return _payment(row, row.charge)


def _payment(row: Payment, charge: Charge) -> PaymentView:
    refunds = sorted(row.refunds.all(), key=lambda refund: refund.pk)
    gone = sum(refund.pence for refund in refunds if refund.state not in rules.NO_MONEY_BACK)
    return PaymentView(
        reference=row.reference,
        charge=charge.reference,
        title=charge.title,
        about=charge.about,
        provider_id=row.provider_id,
        pence=row.pence,
        state=row.state,
        stranded=row.stranded,
        refundable=row.pence - gone if row.state == rules.PAID else 0,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        refunds=tuple(_refund(refund, charge) for refund in refunds),
    )


def refund_view(row: Refund) -> RefundView:
    """A refund."""
    return _refund(row, row.payment.charge)


def _refund(row: Refund, charge: Charge) -> RefundView:
    return RefundView(
        reference=row.reference,
        charge=charge.reference,
        title=charge.title,
        about=charge.about,
        pence=row.pence,
        state=row.state,
        why=row.why,
        note=row.note,
        asked_by=Ref.read(row.asked_by),
        decided_by=Ref.read(row.decided_by) if row.decided_by else None,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        fault=row.fault,
        key=row.key,
    )
