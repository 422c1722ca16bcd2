import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from vestry.councils import api as councils
from vestry.kernel import Ref
from vestry.people import api
from vestry.people.models import Code

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
STATUS = Ref("status", "MB-7K3N-9QFA")


def check(code, *, purpose=STATUS, after=timedelta()):
    return api.check_code(purpose=purpose, code=code, now=NOON + after)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.fixture
def code(council):
    return api.new_code(purpose=STATUS, now=NOON)


def test_a_code_is_six_digits_and_opens_once(code):
    assert len(code) == 6
    assert code.isdecimal()
    assert check(f" {code[:3]} {code[3:]} ")
    assert not check(code)


def test_a_code_opens_only_what_it_was_made_for(code, other_council):
    assert not check(code, purpose=Ref("status", "MB-0000-0000"))
    with councils.scope(other_council):
        assert not check(code)
    assert check(code)


def test_a_code_ends_after_a_quarter_of_an_hour(code):
    assert not check(code, after=timedelta(minutes=15))
    assert check(code, after=timedelta(minutes=15, microseconds=-1))


def test_the_sixth_try_is_one_too_many(code):
    assert [check(wrong(code)) for _ in range(5)] == [False] * 5
    assert not check(code)


def test_the_fifth_try_may_still_be_right(code):
    assert [check(wrong(code)) for _ in range(4)] == [False] * 4
    assert check(code)


@pytest.mark.parametrize("typed", ["", "abc", "12345", "١٢٣٤٥٦", "\x00", "9" * 5000, "\ud800"])
def test_nonsense_opens_nothing(code, typed):
    assert not check(typed)
    assert check(code)


def test_a_new_code_replaces_the_one_before(code):
    newer = api.new_code(purpose=STATUS, now=NOON)
    assert newer == code or not check(code)
    assert check(newer)


def test_five_codes_an_hour(council):
    made = [api.new_code(purpose=STATUS, now=NOON + timedelta(minutes=n)) for n in range(7)]
    assert [code is not None for code in made] == [True] * 5 + [False] * 2
    assert api.new_code(purpose=STATUS, now=NOON + timedelta(hours=1)) is not None
    assert api.new_code(purpose=Ref("status", "another"), now=NOON) is not None


def test_the_code_itself_is_not_kept(code):
    row = Code.objects.get()
    assert code not in f"{row.hash} {row.made} {row.purpose}"


def test_what_no_longer_counts_is_forgotten(code):
    assert api.forget_expired(now=NOON + timedelta(hours=1)) == 0
    assert api.forget_expired(now=NOON + timedelta(hours=2)) == 1
    assert api.forget_expired(now=NOON + timedelta(hours=2)) == 0
    assert not Code.objects.exists()


def test_sessions_that_have_ended_are_forgotten_and_others_are_not(council, other_council):
    from vestry.people.models import Session
    from vestry.people.sessions import SessionStore

    def a_session(minutes):
        session = SessionStore()
        session["x"] = 1
        session.set_expiry(NOON + timedelta(minutes=minutes))
        session.save()
        return session.session_key

    a_session(-1)
    kept = a_session(1)
    with councils.scope(other_council):
        theirs = a_session(-1)
    assert api.forget_expired(now=NOON) == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == [kept]
    with councils.scope(other_council):
        assert Session.objects.filter(session_key=theirs).exists()


class Guessing(RuleBasedStateMachine):
    """Against a plain account of what ought to open."""

    def __init__(self):
        super().__init__()
        self.now = NOON
        self.made = []
        self.good, self.until, self.left = None, NOON, 0
        self.purpose = Ref("status", f"MB-{id(self)}")
        Code.objects.all().delete()

    @rule()
    def another(self):
        lately = [at for at in self.made if at > self.now - timedelta(hours=1)]
        code = api.new_code(purpose=self.purpose, now=self.now)
        assert (code is None) == (len(lately) >= 5)
        if code:
            self.made.append(self.now)
            self.good, self.until, self.left = code, self.now + timedelta(minutes=15), 5

    @rule(right=st.booleans())
    def try_one(self, right):
        code = (self.good or "000000") if right else wrong(self.good or "000000")
        expected = right and self.good is not None and self.left > 0 and self.now < self.until
        assert api.check_code(purpose=self.purpose, code=code, now=self.now) == expected
        self.left -= 1
        if expected:
            self.good = None

    @rule(minutes=st.integers(1, 70))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @invariant()
    def one_row(self):
        assert Code.objects.count() <= 1


def test_codes_open_what_they_should_and_nothing_else(council):
    run_state_machine_as_test(
        Guessing,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_get_five_tries_between_them(django_db_serialized_rollback):
    council = councils.establish(slug="busy", name="Busy", hosts=["busy.localhost"])
    with councils.scope(council):
        code = api.new_code(purpose=STATUS, now=NOON)
    gate, opened = threading.Barrier(12), []

    def guess():
        try:
            with councils.scope(council):
                gate.wait()
                opened.append(check(code))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened.count(True) == 1
    assert connection.vendor == "postgresql"
