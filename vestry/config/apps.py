"""The front hall as Django sees it."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Plugs the adapters in when Django starts."""

    name = "vestry.config"
    label = "config"

    def ready(self) -> None:
        """Everything is loaded: plug in."""
        from vestry.config import ports

        ports.plug_all()
