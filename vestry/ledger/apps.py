"""The ledger room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """What happened: append-only facts, and how far each reader has read."""

    name = "vestry.ledger"
    label = "ledger"
