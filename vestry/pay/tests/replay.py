"""What the facts alone say of charges, payments and refunds, to be held against the tables."""

from vestry.ledger import api as ledger
from vestry.pay.models import Charge, Payment, Refund

# What came when the charge was settled, or given up, already: it says nothing of the charge.
BESIDES = ("twice", "late")


def said():
    """The states of charges, of payments with why they are stranded, and of refunds, by reference."""
    charges, payments, refunds = {}, {}, {}
    for fact in ledger.since(0):
        room, _dot, name = fact.name.partition(".")
        if room == "pay" and name in HEARD:
            HEARD[name](fact.payload, charges, payments, refunds)
    return charges, payments, refunds


def tables():
    """The same as the tables hold it. A payment that was only asked for is nobody's fact yet."""
    begun = Payment.objects.exclude(state="asked").values_list("reference", "state", "stranded")
    return (
        dict(Charge.objects.values_list("reference", "state")),
        {reference: (state, why) for reference, state, why in begun},
        dict(Refund.objects.values_list("reference", "state")),
    )


def _charged(fact, charges, payments, refunds):
    charges[fact["charge"]] = "owed"


def _opened(fact, charges, payments, refunds):
    payments[fact["payment"]] = ("open", "")


def _paid(fact, charges, payments, refunds):
    charges[fact["charge"]] = "paid"
    payments[fact["payment"]] = ("paid", "")


def _failed(fact, charges, payments, refunds):
    payments[fact["payment"]] = (fact["how"], "")


def _expired(fact, charges, payments, refunds):
    payments[fact["payment"]] = ("expired", "")


def _cancelled(fact, charges, payments, refunds):
    charges[fact["charge"]] = "cancelled"


def _kept(fact, charges, payments, refunds):
    charges[fact["charge"]] = "kept"
    payments[fact["payment"]] = ("paid", "")


def _stranded(fact, charges, payments, refunds):
    payments[fact["payment"]] = ("paid", fact["why"])
    if fact["why"] not in BESIDES:
        charges[fact["charge"]] = "stranded"


def _becomes(state):
    def heard(fact, charges, payments, refunds):
        refunds[fact["refund"]] = state

    return heard


def _asked(fact, charges, payments, refunds):
    refunds[fact["refund"]] = "wanted" if fact["second"] else "to-send"


HEARD = {
    "charged": _charged,
    "opened": _opened,
    "paid": _paid,
    "failed": _failed,
    "expired": _expired,
    "cancelled": _cancelled,
    "kept": _kept,
    "stranded": _stranded,
    "refund_asked": _asked,
    "refund_approved": _becomes("to-send"),
    "refund_declined": _becomes("turned-down"),
    "refund_sent": _becomes("sent"),
    "refunded": _becomes("done"),
    "refund_failed": _becomes("failed"),
    "refunded_elsewhere": _becomes("elsewhere"),
}
