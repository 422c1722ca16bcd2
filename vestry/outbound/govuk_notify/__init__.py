"""Email through GOV.UK Notify: can be plugged into the port ``notify.email``."""

from vestry.outbound.govuk_notify.client import GovukNotify

__all__ = ["GovukNotify"]
