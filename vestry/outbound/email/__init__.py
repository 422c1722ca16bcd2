"""Email: what can be plugged into the port ``notify.email``."""

from vestry.outbound.email.demo import DemoMailbox
from vestry.outbound.email.smtp import SmtpEmail

__all__ = ["DemoMailbox", "SmtpEmail"]
