"""Officers to try things with: two teams, each role, and somebody next door."""

from django.contrib.auth import get_user_model

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, utc_now
from vestry.people import api

PASSWORD = "correct horse battery staple"
TEAMS = {"waste": "Waste", "information": "Information governance"}
PLACEMENTS = [
    api.Placement(
        slug="priya",
        name="Priya Nair",
        email="Priya@harrowmere.example",
        teams={"waste": ("officer",)},
    ),
    api.Placement(slug="tom", name="Tom Okafor", email="tom@harrowmere.example", teams={"waste": ("crew",)}),
    api.Placement(
        slug="maya",
        name="Maya Lindqvist",
        email="maya@harrowmere.example",
        teams={"information": ("officer",)},
    ),
    api.Placement(slug="grace", name="Grace Bell", email="grace@harrowmere.example", council=("manager",)),
    api.Placement(slug="sam", name="Sam Reid", email="sam@harrowmere.example", council=("support",)),
]
NEXT_DOOR = [
    api.Placement(
        slug="owen", name="Owen Pryce", email="owen@saltmarsh.example", teams={"waste": ("officer",)}
    )
]


def put_teams(titles, second_step=()):
    """As publishing a pack puts them."""
    api.put_teams(titles, now=utc_now(), actor=SYSTEM)
    api.put_careful(second_step, now=utc_now(), actor=SYSTEM)


def put_officers(placements, **more):
    """As publishing a pack puts them."""
    api.put_officers(placements, now=utc_now(), actor=SYSTEM, **more)


def put_everybody(other_council=None, *, password=""):
    """The officers of the council in scope, and those next door. A password takes its time to hash."""
    put_teams(TEAMS)
    put_officers(PLACEMENTS, demo_password=password)
    if other_council:
        with councils.scope(other_council):
            put_teams(TEAMS)
            put_officers(NEXT_DOOR, demo_password=password)


def sign_in(client, slug):
    """Sign an officer of the council in scope in, without the page."""
    client.force_login(get_user_model().objects.get(email=api.get_officer(slug).email))
    return client
