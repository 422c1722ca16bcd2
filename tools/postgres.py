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
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.machine import find_postgresql

# Faster, and safe while the machine itself stays up: killing the server loses nothing.
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ADMINISTRATOR = "admin"
START_SECONDS = 30


class NoServerError(RuntimeError):
    """PostgreSQL is not installed, or did not start."""


class Server:
    """A server that can be killed and started again where it lay."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        programs = find_postgresql()
        if programs is None:
            raise NoServerError("PostgreSQL's programs (initdb, postgres) are not on this machine")
        self.programs, self.folder, self.durable = programs, folder, durable
        self.user = _unprivileged(folder)
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    def create(self) -> None:
        _initialise(self.programs, self.folder, self.user)
        self.start()
        with self._administrate("postgres", START_SECONDS) as connection:
            connection.execute("CREATE ROLE vestry LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
            connection.execute("CREATE DATABASE vestry OWNER vestry")

    @property
    def url(self) -> str:
        return f"postgresql://vestry@127.0.0.1:{self.port}/vestry"

    def start(self) -> None:
        settings = () if self.durable else NOT_DURABLE
        self.process = _start(self.programs, self.folder, self.port, self.user, settings)

    def ask(self, sql: str, *values: object) -> list[tuple]:
        """What an administrator sees, whose rows they may be. Waits for a server that has just started."""
        with self._administrate("vestry", START_SECONDS) as connection:
            return connection.execute(sql, values).fetchall()

    def backends(self) -> list[int]:
        """The process ids of everything the server runs for those who are connected."""
        sql = "select pid from pg_stat_activity where usename = 'vestry'"
        return [pid for (pid,) in self.ask(sql)]

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends the connections and then the server; SIGQUIT leaves everything where it is."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """As if it had never been told: the server and all it runs, at once."""
        children = children_of(self.process.pid)
        self.process.kill()
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def _administrate(self, database: str, patience: float):
        import psycopg  # noqa: PLC0415 - only once there is something to connect to

        until = time.monotonic() + patience
        while True:
            try:
                return psycopg.connect(
                    host=str(self.folder),
                    port=self.port,
                    user=ADMINISTRATOR,
                    dbname=database,
                    autocommit=True,
                )
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise NoServerError((self.folder / "log").read_text()) from None
                time.sleep(0.05)


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A fresh server with a database owned by the role `vestry`, which may create others."""
    folder = Path(tempfile.mkdtemp(prefix="vestry-pg-"))
    try:
        started = Server(folder, durable=durable)
        try:
            started.create()
            yield started
        finally:
            started.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """The URL of such a server's database."""
    with running(durable=durable) as started:
        yield started.url


def children_of(parent: int) -> list[int]:
    """Process ids, as Linux and macOS tell them."""
    done = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in done.stdout.splitlines())
    return [int(pid) for pid, above in pairs if int(above) == parent]


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
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-p", str(port), *arguments],
            user=user,
            cwd=folder,
            stdout=log,
            stderr=log,
            # A key pressed at the terminal is for the command, not for its database.
            start_new_session=True,
        )


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
