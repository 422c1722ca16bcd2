import pytest

from vestry.people import api as people
from vestry.people.tests.officers import PLACEMENTS, TEAMS, put_officers, put_teams

MORE = [
    people.Placement(
        slug="dora", name="Dora Lunt", email="dora@harrowmere.example", council=("full-council",)
    ),
    people.Placement(slug="cai", name="Cai Rees", email="cai@harrowmere.example", council=("cabinet",)),
    people.Placement(
        slug="hana", name="Hana Ito", email="hana@harrowmere.example", teams={"waste": ("head",)}
    ),
]


@pytest.fixture
def officers(council):
    put_teams(TEAMS)
    put_officers([*PLACEMENTS, *MORE])
    return council
