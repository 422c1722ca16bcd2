"""The facts about parking permits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from vestry.kernel import Fact, mark


@dataclass(frozen=True, kw_only=True)
class SpaceHeld(Fact):
    """A space was set aside for somebody who is filling in the form."""

    name: ClassVar[str] = "parking_permit.held"
    sentence: ClassVar[str] = mark("Space {number} was set aside.")
    privacy: ClassVar[str] = "Names a space, and nobody."

    zone: str
    number: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class SpaceReleased(Fact):
    """A space that was set aside is anybody's again."""

    name: ClassVar[str] = "parking_permit.released"
    sentence: ClassVar[str] = mark("Space {number} is free again.")
    privacy: ClassVar[str] = "Names a space, and nobody."

    zone: str
    number: int


@dataclass(frozen=True, kw_only=True)
class SpaceGranted(Fact):
    """A space is somebody's."""

    name: ClassVar[str] = "parking_permit.granted"
    sentence: ClassVar[str] = mark("Space {number} was granted.")
    privacy: ClassVar[str] = "Names a space; whose it is, the case knows."

    zone: str
    number: int
