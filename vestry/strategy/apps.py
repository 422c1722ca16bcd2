"""The strategy room."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """Why: statements and what each serves."""

    name = "vestry.strategy"
    label = "strategy"
