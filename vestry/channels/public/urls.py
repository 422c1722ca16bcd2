"""Every address a resident comes to."""

from django.urls import path, register_converter

from vestry.channels.public import (
    about,
    account,
    bookings,
    catalogue,
    journeys,
    links,
    paying,
    preview,
    saving,
    status,
    technologies,
    waiting,
)


class Step:
    """A page of a journey: its own place, or that of one thing on a list: ``people/2/born``."""

    regex = "[-a-zA-Z0-9_]+(?:/[0-9]{1,4}/[-a-zA-Z0-9_]+)?"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(Step, "step")

app_name = "public"

# The same addresses once more, for a definition that is not published yet: `vestry.config.urls` puts them in.
trying_out = [
    path("", preview.start, name="home"),
    path("services/<slug:slug>/", preview.start, name="start"),
    path("services/<slug:slug>/answers/", preview.resume, name="journey"),
    path("services/<slug:slug>/check/", preview.check, name="check"),
    path("services/<slug:slug>/done/", preview.done, name="done"),
    path("services/<slug:slug>/paying/", preview.outside, name="paying"),
    path("services/<slug:slug>/leave/", preview.outside, name="leave"),
    path("services/<slug:slug>/save/", preview.outside, name="save"),
    path("services/<slug:slug>/pages/<step:step>/", preview.step, name="step"),
    path("services/<slug:slug>/pages/<step:step>/waiting/", preview.outside, name="waiting"),
    path("status/", preview.outside, name="status"),
    path("account/", preview.outside, name="account"),
    path("accessibility/", preview.outside, name="accessibility"),
    path("privacy/", preview.outside, name="privacy"),
    path("cookies/", preview.outside, name="cookies"),
]

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("services/<slug:slug>/", catalogue.start, name="start"),
    path("services/<slug:slug>/<str:token>/", journeys.resume, name="journey"),
    path("services/<slug:slug>/<str:token>/check/", journeys.check, name="check"),
    path("services/<slug:slug>/<str:token>/changed/", journeys.changed, name="changed"),
    path("services/<slug:slug>/<str:token>/done/", journeys.done, name="done"),
    path("services/<slug:slug>/<str:token>/done/booking.ics", bookings.sent_as_file, name="done-calendar"),
    path("services/<slug:slug>/<str:token>/paying/", paying.paying, name="paying"),
    path("services/<slug:slug>/<str:token>/leave/", journeys.leave, name="leave"),
    path("services/<slug:slug>/<str:token>/tasks/", journeys.tasks, name="tasks"),
    path("services/<slug:slug>/<str:token>/save/", saving.save, name="save"),
    path("services/<slug:slug>/<str:token>/<step:step>/", journeys.step, name="step"),
    path("services/<slug:slug>/<str:token>/<step:step>/waiting/", waiting.waiting, name="waiting"),
    path("waiting/<str:wait_link>/", waiting.waiter, name="waiter"),
    path("resume/<str:link>/", saving.link, name="link"),
    path("pay/<str:to_pay>/", links.to_pay, name="pay"),
    path("pay/<str:to_pay>/back/", links.back, name="paid-back"),
    path("pay/<str:paid>/receipt/", links.receipt, name="receipt"),
    path("account/", account.account, name="account"),
    path("account/code/", account.code, name="account-code"),
    path("account/sign-out/", account.sign_out, name="account-sign-out"),
    path("account/journeys/<str:journey>/", account.go_on, name="account-go-on"),
    path("technologies/", technologies.register, name="technologies"),
    path("technologies/technologies.<slug:ending>", technologies.file, name="technologies-file"),
    path("status/", status.status, name="status"),
    path("status/code/", status.code, name="status-code"),
    path("status/<slug:reference>/", status.status_of, name="status-of"),
    path("status/<slug:reference>/booking.ics", bookings.as_file, name="status-calendar"),
    path("status/<slug:reference>/booking/<slug:booking>/", bookings.booking, name="status-booking"),
    path("calendars/<slug:calendar>/<slug:secret>.ics", bookings.feed, name="feed"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("cookies/", about.cookies, name="cookies"),
    path("security/", about.security, name="security"),
    path(".well-known/security.txt", about.security_txt, name="security-txt"),
]
