"""Every address an officer comes to. Signing in is allauth's, under the names it looks for."""

from allauth.account import views as account
from django.urls import include, path, re_path

from vestry.channels.desk import case, inbox, parked, sent, work

CASE = "cases/<slug:reference>/"

desk = [
    path("", inbox.inbox, name="inbox"),
    path(CASE, case.case, name="case"),
    path(f"{CASE}take/", work.take, name="take"),
    path(f"{CASE}hand-over/", work.hand_over, name="hand-over"),
    path(f"{CASE}note/", work.note, name="note"),
    path(f"{CASE}message/", work.message, name="message"),
    path(f"{CASE}due/", work.due, name="due"),
    path(f"{CASE}do/<slug:action>/", work.act, name="act"),
    path("messages/", sent.messages, name="messages"),
    path("parked/", parked.parked, name="parked"),
    path("parked/<int:parked>/", parked.try_again, name="try-again"),
]
signing_in = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/forgotten/", account.password_reset, name="account_reset_password"),
    path("sign-in/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "sign-in/new-password/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^sign-in/new-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

urlpatterns = [path("", include((desk, "desk"))), *signing_in]
