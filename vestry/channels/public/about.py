"""Pages every public site must have: accessibility, privacy, cookies."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vestry.design.environment import url
from vestry.kernel import local_day, utc_now
from vestry.people.api import public

# When somebody last read the statement against what the pages are; whoever changes it changes this, too.
REVIEWED = date(2026, 11, 29)
# How long a program may rely on security.txt before it asks again. RFC 9116 wants less than a year.
GOOD_FOR = timedelta(days=90)


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (Public Sector Bodies Accessibility Regulations 2018)."""
    return render(request, "public/accessibility.html", {"reviewed": REVIEWED})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, how long, and whom to ask."""
    return render(request, "public/privacy.html")


@public
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """Which cookies there are."""
    return render(request, "public/cookies.html")


@public
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """How to tell of a hole, and what becomes of it: the policy that security.txt names."""
    return render(request, "public/security.html")


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """The same for programs, as RFC 9116 wants it. A council that names no contact has none."""
    contact = request.council.contact_email
    if not contact:
        raise Http404
    ends = datetime.combine(local_day(utc_now()) + GOOD_FOR, time(), ZoneInfo("UTC"))
    lines = (
        f"Contact: mailto:{contact}",
        f"Expires: {ends:%Y-%m-%dT%H:%M:%SZ}",
        f"Policy: {request.build_absolute_uri(url('public:security'))}",
        "Preferred-Languages: en",
        f"Canonical: {request.build_absolute_uri()}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
