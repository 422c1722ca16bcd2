"""Waivers, states, the ladder, and what the register works out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.technology.ports import Verdict
from vestry.technology.rules import states
from vestry.technology.rules.dates import Span, Term, after
from vestry.technology.rules.register import Gives, bends, kept_well, overlaps, repeats
from vestry.technology.rules.steps import LADDER, Step, preference
from vestry.technology.rules.waivers import faults, latest_end, runs

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
SOUND = {
    "granted": TODAY,
    "end": date(2027, 6, 30),
    "last_notice": None,
    "asker": "officer:tom",
    "approver": "officer:grace",
    "written": ("why", "tom", "what instead", "how we leave"),
    "renewals": 0,
    "decided_in": "",
}


@given(DAYS, st.none() | DAYS)
def test_a_waiver_never_outlasts_12_months_or_the_last_day_of_notice(granted, last_notice):
    end = latest_end(granted, last_notice)
    assert granted <= end <= after(granted, Span(months=12))
    assert last_notice is None or last_notice < granted or end <= last_notice


def test_a_sound_waiver_has_no_faults():
    assert faults(**SOUND) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"approver": "officer:tom"}, ["same-person"]),
        ({"end": TODAY}, ["ends-before"]),
        ({"end": date(2027, 11, 25)}, ["too-long"]),
        ({"last_notice": date(2027, 6, 28)}, ["too-long"]),
        ({"written": ("why", "tom", "what instead", " ")}, ["unwritten"]),
        ({"renewals": 2}, ["not-public"]),
        ({"renewals": 2, "decided_in": "Cabinet, 1 November 2026"}, []),
        ({"renewals": 3, "decided_in": "Cabinet, 1 November 2026"}, ["too-often"]),
    ],
)
def test_what_is_wrong_with_a_waiver(changed, found):
    assert faults(**SOUND | changed) == found


@given(DAYS, st.none() | DAYS, DAYS)
def test_a_waiver_runs_to_its_last_day_and_not_a_day_longer(end, ended, today):
    assert not (runs(end, ended, today) and today > end)
    assert not (runs(end, ended, today) and ended and today >= ended)


@given(DAYS, st.none() | DAYS, st.lists(DAYS, max_size=3), st.lists(DAYS, max_size=3))
def test_what_was_decided_falls_due_by_itself(decided, act_by, waivers, conditions):
    again = states.again_on(decided, act_by=act_by, waivers=tuple(waivers), conditions=tuple(conditions))
    assert decided < again <= after(decided, Span(months=12))
    assert not any(decided < day < again for day in (*waivers, *conditions, act_by or decided))


def test_software_as_a_service_needs_no_reason_and_every_step_down_does():
    looked = Step(reason="None keeps to the Act.", looked_at=3)
    assert preference("saas", {}) == Verdict.MET
    assert preference("paas", {}) == Verdict.NOT_MET
    assert preference("paas", {"saas": Step(reason="None keeps to the Act.")}) == Verdict.PARTLY
    assert preference("paas", {"saas": looked}) == Verdict.MET
    assert preference("iaas", {"saas": looked}) == Verdict.NOT_MET
    assert preference("iaas", {"saas": looked, "paas": looked}) == Verdict.MET
    assert preference("on-premises", dict.fromkeys(LADDER, looked)) == Verdict.NOT_MET
    assert preference("mainframe", {}) == Verdict.NOT_KNOWN


def test_what_is_owned_already_is_found():
    new = Gives(slug="new", capabilities=frozenset({"booking", "payments"}))
    old = Gives(slug="old", capabilities=frozenset({"booking"}))
    assert overlaps(new, [old, new]) == {"booking": (old,)}
    assert repeats(new, [old]) == Verdict.NOT_MET
    assert (
        repeats(new, [Gives(slug="old", capabilities=frozenset({"booking"}), leaving=TODAY)]) == Verdict.MET
    )
    leaving = Gives(slug="new", capabilities=new.capabilities, leaving=TODAY + timedelta(days=9))
    assert repeats(leaving, [old], reason=True) == Verdict.PARTLY
    assert repeats(new, []) == Verdict.MET


def test_a_contract_that_bends():
    start = date(2026, 1, 31)
    assert bends(Term(start=start, initial=Span(months=24), notice=Span(months=3))) == Verdict.MET
    assert bends(Term(start=start, initial=Span(months=36))) == Verdict.PARTLY
    assert bends(Term(start=start, initial=Span(months=37))) == Verdict.NOT_MET
    assert bends(Term(start=start, initial=Span(months=60), breaks=(date(2028, 1, 31),))) == Verdict.MET
    assert bends(Term(start=start, initial=Span(months=12), notice=Span(months=6))) == Verdict.NOT_MET


def test_a_class_and_an_owner_and_a_page():
    assert kept_well("official", "waste", "guide") == Verdict.MET
    assert kept_well("official", "waste", "") == Verdict.PARTLY
    assert kept_well("", "waste", "guide") == Verdict.NOT_MET
