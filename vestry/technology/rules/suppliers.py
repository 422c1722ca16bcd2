"""Whom we buy from: suppliers that are named alike are one."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What a company is, not what it is called.
KINDS = frozenset(
    ("ltd", "limited", "plc", "llp", "inc", "incorporated", "corp", "corporation", "gmbh", "bv", "uk", "cic")
)


def key_of(name: str) -> str:
    """The short name of a supplier, however it is written: ``quillmark`` for “Quillmark (UK) Ltd.”."""
    words = re.findall(r"[^\W_]+", name.casefold().replace("&", " and ").replace("’", "").replace("'", ""))
    telling = [word for word in words if word not in KINDS]
    return "-".join(telling or words)


def called(names: Iterable[str]) -> str:
    """What a supplier is called, of all the ways in which it is written: the most usual, then the longest."""
    written = list(names)
    return max(written, key=lambda name: (written.count(name), len(name), name), default="")
