"""A worker killed while it delivers loses nothing: the real command, a real mail server, SIGKILL."""

import os
import signal
import subprocess
import sys
from collections import Counter
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from tests.journeys.site import fresh_database
from tools.postgres import free_port

# Which attempts the worker does not survive: killed before the server has the message, or after it took it
# and before the worker heard so.
BEFORE, AFTER = {2, 6}, {1, 4, 7}
PATIENCE = 60


class Mailroom:
    """Takes every message, and ends the worker at some of them."""

    def __init__(self):
        self.taken = []
        self.attempts = 0
        self.worker = None

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        self.attempts += 1
        if self.attempts in BEFORE:
            self.end_worker()
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content)["Message-ID"])
        if self.attempts in AFTER:
            self.end_worker()
        return "250 Taken"

    def end_worker(self):
        self.worker.send_signal(signal.SIGKILL)
        self.worker.wait()


@pytest.fixture
def mailroom():
    room = Mailroom()
    controller = Controller(room, hostname="127.0.0.1", port=free_port())
    controller.start()
    room.port = controller.port
    yield room
    controller.stop()


@pytest.fixture
def environment(tmp_path, mailroom):
    made = {
        **os.environ,
        "VESTRY_VAR": str(tmp_path),
        "VESTRY_DATABASE_URL": fresh_database(tmp_path),
        "VESTRY_EMAIL_URL": f"smtp://127.0.0.1:{mailroom.port}?tls=none",
        "VESTRY_EMAIL_FROM": "post@harrowmere.example",
    }
    made.pop("DJANGO_SETTINGS_MODULE", None)
    return made


@pytest.mark.slow
def test_every_message_arrives_at_least_once_with_one_id(mailroom, environment):
    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_worker():
        mailroom.worker = subprocess.Popen(
            [sys.executable, "-m", "vestry.config.cli", "work"], env=environment
        )

    run("vestry.config.cli", "migrate")
    run("tests.faults.post", "queue")
    for _ in BEFORE | AFTER:
        start_worker()
        assert mailroom.worker.wait(PATIENCE) == -signal.SIGKILL
        run("tests.faults.post", "overdue")
    start_worker()
    try:
        run("tests.faults.post", "settled")
    finally:
        mailroom.worker.terminate()
        mailroom.worker.wait(PATIENCE)
    rows = [line.split() for line in run("tests.faults.post", "ids").splitlines()]
    arrived = Counter(mailroom.taken)
    assert set(arrived) == {message_id for message_id, *_ in rows}
    assert len(rows) == 12
    assert {state for _, state, _ in rows} == {"sent"}
    # What was taken before the worker could hear so came again, with the same id; nothing else did.
    assert sum(arrived.values()) == len(rows) + len(AFTER)
    assert sum(int(attempts) for *_, attempts in rows) == len(rows) + len(BEFORE | AFTER)
