"""The web process: ``granian --interface wsgi vestry.config.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vestry.config.settings")
application = get_wsgi_application()

from vestry.config import environment, worker  # noqa: E402 - Django must be set up first

if environment.WORKER_INSIDE:
    worker.start_inside()
