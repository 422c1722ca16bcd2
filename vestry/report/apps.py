"""The report room."""

from django.apps import AppConfig


class ReportConfig(AppConfig):
    """Tell us about something somewhere."""

    name = "vestry.report"
    label = "report"
