"""The web process: ``granian --interface wsgi vestry.config.wsgi:application``."""

from __future__ import annotations

import os
from collections.abc import Mapping

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vestry.config.settings")


class Request(WSGIRequest):
    """A request as Django reads it, in UTF-8, whatever letters it claims to be written in.

    Django believes ``charset=rot13`` and breaks over it before anything of ours, even a log, is there.
    """

    def _set_content_type_params(self, meta: Mapping[str, str]) -> None:
        try:
            said = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:  # an encoding of its own that isn't one: ``x*=nonsense''y``
            said = ("", {})
        self.content_type, self.content_params = said


class Handler(WSGIHandler):
    """Django's, with our requests."""

    request_class = Request


django.setup(set_prefix=False)
application = Handler()

from vestry.config import environment, worker  # noqa: E402 - Django must be set up first

if environment.WORKER_INSIDE:
    worker.start_inside()
