"""What stands in the files of a pack, besides its services."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from vestry.people import api as people
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
Role = Literal[
    "officer", "crew", "manager", "designer", "head", "cabinet", "full-council", "finance", "support"
]
Roles = Role | tuple[Role, ...]


class Look(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the council's pages differ from others'."""

    colour: Literal["", "blue", "navy", "green", "teal", "purple", "maroon", "brown", "slate"] = ""
    """The colour of the line under the header."""


class Shows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the public pages show beside the services."""

    technologies: bool = True
    """The register of technologies, at ``/technologies/``."""
    principles: bool = False
    """On a service's first page, how it stands against the six principles."""

    @property
    def named(self) -> frozenset[str]:
        """What is shown, by name."""
        return frozenset(name for name in self.__struct_fields__ if getattr(self, name))


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
    shows: Shows = Shows()
    wards: dict[Slug, Text] = {}
    """The wards, by the short name that the gazetteer uses."""


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who works for the council."""

    name: Text
    email: Email
    teams: dict[Slug, Roles] = {}
    """What they are in each of their teams: officer, crew, manager; or several of them."""
    council: Roles = ()
    """What they are for every team at once: officer, crew, manager, support; or several of them."""

    def placed(self, slug: str) -> people.Placement:
        """As the people room takes it."""
        teams = {team: _several(roles) for team, roles in self.teams.items()}
        return people.Placement(
            slug=slug, name=self.name, email=self.email, teams=teams, council=_several(self.council)
        )


def _several(roles: Roles) -> tuple[str, ...]:
    return (roles,) if isinstance(roles, str) else roles


class People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``people.yaml``: who works where."""

    teams: Annotated[dict[Slug, Text], msgspec.Meta(min_length=1)]
    """The teams, each with its full name."""
    officers: Annotated[dict[Slug, Person], msgspec.Meta(min_length=1)]
    """Everybody who signs in, by a short name that never changes."""


class Layer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One layer of the strategy."""

    title: Text
    """What it is called: Outcomes."""
    asks: Text
    """The question its sentences answer: What will be different?"""
    words: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    """The most words one of its sentences should have."""
    review: Annotated[
        str, msgspec.Meta(pattern="^[1-9][0-9]{0,2} (day|week|month|year)s?$", examples=["5 years"])
    ]
    """After how long a sentence should be read again."""
    changed_by: tuple[Role, ...] = ()
    """The roles that decide what it says; everybody where none is named."""


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a statement said before."""

    says: Text
    since: Day
    """From which day on."""
    decided: str = ""
    """Where that was decided: Cabinet, 12 March 2024."""


class Sentence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One statement of the strategy."""

    layer: Slug
    """How near the top it stands: purpose, principle, strategy, outcome, service, plan, activity."""
    says: Text
    """The sentence itself."""
    serves: Slug | Annotated[list[Slug], msgspec.Meta(min_length=1)] | dict[Slug, str] = ""
    """The statement above that says why; or several; or each with the reason why it skips a layer."""
    guided_by: list[Slug] = []
    """The principles it goes by."""
    owner: Slug | None = None
    """The team that looks after it."""
    since: Day | None = None
    """Since when it says so; the day it was first taken in when left out."""
    decided: str = ""
    """Where that was decided: Full council, 20 May 2021."""
    ended: Day | None = None
    """Since when it is no longer part of the strategy."""
    before: list[Wording] = []
    """What it said before, oldest first."""


class YearFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What services come to in a year, as somebody counted it."""

    since: Day
    """From which day on it holds."""
    source: Text
    """Where it can be looked up: Revenue budget 2026/27, page 14."""
    services: dict[Slug, Annotated[float, msgspec.Meta(ge=0)]] = {}
    """By service; one that is left out is not known."""
    all: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """Of the whole council, where that is known."""


class Strategy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``strategy.yaml``: why the council does what it does."""

    layers: dict[Slug, Layer] = {}
    """The layers from the top down, where they are not the usual seven."""
    statements: Annotated[dict[Slug, Sentence], msgspec.Meta(min_length=1)]
    figures: dict[Literal["spend", "hours"], list[YearFigures]] = {}
    """What services cost in pounds a year, and how many hours of work they take: dated, with source."""


class PastVersion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many words a service had before it was written here, and since when."""

    since: Day
    words: Annotated[int, msgspec.Meta(ge=1, le=100_000)]


Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class PastService(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a service and its cases before it was written here."""

    serves: Slug
    versions: Annotated[list[PastVersion], msgspec.Meta(min_length=1)]
    months: dict[
        Annotated[str, msgspec.Meta(pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2024-05"])],
        tuple[Count, Count, Count, Count, Count],
    ] = {}
    """By month: cases that began and ended, words that came with them and went, other facts about them."""


class Past(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``past.yaml``: what the council did before it used Vestry, as far as anybody counted."""

    services: dict[Slug, PastService] = {}


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
