"""By which way the email of a council goes."""

from __future__ import annotations

from vestry.config import environment
from vestry.councils import api as councils
from vestry.notify.ports import Email
from vestry.outbound.email import DemoMailbox, SmtpEmail
from vestry.outbound.govuk_notify import GovukNotify


def adapter() -> Email:
    """The way of the council in scope."""
    url = environment.email_url(councils.current().slug)
    # Only the demo may keep messages to itself: elsewhere each one would be "sent", and nobody would get it.
    if environment.DEMO and not url:
        return DemoMailbox()
    return GovukNotify(url) if url.startswith("govuk-notify:") else SmtpEmail(url)
