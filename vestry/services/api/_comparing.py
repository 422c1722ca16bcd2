"""What a pack would change, in words, before anything is published. See `services.api`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vestry.services.api._deciding import Change, Decision
from vestry.services.api._publishing import differences, foretelling
from vestry.services.definition.comparing import Part


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What is different in one service, beside ``version``, its newest; 0 for a new service.

    ``parts`` is empty where publishing leaves the text as it is.
    """

    service: str
    title: str
    change: Change
    version: int
    parts: tuple[Part, ...]


def compare(*, folder: Path, undo: bool = False) -> list[Difference]:
    """What publishing a pack would change in each service. Changes nothing.

    With ``undo``, as if it were published so. Raises `NoPackThere`, `NotPublished` as publishing would.
    """
    with foretelling(folder, undo=undo) as decisions:
        return [_difference(each) for each in decisions]


def _difference(decision: Decision) -> Difference:
    return Difference(
        service=decision.slug,
        title=decision.title,
        change=decision.change,
        version=decision.newest.number if decision.newest else 0,
        parts=differences(decision),
    )
