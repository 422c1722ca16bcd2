"""The pay room."""

from django.apps import AppConfig


class PayConfig(AppConfig):
    """Charges, the payments that settle them, refunds and reconciliation."""

    name = "vestry.pay"
    label = "pay"
