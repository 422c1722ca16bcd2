"""The addresses that the layouts lead to, so that design is tested without the channels above it."""

from django.http import HttpResponse
from django.urls import include, path


def nothing(request):
    return HttpResponse()


public = (
    [path(f"{name}/", nothing, name=name) for name in ("home", "accessibility", "privacy", "cookies")],
    "public",
)
NAMES = ("inbox", "messages", "parked", "people", "search", "services", "strategy", "tasks")
desk = ([path(f"{name}/", nothing, name=name) for name in NAMES], "desk")
urlpatterns = [
    path("desk/security/", nothing, name="mfa_index"),
    path("desk/sign-out/", nothing, name="account_logout"),
    path("desk/", include(desk)),
    path("", include(public)),
]
