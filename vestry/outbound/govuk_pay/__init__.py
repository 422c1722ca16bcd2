"""Cards through GOV.UK Pay: can be plugged into the port ``pay.provider``."""

from vestry.outbound.govuk_pay.client import GovukPay

__all__ = ["GovukPay"]
