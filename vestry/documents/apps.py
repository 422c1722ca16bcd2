"""The documents room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Files people give us: looked into, scanned, kept and forgotten."""

    name = "vestry.documents"
    label = "documents"
