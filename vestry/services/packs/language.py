"""What stands in the files of a pack, besides its services."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from vestry.services.definition.language import Slug, Text

Host = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", max_length=253, examples=["services.harrowmere.example"]
    ),
]
Email = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", max_length=254, examples=["help@harrowmere.example"]
    ),
]
Day = Annotated[str, msgspec.Meta(pattern="^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", examples=["2026-11-23"])]
Move = Annotated[
    str, msgspec.Meta(pattern="^(20[0-9]{2}-[0-9]{2}-[0-9]{2}|none)$", examples=["2026-11-24", "none"])
]
Time = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["16:30"])]
Division = Literal["england-and-wales", "scotland", "northern-ireland", "united-kingdom"]
Role = Literal["officer", "crew", "manager", "support"]
Layer = Literal["purpose", "principle", "strategy", "outcome", "objective"]


class Look(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the council's pages differ from others'."""

    colour: Literal["", "blue", "navy", "green", "teal", "purple", "maroon", "brown", "slate"] = ""
    """The colour of the line under the header."""


class Council(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``pack.yaml``: the council itself."""

    council: Slug
    """Its short name; it never changes."""
    name: Text
    """Its full name."""
    hosts: Annotated[tuple[Host, ...], msgspec.Meta(min_length=1)]
    """The host names its pages answer to, the main one first."""
    division: Division = "england-and-wales"
    """Whose bank holidays it keeps."""
    contact: Email
    """The address for people who can't use the website."""
    look: Look = Look()
    wards: dict[Slug, Text] = {}
    """The wards, by the short name that the gazetteer uses."""


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who works for the council."""

    name: Text
    email: Email
    teams: tuple[Slug, ...] = ()
    roles: Annotated[tuple[Role, ...], msgspec.Meta(min_length=1)]
    """What they may do: officer, crew, manager, support."""


class People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``people.yaml``: who works where."""

    teams: Annotated[dict[Slug, Text], msgspec.Meta(min_length=1)]
    """The teams, each with its full name."""
    officers: Annotated[dict[Slug, Person], msgspec.Meta(min_length=1)]
    """Everybody who signs in, by a short name that never changes."""


class Sentence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One statement of the strategy."""

    layer: Layer
    """How near the top it stands."""
    says: Text
    """The sentence itself."""
    serves: Slug = ""
    """The statement above that says why."""


class Strategy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``strategy.yaml``: why the council does what it does."""

    statements: Annotated[dict[Slug, Sentence], msgspec.Meta(min_length=1)]


class Collection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a kind of thing is collected."""

    first: Day
    """One of the days it was collected; the others are counted from there."""
    weeks: Annotated[int, msgspec.Meta(ge=1, le=52)] = 1
    """Every how many weeks."""


class Round(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The way a crew goes on one day of the week."""

    over: Time
    """From when on the crew is surely back."""
    collections: Annotated[dict[Slug, Collection], msgspec.Meta(min_length=1)]
    """What is collected, by kind."""
    moved: dict[Day, Move] = {}
    """Planned days that happen on another day; ``none`` for those that don't happen at all."""


class Rounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``rounds.yaml``: when which crew comes."""

    schedules: dict[Slug, dict[Slug, Round]]
    """By schedule, then by round."""
