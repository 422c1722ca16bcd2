import threading

from django.db import OperationalError

from vestry.config import worker
from vestry.councils import api as councils
from vestry.kernel import utc_now


def test_a_turn_visits_every_council_in_its_own_scope(council, other_council, monkeypatch):
    seen = []

    def job(now):
        seen.append(councils.current().slug)
        return 0

    monkeypatch.setattr(worker, "JOBS", (job,))
    assert worker.turn(utc_now()) == 0
    assert seen == ["harrowmere", "saltmarsh"]


def test_a_database_that_went_away_is_waited_for(db, monkeypatch):
    stop, turns = threading.Event(), []

    def turn(now):
        turns.append(now)
        if len(turns) == 1:
            raise OperationalError
        stop.set()
        return 1

    monkeypatch.setattr(worker, "turn", turn)
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0)
    worker.work(stop)
    assert len(turns) == 2
