"""`services` names no capability: what is not written there can be added without touching it."""

import ast
from importlib.metadata import entry_points

import pytest

from tests.house.places import HOUSE, ROOT, named, nothing_said
from vestry.design.capability import Capability

# The three capabilities of the room itself, and where their words mean something to walking.
OWN = {"page", "check", "task"}


def capability_words():
    return {entry.load()().word for entry in entry_points(group="vestry.capabilities")} - OWN


def spoken(source, words):
    """Where a capability's word stands as a value: in a comparison, a list, a look-up. Prose is none."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in words:
            yield node.lineno, node.value


def rooms_imported(source, words):
    """Rooms of capabilities that are imported: `services` reaches them through the protocol alone."""
    for node in ast.walk(ast.parse(source)):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name.startswith("vestry.") and name.split(".")[1] in words:
                yield node.lineno, name


def rooms_of_capabilities():
    modules = {entry.value.partition(":")[0] for entry in entry_points(group="vestry.capabilities")}
    return {module.split(".")[1] for module in modules} - {"services"}


def files():
    return [path for path in (HOUSE / "services").rglob("*.py") if "tests" not in path.parts]


def test_services_names_no_capability():
    words, rooms = capability_words(), rooms_of_capabilities()
    nothing_said(
        f"{named(path)}:{line}: {word}"
        for path in files()
        for line, word in (
            *spoken(path.read_text(), words),
            *rooms_imported(path.read_text(), rooms),
        )
    )


@pytest.mark.parametrize(
    "source",
    [
        'if item.word == "case":\n    pass',
        'SECTIONS = ("case",)',
        'made = installed()["report"]',
        'x = {"notify": 1}',
    ],
)
def test_a_capability_that_is_named_is_seen(source):
    assert len(list(spoken(source, capability_words()))) == 1


def test_a_room_of_a_capability_is_seen():
    source = "from vestry.cases import api as cases"
    assert list(rooms_imported(source, rooms_of_capabilities())) == [(1, "vestry.cases")]


def unsaid(page):
    """What a capability may say of itself that a page does not tell its writer of."""
    return [name for name in vars(Capability) | Capability.__annotations__ if f"`{name}`" not in page]


def test_whoever_adds_a_capability_is_told_of_all_it_may_say():
    page = (ROOT / "docs" / "how-to" / "add-a-capability.md").read_text()
    nothing_said(name for name in unsaid(page) if not name.startswith("_"))
    assert "forget" in unsaid(page.replace("`forget`", "forget"))
