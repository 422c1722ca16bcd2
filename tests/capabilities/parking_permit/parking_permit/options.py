"""What a service definition may say under ``parking:``."""

from __future__ import annotations

from typing import Annotated

import msgspec

Minutes = Annotated[str, msgspec.Meta(pattern="^[1-9][0-9]? minutes$", examples=["20 minutes"])]


class Zone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some streets with numbered spaces."""

    title: str
    """What people call it: Harbour Street."""
    spaces: Annotated[int, msgspec.Meta(ge=1, le=500)]
    """How many there are; they are numbered from 1."""


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``parking: {id: space, vehicle: plate, zones: {harbour: {title: Harbour Street, spaces: 12}}}``."""

    id: str
    ask: str
    """The question that asks for the zone."""
    vehicle: str
    """The question that says which vehicle it is for: a text."""
    zones: Annotated[dict[str, Zone], msgspec.Meta(min_length=1)]
    """The zones people choose from, by name."""
    hold: Minutes = "20 minutes"
    """How long a space is kept for somebody who is filling in the form."""

    @property
    def minutes(self) -> int:
        """``hold`` as a number."""
        return int(self.hold.split()[0])
