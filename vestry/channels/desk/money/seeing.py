"""Whose money somebody may see, and what the words of the room mean on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from vestry.cases import api as cases
from vestry.channels.desk.frame import frame, not_possible
from vestry.kernel import Ref, Refused, mark
from vestry.pay import api as pay
from vestry.people import api as people
from vestry.services import api as services

View = Callable[..., HttpResponse]
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
CHARGES: Mapping[str, tuple[str, str]] = {
    "owed": (mark("Not paid yet"), "yellow"),
    "paid": (mark("Paid, not sent yet"), "yellow"),
    "kept": (mark("Paid"), "green"),
    "stranded": (mark("Paid, and used for nothing"), "red"),
    "cancelled": (mark("Not to be paid any more"), "grey"),
}
PAYMENTS: Mapping[str, tuple[str, str]] = {
    "asked": (mark("Asked for"), "yellow"),
    "open": (mark("Can be paid"), "yellow"),
    "paid": (mark("Paid"), "green"),
    "declined": (mark("Declined"), "grey"),
    "expired": (mark("Not paid in time"), "grey"),
    "cancelled": (mark("Cancelled"), "grey"),
    "error": (mark("Went wrong at the provider"), "grey"),
}
REFUNDS: Mapping[str, tuple[str, str]] = {
    "wanted": (mark("Waits for somebody else to decide"), "yellow"),
    "to-send": (mark("About to be sent"), "yellow"),
    "sent": (mark("On its way"), "yellow"),
    "done": (mark("Paid back"), "green"),
    "failed": (mark("Did not go through"), "red"),
    "elsewhere": (mark("Paid back another way"), "green"),
    "turned-down": (mark("Turned down"), "grey"),
}
STRANDED: Mapping[str, str] = {
    "twice": mark("It was paid a second time."),
    "late": mark("It was paid after it had been given up."),
    "not-submitted": mark("What it was paid for was gone by then."),
    "given-up": mark("It was given up after it was paid."),
    "forgotten": mark("It was paid, and nothing came of it for two hours."),
}
WHYS: Mapping[str, str] = {
    "cancelled": mark("It was cancelled"),
    "not-delivered": mark("We did not do it"),
    "overcharged": mark("Too much was charged"),
    "paid-twice": mark("It was paid twice"),
    "unused": mark("It was paid and not used"),
    "goodwill": mark("To make up for something"),
    "deposit": mark("A deposit goes back"),
    "other": mark("Another reason"),
}
KINDS: Mapping[str, str] = {
    "only-theirs": mark("They have a payment that we know nothing of"),
    "only-ours": mark("We have money that they know nothing of"),
    "state": mark("It is paid on one side only"),
    "amount": mark("The amounts differ"),
    "refunds": mark("What went back differs"),
}


def around(request: HttpRequest) -> dict[str, Any]:
    """What every page about money has around it."""
    return {
        **frame(request, here="money"),
        "charge_words": CHARGES,
        "payment_words": PAYMENTS,
        "refund_words": REFUNDS,
        "stranded_words": STRANDED,
        "why_words": WHYS,
        "kind_words": KINDS,
        "pounds": pay.as_text,
    }


def case_of(charge: pay.ChargeView) -> str:
    """The reference of the case a charge was kept for; empty where there is none."""
    found = services.belongs(journey=charge.journey)
    return found.subject.key if found and found.subject and found.subject.kind == "case" else ""


def may_do(officer: people.OfficerView, action: str, charge: pay.ChargeView) -> bool:
    """Whether an officer may do something with a charge: of whose team its case is; before there is one, of
    the team that answers for its service.
    """
    teams = people.reach(officer, action)
    found = None if teams.every else services.belongs(journey=charge.journey)
    if found is None:
        return teams.every
    if found.subject is None or found.subject.kind != "case":
        return found.team in teams
    try:
        return cases.get_case(officer=officer, reference=found.subject.key).team in teams
    except cases.NoSuchCase:
        return False


def about_a_charge(view: View) -> View:
    """A page about a charge: the same 404 for one that isn't there and one that isn't theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, charge: str, **more: str) -> HttpResponse:
        return refusing(request, lambda: view(request, found(request, charge), **more))

    return guarded


def refusing(request: HttpRequest, do: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it; what can't be done now gets a page that says so."""
    try:
        return do()
    except (pay.NoSuchCharge, pay.NoSuchRefund):
        raise Http404 from None
    except Refused as refusal:
        return not_possible(request, refusal, **around(request))


def found(request: HttpRequest, reference: str, action: str = "money.read") -> pay.ChargeView:
    """A charge somebody may see, or may do something with. Raises `NoSuchCharge`."""
    charge = pay.get(reference=reference)
    if not may_do(request.officer, action, charge):
        raise pay.NoSuchCharge
    return charge


def name(ref: Ref | None) -> str:
    """Who it was, as officers read it."""
    return people.officer_name(ref) if ref else ""
