"""The facts the report room states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from vestry.kernel import Fact, mark


@dataclass(frozen=True, kw_only=True)
class ReportMade(Fact):
    """Something was reported that nobody had reported before."""

    name: ClassVar[str] = "report.made"
    sentence: ClassVar[str] = mark("{actor} reported what happened on {day}.")
    privacy: ClassVar[str] = "Names the ward, never the address, and nobody who reported."

    category: str
    kind: str
    day: date
    ward: str
