"""A worker process with a reader that writes down what it was handed: `python -m tests.faults.listen`."""
# ruff: noqa: E402 - Django is set up before anything of ours is imported

import os
import signal
import threading
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vestry.config.settings")

import django

django.setup()

from django.db import connection

from vestry.config import worker
from vestry.ledger import reading


class Scribe:
    """Notes each fact in its own transaction; stumbles over every ninth the first time it sees it."""

    name = "scribe"
    wants = reading.Wanted()

    def __init__(self):
        self.stumbled = set()

    def handle(self, fact, *, now):
        if fact.seq % 9 == 0 and fact.seq not in self.stumbled:
            self.stumbled.add(fact.seq)
            raise RuntimeError
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into heard (worker, council, seq, subject)"
                " values (%s, current_setting('vestry.council')::bigint, %s, %s)",
                [os.getpid(), fact.seq, str(fact.subject)],
            )


if __name__ == "__main__":
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker.READERS = (Scribe(),)
    worker.PAUSE_SECONDS = 0.05
    reading.WAITS = (timedelta(milliseconds=20),) * 4
    worker.work(stop)
