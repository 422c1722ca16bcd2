"""Pages every public site must have: accessibility, privacy, cookies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vestry.people.api import public


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (Public Sector Bodies Accessibility Regulations 2018)."""
    return render(request, "public/accessibility.html")


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
