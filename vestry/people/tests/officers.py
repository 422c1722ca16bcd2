"""Officers to try things with: two teams, each role, and somebody next door."""

from django.contrib.auth import get_user_model

from vestry.councils import api as councils
from vestry.people import api

PASSWORD = "correct horse battery staple"
TEAMS = {"waste": "Waste", "information": "Information governance"}
PLACEMENTS = [
    api.Placement(
        slug="priya",
        name="Priya Nair",
        email="Priya@harrowmere.example",
        teams=("waste",),
        roles=("officer",),
    ),
    api.Placement(
        slug="tom", name="Tom Okafor", email="tom@harrowmere.example", teams=("waste",), roles=("crew",)
    ),
    api.Placement(
        slug="maya",
        name="Maya Lindqvist",
        email="maya@harrowmere.example",
        teams=("information",),
        roles=("officer",),
    ),
    api.Placement(slug="grace", name="Grace Bell", email="grace@harrowmere.example", roles=("manager",)),
    api.Placement(slug="sam", name="Sam Reid", email="sam@harrowmere.example", roles=("support",)),
]
NEXT_DOOR = [
    api.Placement(
        slug="owen", name="Owen Pryce", email="owen@saltmarsh.example", teams=("waste",), roles=("officer",)
    )
]


def put_everybody(other_council=None, *, password=""):
    """The officers of the council in scope, and those next door. A password takes its time to hash."""
    api.put_teams(TEAMS)
    api.put_officers(PLACEMENTS, demo_password=password)
    if other_council:
        with councils.scope(other_council):
            api.put_teams(TEAMS)
            api.put_officers(NEXT_DOOR, demo_password=password)


def sign_in(client, slug):
    """Sign an officer of the council in scope in, without the page."""
    client.force_login(get_user_model().objects.get(email=api.get_officer(slug).email))
    return client
