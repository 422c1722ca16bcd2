"""A Vestry of its own on a database of its own, for one bench."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack

from tools import postgres


def in_a_house(measure: Callable[..., None], *arguments: int, embedded: bool = False) -> int:
    """Measure with the settings of a new, durable server, or with SQLite; it is gone afterwards."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{folder}/vestry.sqlite3"
        if not embedded:
            url = stack.enter_context(postgres.running(durable=True)).url
        os.environ.update(
            VESTRY_DATABASE_URL=url,
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
