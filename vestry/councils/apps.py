"""The councils room."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class CouncilsConfig(AppConfig):
    """Whose: the tenants, and the one mechanism that keeps their rows apart."""

    name = "vestry.councils"
    label = "councils"

    def ready(self) -> None:
        """Hook into the two moments only Django knows: a connection opened, the tables changed."""
        from vestry.councils import row_security, scoping

        connection_created.connect(scoping.tell_new_connection, dispatch_uid="councils.scope")
        post_migrate.connect(row_security.lock_tables, dispatch_uid="councils.row_security")
