"""The technology room."""

from django.apps import AppConfig


class TechnologyConfig(AppConfig):
    """What the council buys, renews and builds, held against the six principles."""

    name = "vestry.technology"
    label = "technology"
