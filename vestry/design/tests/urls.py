"""The addresses that the layouts lead to, so that design is tested without the channels above it."""

from django.http import HttpResponse
from django.urls import include, path


def nothing(request):
    return HttpResponse()


public = (
    [path(f"{name}/", nothing, name=name) for name in ("home", "accessibility", "privacy", "cookies")],
    "public",
)
desk = ([path(f"{name}/", nothing, name=name) for name in ("inbox", "messages", "parked")], "desk")
urlpatterns = [
    path("desk/sign-out/", nothing, name="account_logout"),
    path("desk/", include(desk)),
    path("", include(public)),
]
