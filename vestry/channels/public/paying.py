"""The page of somebody who sends, while another site has to settle something: mostly, while they pay.

They leave from here and come back to here, and it says how it stands as far as anybody knows. Nobody has to
come back for it to be finished.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from vestry.channels.public.journeys import by_address, depart, go, show
from vestry.channels.public.methods import reads_and_posts
from vestry.kernel import utc_now
from vestry.pay import api as pay
from vestry.people.api import public
from vestry.services import api as services


@public
@csrf_exempt  # as every page of a journey: `by_address`
def paying(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """How it stands; for whoever comes back to an address that was closed meanwhile, how the payment stands.

    Going on by an emailed link gives a journey a new address, and the other site leads back to the old one.
    """
    try:
        return _paying(request, slug, token)
    except Http404:
        link = request.GET.get("payment", "")
        try:
            pay.by_link(link=link)
        except pay.NoSuchCharge:
            raise Http404 from None
        return redirect("public:paid-back", to_pay=link)


@by_address
@reads_and_posts
def _paying(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """How it stands. Posting leaves for the other site, or gives it up so that answers can be changed."""
    if request.method != "POST":
        where = services.look(service=slug, token=token, now=utc_now())
        if where.kind not in {"paying", "done"} and _is_given_up(request.GET.get("payment", "")):
            # They may have paid all the same, and are told what becomes of it.
            return redirect("public:paid-back", to_pay=request.GET["payment"])
        return show(request, where, slug, token) if where.kind == "paying" else go(where, slug, token)
    if "change" in request.POST:
        return go(services.give_up(service=slug, token=token, now=utc_now()), slug, token)
    return depart(request, slug, token)


def _is_given_up(link: str) -> bool:
    """Whether they come back from paying what was given up meanwhile, as on another tab."""
    try:
        return pay.by_link(link=link).state == pay.CANCELLED
    except pay.NoSuchCharge:
        return False
