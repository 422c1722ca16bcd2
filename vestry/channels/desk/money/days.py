"""What has to be seen to, and the days: compared with the provider's report, handed to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import wraps
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vestry.channels.desk import forms
from vestry.channels.desk.money.seeing import KINDS, View, around, may_do, reads_and_posts, refusing
from vestry.design import shown
from vestry.design.kinds import LongText
from vestry.kernel import local_day, utc_now
from vestry.pay import api as pay
from vestry.people import api as people
from vestry.people.api import may

Owed = TypeVar("Owed", pay.PaymentView, pay.RefundView)
LONGEST = 2000
# What the database can hold as a number of a row.
LARGEST = 2**63 - 1


def of_the_council(view: View) -> View:
    """A page about everybody's money: for whoever holds the permission for the whole council."""

    @may("money.days")
    @wraps(view)
    def guarded(request: HttpRequest, **more: str) -> HttpResponse:
        if not people.reach(request.officer, "money.days").every:
            raise Http404
        return refusing(request, lambda: view(request, **more))

    return guarded


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Http404 from None


@may("money.read")
@require_safe
def money(request: HttpRequest) -> HttpResponse:
    """Money somebody has to see to, and the last days."""
    work = pay.work()
    every = people.reach(request.officer, "money.days").every
    words = {
        **around(request),
        "stranded": _theirs(request, work.stranded),
        "to_approve": _theirs(request, work.to_approve),
        "decided": _theirs(request, work.to_approve, "money.approve"),
        "failed": _theirs(request, work.failed),
        "mismatches": work.mismatches if every else (),
        "days": pay.days(until=local_day(utc_now())) if every else (),
        "every": every,
        "me": request.officer.ref,
    }
    return render(request, "desk/money/money.html", words)


def _theirs(request: HttpRequest, found: Sequence[Owed], action: str = "money.read") -> list[Owed]:
    seen: dict[str, bool] = {}
    for each in found:
        if each.charge not in seen:
            charge = pay.get(reference=each.charge)
            seen[each.charge] = may_do(request.officer, action, charge)
    return [each for each in found if seen[each.charge]]


@of_the_council
@require_safe
def day(request: HttpRequest, day: str) -> HttpResponse:
    """One day: what moved, and where the provider's report differs."""
    when = _day(day)
    view = next(iter(pay.days(until=when, count=1)), None)
    words = {
        **around(request),
        "when": when,
        "day": view,
        "over": when < local_day(utc_now()),
        "mismatches": pay.mismatches(day=when),
    }
    return render(request, "desk/money/day.html", words)


@of_the_council
@require_POST
def compare(request: HttpRequest, day: str) -> HttpResponse:
    """Compare a day with the provider's report again, now."""
    when = _day(day)
    if when > local_day(utc_now()):
        raise Http404
    new = pay.reconcile(day=when, now=utc_now())
    told = (
        _("Compared. There are new differences: %(new)s.")
        if new
        else _("Compared. There is no new difference.")
    )
    messages.success(request, told % {"new": new})
    return redirect("desk:money-day", day=day)


@of_the_council
@require_POST
def export(request: HttpRequest, day: str) -> HttpResponse:
    """What moved on a day, as a file for the council's ledger. That it was handed over is put on record."""
    made = pay.export(day=_day(day), by=request.officer.ref, now=utc_now())
    response = HttpResponse(made.content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="payments-{made.day.isoformat()}.csv"'
    return response


@of_the_council
@reads_and_posts
def explain(request: HttpRequest, mismatch: int) -> HttpResponse:
    """Write down why a day differs from the provider's report."""
    found = pay.get_mismatch(mismatch=mismatch) if mismatch <= LARGEST else None
    if found is None:
        raise Http404
    ask = _("Why does it differ, and what was done about it?")
    question = LongText(
        id="note",
        ask=ask,
        name=_("why it differs"),
        hint=_("Name no resident: this is kept with the accounts."),
        max=LONGEST,
    )
    words = {
        **around(request),
        "caption": f"{shown.day(found.day)}, {found.payment}",
        "title": _("Explain a difference"),
        "says": _("%(kind)s: we have %(ours)s, they have %(theirs)s.")
        % {
            "kind": _(KINDS[found.kind]),
            "ours": pay.as_text(found.ours),
            "theirs": pay.as_text(found.theirs),
        },
        "button_text": _("Save"),
        "leads_back": reverse("desk:money-day", args=[found.day.isoformat()]),
    }
    if request.method != "POST":
        return forms.show(request, forms.empty((question,)), words)
    form = forms.filled((question,), request.POST, utc_now())
    if form.wrongs:
        return forms.show(request, form, words)
    pay.explain(mismatch=found.id, by=request.officer.ref, note=form.answers["note"], now=utc_now())
    messages.success(request, _("It is explained."))
    return redirect("desk:money-day", day=found.day.isoformat())
