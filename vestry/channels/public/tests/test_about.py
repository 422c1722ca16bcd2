"""The catalogue, and the pages every public site must have."""

import pytest
from django.urls import reverse

from vestry.channels.public.tests.visitor import Visitor
from vestry.councils import api as councils
from vestry.technology import api as technology


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("accessibility", "Accessibility statement"),
        ("privacy", "Privacy notice"),
        ("cookies", "Cookies"),
        ("security", "Report a security problem"),
        ("home", "Services"),
    ],
)
def test_it_is_there_for_everybody(visitor, name, says):
    visitor.open(reverse(f"public:{name}"))
    assert visitor.status == 200
    assert says in visitor.page.title
    assert "Harrowmere District Council" in visitor.page.text


def test_each_council_has_its_own_catalogue(visitor, other_council):
    neighbour = Visitor("saltmarsh.localhost")
    assert "Report a missed bin" not in neighbour.open("/").page.text
    assert neighbour.open("/services/missed-bin/").status == 404
    assert neighbour.client.post("/services/missed-bin/").status_code == 404


@pytest.mark.parametrize("address", ["/services/nonsense/", "/services/missed-bin/x/y/z/", "/nowhere/"])
def test_what_is_not_there_is_not_found(visitor, address):
    assert visitor.open(address).status == 404


def test_the_register_is_read_by_everybody_unless_the_council_says_otherwise(visitor, open_council):
    assert "technologies we buy" in visitor.open("/").page.text
    assert visitor.open("/technologies/").status == 200
    assert visitor.open("/technologies/technologies.csv").status == 200
    councils.establish(slug=open_council.slug, name=open_council.name, hosts=open_council.hosts, shows=())
    home = visitor.open("/").page
    assert "technologies we buy" not in home.text
    assert "/technologies/" not in visitor.client.get("/").content.decode()
    assert "Report a security problem" in home.text
    missing = visitor.open("/nowhere/").page.text
    for address in ("/technologies/", "/technologies/technologies.csv", "/technologies/technologies.json"):
        assert visitor.open(address).status == 404
        assert visitor.page.text == missing


def test_a_services_first_page_says_how_it_stands_where_the_council_wants_it(visitor, open_council):
    asked = "How does this service stand against our six principles?"
    assert asked not in visitor.open("/services/missed-bin/").page.text
    named = {"slug": open_council.slug, "name": open_council.name, "hosts": open_council.hosts}
    councils.establish(**named, shows={"principles"})
    said = visitor.open("/services/missed-bin/").page.text
    assert asked in said
    assert all(title in said for title in technology.rubrics().titles.values())
    assert "Not known" in said
    # What is open is for officers: the words stand here, not what they rest on.
    assert "By its definition" not in said
    assert visitor.open("/services/nothing/").status == 404
