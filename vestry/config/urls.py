"""Every address, by channel."""

from django.urls import include, path

from vestry.channels.public import urls as public
from vestry.config import faults

urlpatterns = [
    path("desk/", include("vestry.channels.desk.urls")),
    path("inbound/", include("vestry.channels.inbound.urls")),
    path("api/v1/", include("vestry.channels.rest.urls")),
    path("preview/<int:token>/", include((public.trying_out, public.app_name), namespace="preview")),
    path("", include("vestry.channels.public.urls")),
]

handler400 = faults.bad_request
handler403 = faults.forbidden
handler404 = faults.not_found
handler500 = faults.broken
