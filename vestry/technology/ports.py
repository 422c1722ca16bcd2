"""What the room needs from outside: somebody who looks at a product and says what they saw.

An adapter looks at one address and gives back a `Run`: what it found, criterion by criterion, and the raw
evidence it rests on. It decides nothing: what a finding is worth, and how long, the room's rules say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from vestry.kernel import Refused


class Verdict(StrEnum):
    """How a technology stands against one criterion. There are no others, and no marks to add up."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not-met"
    NOT_KNOWN = "not-known"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, kw_only=True)
class RawEvidence:
    """Something kept as it was seen: a screenshot, a document, the headers. At most `LARGEST` bytes."""

    name: str
    """Short, and its own within the run: ``headers.txt``, ``width-320.png``."""
    media_type: str
    content: bytes | Path
    """The bytes, or the file they stand in until the run has been taken in."""

    def read(self) -> bytes:
        """The bytes themselves."""
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content

    @property
    def sha256(self) -> str:
        """Their hash, in hexadecimal."""
        return hashlib.sha256(self.read()).hexdigest()


LARGEST = 2_000_000
"""Bytes of one piece of evidence. What is longer is cut by the adapter, and its finding says so."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was seen about one criterion.

    A page that was blocked, a challenge, a login, an error of the probe itself: `Verdict.NOT_KNOWN`, with
    the reason in the sentence; never a pass and never a failure. `Verdict.NOT_APPLICABLE` says why, too.
    """

    criterion: str
    """Its id, as in `vestry/technology/criteria`: ``M1``."""
    verdict: Verdict
    sentence: str
    """What was seen, in plain English, with ``{words}`` where ``words`` says what stands there."""
    words: Mapping[str, str | int] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    """The names of the raw evidence it rests on."""

    @property
    def said(self) -> str:
        """The sentence with its words."""
        return self.sentence.format(**self.words) if self.words else self.sentence


@dataclass(frozen=True, kw_only=True)
class Run:
    """One look at one address. A criterion the probes say nothing of is not in it."""

    address: str
    tool: str
    """``vestry probes``, or whose they are."""
    version: str
    """Of the tool and of what it rests on: ``1 (axe-core 4.12.1, Chromium 156)``."""
    started: datetime
    ended: datetime
    findings: tuple[Finding, ...]
    evidence: tuple[RawEvidence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run has come: what it does just now, as a sentence, and which step of how many."""

    doing: str
    step: int
    of: int


class NotLookedAt(Refused):
    """This address cannot be looked at: {why}"""


class NotAJourney(Refused):
    """This is not a journey: {why}. How one is written: docs/how-to/hold-a-site-against-the-principles.md."""


class Probes(Protocol):
    """Looks at a product from outside. Plugged in as ``technology.probes``."""

    def check(self, walk: str) -> None:
        """Whether this is a journey that can be walked. Raises `NotAJourney`, which says what is wrong."""

    def look(
        self,
        address: str,
        *,
        now: Callable[[], datetime],
        told: Callable[[Progress], None],
        leave: str = "",
        walk: str = "",
    ) -> Run:
        """Look at an ``https://`` (or ``http://``) address, and at no other host.

        ``now`` is the clock, ``told`` hears how far it has come. ``leave`` is where the supplier's leave is
        recorded; without it nothing active is done (no generated requests, no load). ``walk`` is a journey
        to be walked, written as the adapter's page says. Raises `NotLookedAt` for what is no address, or
        leads inside the council's own network; and `NotAJourney`.
        """
