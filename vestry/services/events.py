"""The facts the services room states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vestry.kernel import Fact, mark


@dataclass(frozen=True, kw_only=True)
class JourneyStarted(Fact):
    """Somebody began a journey through a service."""

    name: ClassVar[str] = "services.started"
    sentence: ClassVar[str] = mark("{actor} started.")
    privacy: ClassVar[str] = "Says only that it happened; who it was is not known yet."


@dataclass(frozen=True, kw_only=True)
class JourneySubmitted(Fact):
    """Somebody came to the end of a journey and sent it. Its subject is what came of it: a case, a report."""

    name: ClassVar[str] = "services.submitted"
    sentence: ClassVar[str] = mark("{actor} sent this in.")
    told: ClassVar[str] = mark("You sent this to us.")
    privacy: ClassVar[str] = "Names the channel only; the answers lie in the journey's row."

    channel: str
    """``web`` or ``api``."""


@dataclass(frozen=True, kw_only=True)
class JourneyAbandoned(Fact):
    """A journey came to nothing, and its answers were deleted."""

    name: ClassVar[str] = "services.abandoned"
    sentence: ClassVar[str] = mark("The answers were deleted before anything was sent.")
    privacy: ClassVar[str] = "Says how it ended; nothing of the answers is left."

    left: bool
    """True when the person left on purpose, False when they did not come back in time."""


@dataclass(frozen=True, kw_only=True)
class ServicePublished(Fact):
    """A new version of a service can be used from now on. Its subject is the service."""

    name: ClassVar[str] = "services.published"
    sentence: ClassVar[str] = mark("{actor} published version {number}.")
    privacy: ClassVar[str] = "Names the version; a definition holds nobody's details."

    number: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class ServiceWithdrawn(Fact):
    """A service is no longer offered. Journeys and cases that have begun go on."""

    name: ClassVar[str] = "services.withdrawn"
    sentence: ClassVar[str] = mark("{actor} took the service out of the catalogue.")
    privacy: ClassVar[str] = "Names the version; a definition holds nobody's details."

    number: int
