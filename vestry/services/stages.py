"""One page of a journey, as walking comes to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vestry.design.capability import Page, Stop
from vestry.design.kinds import Listed
from vestry.design.questions import Question
from vestry.services.definition.language import Item


@dataclass(frozen=True, kw_only=True)
class Part:
    """Which part of a list a page is about: the whole list, or one item on it, by its number."""

    listed: Listed
    whole: Stage
    """The page on which the list is asked: what a machine answers at once."""
    item: int = 0
    title: str = ""
    """What the item is called."""
    removes: bool = False


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One page somebody has come to: its questions, or a stop. ``id`` is its place in the address."""

    id: str
    item: Item
    page: Page | None = None
    stop: Stop | None = None
    asked: tuple[Question, ...] = ()
    """Those of the page's questions whose condition holds."""
    answers: Mapping[str, Any] = field(default_factory=dict)
    """What was said to the page's own questions, those included that do not apply now."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """The words as they were before this page."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """The answers on the path before this page."""
    missing: bool = False
    """True while a question has no answer."""
    typed: Mapping[str, Any] = field(default_factory=dict)
    """What was typed on it and is no answer yet, by question id."""
    part: Part | None = None
    """For a page of a list, which part of it."""

    @property
    def finished(self) -> bool:
        """True when there is nothing left to do on it."""
        return not self.missing and self.stop is None

    @property
    def back_to(self) -> str:
        """Where one goes on from here although nothing is left to do there: to the list it is part of."""
        return self.part.whole.id if self.part and self.part.removes else ""

    def follows(self, other: Stage) -> bool:
        """Whether going back from here can lead to the other: not into an item of a list one is out of."""
        if other.part is None or not other.part.item:
            return True
        inside = self.part is not None and self.part.whole.id == other.part.whole.id
        return bool(inside and self.part and self.part.item == other.part.item and not self.part.removes)
