"""The rows of the table that are about money, for officers' systems."""

from __future__ import annotations

from vestry.channels.rest import money_bodies as bodies
from vestry.channels.rest import money_endpoints as endpoints
from vestry.channels.rest import problems
from vestry.channels.rest.case_routes import ANYBODY, CASE, KEY, REPLAYED
from vestry.channels.rest.route import Parameter, Route
from vestry.kernel import mark

CHARGE = Parameter(
    name="charge", place="path", description=mark("The reference of the charge."), example="PAY-7K3N-9QFA"
)
PAYMENT = Parameter(
    name="payment", place="path", description=mark("The payment, from its charge."), example="PAY-7K3N-9QFA-1"
)
REFUND = Parameter(
    name="refund", place="path", description=mark("The reference of the refund."), example="RF-7K3N-9QFA"
)

MONEY_ROUTES = (
    Route(
        method="GET",
        path="charges/{charge}",
        name="charge",
        tag="money",
        title=mark("One charge"),
        description=mark("What was to be paid, every try to pay it, and what went back. Never who paid."),
        call=endpoints.charge,
        parameters=(CHARGE,),
        gives=bodies.Charge,
        problems=(*ANYBODY, problems.NOT_FOUND),
        scope="money.read",
    ),
    Route(
        method="GET",
        path="cases/{reference}/charges",
        name="case-charges",
        tag="money",
        title=mark("What was paid for a case"),
        description=mark("Every charge that was kept for it. The key has to name cases.read, too."),
        call=endpoints.of_case,
        parameters=(CASE,),
        gives=bodies.ChargeList,
        problems=(*ANYBODY, problems.NOT_FOUND),
        scope="money.read",
    ),
    Route(
        method="POST",
        path="payments/{payment}/refunds",
        name="refund",
        tag="money",
        title=mark("Refund a payment"),
        description=mark(
            "Some or all of it, with a reason. Above the council’s limit it waits until an officer agrees on "
            "the page for officers; no program can."
        ),
        call=endpoints.refund,
        parameters=(PAYMENT, KEY),
        body=bodies.NewRefund,
        gives=bodies.Refund,
        headers=(REPLAYED,),
        problems=(
            problems.MALFORMED,
            problems.NO_KEY,
            *ANYBODY,
            problems.NOT_FOUND,
            problems.NOT_REFUNDABLE,
            problems.TOO_LARGE,
            problems.NOT_JSON,
            problems.NOT_TAKEN,
            problems.KEY_REUSED,
        ),
        scope="money.refund",
    ),
    Route(
        method="GET",
        path="refunds/{refund}",
        name="one-refund",
        tag="money",
        title=mark("One refund"),
        description=mark("How it stands."),
        call=endpoints.one_refund,
        parameters=(REFUND,),
        gives=bodies.Refund,
        problems=(*ANYBODY, problems.NOT_FOUND),
        scope="money.read",
    ),
)
