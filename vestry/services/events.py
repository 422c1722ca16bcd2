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
    privacy: ClassVar[str] = "Names the channel and counts words; the answers lie in the journey's row."

    channel: str
    """``web`` or ``api``."""
    words: int = 0
    """How many words the answers have, all together."""


@dataclass(frozen=True, kw_only=True)
class JourneyAccepted(Fact):
    """Somebody accepted their answers and sends; another site has to settle something first."""

    name: ClassVar[str] = "services.accepted"
    sentence: ClassVar[str] = mark("{actor} accepted the answers and went on to pay.")
    privacy: ClassVar[str] = "Names the channel and the steps that wait; nothing of the answers."

    channel: str
    """``web`` or ``api``."""
    waits: tuple[str, ...]
    """The steps that another site has to settle something for."""


@dataclass(frozen=True, kw_only=True)
class JourneyTakenBack(Fact):
    """What another site had to settle was given up, and the answers can be changed again."""

    name: ClassVar[str] = "services.taken_back"
    sentence: ClassVar[str] = mark("{actor} did not pay, and can change the answers again.")
    privacy: ClassVar[str] = "Names why; nothing of the answers."

    why: str
    """``changed`` when somebody wants to change their answers, ``gone`` when what was held is gone."""


@dataclass(frozen=True, kw_only=True)
class JourneyStranded(Fact):
    """Another site settled what it had to, and the journey cannot be sent all the same."""

    name: ClassVar[str] = "services.stranded"
    sentence: ClassVar[str] = mark("This was paid for, but could not be sent.")
    privacy: ClassVar[str] = "Names the step that could not be confirmed; nothing of the answers."

    step: str


@dataclass(frozen=True, kw_only=True)
class JourneyAbandoned(Fact):
    """A journey came to nothing, and its answers were deleted."""

    name: ClassVar[str] = "services.abandoned"
    sentence: ClassVar[str] = mark("The answers were deleted before anything was sent.")
    privacy: ClassVar[str] = "Says how it ended; nothing of the answers is left."

    left: bool
    """True when the person left on purpose, False when they did not come back in time."""


@dataclass(frozen=True, kw_only=True)
class JourneyForgotten(Fact):
    """What is personal in a journey that was sent, and in all that came of it, was erased."""

    name: ClassVar[str] = "services.forgotten"
    sentence: ClassVar[str] = mark("{actor} erased the answers and all personal details.")
    privacy: ClassVar[str] = "Says why it was erased; nothing of what it was is left."

    kept: str
    """How long its version keeps it after its end, such as ``2 years``."""
    asked: bool
    """True when somebody asked for it before that time, False when the time was over."""


@dataclass(frozen=True, kw_only=True)
class JourneySaved(Fact):
    """Somebody asked for a link by which they can go on later, on whatever device."""

    name: ClassVar[str] = "services.saved"
    sentence: ClassVar[str] = mark("{actor} saved this, to go on later.")
    privacy: ClassVar[str] = "Names the link by its number; neither the link nor the address it went to."

    link: int


@dataclass(frozen=True, kw_only=True)
class JourneyResumed(Fact):
    """Somebody went on by an emailed link. The journey has a new address since; the one before is closed."""

    name: ClassVar[str] = "services.resumed"
    sentence: ClassVar[str] = mark("{actor} went on by the link in an email.")
    privacy: ClassVar[str] = "Names the link by its number; neither the link nor the address it went to."

    link: int


@dataclass(frozen=True, kw_only=True)
class JourneyWaited(Fact):
    """Somebody began to wait for what could not be had. Their answers are kept as long."""

    name: ClassVar[str] = "services.waited"
    sentence: ClassVar[str] = mark("{actor} began to wait for what could not be had.")
    privacy: ClassVar[str] = "Names the step; nothing of the answers."

    step: str


@dataclass(frozen=True, kw_only=True)
class JourneyTookWaited(Fact):
    """Somebody took what came free, and went on. The journey has a new address since."""

    name: ClassVar[str] = "services.took_waited"
    sentence: ClassVar[str] = mark("{actor} took what came free, and went on.")
    privacy: ClassVar[str] = "Names the step; nothing of the answers."

    step: str


@dataclass(frozen=True, kw_only=True)
class LinkRefused(Fact):
    """Somebody came by an emailed link that does not work any more. Told once for each link."""

    name: ClassVar[str] = "services.link_refused"
    sentence: ClassVar[str] = mark("A link that does not work any more was refused.")
    privacy: ClassVar[str] = "Names the link by its number; who came is not known."

    link: int
    why: str
    """``replaced`` by a newer link, ``expired``, or ``deleted``."""


@dataclass(frozen=True, kw_only=True)
class AddressRefused(Fact):
    """Somebody came by an address that opens nothing: forged, of another council, or of what is over."""

    name: ClassVar[str] = "services.address_refused"
    sentence: ClassVar[str] = mark("An address that opens nothing was refused: {what}.")
    privacy: ClassVar[str] = "Says which kind of address; neither the address, nor who came."

    what: str
    """``journey``, ``link`` for one as we email them, or ``payment`` for one to pay by."""


@dataclass(frozen=True, kw_only=True)
class JourneyCarriedOver(Fact):
    """Somebody goes on with a newer version than the one they began. The fact's own version is the newer."""

    name: ClassVar[str] = "services.carried_over"
    sentence: ClassVar[str] = mark("{actor} went on with a newer version.")
    privacy: ClassVar[str] = "Names versions and counts; nothing of the answers."

    began: int
    kept: int
    """How many answers were carried over."""
    again: int
    """How many are asked again."""


@dataclass(frozen=True, kw_only=True)
class DayReached(Fact):
    """A day has come that a rule of the definition counts to."""

    name: ClassVar[str] = "services.day_reached"
    sentence: ClassVar[str] = mark("A day has come: {on}.")
    privacy: ClassVar[str] = "Names the rule as the definition writes it, never the day it is counted from."

    timer: int
    on: str


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
