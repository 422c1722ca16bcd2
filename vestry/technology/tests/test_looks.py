"""Looks: asked for by an officer, done by the worker once, taken in with their evidence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from vestry.kernel import plug
from vestry.technology import api as technology
from vestry.technology import jobs, models
from vestry.technology.ports import Finding, NotLookedAt, Progress
from vestry.technology.tests.technologies import NOON, OLD, PRIYA, TOOL, put, run

LATER = NOON + timedelta(minutes=6)


class Scripted:
    """Probes that see what they are told to see, and say what was asked of them."""

    def __init__(self, seen=None, fault=None):
        self.seen, self.fault, self.asked, self.meanwhile = seen or run(), fault, [], None

    def check(self, walk):
        if not walk.startswith("title:"):
            raise technology.NotAJourney(why="it has no title")

    def look(self, address, *, now, told, leave="", walk=""):
        self.asked.append((address, leave, walk))
        told(Progress(doing="Opening its pages", step=3, of=9))
        self.meanwhile = technology.last_look(OLD.ref)
        if self.fault:
            raise self.fault
        return self.seen


@pytest.fixture
def probes(council, monkeypatch):
    from vestry import kernel

    monkeypatch.setattr(kernel, "_plugs", dict(kernel._plugs))
    put()

    def with_(made):
        plug("technology.probes", lambda: made)
        return made

    return with_


def ask(now=NOON, **more):
    words = {"about": OLD.ref, "address": "https://old.example/", "by": PRIYA, "now": now}
    return technology.ask_look(**(words | more))


def test_a_look_is_done_once_and_what_it_saw_is_evidence(probes):
    made = probes(Scripted())
    assert ask(leave="letter of 3 May", walk="title: x") == 1
    assert technology.last_look(OLD.ref).state == "asked"
    assert jobs.look(now=NOON) == 1
    assert jobs.look(now=NOON) == 0
    assert made.asked == [("https://old.example/", "letter of 3 May", "title: x")]
    assert (made.meanwhile.state, made.meanwhile.step, made.meanwhile.of) == ("looking", 3, 9)
    last = technology.last_look(OLD.ref)
    assert (last.state, last.findings, last.going_on) == ("ended", 1, False)
    stand = technology.get_stand("old-booker", NOON.date())
    held = stand.standings["M1"]
    assert (held.verdict, held.piece.means, held.piece.sentence) == (
        technology.Verdict.NOT_MET,
        "observed",
        "1024 pixels at 360.",
    )
    sha256 = last.files[0]["sha256"]
    assert technology.kept_file(about=OLD.ref, sha256=sha256) == (
        "headers.txt",
        "text/plain",
        b"server: old",
    )


def test_evidence_of_one_technology_is_not_shown_for_another(probes):
    probes(Scripted())
    ask()
    jobs.look(now=NOON)
    sha256 = technology.last_look(OLD.ref).files[0]["sha256"]
    with pytest.raises(technology.NoSuchEvidence):
        technology.kept_file(about=TOOL.ref, sha256=sha256)


def test_what_was_seen_before_stays_when_a_later_look_is_blocked(probes):
    probes(Scripted())
    ask()
    jobs.look(now=NOON)
    blocked = Finding(criterion="M1", verdict=technology.Verdict.NOT_KNOWN, sentence="It asks to sign in.")
    first = Finding(criterion="M2", verdict=technology.Verdict.NOT_KNOWN, sentence="It asks to sign in.")
    probes(Scripted(run(blocked, first, started=NOON + timedelta(days=1))))
    ask()
    assert jobs.look(now=NOON + timedelta(days=1)) == 1
    stand = technology.get_stand("old-booker", NOON.date() + timedelta(days=1))
    assert stand.standings["M1"].verdict == technology.Verdict.NOT_MET
    assert stand.standings["M2"].piece.sentence == "It asks to sign in."


def test_what_cannot_be_looked_at_says_why_and_holds_nothing_against_it(probes):
    probes(Scripted(fault=NotLookedAt(why="it leads inside")))
    ask()
    assert jobs.look(now=NOON) == 1
    last = technology.last_look(OLD.ref)
    assert (last.state, last.findings) == ("failed", 0)
    assert "it leads inside" in last.reason
    assert not models.Evidence.objects.exists()
    assert ask() == 2


def test_one_look_at_a_time(probes):
    probes(Scripted())
    ask()
    with pytest.raises(technology.LookingAlready):
        ask()
    with pytest.raises(technology.NotAnAddress):
        ask(address="old.example")


def test_what_is_no_journey_is_said_before_anybody_looks(probes):
    probes(Scripted())
    with pytest.raises(technology.NotAJourney, match="it has no title"):
        ask(walk="press: Start now")
    assert technology.last_look(OLD.ref) is None
    assert ask(walk=" \n ") == 1
    assert technology.last_look(OLD.ref).walk == ""


def test_a_look_whose_worker_died_is_done_again_and_given_up_after_two(probes):
    ask()
    probes(Scripted(fault=SystemError("killed")))
    for now in (NOON, LATER):
        with pytest.raises(SystemError):
            jobs.look(now=now)
        # Until its lease is over nobody takes it up.
        assert jobs.look(now=now) == 0
        models.Look.objects.update(due=now + timedelta(minutes=5))
    assert jobs.look(now=LATER + timedelta(minutes=5)) == 0
    last = technology.last_look(OLD.ref)
    assert last.state == "failed"
    assert "twice" in last.reason


def test_a_second_worker_that_ends_the_same_look_adds_nothing(probes):
    probes(Scripted())
    ask()
    claimed = technology.claim_look(now=NOON)
    assert technology.end_look(look=claimed, run=run(), now=NOON) == 1
    assert technology.end_look(look=claimed, run=run(), now=NOON) == 0
    assert models.Evidence.objects.count() == 1


def test_no_look_takes_up_what_another_council_asked(probes, other_council):
    from vestry.councils import api as councils

    probes(Scripted())
    ask()
    with councils.scope(other_council):
        assert jobs.look(now=NOON) == 0
        technology.put_entries([replace(OLD, title="Theirs")], now=NOON)
        assert technology.last_look(OLD.ref) is None
