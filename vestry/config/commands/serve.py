"""``vestry serve``: the web process."""

from __future__ import annotations

import argparse
import socket
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from vestry.kernel import Refused


class PortTaken(Refused):
    """Port {port} is in use. Stop what is there, or choose another port, such as {other}."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("serve", help="serve the pages and the API")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=1, help="web processes (default: %(default)s)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Collect the static files and serve until told to stop."""
    from vestry.config import assets

    refuse_taken(args.host, args.port)
    assets.collect()
    print(f"Vestry serves on http://{args.host}:{args.port}/. Stop with Ctrl+C.", flush=True)
    listen(args.host, args.port, processes=args.processes)
    return 0


def refuse_taken(host: str, port: int) -> None:
    """Raise `PortTaken` where somebody listens: Linux would share the port between both, and say nothing."""
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise PortTaken(port=port, other=port + 1)


def listen(host: str, port: int, *, processes: int = 1) -> None:
    """Serve on one address. Four threads: measured as fast as more on two cores."""
    _keep_nothing_open()
    Granian(
        "vestry.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=4,
        log_access=False,
        log_level="warning",
        respawn_failed_workers=True,
    ).serve()


def _keep_nothing_open() -> None:
    """Leave no connection behind for the processes that are forked from here.

    They would share its socket with this one, and of a pool have all but the threads that make it grow: the
    worker would hold the only connection, and pages wait for it.
    """
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()
