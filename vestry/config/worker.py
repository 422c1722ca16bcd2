"""The worker: lets every reader read on, and does what the clock asks, council by council.

It holds no state of its own. Kill it at any moment; the next one, or another beside it, goes on from the
stored positions.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import structlog
from django.db import Error, InterfaceError, OperationalError, close_old_connections

from vestry.book import jobs as book_jobs
from vestry.book.readers import Frees
from vestry.config import environment, renewals
from vestry.config.logs import told
from vestry.councils import api as councils
from vestry.documents import jobs as documents_jobs
from vestry.kernel import utc_now
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.pay import jobs as pay_jobs
from vestry.people import api as people
from vestry.services import api as services
from vestry.services import jobs as services_jobs
from vestry.services.readers import CallsForWork, MovesDays, OnRules, Settles, StopsWaiting
from vestry.strategy import jobs as strategy_jobs
from vestry.strategy.readers import Tallies
from vestry.technology import jobs as technology_jobs

log = structlog.get_logger()

# Who listens to the ledger.
READERS: tuple[ledger.Reader, ...] = (
    Settles(),
    StopsWaiting(),
    Frees(),
    MovesDays(),
    OnRules(),
    CallsForWork(),
    Tallies(),
)
# What the clock asks in every turn: each does what is due by now and says how much it did.
JOBS: tuple[Callable[[datetime], int], ...] = (
    lambda now: book_jobs.offer_freed(now=now),
    lambda now: notify.deliver_due(now=now),
    lambda now: pay_jobs.ask_provider(now=now),
)
# What nobody waits for.
EACH_MINUTE: tuple[Callable[[datetime], int], ...] = (
    lambda now: notify.ask_receipts(now=now),
    lambda now: services_jobs.abandon_idle(now=now),
    lambda now: services_jobs.sending_due(now=now),
    lambda now: services_jobs.capabilities_due(now=now),
    lambda now: services_jobs.days_come(now=now),
    lambda now: services_jobs.forget_due(now=now),
    lambda now: renewals.remind(now=now),
    lambda now: notify.forget_codes(now=now),
    lambda now: people.forget_expired(now=now),
    lambda now: technology_jobs.fall_due(now=now),
    lambda now: strategy_jobs.measure_due(now=now),
    lambda now: ledger.seal_when_due(now=now),
    lambda now: pay_jobs.tidy_up(now=now),
    lambda now: documents_jobs.scan_waiting(now=now),
    lambda now: documents_jobs.sweep(now=now, answers=lambda owner: services.texts_of(journey=owner)),
)
# What takes long, in a thread of its own, so that nobody's post waits for it.
SLOW: tuple[Callable[[datetime], int], ...] = (
    lambda now: technology_jobs.look(now=now),
    lambda now: book_jobs.read_feeds(now=now),
)
# Residents wait for codes by email, so idle turns are short; one costs a few small queries a council.
PAUSE_SECONDS = 1.0
MINUTE = 60.0


def turn(now: datetime, *, unhurried: bool = True) -> int:
    """One round over all councils. Returns how much was done; 0 means there is time for a pause.

    ``unhurried`` says whether what is asked each minute is done too.
    """
    started, done = monotonic(), 0
    tasks = (*(partial(_read_on, reader) for reader in READERS), *JOBS, *(EACH_MINUTE if unhurried else ()))
    for council in _from_anywhere(councils.all_councils()):
        with councils.scope(council):
            for task in tasks:
                # A slow mail server makes a round long; what is leased in it is leased from then.
                done += _try(task, council, now + timedelta(seconds=int(monotonic() - started)))
    return done


def slow_turn(now: datetime) -> int:
    """One round of what takes long. Returns how much was done."""
    done = 0
    for council in _from_anywhere(councils.all_councils()):
        with councils.scope(council):
            done += sum(_try(task, council, now) for task in SLOW)
    return done


def _from_anywhere(every: list[councils.CouncilView]) -> list[councils.CouncilView]:
    """All councils, beginning with any: workers beside each other don't wait at the same door."""
    first = random.randrange(len(every)) if every else 0  # noqa: S311 - nobody gains by guessing
    return every[first:] + every[:first]


def _read_on(reader: ledger.Reader, now: datetime) -> int:
    return ledger.read_on(reader, now=now)


def _try(task: Callable[[datetime], int], council: councils.CouncilView, now: datetime) -> int:
    """One task of one council. What breaks in it is logged, and stops no other task and no other council."""
    try:
        with traced(task, council):
            return task(now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it is, the post of every council hangs on this loop
        log.error("worker_failed", council=council.slug, **told(fault))  # noqa: TRY400 - nobody's details
        return 0


def traced(task: Callable[[datetime], int], council: councils.CouncilView) -> AbstractContextManager[None]:
    """A span around a task, where traces are wanted."""
    if not environment.TRACES:
        return nullcontext()
    from vestry.config import traces  # noqa: PLC0415 - only with it comes OpenTelemetry

    return traces.task(name_of(task), council.slug)


def name_of(task: Callable[[datetime], int]) -> str:
    """A reader by its name, a job by what it calls: ``notify.deliver_due``."""
    if isinstance(task, partial):
        return str(task.args[0].name)
    called = task.__code__.co_names if hasattr(task, "__code__") else ()
    return ".".join(called) or type(task).__name__


def work(stop: threading.Event) -> None:
    """Turn until told to stop. A database that went away is waited for."""
    last = 0.0
    while not stop.is_set():
        try:
            close_old_connections()
            due = not last or monotonic() - last >= MINUTE
            done = turn(utc_now(), unhurried=due)
            last = monotonic() if due else last
        except Error as error:
            log.warning("worker_waits_for_database", error=type(error).__name__)
            done = 0
        if not done:
            stop.wait(PAUSE_SECONDS)


def work_slowly(stop: threading.Event) -> None:
    """The same for what takes long."""
    while not stop.is_set():
        try:
            close_old_connections()
            done = slow_turn(utc_now())
        except Error as error:
            log.warning("worker_waits_for_database", error=type(error).__name__)
            done = 0
        if not done:
            stop.wait(PAUSE_SECONDS)


def start_slowly(stop: threading.Event) -> threading.Thread:
    """The thread for what takes long."""
    thread = threading.Thread(target=work_slowly, args=(stop,), name="vestry-worker-slow", daemon=True)
    thread.start()
    return thread


def start_inside() -> threading.Thread:
    """The worker as a thread of the web process: for trying out, and for the smallest councils."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name="vestry-worker", daemon=True)
    thread.start()
    start_slowly(stop)
    return thread
