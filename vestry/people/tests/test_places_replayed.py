"""The facts of what a pack says about people, replayed, give the teams, places and roles the rows hold."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from vestry.kernel import SYSTEM, utc_now
from vestry.ledger import api as ledger
from vestry.ledger.tests.undone import run_undone
from vestry.people import api
from vestry.people.models import Officer, Team
from vestry.people.tests.officers import PLACEMENTS, TEAMS, put_everybody, put_officers, put_teams

NAMES = ["waste", "information", "parks"]
SLUGS = ["priya", "tom", "maya"]
EMAILS = [f"{name}@harrowmere.example" for name in ("one", "two", "three", "four")]
teams = st.dictionaries(st.sampled_from(NAMES), st.booleans())
roles = st.lists(st.sampled_from(["officer", "crew", "manager"]), unique=True, max_size=2).map(tuple)


def replay(facts):
    """The teams with whether they need a second step, whose each place is, who left, and who holds what."""
    teams, accounts, gone, roles = {}, {}, set(), {}
    for fact in facts:
        key, said = fact.subject.key, fact.payload
        match fact.name.removeprefix("people."):
            case "team_made":
                assert key not in teams
                teams[key] = said["second_step"]
            case "team_changed":
                assert teams[key] is not said["second_step"]
                teams[key] = said["second_step"]
            case "team_closed":
                del teams[key]
            case "officer_placed":
                assert key in gone or accounts.get(key) != said["account"]
                accounts[key] = said["account"]
                gone.discard(key)
                roles.setdefault(key, set())
            case "officer_left":
                assert key not in gone
                gone.add(key)
            case "role_given":
                assert (said["role"], said["team"]) not in roles[key]
                roles[key].add((said["role"], said["team"]))
            case "role_taken":
                roles[key].remove((said["role"], said["team"]))
    return teams, accounts, gone, roles


def held():
    """The same by the rows."""
    rows = list(Officer.objects.all())
    return (
        dict(Team.objects.filter(active=True).values_list("slug", "second_step")),
        {row.slug: row.account_id for row in rows},
        {row.slug for row in rows if not row.active},
        {row.slug: {tuple(each) for each in row.held} for row in rows},
    )


class Packs(RuleBasedStateMachine):
    """One pack after another."""

    @initialize()
    def begin(self):
        self.officers, self.teams = {}, {}
        self.publish()

    def publish(self):
        put_teams({name: name.title() for name in self.teams}, second_step=self.careful())
        put_officers(self.officers.values())

    def careful(self):
        return [name for name, second_step in self.teams.items() if second_step]

    @rule(teams=teams)
    def have_teams(self, teams):
        self.teams = teams
        for slug, placement in self.officers.items():
            kept = {team: roles for team, roles in placement.teams.items() if team in teams}
            self.officers[slug] = api.Placement(
                slug=slug, name=placement.name, email=placement.email, teams=kept, council=placement.council
            )
        self.publish()

    @rule(
        slug=st.sampled_from(SLUGS),
        roles=st.lists(roles, min_size=len(NAMES) + 1, max_size=len(NAMES) + 1),
        email=st.sampled_from(EMAILS),
    )
    def place(self, slug, roles, email):
        if any(one.email == email for one in self.officers.values() if one.slug != slug):
            return
        if Officer.objects.filter(account__email=email).exclude(slug=slug).exists():
            return  # who left keeps their account's place
        of_teams = {
            team: some for team, some in zip(NAMES, roles, strict=False) if team in self.teams and some
        }
        self.officers[slug] = api.Placement(
            slug=slug, name=slug.title(), email=email, teams=of_teams, council=roles[-1]
        )
        self.publish()

    @rule(slug=st.sampled_from(SLUGS))
    def leave_out(self, slug):
        self.officers.pop(slug, None)
        self.publish()

    @rule()
    def publish_the_same_again(self):
        before = len(ledger.since(0, limit=10_000))
        self.publish()
        assert len(ledger.since(0, limit=10_000)) == before

    @invariant()
    def the_facts_give_what_the_rows_hold(self):
        assert replay(ledger.since(0, limit=10_000)) == held()


@pytest.mark.slow
def test_packs_replayed_give_what_the_rows_hold(council):
    run_undone(Packs, examples=8, steps=15)


def test_what_a_pack_changes_is_stated_and_nothing_else(council):
    put_everybody()
    assert replay(ledger.since(0)) == held()
    first = len(ledger.since(0))
    put_everybody()
    assert len(ledger.since(0)) == first

    put_teams({**TEAMS, "parks": "Parks"}, second_step=["waste"])
    tom = api.Placement(
        slug="tom",
        name="Tom O.",
        email="tom@harrowmere.example",
        teams={"waste": ("crew",), "parks": ("officer",)},
    )
    priya = api.Placement(slug="priya", name="Priya Nair", email="new@harrowmere.example")
    api.put_officers([tom, priya, *PLACEMENTS[3:]], now=utc_now(), actor=SYSTEM)
    said = [(fact.name.removeprefix("people."), str(fact.subject)) for fact in ledger.since(first)]
    assert said == [
        ("team_made", "team:parks"),
        ("team_changed", "team:waste"),
        ("role_given", "officer:tom"),
        ("officer_placed", "officer:priya"),
        ("role_taken", "officer:priya"),
        ("officer_left", "officer:maya"),
    ]
    assert replay(ledger.since(0)) == held()


def test_of_whom_it_is_nothing_is_stated_but_names_the_ledger_has_anyway(council):
    put_everybody()
    written = " ".join(f"{fact.subject} {fact.payload}" for fact in ledger.since(0)).lower()
    for placement in PLACEMENTS:
        assert placement.email.lower() not in written
        assert placement.name.lower() not in written


def test_a_pack_that_is_refused_states_nothing(council):
    put_teams(TEAMS)
    before = len(ledger.since(0))
    with pytest.raises(api.UnknownTeam):
        put_officers(
            [
                *PLACEMENTS,
                api.Placement(slug="x", name="X", email="x@h.example", teams={"moon": ("officer",)}),
            ]
        )
    assert len(ledger.since(0)) == before
