"""Tells Babel where people's words are in Python: besides gettext's own calls, in the refusals.

A refusal's docstring is the sentence a person reads (see `vestry.kernel.Refused`), and no call is around it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.extract import extract_python

HOUSE = Path(__file__).resolve().parents[1] / "vestry"
Found = tuple[int, str | None, Any, Sequence[str]]


def extract(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """Babel's extraction method for a Python file (see babel.cfg)."""
    source = fileobj.read()
    yield from extract_python(BytesIO(source), keywords, comment_tags, options)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.name in refusals():
            said = " ".join((ast.get_docstring(node) or "").split())
            if said:
                yield node.lineno, None, said, []


@cache
def refusals() -> frozenset[str]:
    """The names of all kinds of `Refused`."""
    bases: dict[str, set[str]] = {}
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef):
                named = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
                bases.setdefault(node.name, set()).update(named)
    found = {"Refused"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return frozenset(found - {"Refused"})
