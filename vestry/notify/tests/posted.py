"""Messages and mail servers for notify's own tests."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module

from vestry import kernel
from vestry.design.capability import Contact
from vestry.kernel import SYSTEM, Ref, plug
from vestry.notify import api as notify

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CASE = Ref("case", "MB-7K3N-9QFA")
AMAL = Contact(name="Amal Haddad", email="amal@example.org")
LATER = timedelta(seconds=1)

# By name, as an adapter is plugged in: no room imports what stands above it.
fakes = import_module("vestry.outbound.email.fakes")
receipt_fakes = import_module("vestry.outbound.govuk_notify.fakes")


@contextmanager
def plugged(email):
    """The adapter behind the port, for a while."""
    before = kernel._plugs.get("notify.email")
    plug("notify.email", lambda: email)
    try:
        yield email
    finally:
        kernel._plugs.pop("notify.email")
        if before:
            plug("notify.email", before)


def a_message(key="1", **said):
    notify.send(
        **{
            "to": AMAL,
            "subject": "We have your report",
            "body": "Your reference is MB-7K3N-9QFA.",
            "about": CASE,
            "key": key,
            "now": NOON,
            "actor": SYSTEM,
            **said,
        }
    )


def the_message():
    (message,) = notify.sent()
    return message
