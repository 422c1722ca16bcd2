"""The cases room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """See it through: stages, actions, owners, due dates, messages, closure."""

    name = "vestry.cases"
    label = "cases"
