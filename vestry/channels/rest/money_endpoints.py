"""What each address about money does: what was to be paid and was, and giving it back."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from vestry.cases import api as cases
from vestry.channels.rest import clients, problems, reading
from vestry.channels.rest import money_bodies as bodies
from vestry.channels.rest.problems import Trouble
from vestry.channels.rest.replies import Reply
from vestry.design.shown import said
from vestry.kernel import tidy_reference
from vestry.pay import api as pay
from vestry.people import api as people
from vestry.services import api as services


def charge(request: HttpRequest, charge: str) -> Reply:
    """One charge."""
    return Reply(body=_charge(request, _found(request, tidy_reference(charge), "money.read")))


def of_case(request: HttpRequest, reference: str) -> Reply:
    """What was paid for a case."""
    try:
        case = cases.get_case(officer=request.client, reference=tidy_reference(reference))
    except cases.NoSuchCase:
        raise Trouble(kind=problems.NOT_FOUND) from None
    if case.team not in people.reach(request.client, "money.read"):
        raise Trouble(kind=problems.NOT_FOUND)
    made = [each.key for each in services.made(case.ref) if each.kind == "charge"]
    return Reply(body=bodies.ChargeList(charges=[_charge(request, pay.get(reference=key)) for key in made]))


def one_refund(request: HttpRequest, refund: str) -> Reply:
    """One refund."""
    return Reply(body=_refund(request, _found_refund(request, tidy_reference(refund))))


def refund(request: HttpRequest, payment: str) -> Reply:
    """Have some or all of a payment go back; above the council's limit somebody else has to agree."""
    sent = reading.body(request, bodies.NewRefund)
    # The charge's reference with its number behind it.
    name = payment.upper()
    found = _found(request, name.rpartition("-")[0], "money.refund")
    if name not in {each.reference for each in found.payments}:
        raise Trouble(kind=problems.NOT_FOUND)
    key = f"api:{clients.key_of(request)}"

    def do(_key: str, now: datetime) -> None:
        by = request.client.ref
        asked = {"pence": sent.pence, "why": sent.why, "note": sent.note, "key": key, "now": now}
        try:
            pay.refund(payment=name, by=by, **asked)
        except (pay.NotThatMuch, pay.NotRefundable) as refused:
            raise Trouble(kind=problems.NOT_REFUNDABLE, detail=said(refused)) from None

    def gives() -> bodies.Refund:
        again = pay.get(reference=found.reference)
        refunds = (each for payment in again.payments for each in payment.refunds)
        return _refund(request, next(each for each in refunds if each.key == key))

    return clients.once(request, do, gives)


def _found(request: HttpRequest, reference: str, action: str) -> pay.ChargeView:
    """The charge, alike refused when it is not there and when it is another team's, or another council's."""
    try:
        found = pay.get(reference=reference)
    except pay.NoSuchCharge:
        raise Trouble(kind=problems.NOT_FOUND) from None
    teams = people.reach(request.client, action)
    belongs = None if teams.every else services.belongs(journey=found.journey)
    if not teams.every and (belongs is None or _team(request, belongs) not in teams):
        raise Trouble(kind=problems.NOT_FOUND)
    return found


def _team(request: HttpRequest, belongs: services.Belongs) -> str:
    if belongs.subject is None or belongs.subject.kind != "case":
        return belongs.team
    try:
        return cases.get_case(officer=request.client, reference=belongs.subject.key).team
    except cases.NoSuchCase:
        raise Trouble(kind=problems.NOT_FOUND) from None


def _found_refund(request: HttpRequest, reference: str) -> pay.RefundView:
    try:
        found = pay.get_refund(reference=reference)
    except pay.NoSuchRefund:
        raise Trouble(kind=problems.NOT_FOUND) from None
    _found(request, found.charge, "money.read")
    return found


def _link(request: HttpRequest, name: str, reference: str) -> str:
    return request.build_absolute_uri(reverse(name, args=[reference]))


def _refund(request: HttpRequest, it: pay.RefundView) -> bodies.Refund:
    return bodies.Refund(
        refund=it.reference,
        charge=it.charge,
        pence=it.pence,
        why=it.why,
        state=it.state,
        asked_at=it.asked_at,
        ended_at=it.ended_at,
        link=_link(request, "rest:one-refund", it.reference),
    )


def _charge(request: HttpRequest, it: pay.ChargeView) -> bodies.Charge:
    return bodies.Charge(
        charge=it.reference,
        title=it.title,
        pence=it.pence,
        vat_pence=it.vat,
        state=it.state,
        received=it.received,
        refunded=it.refunded,
        made_at=it.made_at,
        paid_at=it.paid_at,
        lines=[
            bodies.ChargeLine(what=line.what, pence=line.pence, vat=line.vat, vat_pence=vat, code=line.code)
            for line, vat in zip(it.lines, it.vats, strict=True)
        ],
        payments=[
            bodies.Payment(
                payment=each.reference,
                pence=each.pence,
                state=each.state,
                stranded=each.stranded,
                refundable=each.refundable,
                at_provider=each.provider_id,
                refunds=[_refund(request, refund) for refund in each.refunds],
            )
            for each in it.payments
        ],
        link=_link(request, "rest:charge", it.reference),
    )
