"""What a capability says that says nothing of its own."""

from datetime import UTC, datetime, timedelta

import pytest

from vestry.design.capability import Capability, Elsewhere, Stop, Visit
from vestry.design.expressions import Today
from vestry.kernel import Ref, WorkingCalendar

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
VISIT = Visit(
    service="s",
    title="S",
    version=1,
    journey="1",
    said={},
    words={},
    now=NOW,
    today=Today(day=NOW.date(), calendar=WorkingCalendar(frozenset())),
    actor=Ref("resident", "1"),
    held={"slot": "s1"},
)


def test_one_that_knows_no_other_site_owes_nothing_and_keeps_what_it_holds():
    plain = Capability()
    assert plain.owes(None, VISIT) is None
    assert plain.extend(None, VISIT, NOW + timedelta(minutes=30)) == {"slot": "s1"}
    assert plain.settles == frozenset()
    plain.look(None, VISIT)
    plain.strand(None, VISIT, Stop(title="Taken", reason="Somebody else has it."))


def test_one_that_owes_has_to_say_where_to_go():
    with pytest.raises(NotImplementedError):
        Capability().depart(None, VISIT, "https://harrowmere.example/back/")


def test_what_is_owed_needs_no_more_than_a_state_and_a_title():
    owed = Elsewhere(state="open", title="Pay")
    assert (owed.text, owed.action, owed.rows) == ("", "", ())
