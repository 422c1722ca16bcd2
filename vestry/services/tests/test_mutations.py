"""Whatever somebody does to a definition, they get a definition or mistakes in words, never a traceback."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.services.definition.check import check_text
from vestry.services.definition.mistakes import Mistake
from vestry.services.packs.reading import find_pack, read_pack

PACKS = Path(__file__).parents[3] / "packs"
FILES = sorted(PACKS.glob("*/services/*.yaml"))
KNOWN = {pack: read_pack(pack).known() for pack in sorted(PACKS.iterdir())}
STRANGE: list[Any] = [
    None,
    True,
    0,
    -1,
    2.5,
    "",
    "x",
    "Ünïcode ((x))",
    [],
    {},
    [[]],
    {"a": {}},
    ["x", 1],
    "\x1b",
]
SPLICES = ["", "  ", "- x\n", "x: y\n", "\t\n", "{", "]", '"', "? \n", "&a ", "*a\n"]


def paths(part: Any, path: tuple = ()):
    yield path
    if isinstance(part, dict):
        for key, value in part.items():
            yield from paths(value, (*path, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from paths(value, (*path, index))


def at(whole: Any, path: tuple) -> Any:
    for part in path:
        whole = whole[part]
    return whole


@st.composite
def mutated(draw, whole: Any) -> Any:
    """The definition with one to three parts dropped, renamed, doubled or turned into something else."""
    whole = deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        found = [path for path in paths(whole) if path]
        if not found:
            break
        path = draw(st.sampled_from(found))
        parent, key = at(whole, path[:-1]), path[-1]
        match draw(st.sampled_from(["drop", "rename", "replace", "copy", "text"])):
            case "drop":
                del parent[key]
            case "rename" if isinstance(parent, dict):
                names = ["x", f"{key}s", key[1:], key.upper(), "id", "when"]
                parent[draw(st.sampled_from(names))] = parent.pop(key)
            case "copy" if isinstance(parent, list):
                parent.insert(0, deepcopy(parent[key]))
            case "copy":
                parent[key] = deepcopy(at(whole, draw(st.sampled_from(found[:20]))))
            case "text":
                parent[key] = draw(st.text(max_size=12))
            case _:
                parent[key] = deepcopy(draw(st.sampled_from(STRANGE)))
    return whole


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_changed_definition_is_a_definition_or_mistakes(path, data):
    whole = yaml.load(path.read_text(), Loader=yaml.BaseLoader)
    text = yaml.safe_dump(data.draw(mutated(whole)), allow_unicode=True, sort_keys=False)
    checked = check_text(text, path.name, KNOWN[find_pack(path)])
    assert (checked.definition is None) == bool(checked.mistakes)
    for mistake in checked.mistakes:
        assert isinstance(mistake, Mistake)
        assert 1 <= mistake.line <= text.count("\n") + 1
        assert mistake.what
        assert "Traceback" not in str(mistake)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_definition_cut_or_spliced_is_a_definition_or_mistakes(path, data):
    lines = path.read_text().splitlines(keepends=True)
    start = data.draw(st.integers(0, len(lines)))
    end = data.draw(st.integers(start, min(len(lines), start + 5)))
    splice = data.draw(
        st.sampled_from(["", "  ", "- x\n", "x: y\n", "\t\n", "{", "]", '"', "? \n", "&a ", "*a\n"])
    )
    text = "".join([*lines[:start], splice, *lines[end:]])
    checked = check_text(text, path.name, KNOWN[find_pack(path)])
    assert (checked.definition is None) == bool(checked.mistakes)
