"""The facts of officers, replayed, give what their rows hold: who is stopped, second steps, sessions."""

from collections import Counter

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from vestry.kernel import SYSTEM, utc_now
from vestry.ledger import api as ledger
from vestry.ledger.tests.undone import run_undone
from vestry.people import api
from vestry.people.models import Officer, Session
from vestry.people.tests.officers import PLACEMENTS, TEAMS, put_everybody, put_officers, sign_in

SLUGS = [placement.slug for placement in PLACEMENTS[:3]]
who = st.sampled_from(SLUGS)


def replay(facts):
    """Who is stopped, which second steps and how many sessions they have, by the facts alone."""
    stopped, steps, sessions = set(), {}, Counter()
    for fact in facts:
        officer, said = fact.subject.key, fact.payload
        if fact.name == "people.officer_stopped":
            assert officer not in stopped
            stopped.add(officer)
        elif fact.name == "people.officer_allowed":
            stopped.remove(officer)
        elif fact.name == "people.second_step_added":
            steps[said["number"]] = (officer, said["kind"])
        elif fact.name == "people.second_step_removed":
            assert steps.pop(said["number"]) == (officer, said["kind"])
        elif fact.name == "people.signed_in":
            assert officer not in stopped
            sessions[officer] += 1
        elif fact.name == "people.sessions_ended":
            assert 0 < said["count"] <= sessions[officer]
            sessions[officer] -= said["count"]
    return stopped, steps, +sessions


def held():
    """The same by the rows."""
    accounts = dict(Officer.objects.values_list("account_id", "slug"))
    mine = Authenticator.objects.filter(user_id__in=accounts)
    signed_in = Session.objects.filter(account__in=accounts).values_list("account_id", flat=True)
    return (
        set(Officer.objects.filter(stopped=True).values_list("slug", flat=True)),
        {row.pk: (accounts[row.user_id], row.type) for row in mine},
        Counter(accounts[account] for account in signed_in),
    )


class Working(RuleBasedStateMachine):
    """Officers who come, are stopped and come back, as the pack and whoever looks after Vestry say."""

    @initialize()
    def begin(self):
        self.listed = {placement.slug: placement for placement in PLACEMENTS}
        self.put()

    def put(self, second_step=()):
        put_officers(self.listed.values(), demo_second_step=second_step)

    @rule(slug=who)
    def leave_out(self, slug):
        self.listed.pop(slug, None)
        self.put()

    @rule(slug=who, teams=st.dictionaries(st.sampled_from(sorted(TEAMS)), st.just(("officer",))))
    def place(self, slug, teams):
        (was,) = (each for each in PLACEMENTS if each.slug == slug)
        self.listed[slug] = api.Placement(slug=slug, name=was.name, email=was.email, teams=teams)
        self.put()

    @rule(slug=who)
    def sign_in(self, slug):
        if api.get_officer(slug).active:
            sign_in(Client(), slug)

    @rule(slug=who)
    def stop(self, slug):
        api.stop_officer(officer=api.get_officer(slug), now=utc_now(), actor=SYSTEM)
        assert not Session.objects.filter(account__officers__slug=slug).exists()

    @rule(slug=who)
    def allow(self, slug):
        api.allow_officer(officer=api.get_officer(slug), now=utc_now(), actor=SYSTEM)

    @rule(slug=who)
    def end_one_session(self, slug):
        officer = api.get_officer(slug)
        for session in api.sessions_of(officer=officer, here="", now=utc_now())[:1]:
            assert api.end_session(officer=officer, id=session.id, now=utc_now())
            assert not api.end_session(officer=officer, id=session.id, now=utc_now()), "twice is once"

    @rule(slug=who)
    def end_other_sessions(self, slug):
        officer = api.get_officer(slug)
        here = Session.objects.filter(account__officers__slug=slug).values_list("session_key", flat=True)
        api.end_other_sessions(officer=officer, here=here.first() or "", now=utc_now())
        assert here.count() <= 1

    @rule(slug=who)
    def set_up_a_second_step(self, slug):
        if slug in self.listed:
            self.put([slug])

    @rule(slug=who)
    def end_a_second_step(self, slug):
        for step in Authenticator.objects.filter(user__officers__slug=slug):
            step.delete()

    @invariant()
    def the_facts_give_what_the_rows_hold(self):
        assert replay(ledger.since(0, limit=10_000)) == held()


@pytest.mark.slow
def test_the_facts_of_officers_replayed_give_what_their_rows_hold(council):
    put_everybody()

    run_undone(Working, examples=8, steps=15)


def test_an_officer_who_did_everything_replayed_stands_where_the_row_does(council):
    put_everybody()
    one = Working()
    one.begin()
    for _ in range(3):
        one.sign_in("priya")
    one.set_up_a_second_step("priya")
    one.set_up_a_second_step("tom")
    one.end_a_second_step("priya")
    one.end_one_session("priya")
    one.sign_in("maya")
    one.sign_in("maya")
    one.stop("maya")
    one.stop("maya")
    one.stop("tom")
    one.allow("tom")
    one.leave_out("tom")
    stopped, steps, sessions = replay(ledger.since(0))
    assert (stopped, steps, sessions) == held()
    assert stopped == {"maya"}
    assert list(steps.values()) == [("tom", "totp")]
    assert sessions == {"priya": 2}
