"""A throwaway PostgreSQL server: `python -m tools.postgres [--durable] COMMAND...`

Starts one in a temporary folder, runs the command with VESTRY_DATABASE_URL pointing at it, and ends it. It
listens on this machine only. What connects is an ordinary role, never a superuser: row-level security does
not hold superusers back, so a test run as one would prove nothing.
"""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.machine import find_postgresql

# Faster, and safe while the machine itself stays up: killing the server loses nothing.
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ADMINISTRATOR = "admin"
START_SECONDS = 30


class NoServerError(RuntimeError):
    """PostgreSQL is not installed, or did not start."""


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Yield the URL of a fresh database, owned by the role `vestry`, which may create others."""
    programs = find_postgresql()
    if programs is None:
        raise NoServerError("PostgreSQL's programs (initdb, postgres) are not on this machine")
    folder = Path(tempfile.mkdtemp(prefix="vestry-pg-"))
    user = _unprivileged(folder)
    process = None
    try:
        _initialise(programs, folder, user)
        port = free_port()
        process = _start(programs, folder, port, user, () if durable else NOT_DURABLE)
        _prepare(process, folder, port)
        yield f"postgresql://vestry@127.0.0.1:{port}/vestry"
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Below 32768: ports above are handed out to outgoing connections, and a server may not start there."""
    for _ in range(200):
        port = random.randint(20_000, 32_000)  # noqa: S311 - any free one will do
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NoServerError("no free port between 20000 and 32000")


def _unprivileged(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; give the folder to somebody who is not."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in known else "nobody"
    shutil.chown(folder, user)
    return user


def _initialise(programs: Path, folder: Path, user: str | None) -> None:
    done = subprocess.run(
        [
            *(programs / "initdb", "--pgdata", folder / "data", "--username", ADMINISTRATOR),
            *("--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"),
        ],
        user=user,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoServerError(f"initdb failed: {done.stderr.strip()}")


def _start(
    programs: Path, folder: Path, port: int, user: str | None, settings: tuple[str, ...]
) -> subprocess.Popen:
    options = [f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1", "max_connections=200"]
    arguments = [word for setting in (*options, *settings) for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-p", str(port), *arguments],
            user=user,
            cwd=folder,
            stdout=log,
            stderr=log,
            # A key pressed at the terminal is for the command, not for its database.
            start_new_session=True,
        )


def _prepare(process: subprocess.Popen, folder: Path, port: int) -> None:
    import psycopg  # noqa: PLC0415 - only once there is something to connect to

    until = time.monotonic() + START_SECONDS
    while True:
        try:
            connection = psycopg.connect(
                host=str(folder), port=port, user=ADMINISTRATOR, dbname="postgres", autocommit=True
            )
            break
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise NoServerError((folder / "log").read_text()) from None
            time.sleep(0.05)
    with connection:
        connection.execute("CREATE ROLE vestry LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        connection.execute("CREATE DATABASE vestry OWNER vestry")


def _stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: ends the connections, then itself
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def main(arguments: list[str]) -> int:
    durable = arguments[:1] == ["--durable"]
    command = arguments[durable:]
    if not command:
        print(__doc__)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server(durable=durable) as url:
        return subprocess.run(command, env={**os.environ, "VESTRY_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
