"""What is sent and answered about money, as types. Amounts are whole pence, VAT included."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from vestry.channels.rest.bodies import Link, said
from vestry.kernel import mark

ChargeName = Annotated[str, said(mark("The charge’s reference."), "PAY-7K3N-9QFA")]
PaymentName = Annotated[str, said(mark("The payment’s reference."), "PAY-7K3N-9QFA-1")]
RefundName = Annotated[str, said(mark("The refund’s reference."), "RF-7K3N-9QFA")]
Pence = Annotated[int, said(mark("Whole pence, VAT included."), 3000)]
Why = Annotated[
    Literal[
        "cancelled", "not-delivered", "overcharged", "paid-twice", "unused", "goodwill", "deposit", "other"
    ],
    said(mark("Why it goes back."), "not-delivered"),
]


class ChargeLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is paid for."""

    what: Annotated[str, said(mark("What it is."), "Bulky waste collection")]
    pence: Pence
    vat: Annotated[str, said(mark("How VAT is treated."), "outside")]
    vat_pence: Annotated[int, said(mark("How many of the pence are VAT."), 0)]
    code: Annotated[str, said(mark("The code of the council’s ledger."), "4010")]


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Money that goes back."""

    refund: RefundName
    charge: ChargeName
    pence: Pence
    why: Why
    state: Annotated[
        Literal["wanted", "to-send", "sent", "done", "failed", "elsewhere", "turned-down"],
        said(
            mark(
                "wanted: somebody else has to agree. to-send, sent: on its way. done. failed: it has to go "
                "back another way. elsewhere: it did. turned-down."
            )
        ),
    ]
    asked_at: Annotated[datetime, said(mark("When it was asked for."), "2026-11-23T09:30:00Z")]
    ended_at: Annotated[datetime | None, said(mark("When it came to its end; null before."))]
    link: Annotated[Link, said(mark("Where to ask how it stands."))]


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One try to pay."""

    payment: PaymentName
    pence: Pence
    state: Annotated[
        Literal["asked", "open", "paid", "declined", "expired", "cancelled", "error"],
        said(mark("Whether the money came, may come, or how it ended that it did not.")),
    ]
    stranded: Annotated[
        Literal["", "twice", "late", "not-submitted", "given-up", "forgotten"],
        said(mark("Why its money is used for nothing; empty where all is well.")),
    ]
    refundable: Annotated[int, said(mark("How many pence of it can still be refunded."), 3000)]
    at_provider: Annotated[str, said(mark("What the provider calls it."), "hu20sqlact5260q2nanm0q8u93")]
    refunds: Annotated[list[Refund], said(mark("What went back of it, or is to."))]


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be paid, with every try to pay it."""

    charge: ChargeName
    title: Annotated[str, said(mark("What is paid for."), "Bulky waste collection")]
    pence: Pence
    vat_pence: Annotated[int, said(mark("How many of the pence are VAT."), 0)]
    state: Annotated[
        Literal["owed", "paid", "kept", "stranded", "cancelled"],
        said(
            mark(
                "owed. paid: the money is there, and what it is for is being sent. kept: it belongs to what "
                "was sent. stranded: nothing came of it. cancelled: it is not to be paid any more."
            )
        ),
    ]
    received: Annotated[int, said(mark("How many pence came, of every payment."), 3000)]
    refunded: Annotated[int, said(mark("How many pence went back."), 0)]
    made_at: Annotated[datetime, said(mark("When it was asked for."), "2026-11-23T09:30:00Z")]
    paid_at: Annotated[datetime | None, said(mark("When it was paid; null before."))]
    lines: Annotated[list[ChargeLine], said(mark("What it is made of."))]
    payments: Annotated[list[Payment], said(mark("Every try to pay it."))]
    link: Annotated[Link, said(mark("This charge."))]


class ChargeList(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid for a case."""

    charges: Annotated[list[Charge], said(mark("Each with every try to pay it."))]


class NewRefund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some or all of a payment is to go back."""

    pence: Annotated[int, msgspec.Meta(ge=1, le=10_000_000), said(mark("How many pence."), 3000)]
    why: Why
    note: Annotated[str, msgspec.Meta(max_length=2000), said(mark("Only officers see it."), "Crew ill")] = ""
