"""Logs: one JSON object a line on standard error, without anybody's details.

What people typed, addresses of pages (they hold journey tokens) and e-mail addresses never go in. What a
library logs becomes such an object too; of a fault it tells, only the kind and the place are kept, because
the text of an exception may quote a person.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

import structlog

OURS = "vestry"

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.JSONRenderer(),
    ],
    logger_factory=lambda *_: logging.getLogger(OURS),
)


class Line(logging.Formatter):
    """One line for one record. What we say comes as JSON already."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        if record.name == OURS:
            return record.getMessage()
        fault = record.exc_info[1] if record.exc_info else None
        said = {
            **(told(fault) if fault else {}),
            "event": record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        return json.dumps(said)


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": Line}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Django names the path of a refused request, and a path may hold a journey's token.
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
    },
}


def told(fault: BaseException) -> dict[str, Any]:
    """What a log may say of a fault: its kind and place. Its message may quote a person."""
    place = fault.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return {
        "error": type(fault).__name__,
        "file": place.tb_frame.f_code.co_filename.rsplit("/", 2)[-1] if place else "",
        "line": place.tb_lineno if place else 0,
    }
