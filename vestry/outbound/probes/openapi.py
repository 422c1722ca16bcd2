"""The description of an interface: found, read, held against its standard and against good style.

What is found is somebody's file, so it is read without following anything it points at, and held against the
standard in a process of its own, which may take only so long and so much.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from vestry.kernel import mark
from vestry.outbound.probes.confined import NotReached, Target
from vestry.outbound.probes.sheets import read
from vestry.outbound.probes.web import Answer, Web

USUAL = (
    *("/openapi.json", "/openapi.yaml", "/api/openapi.json", "/api/openapi.yaml", "/api/v1/openapi.json"),
    *("/v1/openapi.json", "/swagger.json", "/api/swagger.json", "/swagger/v1/swagger.json", "/api-docs"),
)
CATALOGUE = "/.well-known/api-catalog"
DOCUMENTS = re.compile(r"openapi|swagger|api-docs", re.IGNORECASE)
ABOUT_API = re.compile(r"\bapis?\b|developer|connect a program|interface", re.IGNORECASE)
ON_REQUEST = re.compile(
    r"(request|apply for|contact us for|ask (us )?for) (access to |a copy of )?(the |our )?(api|document)"
    r"|api (documentation )?is (only )?available (on request|to (customers|partners))",
    re.IGNORECASE,
)
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Described:
    """A description that was found. ``invalid``: its first fault; ``refers``: it points at other files."""

    url: str
    raw: bytes
    document: dict[str, Any] | None
    invalid: str = ""
    refers: bool = False
    style: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Which OpenAPI it says that it is."""
        return str((self.document or {}).get("openapi") or (self.document or {}).get("swagger") or "")


class _NoAliases(yaml.SafeLoader):
    """A file of a few bytes can hold a thousand times itself; a description has no need of that."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


def find(web: Web, links: Iterable[tuple[str, str]], target: Target) -> Described:
    """Look where a description usually is, and where pages say that it is. Raises `NotReached`."""
    candidates = [url for name, url in links if target.is_here(url) and DOCUMENTS.search(f"{name} {url}")]
    if catalogue := web.find(CATALOGUE):
        candidates += re.findall(r'"href"\s*:\s*"([^"]+)"', catalogue.text)
    for name, url in links:
        if target.is_here(url) and ABOUT_API.search(f"{name} {url[len(target.origin) :]}"):
            page = web.find(url)
            if page and page.is_html:
                candidates += [url for name, url in read(page).links if DOCUMENTS.search(f"{name} {url}")]
            elif page:
                candidates.append(url)
    broken: Described | None = None
    for url in dict.fromkeys([*candidates, *USUAL]):
        answer = web.find(url)
        if answer is None or answer.is_html:
            continue
        found = described(answer)
        if found and not found.invalid:
            return found
        broken = broken or found
    if broken:
        return broken
    raise NotReached(mark("No description of an interface was found, in the usual places or on its pages."))


def described(answer: Answer) -> Described | None:
    """What an answer describes; None when it is no description at all."""
    document = parsed(answer.text)
    if not isinstance(document, dict) or not ({"openapi", "swagger"} & set(document)):
        named = DOCUMENTS.search(answer.url)
        if not named:
            return None
        return Described(url=answer.url, raw=answer.body, document=None, invalid="it is not one")
    outward = any(not str(each).startswith("#") for each in references(document))
    invalid = "" if outward else fault_of(document)
    # What points at other files was not held against the standard: it may be of any shape.
    style = () if invalid or outward else tuple(faults_of_style(document))
    return Described(
        url=answer.url, raw=answer.body, document=document, invalid=invalid, refers=outward, style=style
    )


def parsed(text: str) -> Any:
    """JSON, or YAML that holds nothing twice; None when it is neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return yaml.load(text, _NoAliases)  # noqa: S506 - it is the safe one, and stricter
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def references(node: Any) -> Iterator[Any]:
    """Everything it points at."""
    todo = [node]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            if isinstance(each.get("$ref"), str):
                yield each["$ref"]
            todo += each.values()
        elif isinstance(each, list):
            todo += each


def fault_of(document: dict[str, Any]) -> str:
    """The first fault against the standard, or nothing. Raises `NotReached` when that cannot be told."""
    command = [sys.executable, "-m", "vestry.outbound.probes.validating"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, given nothing but text
            command,
            input=json.dumps(document, default=str),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, ValueError, RecursionError):
        raise NotReached(mark("Its description takes too long to be read.")) from None
    if done.returncode not in (0, 1):
        raise NotReached(mark("What reads descriptions is not installed: pip install 'vestry[probes]'."))
    return done.stdout.strip()[:300]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Path, method, operation, and what stands beside it at the path."""
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict):
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    yield str(path), method, item[method], item


def faults_of_style(document: dict[str, Any]) -> Iterator[str]:
    """Ten rules of good style, each fault with its place."""
    info = document.get("info") or {}
    if not info.get("description"):
        yield "info: no description"
    if not info.get("contact"):
        yield "info: no contact"
    if not document.get("servers"):
        yield "servers: none is named"
    seen: set[str] = set()
    for path, method, operation, item in operations(document):
        where = f"{method.upper()} {path}"
        name = str(operation.get("operationId") or "")
        if not name or name in seen:
            yield f"{where}: no operationId of its own"
        seen.add(name)
        yield from (f"{where}: {fault}" for fault in _faults_of_one(path, operation, item))


def _faults_of_one(path: str, operation: dict[str, Any], item: dict[str, Any]) -> Iterator[str]:
    if path.endswith("//"):
        yield "an empty part in the path"
    if not (operation.get("summary") or operation.get("description")):
        yield "it does not say what it is for"
    if not operation.get("tags"):
        yield "no tags"
    answers = {str(each) for each in operation.get("responses") or {}}
    if not any(each[:1] in ("2", "3") for each in answers):
        yield "no answer for when it goes well"
    if not any(each[:1] == "4" or each == "default" for each in answers):
        yield "no answer for when it does not"
    given = [*operation.get("parameters", []), *item.get("parameters", [])]
    in_path = {each.get("name") for each in given if isinstance(each, dict) and each.get("in") == "path"}
    pointed = any("$ref" in each for each in given)
    if not pointed and set(re.findall(r"\{([^}]+)\}", path)) - in_path:
        yield "a part of the path is not described"
