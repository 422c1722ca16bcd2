"""The people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Who: accounts, officers, teams, what each may do."""

    name = "vestry.people"
    label = "people"
