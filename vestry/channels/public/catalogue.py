"""The services a council offers, and where each starts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from vestry.channels.public.methods import reads_and_posts
from vestry.channels.public.technologies import called
from vestry.kernel import local_day, utc_now
from vestry.people.api import limited, public
from vestry.services import api as services
from vestry.strategy import api as strategy


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The catalogue."""
    words = {"services": services.catalogue(), "deleted": "deleted" in request.GET}
    return render(request, "public/home.html", words)


@public
@csrf_exempt  # a forged start gives nobody anything: only whoever starts a journey learns its address
@reads_and_posts
@limited("journeys.start")
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The start page; posting to it begins a journey."""
    try:
        if request.method != "POST":
            words = {"service": services.get_service(slug), "why": strategy.why_service(slug)}
            if "principles" in request.council.shows:
                words |= {**called(), "stand": services.told_principles(slug, local_day(utc_now()))}
            return render(request, "public/start.html", words)
        origin = request.build_absolute_uri("/").removesuffix("/")
        journey = services.start(service=slug, origin=origin, now=utc_now())
    except services.NoSuchService:
        raise Http404 from None
    return redirect("public:journey", slug=slug, token=journey.token)
