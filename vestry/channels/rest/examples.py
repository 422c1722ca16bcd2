"""Examples for the page: answers a schema would take, and commands that can be copied as they are."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_TEXTS = {"email": "sam@example.org", "date": "2026-11-23"}


def answers(schema: Schema) -> dict[str, Any]:
    """Answers to all that must be answered."""
    required = schema.get("required", ())
    return {name: _value(part) for name, part in schema["properties"].items() if name in required}


def _value(schema: Schema) -> Any:
    for said in ("examples", "enum"):
        if schema.get(said):
            return schema[said][0]
    if "const" in schema:
        return schema["const"]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return _value(schema[choice][0])
    match schema.get("type"):
        case "object":
            return answers(schema)
        case "array":
            return [_value(schema.get("items", {}))]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return _TEXTS.get(schema.get("format", ""), schema.get("title", "")[: schema.get("maxLength")] or "Sam")


def is_free(schema: Schema) -> bool:
    """Whether any text will do for what must be answered, so that an example needs nothing looked up."""
    required = schema.get("required", ())
    parts = [part for name, part in schema["properties"].items() if name in required]
    return all(
        "enum" in part
        or (part.get("type") == "string" and "pattern" not in part and part.get("format") in {None, "email"})
        for part in parts
    )


def get(url: str, *, token: str = "") -> str:
    """A command that reads an address. The token is written by the shell, from a variable."""
    lines = [f"curl {shlex.quote(url)}" if "$" not in url else f'curl "{url}"']
    if token:
        lines.append(f'--header "Authorization: Bearer {token}"')
    return _command(lines)


def post(url: str, key: str, body: Any) -> str:
    """A command that sends a body."""
    text = json.dumps(body, ensure_ascii=False, indent=2)
    return _command(
        [
            f"curl {shlex.quote(url)}",
            "--header 'Content-Type: application/json'",
            f"--header {shlex.quote(f'Idempotency-Key: {key}')}",
            f"--data {shlex.quote(text)}",
        ]
    )


def _command(lines: list[str]) -> str:
    return " \\\n  ".join(lines)
