"""A running Vestry, started the way `make run` starts it, for a browser to walk through."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tools.postgres import free_port

START_SECONDS = 180


@dataclass(frozen=True)
class Site:
    """Where it is. ``url`` is Harrowmere, ``saltmarsh`` the council next door."""

    url: str
    saltmarsh: str
    environment: dict[str, str]
    process: subprocess.Popen


def fresh_database(folder: Path) -> str:
    """A database of its own beside the one the other tests use, on the same kind of server."""
    url = os.environ["VESTRY_DATABASE_URL"]
    if not url.startswith("postgres"):
        return f"sqlite:///{folder / 'vestry.sqlite3'}"
    import psycopg

    name = f"journeys_{os.getpid()}_{free_port()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Site]:
    """Start ``vestry demo`` on a free port with a database of its own; end it by its process id."""
    port = free_port()
    environment = {
        **os.environ,
        "VESTRY_VAR": str(folder),
        "VESTRY_DATABASE_URL": fresh_database(folder),
        "VESTRY_POOL": "4",
        "VESTRY_DEMO": "1",
        **more,
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "vestry.config.cli", "demo", "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=log,
    )
    try:
        _wait(port, process, folder / "log")
        yield Site(
            url=f"http://localhost:{port}",
            saltmarsh=f"http://saltmarsh.localhost:{port}",
            environment=environment,
            process=process,
        )
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait(port: int, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"The site did not start:\n{log.read_text()}") from None
            time.sleep(0.1)
        else:
            return
