"""A whole Vestry as it runs for real: PostgreSQL, web processes, two workers, a mail server."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller

from tools import postgres

WORKERS = 2
PATIENCE = 90


class Mailroom:
    """Takes every message and counts how often each came, by its id."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.taken[message_from_bytes(envelope.content)["Message-ID"]] += 1
        return "250 Taken"


class Town:
    """Starts everything, kills what it is told to kill, and starts that again as a supervisor would."""

    def __init__(self, folder: Path, database: postgres.Server) -> None:
        self.folder, self.database = folder, database
        self.port = postgres.free_port()
        self.mailroom = Mailroom()
        self.mail = Controller(self.mailroom, hostname="127.0.0.1", port=postgres.free_port())
        self.environment = {
            **os.environ,
            "VESTRY_VAR": str(folder),
            "VESTRY_DATABASE_URL": database.url,
            "VESTRY_LIMITS": "off",
            "VESTRY_SECRET_KEY": "only for breaking things" * 3,
            "VESTRY_EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}?tls=none",
            "VESTRY_EMAIL_FROM": "post@harrowmere.example",
            "VESTRY_POOL": "4",
        }
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.web: subprocess.Popen | None = None
        self.workers: list[subprocess.Popen] = []
        self.started_again = 0
        """How often something ended by itself and was started again."""

    def open(self) -> None:
        self.vestry("migrate")
        self.vestry("publish", "packs/harrowmere")
        self.mail.start()
        self.web = self.start("serve", "--port", str(self.port), "--processes", "2")
        self.workers = [self.start("work") for _ in range(WORKERS)]
        self.wait_until_ready()

    def close(self) -> None:
        for process in [*filter(None, [self.web]), *self.workers]:
            process.terminate()
        for process in [*filter(None, [self.web]), *self.workers]:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                end(process)
        with suppress(Exception):
            self.mail.stop()

    def vestry(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "vestry.config.cli", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"vestry {' '.join(words)}: {done.stderr}")
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "vestry.config.cli", *words],
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def log(self) -> str:
        return (self.folder / "log").read_text()[-3000:]

    def look_after(self) -> None:
        """Start again what has ended by itself, as a supervisor does; granian gives up after two deaths."""
        if self.web.poll() is not None:
            self.started_again += 1
            self.web = self.start("serve", "--port", str(self.port), "--processes", "2")
        for which, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.started_again += 1
                self.workers[which] = self.start("work")

    def wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            self.look_after()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5).close()
            except (urllib.error.URLError, OSError):
                if time.monotonic() > until:
                    raise AssertionError(f"Not ready:\n{self.log()}") from None
                time.sleep(0.05)
            else:
                return

    # What can happen. Each is done, and whatever a supervisor would start again is started again.

    def kill_a_web_process(self, chance: random.Random) -> None:
        """One of two: its parent starts another."""
        children = postgres.children_of(self.web.pid)
        if children:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(children), signal.SIGKILL)

    def kill_the_web(self, chance: random.Random) -> None:
        end(self.web)
        self.web = self.start("serve", "--port", str(self.port), "--processes", "2")

    def kill_a_worker(self, chance: random.Random) -> None:
        which = chance.randrange(len(self.workers))
        end(self.workers[which])
        self.workers[which] = self.start("work")

    def kill_a_backend(self, chance: random.Random) -> None:
        """PostgreSQL then throws everybody out and recovers by itself."""
        backends = self.database.backends()
        if backends:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(backends), signal.SIGKILL)

    def stop_the_database(self, chance: random.Random) -> None:
        """At once, in the middle of whatever it does; up again after a while."""
        self.database.stop(signal.SIGQUIT)
        time.sleep(chance.uniform(0, 1))
        self.database.start()

    def kill_the_database(self, chance: random.Random) -> None:
        self.database.kill()
        time.sleep(chance.uniform(0, 1))
        self.database.start()

    def faults(self) -> list:
        # The web and the workers twice as often: they are what people restart.
        return [
            *[self.kill_a_web_process, self.kill_a_worker] * 2,
            self.kill_the_web,
            self.kill_a_backend,
            self.stop_the_database,
            self.kill_the_database,
        ]


def end(process: subprocess.Popen) -> None:
    """Kill a process and what it started; nothing is told beforehand."""
    children = postgres.children_of(process.pid)
    process.kill()
    for pid in children:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
