"""The worker: lets every reader read on, and does what the clock asks, council by council.

It holds no state of its own. Kill it at any moment; the next one, or another beside it, goes on from the
stored positions.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import structlog
from django.db import Error, InterfaceError, OperationalError, close_old_connections

from vestry.config.logs import told
from vestry.councils import api as councils
from vestry.kernel import utc_now
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.people import api as people
from vestry.services import jobs as services_jobs
from vestry.services.readers import OnRules

log = structlog.get_logger()

# Who listens to the ledger.
READERS: tuple[ledger.Reader, ...] = (OnRules(),)
# What the clock asks: each does what is due by now and says how much it did.
JOBS: tuple[Callable[[datetime], int], ...] = (
    lambda now: notify.deliver_due(now=now),
    lambda now: services_jobs.abandon_idle(now=now),
    lambda now: people.forget_expired(now=now),
)
# Residents wait for codes by email, so idle turns are short; one costs a few small queries a council.
PAUSE_SECONDS = 1.0


def turn(now: datetime) -> int:
    """One round over all councils. Returns how much was done; 0 means there is time for a pause."""
    started, done = monotonic(), 0
    tasks = (*(partial(_read_on, reader) for reader in READERS), *JOBS)
    for council in councils.all_councils():
        for task in tasks:
            with councils.scope(council):
                # A slow mail server makes a round long; what is leased in it is leased from then.
                done += _try(task, council, now + timedelta(seconds=int(monotonic() - started)))
    return done


def _read_on(reader: ledger.Reader, now: datetime) -> int:
    return ledger.read_on(reader, now=now)


def _try(task: Callable[[datetime], int], council: councils.CouncilView, now: datetime) -> int:
    """One task of one council. What breaks in it is logged, and stops no other task and no other council."""
    try:
        return task(now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it is, the post of every council hangs on this loop
        log.error("worker_failed", council=council.slug, **told(fault))  # noqa: TRY400 - nobody's details
        return 0


def work(stop: threading.Event) -> None:
    """Turn until told to stop. A database that went away is waited for."""
    while not stop.is_set():
        try:
            close_old_connections()
            done = turn(utc_now())
        except Error as error:
            log.warning("worker_waits_for_database", error=type(error).__name__)
            done = 0
        if not done:
            stop.wait(PAUSE_SECONDS)


def start_inside() -> threading.Thread:
    """The worker as a thread of the web process: for trying out, and for the smallest councils."""
    thread = threading.Thread(target=work, args=(threading.Event(),), name="vestry-worker", daemon=True)
    thread.start()
    return thread
