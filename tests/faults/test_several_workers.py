"""Workers beside each other share what is to do: real processes, one PostgreSQL."""

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict

import pytest
from django.db import connection, connections

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Fact, Ref, utc_now
from vestry.ledger import api as ledger

SUBJECTS, EACH, WORKERS, PATIENCE = 6, 20, 3, 90


class Knocked(Fact):
    """Somebody knocked."""

    name = "tests.knocked"
    sentence = "Somebody knocked."
    privacy = "Nothing is said."

    def payload(self):
        return {}


@pytest.fixture
def two_councils(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(
            "create table heard"
            " (id bigserial primary key, worker int, council bigint, seq bigint, subject text)"
        )
    yield [
        councils.establish(slug=slug, name=slug, hosts=[f"{slug}.localhost"]) for slug in ("busy", "quiet")
    ]
    with connection.cursor() as cursor:
        cursor.execute("drop table heard")


@pytest.fixture
def start(two_councils):
    """`start(3)`: so many workers."""
    settings, started = connection.settings_dict, []
    url = f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"

    def some(number):
        for _ in range(number):
            command = [sys.executable, "-m", "tests.faults.listen"]
            started.append(subprocess.Popen(command, env={**os.environ, "VESTRY_DATABASE_URL": url}))

    yield some
    for process in started:
        process.terminate()
    assert {process.wait(PATIENCE) for process in started} == {0}, "asked to stop, each one did"


def knock(council, subject):
    with councils.scope(council), ledger.transaction():
        ledger.record(Knocked(), subject=Ref("door", str(subject)), actor=SYSTEM, now=utc_now())


def heard():
    with connection.cursor() as cursor:
        cursor.execute("select council, subject, seq, worker from heard order by id")
        return cursor.fetchall()


def wait_for(count):
    until = time.monotonic() + PATIENCE
    while len(heard()) < count:
        assert time.monotonic() < until, f"{len(heard())} of {count} facts were handled"
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.postgresql
def test_each_fact_is_handled_once_and_in_the_order_of_its_subject(two_councils, start):
    busy, quiet = two_councils
    start(WORKERS)

    def write(subject):
        try:
            for _ in range(EACH):
                knock(busy, subject)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(subject,)) for subject in range(SUBJECTS)]
    for writer in writers:
        writer.start()
    knock(quiet, 1)
    for writer in writers:
        writer.join()
    wait_for(SUBJECTS * EACH + 1)

    by_subject = defaultdict(list)
    for council, subject, seq, _ in heard():
        by_subject[council, subject].append(seq)
    assert all(seqs == sorted(set(seqs)) for seqs in by_subject.values()), "in order, none twice"
    assert sorted(map(len, by_subject.values())) == [1, *[EACH] * SUBJECTS]
    assert len({worker for *_, worker in heard()}) > 1, "more than one had a part in it"
    for council in two_councils:
        with councils.scope(council):
            assert ledger.parked() == []


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_quiet_council_does_not_wait_behind_a_busy_one(two_councils, start):
    busy, quiet = two_councils
    backlog = 300  # more than a worker handles of one council before it turns to the next
    for number in range(backlog):
        knock(busy, number)
    knock(quiet, 1)
    start(1)
    wait_for(backlog + 1)
    order = [council for council, *_ in heard()]
    assert order.index(quiet.id) < backlog
