"""What one submission asks of PostgreSQL, as a script for pgbench: `python -m bench._submission`.

Prints the number of statements, then the script. Run with the environment of a Vestry whose example council
is published. Two submissions are watched; what differs between them is made anew for each run of the script,
everything else is said as it was.
"""
# ruff: noqa: E402 - Django is set up before anything of ours is imported

from __future__ import annotations

import json
import os
import re
import sys
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vestry.config.settings")

import django

django.setup()

from django.db import connection
from django.test import Client
from psycopg import sql as compose

ADDRESS = "/api/v1/services/freedom-of-information/submissions"
ANSWERS = {
    "request": "How many bins were missed in 2025, by ward? " * 10,
    "format": "email",
    "your-name": "Jo Curious",
    "email": "jo@example.org",
}

# Django names each after its thread and a count.
A_SAVEPOINT = re.compile(r'"s\d+_x\d+"')


@dataclass
class Said:
    """One statement: its text, its values, and the one row it gave, by column."""

    text: str
    values: tuple[Any, ...] = ()
    row: dict[str, Any] = field(default_factory=dict)


def watched() -> list[Said]:
    """Every statement of one submission, with where transactions begin and end."""
    seen: list[Said] = []
    inside = False

    def watch(execute: Any, text: str, values: Any, many: bool, context: Any) -> Any:
        nonlocal inside
        if connection.in_atomic_block != inside:
            inside = connection.in_atomic_block
            seen.append(Said("begin" if inside else "commit"))
        result = execute(text, values, many, context)
        cursor, row = context["cursor"].cursor, {}
        if cursor.description and cursor.rowcount == 1:
            names = [column.name for column in cursor.description]
            values_of = cursor.fetchone()
            cursor.scroll(0, mode="absolute")
            row = {name: one for name, one in zip(names, values_of, strict=True) if names.count(name) == 1}
        seen.append(Said(A_SAVEPOINT.sub("savepoint_", text), tuple(values or ()), row))
        return result

    with connection.execute_wrapper(watch):
        answer = Client(headers={"host": "localhost"}).post(
            ADDRESS,
            json.dumps({"answers": ANSWERS}),
            content_type="application/json",
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        assert answer.status_code == 201, answer.content
    return [*seen, Said("commit")] if inside else seen


def script(first: list[Said], second: list[Said]) -> str:
    """The second one as pgbench runs it."""
    lines, known = ["\\set one random(1, 9000000000000000000)"], {}
    for number, (before, said) in enumerate(zip(first, second, strict=True)):
        words = [expression(known, old, new) for old, new in zip(before.values, said.values, strict=True)]
        text = " ".join(said.text.replace("%%", "\0").split())
        for word in words:
            text = text.replace("%s", word, 1)
        keep = {
            name: f":s{number}_{name}"
            for name, new in said.row.items()
            if isinstance(new, int) and new != before.row.get(name)
        }
        known.update({said.row[name]: variable for name, variable in keep.items()})
        if keep and "ledger_head" in said.text:
            known.update({said.row["seq"] + more: f"{keep['seq']} + {more}" for more in range(1, 9)})
        lines.append(text.replace("\0", "%") + (f" \\gset s{number}_" if keep else ";"))
    return "\n".join(lines) + "\n"


def expression(known: dict[Any, str], old: Any, new: Any) -> str:
    """A value as the script says it: as it was, or, where it is never the same twice, made anew."""
    if isinstance(new, list):
        return f"array[{', '.join(expression(known, *pair) for pair in zip(old, new, strict=True))}]"
    if old == new or isinstance(new, datetime) or hasattr(new, "obj"):
        return quoted(new)
    if isinstance(new, int):
        return known.get(new, quoted(new))
    kind, colon, key = str(new).partition(":")
    if colon and key.isdecimal() and int(key) in known:
        return f"'{kind}:' || ({known[int(key)]})"
    if str(new).isdecimal() and int(new) in known:
        return f"({known[int(new)]})::text"
    if new not in known:
        start = kind + colon if colon else ""
        known[new] = f"left('{start}' || md5(:one || '{len(known)}') || md5(:one || 'x'), {len(str(new))})"
    return known[new]


def quoted(value: Any) -> str:
    # psycopg wraps what is JSON.
    value = json.dumps(value.obj) if hasattr(value, "obj") else value
    return compose.Literal(value).as_string(connection.connection)


if __name__ == "__main__":
    for _ in range(9):  # so that no journey has the number of a case
        Client(headers={"host": "localhost"}).post("/services/freedom-of-information/")
    for _ in range(3):
        watched()
    watching = watched(), watched()
    while [one.text for one in watching[0]] != [one.text for one in watching[1]]:
        # Now and then a process looks again whose a host name is.
        watching = watching[1], watched()
    print(len(watching[1]))
    sys.stdout.write(script(*watching))
