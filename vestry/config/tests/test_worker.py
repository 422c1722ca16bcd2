import threading

import pytest
from django.db import DataError, OperationalError

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
    assert sorted(seen) == ["harrowmere", "saltmarsh"]


@pytest.mark.parametrize("fault", [RuntimeError("sam@example.com"), DataError("sam@example.com")])
def test_what_breaks_in_one_council_stops_neither_its_other_tasks_nor_the_next(
    council, other_council, monkeypatch, caplog, fault
):
    done = []

    def breaks(now):
        if councils.current().slug == "harrowmere":
            raise fault
        return 0

    def works(now):
        done.append(councils.current().slug)
        return 1

    monkeypatch.setattr(worker, "JOBS", (breaks, works))
    assert worker.turn(utc_now()) == 2
    assert sorted(done) == ["harrowmere", "saltmarsh"]
    assert type(fault).__name__ in caplog.text
    assert "sam@" not in caplog.text


def test_a_database_that_went_away_is_waited_for(db, monkeypatch):
    stop, turns = threading.Event(), []

    def turn(now, *, unhurried):
        turns.append(now)
        if len(turns) == 1:
            raise OperationalError
        stop.set()
        return 1

    monkeypatch.setattr(worker, "turn", turn)
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0)
    worker.work(stop)
    assert len(turns) == 2


def test_what_nobody_waits_for_is_not_asked_in_every_turn(db, monkeypatch):
    stop, asked = threading.Event(), []

    def turn(now, *, unhurried):
        asked.append(unhurried)
        if len(asked) == 3:
            stop.set()
        return 1

    monkeypatch.setattr(worker, "turn", turn)
    worker.work(stop)
    assert asked == [True, False, False]
