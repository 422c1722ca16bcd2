"""The strategy by itself, as an outline that somebody wrote. See `services.api`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vestry.kernel import Ref, Refused
from vestry.ledger import api as ledger
from vestry.services.definition.mistakes import Mistake
from vestry.services.packs import outlines
from vestry.services.packs.outlines import Outline
from vestry.strategy import api as strategy


class NotAStrategy(Refused):
    """The outline cannot be used as it is:
    {mistakes}"""

    @classmethod
    def of(cls, mistakes: Sequence[Mistake]) -> NotAStrategy:
        """One with all its mistakes."""
        return cls(mistakes="\n".join(map(str, mistakes)))


def read_strategy(*, text: str, name: str) -> Outline:
    """An outline in Markdown or YAML, by the ending of ``name`` or by what it says; its mistakes in it."""
    return outlines.read(text, name=name, known=strategy.layers())


def written_strategy() -> str:
    """The council's whole strategy as YAML, its history included."""
    return outlines.write(strategy.outline(), strategy.layers())


def put_strategy(*, text: str, name: str, by: Ref, now: datetime) -> bool:
    """Make an outline the council's strategy, whoever its layers belong to: for whoever runs the house. Says
    whether anything was taken in. Raises `NotAStrategy`.
    """
    outline = read_strategy(text=text, name=name)
    if outline.mistakes:
        raise NotAStrategy.of(outline.mistakes)
    with ledger.transaction():
        taken = strategy.put_outline(outline.statements, layers=outline.layers, by=by, now=now)
        if outline.figures is not None:
            strategy.put_figures(outline.figures)
    return taken
