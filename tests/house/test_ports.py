"""What a room asks the outside for is plugged in, and nothing is plugged in that nobody asks for."""

import ast

import pytest

from tests.house.places import HOUSE, named
from vestry import kernel


def asked_for(source):
    """The names in `port("...")`, wherever a room writes it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "port":
            yield node.args[0].value


def asked_for_by_rooms():
    found = {}
    for path in HOUSE.rglob("*.py"):
        if "tests" not in path.parts and "config" not in path.parts:
            for name in asked_for(path.read_text()):
                found.setdefault(name, named(path))
    return found


def test_every_port_has_its_adapter(council):
    for name, where in asked_for_by_rooms().items():
        assert kernel.port(name), where


def test_every_adapter_has_somebody_who_asks():
    assert set(kernel._plugs) == set(asked_for_by_rooms())


def test_a_port_without_an_adapter_is_seen():
    assert list(asked_for('kernel.port("pay.cards").take()\nport("notify.email")')) == [
        "notify.email",
        "pay.cards",
    ]
    with pytest.raises(LookupError):
        kernel.port("piano.forte")
