"""Whom we buy from: every supplier, and one with its technologies, contracts and claims."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vestry.channels.desk.register.looking import around
from vestry.kernel import local_day, utc_now
from vestry.people.api import may
from vestry.technology import api as technology


@may("technology.read")
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """All suppliers, by name."""
    words = {**around(request, "technology-suppliers"), "suppliers": technology.suppliers()}
    return render(request, "desk/register/suppliers.html", words)


@may("technology.read")
@require_safe
def one(request: HttpRequest, supplier: str) -> HttpResponse:
    """One supplier: what it supplies, until when, and what it says of it beside what we saw."""
    today = local_day(utc_now())
    try:
        who, supplied = technology.get_supplier(supplier, today)
    except technology.NoSuchSupplier:
        raise Http404 from None
    words = {**around(request), "supplier": who, "supplied": supplied, "today": today}
    return render(request, "desk/register/supplier.html", words)
