"""Examples for the page: answers a schema would take, and commands that can be copied as they are."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

import jsonschema_rs

Schema = Mapping[str, Any]

# What is tried for a text, until its schema is content.
_TEXTS = ("An example", "sam@example.org", "01632 960001", "2026-11-23", "1")


def answers(schema: Schema) -> dict[str, Any]:
    """Answers to all that must be answered."""
    required = schema.get("required", ())
    return {name: _value(part) for name, part in schema["properties"].items() if name in required}


def can_be_sent(schema: Schema) -> bool:
    """Whether the example answers are taken as they are: nothing in them must be looked up, or be in time."""
    made = answers(schema)
    looked_up = any(isinstance(value, dict) for value in made.values())
    dated = any(schema["properties"][name].get("format") in {"date", "date-time"} for name in made)
    return not looked_up and not dated and jsonschema_rs.is_valid(dict(schema), made)


def _value(schema: Schema) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return _value(schema[choice][0])
    match schema.get("type"):
        case "object":
            return answers(schema)
        case "array":
            return [_value(schema["items"])]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return next((text for text in _TEXTS if jsonschema_rs.is_valid(dict(schema), text)), _TEXTS[0])


def get(url: str) -> str:
    """A command that reads an address."""
    return f"curl {shlex.quote(url)}"


def get_with_token(url: str) -> str:
    """A command that reads an address with a token; the shell puts both in from its variables."""
    return _command(f'curl "{url}"', '--header "Authorization: Bearer $TOKEN"')


def post(url: str, key: str, body: Any) -> str:
    """A command that sends a body."""
    text = json.dumps(body, ensure_ascii=False, indent=2)
    return _command(
        get(url),
        "--header 'Content-Type: application/json'",
        f"--header {shlex.quote(f'Idempotency-Key: {key}')}",
        f"--data {shlex.quote(text)}",
    )


def post_file(url: str, name: str, kind: str) -> str:
    """A command that sends a file from the folder one is in."""
    return _command(get(url), f"--header 'Content-Type: {kind}'", f"--data-binary @{name}")


def _command(*lines: str) -> str:
    return " \\\n  ".join(lines)
