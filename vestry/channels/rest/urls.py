"""Addresses of the API, from the table in `routes`."""

import re
from itertools import groupby

from django.urls import path, re_path

from vestry.channels.rest import about, serving
from vestry.channels.rest.route import Route
from vestry.channels.rest.routes import ROUTES

app_name = "rest"


def _address(route: Route) -> str:
    return re.sub(r"\{(\w+)\}", r"<str:\1>", route.path)


def _addresses():
    for address, group in groupby(ROUTES, key=_address):
        routes = list(group)
        view = serving.view_of({route.method: route for route in routes})
        for route in routes:
            yield path(address, view, name=route.name)


urlpatterns = [
    path("", about.page, name="about"),
    path("openapi.json", about.document, name="openapi"),
    *_addresses(),
    re_path(r"", serving.nowhere, name="nowhere"),
]
