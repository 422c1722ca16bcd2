"""Files of at most 500 lines and functions of at most 60. The middle is never the trouble; the tail is."""

import ast

from tests.house.places import OURS, named, nothing_said, python_files

LINES_A_FILE = 500
LINES_A_FUNCTION = 60


def too_long(path):
    source = path.read_text()
    lines = len(source.splitlines())
    if lines > LINES_A_FILE:
        yield f"{named(path)}: {lines} lines; split it (at most {LINES_A_FILE})"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > LINES_A_FUNCTION:
                where = f"{named(path)}:{node.lineno}: {node.name}()"
                yield f"{where} has {length} lines (at most {LINES_A_FUNCTION})"


def test_nothing_grows_past_its_budget():
    files = [path for path in python_files(*OURS) if "migrations" not in path.parts]
    nothing_said(said for path in files for said in too_long(path))


def test_a_long_file_and_a_long_function_are_seen(tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text("def long():\n" + "    x = 1\n" * 60 + "\n" * 440)
    assert [said.partition(":")[0] for said in too_long(planted)] == ["planted.py", "planted.py"]
