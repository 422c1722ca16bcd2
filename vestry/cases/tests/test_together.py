"""One thing done with several cases: each by itself."""

import pytest

from vestry.cases import api
from vestry.cases.tests.opened import NOON, maya, open_bin, open_foi, priya, tom

pytestmark = pytest.mark.usefixtures("officers")


def collect(references, key="form-1", officer=tom):
    def do(reference):
        words = {"action": "collected", "answers": {}, "now": NOON, "key": key}
        api.act(officer=officer(), reference=reference, **words)

    return {tried.reference: tried.refusal for tried in api.together(references=references, do=do)}


def test_what_cannot_be_done_with_one_keeps_no_other():
    first, second, third, hidden = open_bin(), open_bin(), open_bin(), open_foi()
    api.act(officer=tom(), reference=second, action="collected", answers={}, now=NOON)
    came = collect([first, second, hidden, third])
    assert came[first] is came[third] is None
    assert isinstance(came[second], api.NotNow)
    assert isinstance(came[hidden], api.NoSuchCase)
    assert [api.get_case(officer=tom(), reference=one).closed for one in (first, third)] == [True, True]


def test_the_same_form_twice_does_it_once():
    references = [open_bin(), open_bin()]
    assert collect(references) == collect(references) == dict.fromkeys(references)
    for reference in references:
        lines = [line.what for line in api.timeline(officer=tom(), reference=reference)]
        assert lines.count("The case was closed.") == 1


def test_a_reference_named_twice_is_tried_once():
    reference = open_bin()
    assert len(api.together(references=[reference] * 3, do=lambda one: None)) == 1


def test_what_can_be_done_with_several_is_what_at_least_one_allows():
    first, second, hidden = open_bin(shut=["not-out"]), open_bin(), open_foi()
    possible = api.possible_together(officer=tom(), references=[first, second, hidden], now=NOON)
    assert [case.reference for case in possible.cases] == [first, second]
    assert [(shared.action.id, shared.cases) for shared in possible.actions] == [
        ("collected", 2),
        ("not-out", 1),
    ]
    assert possible.take
    assert not possible.hand_over
    nothing = api.possible_together(officer=maya(), references=[first, "x", "\x00"], now=NOON)
    assert not nothing.cases
    assert not nothing.take


def test_one_service_s_action_is_not_another_s():
    here, there = open_bin(), open_bin(service="bulky", title="Bulky waste")
    possible = api.possible_together(officer=priya(), references=[here, there], now=NOON)
    assert possible.actions == [], "they are the crew's"
    possible = api.possible_together(officer=tom(), references=[here, there], now=NOON)
    assert {(shared.service, shared.cases) for shared in possible.actions} == {
        ("missed-bin", 1),
        ("bulky", 1),
    }
