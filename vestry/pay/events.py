"""What pay states. The subject is the charge; once it is kept, what it was kept for, such as a case."""

from __future__ import annotations

from dataclasses import dataclass

from vestry.kernel import Fact, mark

_PRIVACY = (
    "References, whole pence, ledger codes and reasons from a list; never who paid, or with which card."
)


@dataclass(frozen=True, kw_only=True)
class Charged(Fact):
    """Somebody owes something."""

    name = "pay.charged"
    sentence = mark("{charge} is to be paid.")
    privacy = _PRIVACY

    charge: str
    pence: int
    lines: tuple[tuple[str, str, int], ...]
    """VAT treatment, ledger code and pence of each line."""


@dataclass(frozen=True, kw_only=True)
class PaymentOpened(Fact):
    """The provider has a payment that can be paid."""

    name = "pay.opened"
    sentence = mark("Payment {payment} was begun.")
    privacy = _PRIVACY

    charge: str
    payment: str


@dataclass(frozen=True, kw_only=True)
class Paid(Fact):
    """The money came that settles a charge."""

    name = "pay.paid"
    sentence = mark("{charge} was paid.")
    told = mark("We have your payment.")
    privacy = _PRIVACY

    charge: str
    payment: str
    pence: int


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(Fact):
    """A payment came to its end without money. The charge can still be paid."""

    name = "pay.failed"
    sentence = mark("Payment {payment} did not succeed.")
    privacy = _PRIVACY

    charge: str
    payment: str
    how: str
    """``declined``, ``cancelled`` (by whoever was to pay) or ``error``."""


@dataclass(frozen=True, kw_only=True)
class PaymentExpired(Fact):
    """Nobody paid in time. The charge can still be paid."""

    name = "pay.expired"
    sentence = mark("Payment {payment} was not finished in time.")
    privacy = _PRIVACY

    charge: str
    payment: str


@dataclass(frozen=True, kw_only=True)
class ChargeCancelled(Fact):
    """Nobody is to pay this any more."""

    name = "pay.cancelled"
    sentence = mark("{charge} is not to be paid any more.")
    privacy = _PRIVACY

    charge: str


@dataclass(frozen=True, kw_only=True)
class Kept(Fact):
    """The money belongs to what was sent."""

    name = "pay.kept"
    sentence = mark("The payment {charge} belongs to this.")
    privacy = _PRIVACY

    charge: str
    payment: str


@dataclass(frozen=True, kw_only=True)
class Stranded(Fact):
    """Money came that nothing came of: it goes back, or is used when they choose again."""

    name = "pay.stranded"
    sentence = mark("Money came in with {payment} and is not used for anything: refund it, or help them on.")
    privacy = _PRIVACY

    charge: str
    payment: str
    pence: int
    why: str
    """``twice``, ``late`` (after it was given up), ``not-submitted``, ``given-up`` or ``forgotten``."""


@dataclass(frozen=True, kw_only=True)
class RefundAsked(Fact):
    """Somebody wants money to go back."""

    name = "pay.refund_asked"
    sentence = mark("{actor} asked for the refund {refund}.")
    privacy = _PRIVACY

    charge: str
    payment: str
    refund: str
    pence: int
    why: str
    second: bool
    """True when somebody else has to approve it."""


@dataclass(frozen=True, kw_only=True)
class RefundApproved(Fact):
    """A second person approved a refund."""

    name = "pay.refund_approved"
    sentence = mark("{actor} approved the refund {refund}.")
    privacy = _PRIVACY

    charge: str
    payment: str
    refund: str


@dataclass(frozen=True, kw_only=True)
class RefundTurnedDown(Fact):
    """A second person did not approve a refund."""

    name = "pay.refund_declined"
    sentence = mark("{actor} turned down the refund {refund}.")
    privacy = _PRIVACY

    charge: str
    payment: str
    refund: str


@dataclass(frozen=True, kw_only=True)
class RefundLessened(Fact):
    """What waits for a second person is less by now: a rule gave some of it back meanwhile."""

    name = "pay.refund_lessened"
    sentence = mark("The refund {refund} is {pence} pence by now: some of it went back meanwhile.")
    privacy = _PRIVACY

    charge: str
    payment: str
    refund: str
    pence: int


@dataclass(frozen=True, kw_only=True)
class RefundSent(Fact):
    """The provider has taken on a refund."""

    name = "pay.refund_sent"
    sentence = mark("The refund {refund} is on its way.")
    told = mark("A refund is on its way to the card you paid with.")
    privacy = _PRIVACY

    charge: str
    payment: str
    refund: str
    pence: int


@dataclass(frozen=True, kw_only=True)
class Refunded(Fact):
    """Money went back."""

    name = "pay.refunded"
    sentence = mark("The refund {refund} was paid.")
    told = mark("We have refunded you.")
    privacy = _PRIVACY

    charge: str
    payment: str
    refund: str
    pence: int


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Fact):
    """The provider could not send money back."""

    name = "pay.refund_failed"
    sentence = mark("The refund {refund} did not work: send the money back another way.")
    privacy = _PRIVACY

    charge: str
    payment: str
    refund: str
    pence: int


@dataclass(frozen=True, kw_only=True)
class RefundedElsewhere(Fact):
    """What the provider could not send back went back another way."""

    name = "pay.refunded_elsewhere"
    sentence = mark("{actor} gave {pence} pence of the refund {refund} back another way.")
    privacy = _PRIVACY

    charge: str
    payment: str
    refund: str
    pence: int


@dataclass(frozen=True, kw_only=True)
class MismatchFound(Fact):
    """What the provider says of a day is not what we have."""

    name = "pay.mismatch_found"
    sentence = mark("The provider’s report of {day} does not match ours: {kind}.")
    privacy = _PRIVACY

    mismatch: int
    day: str
    kind: str
    payment: str
    ours: int
    theirs: int


@dataclass(frozen=True, kw_only=True)
class MismatchExplained(Fact):
    """Somebody found out why; or it matches by now."""

    name = "pay.mismatch_explained"
    sentence = mark("{actor} explained why the provider’s report did not match.")
    privacy = _PRIVACY

    mismatch: int


@dataclass(frozen=True, kw_only=True)
class NoticeRefused(Fact):
    """Somebody told us something about a payment that we do not believe. Stated once a day and reason."""

    name = "pay.notice_refused"
    sentence = mark("A notice about a payment was refused ({why}). Nothing was changed by it.")
    privacy = _PRIVACY

    day: str
    why: str
    """``forged``, ``unreadable``, ``unknown`` or ``wrong``: another amount or reference."""


@dataclass(frozen=True, kw_only=True)
class DayExported(Fact):
    """What moved on a day was handed over for the council's ledger."""

    name = "pay.exported"
    sentence = mark("{actor} exported the payments of {day}.")
    privacy = _PRIVACY

    day: str
    rows: int
    pence: int
    sha256: str
