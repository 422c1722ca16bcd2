"""The catalogue, and the pages every public site must have."""

import pytest
from django.urls import reverse

from vestry.channels.public.tests.visitor import Visitor


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
