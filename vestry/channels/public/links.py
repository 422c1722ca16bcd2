"""Paying for somebody else by a link, and receipts: what anybody may see who has the link, and nothing more.

A link opens one charge: what it is for and how much, never who it is for. To pay, it is used once; a link
that was used, given up or made up is refused alike. Whoever comes back from paying, and whoever paid, see how
it stands, and the receipt.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from vestry.channels.public import refusals
from vestry.channels.public.journeys import UNPROCESSABLE, keep_private
from vestry.channels.public.methods import reads_and_posts
from vestry.kernel import utc_now
from vestry.pay import api as pay
from vestry.people.api import public

View = Callable[..., HttpResponse]
WENT_BACK = frozenset({"sent", "done", "elsewhere"})


def by_pay_link(view: View) -> View:
    """A page whose address is its key, as a journey's is."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, **words: str) -> HttpResponse:
        (link,) = words.values()
        try:
            charge = pay.by_link(link=link)
            return keep_private(view(request, link, charge))
        except pay.NoSuchCharge:
            refusals.state(request, "payment")
            return keep_private(render(request, "public/pay_refused.html", status=404))

    return public(guarded)


@by_pay_link
@reads_and_posts
def to_pay(request: HttpRequest, link: str, charge: pay.ChargeView) -> HttpResponse:
    """What is to be paid; posting leads to the provider."""
    if charge.state != pay.OWED:
        raise pay.NoSuchCharge
    if request.method != "POST":
        return _show(request, link, charge)
    back = request.build_absolute_uri(reverse("public:paid-back", args=[link]))
    said = {"language": get_language() or "en", "somebody_else": True, "now": utc_now()}
    try:
        return redirect(pay.depart(reference=charge.reference, back=back, **said))
    except pay.NotOwed:
        raise pay.NoSuchCharge from None
    except pay.CannotPayNow as refused:
        return _show(request, link, charge, str(refused))


def _show(request: HttpRequest, link: str, charge: pay.ChargeView, refused: str = "") -> HttpResponse:
    words = {"link": link, "charge": charge, "pounds": pay.as_text, "refused": refused}
    return render(request, "public/pay.html", words, status=UNPROCESSABLE if refused else 200)


@by_pay_link
@require_safe
def back(request: HttpRequest, link: str, charge: pay.ChargeView) -> HttpResponse:
    """How it stands, for whoever comes back from the provider: as far as anybody knows."""
    pay.look(reference=charge.reference, now=utc_now())
    charge = pay.get(reference=charge.reference)
    return render(request, "public/paid_back.html", {"link": link, "charge": charge})


@by_pay_link
@require_safe
def receipt(request: HttpRequest, link: str, charge: pay.ChargeView) -> HttpResponse:
    """A receipt, to keep or to print; there is none for what was not paid."""
    if not charge.settled:
        raise pay.NoSuchCharge
    words = {
        "charge": charge,
        "pounds": pay.as_text,
        "lines": zip(charge.lines, charge.vats, strict=True),
        "refunds": [
            each for payment in charge.payments for each in payment.refunds if each.state in WENT_BACK
        ],
    }
    return render(request, "public/receipt.html", words)
