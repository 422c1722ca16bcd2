"""The door to pay: something is owed, and it is settled once. All money is whole pence.

1. `charge` writes down what is owed, once for each key. `depart` gives the address to pay at.
2. Whoever hears first that the money came says so: `look` on return, `taken` for a notice, `poll` from the
   worker. A notice is never believed, the provider is asked. The fact is ``pay.paid``, once.
3. `keep`, in the transaction that submits, ties the money to what came of it; `strand` says that nothing can
   come of it, `cancel` that nobody is to pay, `give_back` that
   what was paid goes back too. Whatever comes late or twice is stranded: it shows in `work`
   until it is kept or has gone back.
4. `refund` sends money back, above a limit once somebody else has said `approve`.
5. Each day `reconcile_due` compares with the provider; every difference is in `work`. `export` is the day for
   the council's ledger.

At any moment: money received = kept + refunded + what waits in `work`, or in a journey that goes on.
"""

from __future__ import annotations

from vestry.pay.api.charging import (
    Course,
    NotAnAmount,
    NotPaid,
    cancel,
    charge,
    keep,
    strand,
    strand_forgotten,
)
from vestry.pay.api.reconciling import (
    DayNotOver,
    DayView,
    Export,
    NoSuchMismatch,
    days,
    explain,
    export,
    reconcile,
    reconcile_due,
)
from vestry.pay.api.refunding import (
    REASONS,
    AlreadyDecided,
    NoSuchRefund,
    NotRefundable,
    NotThatMuch,
    NotTheSamePerson,
    alone,
    approve,
    get_refund,
    give_back,
    is_theirs,
    refund,
    refund_line,
    see_to,
    send_refunds,
    turn_down,
)
from vestry.pay.api.settling import Code, forget, forget_past, ledger_codes, put_settings
from vestry.pay.api.showing import (
    ChargeView,
    MismatchView,
    PaymentView,
    RefundView,
    Work,
    all_went_back,
    by_link,
    find,
    get,
    get_mismatch,
    link,
    mismatches,
    newest,
    of,
    work,
)
from vestry.pay.api.stating import NoSuchCharge, NotOwed
from vestry.pay.api.taking import CannotPayNow, depart, look, poll, taken
from vestry.pay.ports import NotANotice, NotFromThem, Unreachable
from vestry.pay.rules import CANCELLED, KEPT, OWED, PAID, STRANDED, Line, as_text

__all__ = [
    "CANCELLED",
    "KEPT",
    "OWED",
    "PAID",
    "REASONS",
    "STRANDED",
    "AlreadyDecided",
    "CannotPayNow",
    "ChargeView",
    "Code",
    "Course",
    "DayNotOver",
    "DayView",
    "Export",
    "Line",
    "MismatchView",
    "NoSuchCharge",
    "NoSuchMismatch",
    "NoSuchRefund",
    "NotANotice",
    "NotAnAmount",
    "NotFromThem",
    "NotOwed",
    "NotPaid",
    "NotRefundable",
    "NotThatMuch",
    "NotTheSamePerson",
    "PaymentView",
    "RefundView",
    "Unreachable",
    "Work",
    "all_went_back",
    "alone",
    "approve",
    "as_text",
    "by_link",
    "cancel",
    "charge",
    "days",
    "depart",
    "explain",
    "export",
    "find",
    "forget",
    "forget_past",
    "get",
    "get_mismatch",
    "get_refund",
    "give_back",
    "is_theirs",
    "keep",
    "ledger_codes",
    "link",
    "look",
    "mismatches",
    "newest",
    "of",
    "poll",
    "put_settings",
    "reconcile",
    "reconcile_due",
    "refund",
    "refund_line",
    "see_to",
    "send_refunds",
    "strand",
    "strand_forgotten",
    "taken",
    "turn_down",
    "work",
]
