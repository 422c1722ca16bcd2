"""Who may do what, read against the table as a council would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.people import api
from vestry.people.permissions import PERMISSIONS, ROLES, Teams, covered

OWN, EVERY, NONE = "own", "every", "none"
# action: officer, crew, manager, support
EXPECTED = {
    "desk.enter": (OWN, OWN, EVERY, EVERY),
    "cases.read": (OWN, OWN, EVERY, NONE),
    "cases.take": (OWN, OWN, NONE, NONE),
    "cases.hand-over": (OWN, NONE, EVERY, NONE),
    "cases.note": (OWN, OWN, EVERY, NONE),
    "cases.message": (OWN, OWN, NONE, NONE),
    "cases.act": (OWN, OWN, EVERY, NONE),
    "cases.due": (NONE, NONE, EVERY, NONE),
    "notify.sent": (NONE, NONE, NONE, EVERY),
    "ledger.parked": (NONE, NONE, NONE, EVERY),
}
ANSWERS = {
    OWN: Teams(some=frozenset({"waste"})),
    EVERY: Teams(every=True),
    NONE: Teams(),
}


@pytest.mark.parametrize("action", PERMISSIONS)
def test_the_table(action):
    found = [covered(action, roles=[role], teams=["waste"]) for role in ROLES]
    assert found == [ANSWERS[answer] for answer in EXPECTED[action]]


some_roles = st.sets(st.sampled_from([*ROLES, "ghost"]))
some_teams = st.sets(st.sampled_from(["waste", "information", "parks"]))
an_action = st.sampled_from(sorted(PERMISSIONS))


@given(action=an_action, roles=some_roles, more=some_roles, teams=some_teams, team=st.text())
def test_another_role_never_takes_away_and_no_role_gives_nothing(action, roles, more, teams, team):
    before, after = (covered(action, roles=has, teams=teams) for has in (roles, roles | more))
    assert team not in before or team in after
    assert not covered(action, roles=(), teams=teams)


@given(action=an_action, roles=some_roles, teams=some_teams, by=some_roles)
def test_naming_roles_only_ever_narrows(action, roles, teams, by):
    narrowed = covered(action, roles=roles, teams=teams, by=by)
    assert narrowed == covered(action, roles=roles & by, teams=teams)
    if not roles & by:
        assert not narrowed


def test_an_action_nobody_knows_opens_nothing():
    with pytest.raises(KeyError):
        covered("cases.raed", roles=ROLES, teams=[])
    with pytest.raises(KeyError):
        api.may("cases.raed")


def test_in_the_demo_every_officer_sees_messages_and_nothing_else(officers, settings):
    priya = api.get_officer("priya")
    assert not api.allowed(priya, "notify.sent")
    settings.DEMO = True
    assert api.allowed(priya, "notify.sent")
    assert not api.allowed(priya, "ledger.parked")


def test_every_action_has_a_sentence_and_known_roles():
    for action, permission in PERMISSIONS.items():
        assert permission.sentence, action
        assert set(permission.roles) <= set(ROLES), action
