"""What pyproject.toml promises by name is there: the command, the capabilities, the question types."""

import importlib
import tomllib

import pytest

from tests.house.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def promised():
    groups = {"scripts": PROJECT["scripts"], **PROJECT["entry-points"]}
    for group, members in groups.items():
        for name, path in members.items():
            yield pytest.param(path, id=f"{group}:{name}")


@pytest.mark.parametrize("path", [*promised()])
def test_what_is_promised_can_be_imported(path):
    module, _, name = path.partition(":")
    assert hasattr(importlib.import_module(module), name)
