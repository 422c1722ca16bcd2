"""What documents state. The subject is whose the file is: a journey, then the case that came of it."""

from __future__ import annotations

from dataclasses import dataclass

from vestry.kernel import Fact, mark

_PRIVACY = "Kind, size and SHA-256 of a file: neither its name nor anything in it can be had from them."


@dataclass(frozen=True, kw_only=True)
class Received(Fact):
    """A file was uploaded and is what it says. ``clean`` is false while the virus scanner is waited for."""

    name = "documents.received"
    sentence = mark("A file was uploaded ({kind}, {size} bytes).")
    privacy = _PRIVACY

    document: str
    kind: str
    size: int
    sha256: str
    clean: bool


@dataclass(frozen=True, kw_only=True)
class Kept(Fact):
    """A file was sent with what it belongs to, and is kept as long as that."""

    name = "documents.kept"
    sentence = mark("A file was given ({kind}, {size} bytes). Its SHA-256 is {sha256}.")
    told = mark("You sent us a file.")
    privacy = _PRIVACY

    document: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class FoundClean(Fact):
    """The scanner, asked again, found nothing."""

    name = "documents.found_clean"
    sentence = mark("A file was checked for viruses. None was found.")
    privacy = "The id of a file, which is a random number."

    document: str


@dataclass(frozen=True, kw_only=True)
class FoundInfected(Fact):
    """The scanner, asked again, found a virus: the file itself is gone. ``kept``: it had been sent."""

    name = "documents.found_infected"
    sentence = mark("A virus was found in a file, and the file was deleted. Ask for another copy.")
    told = mark("A file you sent has a virus, so we deleted it. Nobody here has opened it.")
    privacy = "The id of a file, which is a random number."

    document: str
    kept: bool


@dataclass(frozen=True, kw_only=True)
class TurnedAway(Fact):
    """An uploaded file had a virus and was not taken. No file and no row came of it."""

    name = "documents.turned_away"
    sentence = mark("A file with a virus was turned away.")
    privacy = "That it happened, and nothing else."


@dataclass(frozen=True, kw_only=True)
class Forgotten(Fact):
    """A file was deleted, with its name."""

    name = "documents.forgotten"
    sentence = mark("A file was deleted.")
    privacy = "The id of a file, which is a random number."

    document: str
