"""A change of the strategy, before anybody has made it: to be looked at, proposed, decided, carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vestry.strategy.rules.graph import SERVES

REWORD, ADD, END, LINK, UNLINK = "reword", "add", "end", "link", "unlink"
MOVE, ASSIGN = "move", "assign"
KINDS = (REWORD, ADD, END, LINK, UNLINK, MOVE, ASSIGN)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one statement. ``kind`` says which of the other fields count:

    - ``reword``: ``sentence``
    - ``add``: ``layer``, ``sentence``, ``serves`` (those above it, each with the reason for skipping a layer
      where it does), ``owner``
    - ``end``: none
    - ``link`` and ``unlink``: ``parent``, ``how`` (``serves`` or ``guided-by``); to link, ``because``
    - ``move``: ``layer``, ``serves``: into another layer, and all that it serves there
    - ``assign``: ``owner``
    """

    kind: str
    slug: str
    sentence: str = ""
    layer: str = ""
    serves: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    parent: str = ""
    how: str = SERVES
    because: str = ""
