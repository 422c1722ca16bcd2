"""A Vestry of its own on a PostgreSQL of its own, for one bench."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable

from tools import postgres


def in_a_house(measure: Callable[..., None], *arguments: int) -> int:
    """Measure with the settings of a new, durable server; it is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, postgres.running(durable=True) as server:
        os.environ.update(
            VESTRY_DATABASE_URL=server.url,
            VESTRY_VAR=folder,
            VESTRY_SECRET_KEY="only for a bench" * 4,
            VESTRY_POOL="0",
            DJANGO_SETTINGS_MODULE="vestry.config.settings",
        )
        import django

        django.setup()
        from django.conf import settings

        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        measure(*arguments)
        from django.db import connection

        connection.close()
    return 0
