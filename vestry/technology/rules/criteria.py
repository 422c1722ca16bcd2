"""The criteria: six rubrics, as data beside this room, each criterion with its source and its date.

A rubric is a version: what was decided says which one it rested on. Who is asked what is here too: what is
small, held by nobody's name and used by few is asked a dozen questions, and most of those answer themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import msgspec

Principle = Literal[
    "cloud-native",
    "mobile-ready",
    "interoperable",
    "flexible",
    "enabling-customers",
    "proportionately-secure",
]
PRINCIPLES: tuple[str, ...] = get_args(Principle)
Kind = Literal["buy", "renew", "build"]
Users = Literal["public", "staff", "machines"]
Class = Literal["public", "official", "official-personal", "official-sensitive"]
Size = Literal["small", "medium", "large"]
Means = Literal["observed", "documented", "claimed", "attested", "worked-out"]
Where = Literal["definition", "page"]
KINDS: tuple[Kind, ...] = ("buy", "renew", "build")
USERS: tuple[Users, ...] = ("public", "staff", "machines")
CLASSES: tuple[Class, ...] = ("public", "official", "official-personal", "official-sensitive")
SIZES: tuple[Size, ...] = ("small", "medium", "large")
# The smallest case: under this many pounds a year, for fewer than this many people, about nobody.
SMALL_POUNDS, SMALL_PEOPLE, LARGE_POUNDS = 5_000, 20, 100_000


class Criterion(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One question, and what is met, partly met and not met."""

    asks: str
    means: tuple[Means, ...]
    lifetime: str
    """How long an answer holds: ``12 months``."""
    met: str
    partly: str
    not_met: str
    source: str
    dated: str
    must: bool = False
    proof: bool = False
    """Whether it takes more than somebody's word to be met."""
    steps: bool = False
    """Whether it asks for a reason and a market look at every step down (`vestry.technology.rules.steps`)."""
    eyes: str = ""
    """Why no probe can see it, where what is observed takes somebody's own eyes."""
    from_: Size = msgspec.field(name="from", default="medium")
    """The smallest case it is asked in."""
    kinds: tuple[Kind, ...] = KINDS
    users: tuple[Users, ...] = USERS
    classes: tuple[Class, ...] = CLASSES
    service: tuple[Where, ...] = ()
    """Where the answer comes from when it is asked of a service itself. Of what is not, the technologies that
    the service runs on say enough."""
    id: str = ""
    principle: str = ""

    @property
    def automatic(self) -> bool:
        """Whether a probe can see how it stands."""
        return "observed" in self.means and not self.eyes

    @property
    def months(self) -> int:
        """How many months an answer holds."""
        return int(self.lifetime.split()[0])


class Rubric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The criteria of one principle, as they are written down."""

    principle: str
    title: str
    since: str
    criteria: dict[str, Criterion]


@dataclass(frozen=True, kw_only=True)
class Rubrics:
    """All criteria, by id, as they are from a day on. ``version`` says which: the day and a hash."""

    version: str
    titles: Mapping[str, str]
    criteria: Mapping[str, Criterion]

    def of(self, principle: str) -> list[Criterion]:
        """One principle's criteria."""
        return [each for each in self.criteria.values() if each.principle == principle]


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is being decided: the kind of decision, who uses the thing, what is in it, what it costs."""

    kind: Kind
    users: frozenset[str]
    people: int
    """How many people use it."""
    class_: Class
    pounds: int
    """What it costs in a year."""

    @property
    def size(self) -> Size:
        """How much is asked. What holds nobody's name, costs little and is used by few is asked little."""
        about_people = self.class_ in ("official-personal", "official-sensitive")
        if self.class_ == "official-sensitive" or self.pounds >= LARGE_POUNDS:
            return "large"
        if about_people or self.pounds >= SMALL_POUNDS or self.people >= SMALL_PEOPLE:
            return "medium"
        return "small"


def asked(case: Case, of: Rubrics) -> list[Criterion]:
    """What is asked of a case, in the rubrics' order."""
    return list(_asked(case, of))


def asked_of_service(class_: str, of: Rubrics) -> list[Criterion]:
    """What is asked of a service whose information is of a class, in the rubrics' order."""
    return [each for each in of.criteria.values() if each.service and class_ in each.classes]


def _asked(case: Case, of: Rubrics) -> Iterator[Criterion]:
    for each in of.criteria.values():
        large_enough = SIZES.index(each.from_) <= SIZES.index(case.size)
        about_users = bool(case.users & set(each.users))
        if large_enough and about_users and case.kind in each.kinds and case.class_ in each.classes:
            yield each
