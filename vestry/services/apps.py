"""The services room."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """What the council offers: definitions, versions, journeys through them."""

    name = "vestry.services"
    label = "services"
