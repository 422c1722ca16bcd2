"""The places room."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Where: the gazetteer, wards, and when which round comes."""

    name = "vestry.places"
    label = "places"
