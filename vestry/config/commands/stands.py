"""How services stand against the six principles, told on a command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vestry.technology.api import ServiceStand

SHAPES = {"met": "●", "partly": "◐", "not-met": "✕", "not-known": "?", "not-applicable": "–"}
SAID = {
    "met": "met",
    "partly": "partly met",
    "not-met": "NOT MET",
    "not-known": "not known",
    "not-applicable": "does not apply",
}


def tell_stands(stands: Mapping[str, ServiceStand]) -> None:
    """The six words of each, by title, and what is missing."""
    from vestry.technology import api as technology

    titles = technology.rubrics().titles
    for title, stand in stands.items():
        print(title)
        for verdict, shape in SHAPES.items():
            if of := [titles[word.principle] for word in stand.words if word.verdict == verdict]:
                print(f"  {shape} {SAID[verdict]}: {', '.join(of)}")
        for each in stand.on:
            for verdict in ("not-met", "not-known", "partly"):
                if of := [titles[principle] for principle, said in each.words.items() if said == verdict]:
                    print(f"  It runs on {each.title}, {SAID[verdict]}: {', '.join(of)}")
        if not stand.on:
            print("  It does not say what it runs on.")
        for criterion in stand.missing:
            held = stand.standings[criterion.id]
            why = f" {held.piece.sentence}" if held.piece else ""
            print(f"  {criterion.id} {criterion.asks} {SAID[held.verdict.value]}.{why}")
        if stand.unseen:
            print(f"  Nobody has looked at its page yet: {', '.join(each.id for each in stand.unseen)}")
