"""Working something out once for the very same things, such as a definition, which never changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

Made = TypeVar("Made")
# As many as versions are remembered (`_versions`).
MOST = 2048


class _Very:
    """Equal only to itself, however alike another is: what is compared is where it lies, not what it says."""

    __slots__ = ("thing",)

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Very) and self.thing is other.thing


def once(make: Callable[..., Made]) -> Callable[..., Made]:
    """Remember what came of it, for the very same arguments. Nobody may change what it gives."""

    @lru_cache(maxsize=MOST)
    def remembered(*very: _Very) -> Made:
        return make(*(each.thing for each in very))

    @wraps(make)
    def asked(*things: Any) -> Made:
        return remembered(*map(_Very, things))

    return asked
