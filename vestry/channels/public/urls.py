"""Every address a resident comes to."""

from django.urls import path

from vestry.channels.public import about, catalogue, journeys, status

app_name = "public"

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("services/<slug:slug>/", catalogue.start, name="start"),
    path("services/<slug:slug>/<str:token>/", journeys.resume, name="journey"),
    path("services/<slug:slug>/<str:token>/check/", journeys.check, name="check"),
    path("services/<slug:slug>/<str:token>/done/", journeys.done, name="done"),
    path("services/<slug:slug>/<str:token>/leave/", journeys.leave, name="leave"),
    path("services/<slug:slug>/<str:token>/<slug:step>/", journeys.step, name="step"),
    path("status/", status.status, name="status"),
    path("status/code/", status.code, name="status-code"),
    path("status/<slug:reference>/", status.status_of, name="status-of"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("cookies/", about.cookies, name="cookies"),
]
