"""What publishing comes to for each service: one answer for whoever foretells it and whoever does it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from vestry.services.models import Offer, Version
from vestry.services.packs.reading import Source

# Whoever publishes there is an officer; packs are published by the system.
DESK = "officer:"

Change = Literal["new", "changed", "same", "again", "kept", "undone", "withdrawn"]
"""What becomes of a service.

*new*: its first version. *changed*: its next. *same*: as it is. *again*: its newest version is offered once
more. *kept*: the pack has an older text than the desk, so the desk's stays. *undone*: the pack has another
text than the desk's, so nothing of the pack is published. *withdrawn*: no longer offered.
"""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What becomes of one service, and the ``number`` of the version that is then its newest."""

    slug: str
    change: Change
    number: int
    newest: Version | None = None
    """The newest version there is before."""
    source: Source | None = None
    """What the pack or the draft says; none for what it leaves out."""

    @property
    def title(self) -> str:
        """The title of what is offered then, or was last."""
        if self.source and (self.newest is None or self.change in {"changed", "undone"}):
            return self.source.definition.title
        return str(self.newest.title) if self.newest else ""


def decide(
    slug: str, source: Source, *, offered: bool, from_desk: bool = False, undo: bool = False
) -> Decision:
    """What becomes of one service that is published, from the desk or from a pack."""
    versions = list(Version.objects.filter(slug=slug).order_by("-number"))
    newest = versions[0] if versions else None
    if newest is None:
        return Decision(slug=slug, change="new", number=1, source=source)
    text = digest(source.text)
    change: Change
    if text == newest.digest:
        change = "same" if offered else "again"
    elif from_desk or undo or not newest.published_by.startswith(DESK):
        change = "changed"
    elif any(text == each.digest for each in versions[1:]):
        change = "kept" if offered else "again"
    else:
        change = "undone"
    number = newest.number + (change == "changed")
    return Decision(slug=slug, change=change, number=number, newest=newest, source=source)


def decide_all(services: Mapping[str, Source], *, undo: bool = False) -> Iterator[Decision]:
    """What becomes of every service of the council when a pack with these is published."""
    offers = {offer.slug: offer for offer in Offer.objects.select_related("version").order_by("slug")}
    for slug, source in services.items():
        yield decide(slug, source, offered=slug in offers, undo=undo)
    brought = set(Version.objects.exclude(published_by__startswith=DESK).values_list("slug", flat=True))
    for slug, offer in offers.items():
        # A service that only the desk ever published is not the pack's to take away.
        if slug not in services and (undo or slug in brought):
            number = offer.version.number
            yield Decision(slug=slug, change="withdrawn", number=number, newest=offer.version)


def digest(text: str) -> str:
    """By what the texts of two versions are told apart."""
    return hashlib.sha256(text.encode()).hexdigest()
