"""Who may do what, read against the table as a council would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.people import api
from vestry.people.permissions import COUNCIL_ONLY, PERMISSIONS, ROLES, Held, Teams, covered

# action: officer, crew, manager, head, cabinet, full-council, designer, finance, support
EXPECTED = {
    "desk.enter": "yes yes yes yes yes yes yes yes yes",
    "desk.security": "yes yes yes yes yes yes yes yes yes",
    "cases.read": "yes yes yes no no no no no no",
    "cases.take": "yes yes no no no no no no no",
    "cases.hand-over": "yes no yes no no no no no no",
    "cases.note": "yes yes yes no no no no no no",
    "cases.message": "yes yes no no no no no no no",
    "cases.act": "yes yes yes no no no no no no",
    "cases.tasks": "yes yes yes no no no no yes yes",
    "cases.task": "yes yes yes no no no no no no",
    "cases.odd-jobs": "no no yes no no no no yes yes",
    "cases.link": "yes no yes no no no no no no",
    "cases.due": "no no yes no no no no no no",
    "bookings.read": "yes yes yes no no no no no no",
    "bookings.change": "yes no yes no no no no no no",
    "bookings.close": "yes no yes no no no no no no",
    "services.draft": "no no yes no no no yes no no",
    "services.publish": "no no yes no no no no no no",
    "strategy.read": "yes yes yes yes yes yes yes yes yes",
    "strategy.propose": "yes yes yes yes yes yes yes yes yes",
    "strategy.change": "no no yes yes yes yes no no no",
    "technology.read": "yes yes yes yes yes yes yes yes yes",
    "technology.assess": "yes no yes yes no no no no no",
    "technology.keep": "no no yes yes no no no no no",
    "technology.decide": "no no yes yes no no no no no",
    "money.read": "yes no yes no no no no yes no",
    "money.refund": "yes no yes no no no no yes no",
    "money.approve": "no no yes no no no no yes no",
    "money.days": "no no yes no no no no yes no",
    "notify.sent": "no no no no no no no no yes",
    "ledger.parked": "no no no no no no no no yes",
    "people.look-after": "no no no no no no no no yes",
    "programs.keys": "no no no yes no no no no yes",
}


@pytest.mark.parametrize("action", PERMISSIONS)
def test_the_table(action):
    for role, answer in zip(ROLES, EXPECTED[action].split(), strict=True):
        yes = answer == "yes"
        assert covered(action, held=[Held(role)]) == Teams(every=yes), role
        assert covered(action, held=[Held(role, "waste")]) == Teams(
            some=frozenset({"waste"} if yes else ())
        ), role


A_TEAM = ["waste", "information", "parks"]
some_held = st.sets(st.builds(Held, st.sampled_from([*ROLES, "ghost"]), st.sampled_from(["", *A_TEAM])))
some_roles = st.sets(st.sampled_from([*ROLES, "ghost"]))
an_action = st.sampled_from(sorted(PERMISSIONS))
a_team = st.sampled_from([*A_TEAM, "elsewhere"])


@given(action=an_action, held=some_held, team=a_team)
def test_a_team_is_reached_by_a_role_held_there_or_for_the_council_and_no_other_way(action, held, team):
    may = PERMISSIONS[action].roles
    expected = any(one.role in may and one.team in {"", team} for one in held)
    assert (team in covered(action, held=held)) == expected


@given(action=an_action, held=some_held, more=some_held, team=a_team)
def test_another_role_never_takes_away_and_no_role_gives_nothing(action, held, more, team):
    before, after = (covered(action, held=has) for has in (held, held | more))
    assert team not in before or team in after
    assert not covered(action, held=())


@given(action=an_action, held=some_held, elsewhere=st.sampled_from(sorted(ROLES)), team=a_team)
def test_a_role_in_one_team_says_nothing_about_another(action, held, elsewhere, team):
    other = Held(elsewhere, "parks" if team != "parks" else "waste")
    assert (team in covered(action, held=held)) == (team in covered(action, held=held | {other}))


@given(action=an_action, held=some_held, by=some_roles)
def test_naming_roles_only_ever_narrows(action, held, by):
    narrowed = covered(action, held=held, by=by)
    assert narrowed == covered(action, held={one for one in held if one.role in by})
    if not {one.role for one in held} & by:
        assert not narrowed


def test_what_is_of_no_team_is_given_by_no_role_of_a_team():
    for action, permission in PERMISSIONS.items():
        if action.partition(".")[0] in {"notify", "ledger", "people"}:
            assert permission.roles <= COUNCIL_ONLY, action


def test_an_action_nobody_knows_opens_nothing():
    with pytest.raises(KeyError):
        covered("cases.raed", held=[Held(role) for role in ROLES])
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
        assert permission.roles <= set(ROLES), action
