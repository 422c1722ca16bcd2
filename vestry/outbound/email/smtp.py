"""Email through a council's own mail server."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import ClassVar, Self
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.translation import gettext as _

from vestry.notify.ports import OutboundEmail, Rejected, Unreachable

# For each answer of the server. Far longer than a healthy one takes, well within the message's lease.
TIMEOUT = 20
PORTS = {"starttls": 587, "implicit": 465, "none": 25}
# Seven-bit, so that no server on the way needs an extension for an accent in the text.
POLICY = SMTP.clone(cte_type="7bit")


class BadEmailUrl(Unreachable):
    """VESTRY_EMAIL_URL can't be used. {why} It looks like smtp://user:password@host:587?tls=starttls, where
    tls is starttls, implicit or none; special characters of the password are written as %40 and so on."""

    def __init__(self, why: str) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()), why=why)


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where to hand in, and as whom."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, url: str) -> Self:
        """Read ``smtp://user:password@host:port?tls=...``. Raises `BadEmailUrl`."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadEmailUrl("The host or the port cannot be read.") from None
        asked = parse_qs(parts.query)
        tls = asked.pop("tls", ["starttls"])[-1]
        if parts.scheme != "smtp" or not parts.hostname:
            raise BadEmailUrl("It does not start with smtp:// and a host name.")
        if tls not in PORTS:
            raise BadEmailUrl(f"There is no tls={tls}.")
        if asked:
            raise BadEmailUrl(f"There is no setting called {', '.join(asked)}.")
        return cls(
            host=parts.hostname,
            port=port or PORTS[tls],
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpEmail:
    """Hands in at the server of ``VESTRY_EMAIL_URL``, from the address ``VESTRY_EMAIL_FROM``."""

    desk_is_mailbox: ClassVar[bool] = False
    receipts: ClassVar[None] = None

    def __init__(self, url: str | None = None, sender: str | None = None) -> None:
        # Read when something is sent: what is wrong with it then stands beside the message, where it is seen.
        self.url = os.environ.get("VESTRY_EMAIL_URL", "") if url is None else url
        self.sender = os.environ.get("VESTRY_EMAIL_FROM", "") if sender is None else sender

    def send(self, message: OutboundEmail) -> None:
        """Hand over one email. Raises `Unreachable` or `Rejected`."""
        sender = self.sender or message.reply_to
        if not sender:
            raise Unreachable(_("No address is set for messages to come from (VESTRY_EMAIL_FROM)."))
        email = composed(message, sender)
        with _plainly_told(), _connected(Server.read(self.url)) as smtp:
            _hand_over(smtp, email)


@contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    if server.tls == "implicit":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        # The message has been taken: a server that goes away at the goodbye changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    finally:
        smtp.close()


def composed(message: OutboundEmail, sender: str) -> EmailMessage:
    """The email as it goes over the wire. Raises `Rejected` or `Unreachable` when an address is none."""
    email = EmailMessage(policy=POLICY)
    try:
        email["To"] = _address(message.to, message.to_name)
    except (ValueError, IndexError, MessageError):
        raise Rejected(_("The email address is not one that can be written to.")) from None
    try:
        email["From"] = _address(sender, message.sender_name)
        if message.reply_to and message.reply_to != sender:
            email["Reply-To"] = _address(message.reply_to, message.sender_name)
    except (ValueError, IndexError, MessageError):
        raise Unreachable(
            _("The address messages come from, or the council’s own, is not an email address.")
        ) from None
    email["Subject"] = message.subject
    email["Message-ID"] = message.message_id
    email["Date"] = message.written_at
    # No out-of-office answers, please (RFC 3834); and some servers only know the second spelling.
    email["Auto-Submitted"] = "auto-generated"
    email["X-Auto-Response-Suppress"] = "All"
    email.set_content(message.wrapped)
    return email


def _address(written: str, name: str) -> Address:
    """An address with its domain in the form every server knows. ValueError and its like when it is none."""
    local, at, domain = written.rpartition("@")
    if not (local and at and domain):
        raise ValueError(written)
    domain = domain.encode("idna").decode()
    if local.isascii():
        return Address(name, addr_spec=f"{local}@{domain}")
    # Address reads no accents; what RFC 6531 lets in is everything but the old separators.
    if not re.fullmatch(r"""[^\s"(),:;<>@\[\\\]]+""", local):
        raise ValueError(written)
    return Address(name, local, domain)


def _hand_over(smtp: smtplib.SMTP, email: EmailMessage) -> None:
    to, sender = email["To"].addresses[0].addr_spec, email["From"].addresses[0].addr_spec
    smtp.ehlo_or_helo_if_needed()
    accented = not to.isascii()
    if accented and not smtp.has_extn("smtputf8"):
        raise Rejected(_("The mail server cannot write to an address with accented letters."))
    try:
        # Not smtplib's send_message: it writes ">From" where a line of ours begins with "From".
        smtp.sendmail(
            sender,
            [to],
            email.as_bytes(policy=POLICY.clone(utf8=accented)),
            mail_options=["SMTPUTF8", "BODY=8BITMIME"] if accented else [],
        )
    except smtplib.SMTPRecipientsRefused as refused:
        ((code, said),) = refused.recipients.values()
        _refused(code, said, refused)
    except smtplib.SMTPDataError as refused:
        _refused(refused.smtp_code, refused.smtp_error, refused)


def _refused(code: int, said: bytes | str, cause: Exception) -> None:
    answer = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    words = {"code": code, "answer": " ".join(answer.split())[:200]}
    # 5xx is for ever (RFC 5321, 4.2.1); anything else may go better next time.
    if code >= 500:  # noqa: PLR2004
        raise Rejected(_("The mail server refused it: “%(code)s %(answer)s”") % words) from cause
    raise Unreachable(_("The mail server asks us to try later: “%(code)s %(answer)s”") % words) from cause


@contextmanager
def _plainly_told() -> Iterator[None]:
    """What the server or the network did, as `Unreachable` with a sentence. None of it is the recipient's."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as fault:
        raise Unreachable(_("The mail server does not accept our user name and password.")) from fault
    except smtplib.SMTPSenderRefused as fault:
        raise Unreachable(_("The mail server does not let us send from our address.")) from fault
    except smtplib.SMTPServerDisconnected as fault:
        raise Unreachable(_("The mail server went away in the middle.")) from fault
    except smtplib.SMTPException as fault:
        raise Unreachable(_("The mail server does not speak as expected.")) from fault
    except ssl.SSLError as fault:
        raise Unreachable(_("The connection to the mail server cannot be made secure.")) from fault
    except TimeoutError as fault:
        raise Unreachable(_("The mail server did not answer in time.")) from fault
    except OSError as fault:
        raise Unreachable(_("Nobody answers at the mail server.")) from fault
