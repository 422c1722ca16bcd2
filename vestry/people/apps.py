"""The people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Who: accounts, officers, teams, what each may do."""

    name = "vestry.people"
    label = "people"

    def ready(self) -> None:
        """Listen to what allauth and Django say of signing in."""
        from vestry.people import second_step, sign_in  # noqa: F401
