"""Rules, facts, options, ports and the kernel import plain Python, msgspec, the kernel and their own room."""

import ast
import sys

import pytest

from tests.house.places import HOUSE, named, nothing_said, rooms

PLAIN = ("rules", "events", "options", "ports")
# What a file is, its readers say: Pillow of a picture, pypdf of a PDF.
ALLOWED = {*sys.stdlib_module_names, "msgspec", "PIL", "pypdf"}
NOT_PLAIN = {"http", "smtplib", "socket", "sqlite3", "subprocess", "threading", "urllib"}


def plain_files():
    yield HOUSE / "kernel.py"
    for room in rooms():
        for path in room.rglob("*.py"):
            if path.stem in PLAIN or path.parent.name in PLAIN:
                yield path


def foreign_imports(path, *, room):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            # `from vestry import kernel` names the module after the import, not in it
            names = [f"vestry.{alias.name}" for alias in node.names] if module == "vestry" else [module]
            names = [] if node.level else names
        else:
            continue
        for name in names:
            if not allowed(name, room=room):
                yield f"{named(path)}:{node.lineno}: imports {name}"


def allowed(name, *, room):
    if name == "vestry.kernel" or (room and (name == room or name.startswith(f"{room}."))):
        return True
    top = name.partition(".")[0]
    return top in ALLOWED and top not in NOT_PLAIN


def test_plain_modules_import_only_plain_things():
    found = []
    for path in plain_files():
        inside = path.relative_to(HOUSE).parts
        room = f"vestry.{inside[0]}" if len(inside) > 1 else None
        found += foreign_imports(path, room=room)
    nothing_said(found)


@pytest.mark.parametrize(
    "line",
    [
        "import django",
        "from django.db import models",
        "import socket",
        "from vestry.cases import rules",
        "from vestry import cases",
        "def f():\n    import yaml",
    ],
)
def test_a_foreign_import_is_seen(tmp_path, line):
    planted = tmp_path / "rules.py"
    planted.write_text(line)
    assert list(foreign_imports(planted, room="vestry.report"))


@pytest.mark.parametrize(
    "line",
    [
        "import datetime",
        "from vestry.kernel import Ref",
        "from vestry import kernel",
        "from vestry.report import events",
        "import msgspec",
    ],
)
def test_a_plain_import_is_allowed(tmp_path, line):
    planted = tmp_path / "rules.py"
    planted.write_text(line)
    assert not list(foreign_imports(planted, room="vestry.report"))
