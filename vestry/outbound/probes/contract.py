"""The interface held to its own description, with the supplier's leave: asked 100 times, only to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jsonschema_rs

from vestry.kernel import mark
from vestry.outbound.probes.confined import NotReached
from vestry.outbound.probes.openapi import Described, operations
from vestry.outbound.probes.web import Answer, Web

TIMES = 100
SERVER_FAULT = 500


@dataclass(frozen=True, kw_only=True)
class Tried:
    """How often it was asked, and each kind of failure with one example."""

    times: int
    failures: Mapping[str, str]

    def written(self) -> bytes:
        """For keeping."""
        return json.dumps({"requests": self.times, "failures": dict(self.failures)}, indent=1).encode()


def hold(web: Web, described: Described) -> Tried:
    """Ask what can be read, rightly and wrongly, and compare. Raises `NotReached`."""
    document = described.document or {}
    reading = [each for each in operations(document) if each[1] == "get" and not _guarded(document, each[2])]
    if not reading:
        raise NotReached(mark("Nothing in its interface can be read without a key."))
    base = _base(document, described.url)
    failures: dict[str, str] = {}
    each_one = [_requests(document, path, operation, item) for path, _, operation, item in reading]
    times = 0
    for path, operation, request in islice(_in_turn(each_one, reading), TIMES):
        answer = web.ask("GET", base + request)
        times += 1
        if fault := _fault(document, operation, answer):
            failures.setdefault(f"{path}: {fault}", request)
    return Tried(times=times, failures=failures)


def _in_turn(requests: list[list[str]], reading: list[Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    for number in cycle(range(10_000)):
        for tries, (path, _method, operation, _item) in zip(requests, reading, strict=True):
            yield path, operation, tries[number % len(tries)]


def _guarded(document: dict[str, Any], operation: dict[str, Any]) -> bool:
    asks = operation.get("security", document.get("security"))
    return bool(asks) and {} not in asks


def _base(document: dict[str, Any], url: str) -> str:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    server = str(((document.get("servers") or [{}])[0] or {}).get("url", "")).rstrip("/")
    if server.startswith("http"):
        # Only the host that was named is asked, whatever the description says.
        return origin + urlsplit(server).path
    return origin + server


def resolved(document: dict[str, Any], node: Any) -> Any:
    """What a reference inside the document points at."""
    for _ in range(20):
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
            return node
        found: Any = document
        for part in node["$ref"].lstrip("#/").split("/"):
            found = (
                (found or {}).get(part.replace("~1", "/").replace("~0", "~"))
                if isinstance(found, dict)
                else None
            )
        node = found
    return None


def _requests(
    document: dict[str, Any], path: str, operation: dict[str, Any], item: dict[str, Any]
) -> list[str]:
    given = [
        resolved(document, each) for each in [*item.get("parameters", []), *operation.get("parameters", [])]
    ]
    parameters = [each for each in given if isinstance(each, dict)]
    made = []
    for number in range(12):
        filled, query = path, {}
        for each in parameters:
            values = _values(document, each)
            value = values[number % len(values)]
            if each.get("in") == "path":
                filled = filled.replace("{" + str(each.get("name")) + "}", quote(str(value), safe=""))
            elif each.get("in") == "query" and (each.get("required") or number % 3):
                query[str(each.get("name"))] = value
        made.append(filled + (f"?{urlencode(query)}" if query else ""))
    return list(dict.fromkeys(made))


def _values(document: dict[str, Any], parameter: dict[str, Any]) -> list[Any]:
    """Some values a parameter may have, and some that it may not."""
    schema = resolved(document, parameter.get("schema")) or {}
    known = [parameter.get("example"), schema.get("example"), schema.get("default")]
    known += [
        each.get("value") for each in (parameter.get("examples") or {}).values() if isinstance(each, dict)
    ]
    known += list(schema.get("examples") or []) + list(schema.get("enum") or [])
    right = [each for each in known if each is not None]
    if schema.get("type") in ("integer", "number"):
        right += [schema.get("minimum", 1), schema.get("maximum", 10)]
    wrong = ["no-such-thing-0", "0", "-1", "9" * 25, "é ☃", "'\"<&"]
    return [*right, *wrong]


def _fault(document: dict[str, Any], operation: dict[str, Any], answer: Answer) -> str:
    if answer.status >= SERVER_FAULT:
        return f"it broke ({answer.status})"
    responses = operation.get("responses") or {}
    code = str(answer.status)
    found = responses.get(code) or responses.get(f"{code[0]}XX") or responses.get("default")
    described = resolved(document, found)
    if not isinstance(described, dict):
        return f"{code} is not described"
    content = described.get("content") or {}
    if not content or not answer.body:
        return ""
    if answer.kind not in content:
        return f"{code} comes as {answer.kind}"
    schema = (content[answer.kind] or {}).get("schema")
    if not schema or not answer.kind.endswith("json"):
        return ""
    return _differs(document, schema, answer)


def _differs(document: dict[str, Any], schema: Any, answer: Answer) -> str:
    # References point into the whole document, so what they point at stands beside the schema.
    whole = {"components": document.get("components", {}), "allOf": [schema]}
    try:
        found = next(iter(jsonschema_rs.validator_for(whole).iter_errors(json.loads(answer.body))), None)
    except (ValueError, jsonschema_rs.ReferencingError):
        return f"{answer.status} is not what its schema can say"
    return f"{answer.status} differs from its schema: {found.message[:120]}" if found else ""
