"""A service definition, once it is read: frozen, typed, the same for ever for a published version.

What stands in the file is in `Heading`, and beside it ``journey``, the sections after it and ``on``. Those
three are written in the words of capabilities, which this file doesn't know: each of their lines becomes an
`Item` or a `Reaction`, the capability's word with its decoded options.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

SLUG_PATTERN = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Slug = Annotated[
    str,
    msgspec.Meta(
        pattern=SLUG_PATTERN,
        max_length=60,
        description="Small letters and digits, with a hyphen between words.",
    ),
]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Span = Annotated[
    str,
    msgspec.Meta(
        pattern="^[1-9][0-9]{0,2} (days?|weeks?|months?|years?)$", examples=["30 days", "2 years", "6 months"]
    ),
]
Day = Annotated[str, msgspec.Meta(pattern="^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", examples=["2026-11-23"])]
Principle = Literal[
    "cloud-native",
    "mobile-ready",
    "interoperable",
    "flexible",
    "enabling-customers",
    "proportionately-secure",
]
InformationClass = Literal["public", "official", "official-personal", "official-sensitive"]

TASK, PAGE, CHECK = "task", "page", "check"
"""The steps that the journey itself knows by name."""


class Standard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which service it is in the national lists, so that it can be compared between councils."""

    lgsl: Annotated[int, msgspec.Meta(ge=1, le=9999)]
    """Its number in the Local Government Service List."""
    lgil: Annotated[int, msgspec.Meta(ge=0, le=99)]
    """Its number in the Local Government Interaction List: 8 is reporting, 0 is applying."""


class Whom(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The questions whose answers say whom to tell."""

    name: Slug = ""
    """The question that asks for the name."""
    email: Slug = ""
    """The question that asks for the email address."""


class Keep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long it is kept."""

    closed: Span
    """After a case was closed."""
    abandoned: Span = "30 days"
    """After somebody last came back to a journey they did not finish."""


class Research(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A round of research with people who use the service, or would."""

    day: Day
    """When it was, its last day."""
    whom: Text
    """Who was asked or watched, and how: Six residents of High Moss, at home."""
    learnt: Text
    """What was learnt from them."""
    changed: str = ""
    """What is different because of it."""
    tried: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    """How many tried to use the service."""
    finished: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    """How many of them finished, first time and unaided."""


class FinishBy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """People finish what they began until then; whoever comes back later goes on with this version."""

    finish_by: Annotated[
        str,
        msgspec.Meta(
            pattern="^([1-9][0-9]{0,2} (days?|weeks?|months?)|20[0-9]{2}-[01][0-9]-[0-3][0-9])$",
            examples=["14 days", "2027-03-31"],
        ),
    ]
    """How long after this version was published, or the last day."""


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent, with ``((words))`` to fill in."""

    subject: Text
    body: Text


class Heading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a definition says of the service itself."""

    service: Slug
    """Its name in addresses: ``/services/missed-bin/``. It never changes."""
    title: Text
    """What a resident looks for, starting with a verb: Report a missed bin."""
    summary: Text
    """One sentence for the catalogue."""
    before: str = ""
    """Text of the start page: what to have at hand, when to use something else."""
    why: Slug
    """The statement of the council's strategy that this service serves."""
    owner: Slug
    """The team that answers for this definition."""
    runs_on: tuple[Slug, ...] = msgspec.field(name="runs-on", default=())
    """The technologies it runs on, by their names in the register."""
    research: tuple[Research, ...] = ()
    """What is known of the people it is for, and from whom."""
    although: dict[Principle, Text] = {}
    """Why it is published all the same, principle by principle, where this definition does not meet one."""
    standard: Standard | None = None
    information_class: InformationClass = msgspec.field(name="class")
    """How carefully what people tell us is held."""
    reference: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2,5}$", examples=["MB"])]
    """The letters a reference begins with."""
    contact: Whom = Whom()
    keep: Keep
    people_midway: Literal["stay", "carry-over"] | FinishBy = msgspec.field(
        name="people-midway", default="stay"
    )
    """What happens to people who are filling in an earlier version when this one appears.

    With ``stay`` they finish what they began; with ``carry-over`` they go on with this version, and are asked
    only what changed; with ``finish-by`` they stay until a day, and go on with this version after it.
    """
    messages: dict[Slug, Message] = {}
    """What can be sent, by name."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a journey, in the order in which they are asked and, at the end, confirmed."""

    id: str
    """Its place in an address, unique in the definition."""
    word: str
    """The capability: ``page``, ``check``, ``report``, ``case`` ..."""
    options: Any
    """What the definition says, decoded into the capability's own options."""
    when: str = ""
    """The condition under which the step is taken; empty means always."""


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """What to do when something happens."""

    word: str
    options: Any


class Definition(Heading, frozen=True, kw_only=True):
    """A whole definition. The sections after the journey are its last items."""

    journey: tuple[Item, ...]
    on: dict[str, tuple[Reaction, ...]] = {}

    def item(self, id: str) -> Item | None:
        """The step of that id."""
        return next((item for item in self.journey if item.id == id), None)
