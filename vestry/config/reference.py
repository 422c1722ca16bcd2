"""The reference pages, each made from the code it is about. `vestry reference` writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.apps import apps

from vestry.config import environment
from vestry.kernel import Fact, known_facts
from vestry.people import api as people
from vestry.services import api as services

if TYPE_CHECKING:
    from vestry.config.parser import Parser

_MADE = "<!-- Written by `make docs`. Change the code it is made from, not this page. -->\n\n"


def pages(parser: Parser) -> dict[str, str]:
    """Each page's text, by the name of its file."""
    return {
        "service.schema.json": json.dumps(services.service_schema(), indent=2, ensure_ascii=False) + "\n",
        "facts.md": _MADE + "\n".join(_facts()) + "\n",
        "permissions.md": _MADE + "\n".join(_permissions()) + "\n",
        "commands.md": _MADE + "\n".join(_commands(parser)) + "\n",
        "environment.md": _MADE + "\n".join(_environment()) + "\n",
    }


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = list(head)
    yield _row(head)
    yield "|---" * len(head) + "|"
    yield from (_row(row) for row in rows)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _plain(docstring: str | None) -> str:
    return (docstring or "").replace("``", "`")


def _facts() -> Iterator[str]:
    """Every fact of every room."""
    yield "# Facts\n"
    yield (
        "What the ledger can say. A fact is never changed or deleted, so it holds nothing personal; "
        "each room says what its facts hold instead. *Says* is what officers read on the timeline; *tells* "
        "is what the resident reads on the status page, where it is theirs to see."
    )
    for app in apps.get_app_configs():
        if app.name.startswith("vestry.") and find_spec(f"{app.name}.events"):
            import_module(f"{app.name}.events")
    rooms: dict[str, list[type[Fact]]] = {}
    for _, fact in sorted(known_facts().items()):
        _, room, where, *_ = fact.__module__.split(".")
        if where == "events":
            rooms.setdefault(room, []).append(fact)
    for room, facts in sorted(rooms.items()):
        yield f"\n## {room}\n"
        yield from (f"{privacy}\n" for privacy in dict.fromkeys(fact.privacy for fact in facts))
        yield from _table(
            ("fact", "what it means", "says", "tells", "holds"),
            (
                (
                    f"`{fact.name}` {fact.version}",
                    _plain(fact.__doc__),
                    fact.sentence,
                    fact.told,
                    ", ".join(f"`{field.name}`" for field in fields(fact)),  # type: ignore[arg-type]
                )
                for fact in facts
            ),
        )


def _permissions() -> Iterator[str]:
    """The roles, and THE permission table."""
    yield "# Roles and permissions\n"
    yield (
        "A role is held in a team or for the whole council, and reaches as far as it is held. What is marked "
        "*whole* below is no team’s: there a role held in any team reaches all of it, as if it were held for "
        "the council. `people.yaml` of a pack says who holds which.\n"
    )
    yield from _table(
        ("role", "what it is for", "held"),
        (
            (
                f"`{role}`",
                says,
                "for the council" if role in people.COUNCIL_ONLY else "in a team or for the council",
            )
            for role, says in people.ROLES.items()
        ),
    )
    yield "\n## Who may do what\n"
    yield from _table(
        ("permission", "what it is", *(f"`{role}`" for role in people.ROLES)),
        (
            (
                f"`{action}`",
                may.sentence
                + (" (in the demo, everybody)" if may.demo else "")
                + (" (*whole*)" if may.whole else ""),
                *("yes" if role in may.roles else "" for role in people.ROLES),
            )
            for action, may in people.PERMISSIONS.items()
        ),
    )
    yield (
        "\nScopes, which a program's key may name: "
        + ", ".join(f"`{s}`" for s in sorted(people.SCOPES))
        + "."
    )


def _commands(parser: Parser) -> Iterator[str]:
    """What `--help` says, of all of them."""
    yield "# The command line\n"
    yield f"```text\n{parser.told()}\n```"
    for name, verb in parser.verbs.items():
        yield f"\n## {name}\n\n```text\n{verb.told()}\n```"
        for deeper in verb.verbs.values():
            yield f"\n```text\n{deeper.told()}\n```"


def _environment() -> Iterator[str]:
    """The table in `environment.py`."""
    yield "# The environment\n"
    yield "Every process of one Vestry gets the same.\n"
    for line in _plain(environment.__doc__).splitlines():
        if line.startswith("|"):
            yield re.sub(r"^\| (VESTRY_\w+) \|", r"| `\1` |", line)
