"""What a service definition may say under ``report:``."""

from __future__ import annotations

from typing import Annotated

import msgspec

WorkingDays = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,2} working days?$", examples=["2 working days"])]


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``report: {id: missed, category: missed-bin, place: home, happened: day, within: 2 working days}``."""

    id: str
    category: str
    """What it is about; two reports are the same when category, place, kind and day are."""
    place: str
    """The question that says where: an address."""
    happened: str
    """The question that says when: a date."""
    schedule: str = ""
    """The schedule of rounds the day must be on, such as ``bin-rounds``."""
    kind: str = ""
    """The question that says which kind of collection; needed with a schedule."""
    within: WorkingDays | None = None
    """How many working days later it can still be reported."""

    @property
    def days(self) -> int | None:
        """``within`` as a number."""
        return int(self.within.split()[0]) if self.within else None
