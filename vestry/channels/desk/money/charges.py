"""A charge with all that was paid and went back, and what an officer can do about it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vestry.channels.desk import forms
from vestry.channels.desk.money.seeing import (
    WHYS,
    about_a_charge,
    around,
    case_of,
    found,
    may_do,
    name,
    reads_and_posts,
    refusing,
)
from vestry.councils import api as councils
from vestry.design import shown
from vestry.design.kinds import LongText, Money, Radios
from vestry.design.shown import said
from vestry.kernel import utc_now
from vestry.notify import api as notify
from vestry.pay import api as pay
from vestry.people.api import may
from vestry.services import api as services

LONGEST = 2000


@may("money.read")
@require_safe
@about_a_charge
def charge(request: HttpRequest, charge: pay.ChargeView) -> HttpResponse:
    """What was to be paid, every try to pay it, and what went back."""
    belongs = services.belongs(journey=charge.journey)
    refunds = [each for payment in charge.payments for each in payment.refunds]
    words = {
        **around(request),
        "charge": charge,
        "case": case_of(charge),
        "refunds": refunds,
        "to_see_to": [
            refund.reference
            for payment in charge.payments
            for refund in payment.refunds
            if refund.state == "failed" and payment.refundable
        ],
        "names": {str(each.asked_by): name(each.asked_by) for each in refunds}
        | {str(each.decided_by): name(each.decided_by) for each in refunds if each.decided_by},
        "may_refund": may_do(request.officer, "money.refund", charge),
        "may_approve": may_do(request.officer, "money.approve", charge),
        "may_offer": bool(belongs and belongs.waits) and not charge.goes_back,
    }
    return render(request, "desk/money/charge.html", words)


@may("money.refund")
@reads_and_posts
@about_a_charge
def refund(request: HttpRequest, charge: pay.ChargeView, payment: str) -> HttpResponse:
    """Refund some or all of a payment; above the limit it waits for somebody else."""
    found(request, charge.reference, "money.refund")
    paid = next((each for each in charge.payments if each.reference == payment), None)
    if paid is None:
        raise Http404
    most, alone = pay.as_text(paid.refundable), pay.as_text(pay.alone())
    reasons = {why: _(WHYS[why]) for why in pay.REASONS}
    questions = (
        Money(
            id="amount",
            ask=_("How much should go back?"),
            name=_("how much should go back"),
            hint=_("At most %(most)s. Above %(alone)s somebody else has to agree.")
            % {"most": most, "alone": alone},
        ),
        Radios(id="why", ask=_("Why?"), name=_("why it should go back"), options=reasons),
        LongText(
            id="note",
            ask=_("Anything whoever looks at this later should know"),
            hint=_("Only officers see this."),
            optional=True,
            max=LONGEST,
            rows=3,
        ),
    )
    words = {
        **around(request),
        "caption": f"{charge.title}, {payment}",
        "title": _("Refund"),
        "button_text": _("Refund"),
        "leads_back": reverse("desk:charge", args=[charge.reference]),
    }
    if request.method != "POST":
        begin = {"amount": paid.refundable} if paid.refundable else {}
        return forms.show(request, forms.empty(questions, **begin), words)
    now = utc_now()
    form = forms.filled(questions, request.POST, now)
    if not form.wrongs:
        _ask_for(request, form, payment, now)
    if form.wrongs:
        return forms.show(request, form, words)
    return redirect("desk:charge", charge=charge.reference)


def _ask_for(request: HttpRequest, form: forms.Filled, payment: str, now: datetime) -> None:
    try:
        made = pay.refund(
            payment=payment,
            pence=form.answers["amount"],
            why=form.answers["why"],
            note=form.answers["note"] or "",
            by=request.officer.ref,
            key=f"desk:{form.key}"[:200],
            now=now,
        )
    except (pay.NotThatMuch, pay.NotRefundable) as refused:
        form.refuse("amount", said(refused))
        return
    waits = made.state == "wanted"
    told = _("The refund waits for somebody else to agree.") if waits else _("The refund is on its way.")
    messages.success(request, told)


@may("money.approve")
@reads_and_posts
def decide(request: HttpRequest, refund: str) -> HttpResponse:
    """Agree to a refund that somebody else asked for, or turn it down."""
    return refusing(request, lambda: _decide(request, pay.get_refund(reference=refund)))


def _decide(request: HttpRequest, refund: pay.RefundView) -> HttpResponse:
    charge = found(request, refund.charge, "money.approve")
    if refund.state == "wanted" and pay.is_theirs(refund=refund, who=request.officer.ref):
        raise pay.NotTheSamePerson
    question = Radios(
        id="decision",
        ask=_("Should it go back?"),
        name=_("whether it should go back"),
        options={"yes": _("Yes, refund it"), "no": _("No, turn it down")},
    )
    words = {**around(request), "refund": refund, "charge": charge, "asked_by": name(refund.asked_by)}
    now = utc_now()
    form = forms.filled((question,), request.POST, now) if request.method == "POST" else None
    if form is None or form.wrongs:
        template = "desk/money/decide.html"
        return forms.show(request, form or forms.empty((question,)), words, template=template)
    verb = pay.approve if form.answers["decision"] == "yes" else pay.turn_down
    verb(refund=refund.reference, by=request.officer.ref, now=now)
    messages.success(request, _("Decided."))
    return redirect("desk:charge", charge=charge.reference)


@may("money.refund")
@require_POST
def seen_to(request: HttpRequest, refund: str) -> HttpResponse:
    """A refund that did not go through has gone back another way."""

    def do() -> HttpResponse:
        view = pay.get_refund(reference=refund)
        found(request, view.charge, "money.refund")
        pay.see_to(refund=refund, by=request.officer.ref, now=utc_now())
        messages.success(request, _("It is noted that the money went back another way."))
        return redirect("desk:charge", charge=view.charge)

    return refusing(request, do)


@may("money.refund")
@reads_and_posts
@about_a_charge
def offer(request: HttpRequest, charge: pay.ChargeView) -> HttpResponse:
    """Send whoever paid for what could not be had a link to choose again, without paying again."""
    found(request, charge.reference, "money.refund")
    words = {
        **around(request),
        "caption": f"{charge.title}, {charge.reference}",
        "title": _("Offer something else"),
        "button_text": _("Send them a link"),
        "leads_back": reverse("desk:charge", args=[charge.reference]),
        "says": _(
            "They get an email with a link to what they began. There they choose again, and do not pay again "
            "for the same price."
        ),
    }
    form = forms.filled((), request.POST, utc_now()) if request.method == "POST" else forms.empty(())
    if request.method != "POST":
        return forms.show(request, form, words)
    try:
        _invite(charge, form.key)
    except (services.NoSuchJourney, services.TooManyLinks):
        # Sent by now, given up, going back, or without an email: what is left is to refund it.
        told = _("They cannot be asked: refund the payment.")
    else:
        told = _("They are sent a link.")
    messages.success(request, told)
    return redirect("desk:charge", charge=charge.reference)


def _invite(charge: pay.ChargeView, key: str) -> None:
    now = utc_now()
    if charge.goes_back:
        # A colleague refunded it meanwhile: who chooses again would have to pay again.
        raise services.NoSuchJourney
    body = _(
        "Dear %(name)s\n\n"
        "You paid %(amount)s for “%(service)s”, and what you chose was gone by then. We are sorry.\n\n"
        "You can choose again here, and do not pay again for the same price:\n%(address)s\n\n"
        "The link works until %(until)s. Do not share this email: anybody who has the link can see "
        "and change your answers.\n\n"
        "If you do not choose again, we refund you.\n\n"
        "%(council)s"
    )
    with transaction.atomic():
        to, saved = services.invite(journey=charge.journey, key=f"offer:{key}", now=now)
        if saved.address:
            words = {
                "name": to.name or _("resident"),
                "amount": charge.amount,
                "service": saved.journey.title,
                "address": saved.address,
                "until": shown.moment(saved.until),
                "council": councils.current().name,
            }
            notify.send_code(
                to=to,
                subject=_("Choose again: %(service)s") % words,
                body=body % words,
                about=saved.about,
                key=f"offer:{key}"[:100],
                now=now,
                actor=charge.about,
            )
