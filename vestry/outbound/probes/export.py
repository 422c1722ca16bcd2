"""Exports: what can be taken out, whether it can be read, and whether it is all of it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vestry.outbound.probes.confined import Target
from vestry.outbound.probes.web import Answer, Web

OPEN = re.compile(r"\.(csv|json|geojson)\b|\b(csv|json)\b", re.IGNORECASE)
PRINT = re.compile(r"\.pdf($|\?)", re.IGNORECASE)
NAMED = re.compile(r"export|download|csv|json|take (it |your data |everything )?out|pdf", re.IGNORECASE)
KINDS = {"text/csv": "csv", "application/json": "json", "application/geo+json": "json"}
MOST = 6
_DESCRIBES = re.compile(r"openapi|swagger|manifest|schema", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Export:
    """One way out. ``rows``: how many records; None where it could not be read. ``fault``: why not."""

    name: str
    url: str
    kind: str
    rows: int | None
    fault: str = ""
    expected: tuple[int, ...] = ()
    """How many records the page that leads to it shows, and the numbers it names."""
    raw: bytes = b""

    @property
    def complete(self) -> bool:
        """Whether it holds as many as the page says."""
        return self.rows is not None and self.rows > 0 and self.rows in self.expected


def find(
    web: Web, places: Iterable[tuple[Iterable[tuple[str, str]], str, int]], target: Target
) -> list[Export]:
    """The exports that some pages lead to. Of each page: its links, its text, the rows of its table."""
    found: dict[str, Export] = {}
    for links, text, rows in places:
        numbers = tuple({rows, *map(int, re.findall(r"\b\d{1,7}\b", text.replace(",", "")))} - {0})
        for name, url in links:
            wanted = NAMED.search(f"{name} {url}") and (OPEN.search(f"{name} {url}") or PRINT.search(url))
            if not wanted or _DESCRIBES.search(url) or url in found or not target.is_here(url):
                continue
            if len(found) >= MOST:
                return list(found.values())
            answer = web.find(url)
            if answer is None or (answer.is_html and not re.search(r"\.(csv|json)", url)):
                continue
            found[url] = read(answer, name, numbers)
    return list(found.values())


def read(answer: Answer, name: str, expected: tuple[int, ...]) -> Export:
    """What came, as a table or as JSON."""
    ending = re.search(r"\.(csv|json|geojson|pdf)\b", answer.url, re.IGNORECASE)
    kind = KINDS.get(answer.kind) or (ending.group(1).lower() if ending else answer.kind)
    about = {"name": name, "url": answer.url, "kind": kind, "expected": expected, "raw": answer.body}
    if answer.kind == "application/pdf" or kind == "pdf":
        return Export(**about, rows=None, fault="print")
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Export(**about, rows=None, fault="it is not UTF-8")
    if answer.cut:
        return Export(**about, rows=None, fault="it is too long to be read whole")
    rows, fault = _json(text) if "json" in kind else _table(text)
    if not fault and answer.kind not in KINDS:
        fault = f"it comes as {answer.kind}"
    if rows is None and answer.is_html:
        fault = "it is a page"
    return Export(**about, rows=rows, fault=fault)


def _table(text: str) -> tuple[int | None, str]:
    try:
        lines = [line for line in csv.reader(io.StringIO(text), strict=True) if line]
    except csv.Error as fault:
        return None, str(fault)
    if len(lines) < 1 or len(lines[0]) < 2:  # noqa: PLR2004 - one column is a list, or no table at all
        return None, "it has no columns"
    if any(len(line) != len(lines[0]) for line in lines):
        return None, "its lines are not equally wide"
    if any(not cell.strip() or cell.strip().replace(".", "").isdigit() for cell in lines[0]):
        return None, "its first line names no columns"
    return len(lines) - 1, ""


def _json(text: str) -> tuple[int | None, str]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None, "it is not JSON"
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = max(lists, key=len, default=None)
    return (len(found), "") if isinstance(found, list) else (None, "it holds no list of records")
