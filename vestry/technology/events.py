"""The facts of the technology room. The subject is the technology, or the service that was looked at.

What the register says stays in the tables; a fact holds its hash, so that it can be shown what it said when.
"""

from __future__ import annotations

from dataclasses import dataclass

from vestry.kernel import Fact, mark

_PRIVACY = "Short names, verdicts, days and hashes; what somebody wrote stays in the tables."


@dataclass(frozen=True, kw_only=True)
class TechnologyRegistered(Fact):
    """The register says something new of a technology. ``digest`` is the hash of all it says."""

    name = "technology.registered"
    sentence = mark("{actor} wrote it into the register.")
    privacy = _PRIVACY

    digest: str


@dataclass(frozen=True, kw_only=True)
class EvidenceKept(Fact):
    """Something became known about a criterion."""

    name = "technology.evidence_kept"
    sentence = mark("{actor} kept evidence on {criterion} ({means}): {verdict}.")
    privacy = _PRIVACY

    criterion: str
    verdict: str
    means: str
    day: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class LookAsked(Fact):
    """Somebody had a product looked at. ``active``: with the supplier's leave, so that it is tried, too."""

    name = "technology.look_asked"
    sentence = mark("{actor} had it looked at (look {number}).")
    privacy = _PRIVACY

    number: int
    active: bool


@dataclass(frozen=True, kw_only=True)
class LookEnded(Fact):
    """A look came to its end, or could not be done: then there are no findings."""

    name = "technology.look_ended"
    sentence = mark("Look {number} ended with {findings} findings.")
    privacy = _PRIVACY

    number: int
    findings: int


@dataclass(frozen=True, kw_only=True)
class AssessmentBegun(Fact):
    """Somebody began to look whether it should be bought, renewed or built."""

    name = "technology.begun"
    sentence = mark("{actor} began assessment {number}: {kind}, {asked} criteria.")
    privacy = _PRIVACY

    number: int
    kind: str
    asked: int


@dataclass(frozen=True, kw_only=True)
class AssessmentDecided(Fact):
    """It was decided. ``rested_on`` is the hash of all that the decision rested on."""

    name = "technology.decided"
    sentence = mark("{actor} decided assessment {number}: {outcome}. To be looked at again by {again_on}.")
    privacy = _PRIVACY

    number: int
    outcome: str
    again_on: str
    rested_on: str


@dataclass(frozen=True, kw_only=True)
class DecisionExpired(Fact):
    """The day has come on which a decision has to be looked at again."""

    name = "technology.expired"
    sentence = mark("Assessment {number} is due to be looked at again.")
    privacy = _PRIVACY

    number: int


@dataclass(frozen=True, kw_only=True)
class WaiverAsked(Fact):
    """Somebody asked to take it although a principle is not met."""

    name = "technology.waiver_asked"
    sentence = mark("{actor} asked for waiver {number} on {principle}, until {ends}.")
    privacy = _PRIVACY

    number: int
    principle: str
    ends: str


@dataclass(frozen=True, kw_only=True)
class WaiverSettled(Fact):
    """A waiver was granted, declined or ended."""

    name = "technology.waiver_settled"
    sentence = mark("{actor} settled waiver {number}: {state}.")
    privacy = _PRIVACY

    number: int
    state: str


@dataclass(frozen=True, kw_only=True)
class UseStated(Fact):
    """A service runs on it, or no longer does."""

    name = "technology.use_stated"
    sentence = mark("The service {service}: runs on it: {runs}.")
    privacy = _PRIVACY

    service: str
    runs: bool


@dataclass(frozen=True, kw_only=True)
class RenewalAnnounced(Fact):
    """Those who look after it were reminded that its contract can be ended, or goes on."""

    name = "technology.renewal_announced"
    sentence = mark("The contract ends on {end}: notice can be given until {last_notice} ({stage}).")
    privacy = _PRIVACY

    end: str
    last_notice: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class CalendarMade(Fact):
    """Somebody made a secret link to the days that matter; a link made before is worth nothing any more."""

    name = "technology.calendar_made"
    sentence = mark("{actor} made a link to the calendar of technologies.")
    privacy = "Whose it is; the link itself stands nowhere."


@dataclass(frozen=True, kw_only=True)
class CalendarEnded(Fact):
    """A secret link was taken back."""

    name = "technology.calendar_ended"
    sentence = mark("{actor} took back a link to the calendar of technologies.")
    privacy = "Whose it was."
