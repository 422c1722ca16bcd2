"""``vestry work``: the worker process. Several may run beside each other."""

from __future__ import annotations

import argparse
import signal
import threading
from typing import Any


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    verbs.add_parser("work", help="send messages, follow up facts, keep the clock").set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Work until told to stop; what is begun is finished first."""
    from vestry.config import worker

    stop = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stop.set())
    print("Vestry sends messages and follows up facts. Stop with Ctrl+C.", flush=True)
    # A look that is cut off half way is taken up again by the next worker.
    worker.start_slowly(stop)
    worker.work(stop)
    return 0
