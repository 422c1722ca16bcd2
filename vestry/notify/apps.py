"""The notify room."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Tell people, and know that it went."""

    name = "vestry.notify"
    label = "notify"
