"""What a row of the table of the API says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from vestry.channels.rest.problems import Kind
from vestry.channels.rest.replies import Reply


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """Something beside the body that a request says."""

    name: str
    place: str
    """``path``, ``query`` or ``header``."""
    description: str
    example: str
    optional: bool = False
    """Whether a header may be left out; a word of the query always may."""
    schema: Mapping[str, Any] = field(default_factory=dict)
    """What its JSON Schema says beyond being a text."""

    @property
    def required(self) -> bool:
        """Whether a request without it is refused."""
        return self.place != "query" and not self.optional


@dataclass(frozen=True, kw_only=True)
class Route:
    """One thing that can be done at one address."""

    method: str
    path: str
    name: str
    tag: str
    title: str
    description: str
    call: Callable[..., Reply]
    parameters: tuple[Parameter, ...] = ()
    body: type[msgspec.Struct] | None = None
    takes_file: bool = False
    """Whether the body is a file, as it is."""
    status: int = 200
    gives: Any
    """The type of the answer."""
    also: Mapping[int, tuple[str, Any]] = field(default_factory=dict)
    """Other answers that are no problem, by status: what it means, and the type."""
    headers: tuple[Parameter, ...] = ()
    """What the answer's headers say."""
    problems: tuple[Kind, ...] = ()
    """Beside those that any request may meet."""
    token: bool = False
    """Whether the token of a submission is needed."""
    scope: str = ""
    """The row of the permission table that a client's key must name; empty where none is needed."""
    any_origin: bool = False
    """Whether pages of other sites may read it (CORS); and whether caches may keep it."""
