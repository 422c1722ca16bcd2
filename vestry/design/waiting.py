"""What somebody waits for, as a capability says it: part of the protocol in `design.capability`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from vestry.design.questions import Question


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a summary: a label and what it says."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What cannot be had now, and how somebody stands who would wait for it.

    ``state`` is ``open`` (they may begin to wait by answering ``questions``), ``waiting``, or ``offered``
    (something is kept for them).
    """

    state: Literal["open", "waiting", "offered"]
    title: str
    """What is waited for."""
    text: str
    """What happens, in a sentence or two."""
    rows: Sequence[Row] = ()
    questions: Sequence[Question] = ()
    link: str = ""
    """The last part of the address at which they take what is offered, or wait no more."""


@dataclass(frozen=True, kw_only=True)
class Waits:
    """That somebody waits: what is ``held`` for them, and until when their answers have to be kept."""

    held: Any
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What somebody waited for and took: what is ``held`` by now, and the answers that say so."""

    held: Any
    said: Mapping[str, Any]
