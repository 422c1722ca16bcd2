"""A strategy written down by itself, outside a pack: read with its mistakes, and written again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from vestry.services.definition.decoding import decode
from vestry.services.definition.mistakes import Mistake, did_you_mean
from vestry.services.definition.reading import NotReadable, read_yaml
from vestry.services.definition.structure import wrongs
from vestry.services.packs import strategies
from vestry.services.packs.language import Strategy
from vestry.strategy import api as strategy

MARKDOWN, YAML = "md", "yaml"
_IS_YAML = re.compile(r"^(statements|layers|figures):", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A strategy as it was written; with ``mistakes``, only as far as it could be read."""

    layers: tuple[strategy.Layer, ...]
    statements: tuple[strategy.Statement, ...] = ()
    figures: tuple[strategy.Figures, ...] | None = None
    figures_line: int = 0
    mistakes: tuple[Mistake, ...] = ()


def kind_of(name: str, text: str) -> str:
    """Whether an outline is Markdown or YAML: by the ending of its name, else by what it says."""
    ending = name.rpartition(".")[2].lower()
    if ending in {"yaml", "yml"}:
        return YAML
    return YAML if ending not in {"md", "markdown"} and _IS_YAML.search(text) else MARKDOWN


def read(text: str, *, name: str, known: Sequence[strategy.Layer]) -> Outline:
    """Read an outline; ``known`` are the council's layers, ``name`` what its mistakes call it."""
    made = _from_yaml if kind_of(name, text) == YAML else _from_markdown
    return made(text, name, tuple(known))


def _from_yaml(text: str, name: str, known: tuple[strategy.Layer, ...]) -> Outline:
    try:
        tree = read_yaml(text, name)
    except NotReadable as fault:
        return Outline(layers=known, mistakes=tuple(fault.mistakes))
    found = wrongs(tree, Strategy)
    if found:
        return Outline(layers=known, mistakes=tuple(each.mistake for each in found))
    said = decode(tree.value, Strategy)
    mistakes = tuple(sorted(strategies.mistakes(said, tree, known)))
    if any(mistakes):
        return Outline(layers=known, mistakes=mistakes)
    return Outline(
        layers=strategies.layers(said) if said.layers else known,
        statements=strategies.statements(said),
        figures=strategies.figures(said) if said.figures else None,
        figures_line=tree.place(("figures",), key=True).line,
    )


def _from_markdown(text: str, name: str, known: tuple[strategy.Layer, ...]) -> Outline:
    found = strategy.read_all_markdown(text, known)
    mistakes = []
    for wrong in found.wrongs:
        what, instead = _(wrong.sentence).format(**wrong.words), ""
        if isinstance(wrong, strategy.NoSuchHeading):
            titles = [each for layer in known for each in (layer.title, layer.slug)]
            instead = did_you_mean(str(wrong.words["written"]), titles)
        mistakes.append(Mistake(file=name, line=int(str(wrong.words["line"])), what=what, instead=instead))
    statements = tuple(found.statements.values())
    # With a layer nobody knows, everything in it would be said to be wrong too.
    for fault in () if mistakes else strategy.faults(statements, known):
        written = _written(fault, found.statements)
        mistakes.append(
            Mistake(
                file=name,
                line=found.lines.get(fault.slug, 1),
                what=fault.what,
                instead=did_you_mean(written, fault.known) if fault.known else "",
            )
        )
    return Outline(layers=known, statements=statements, mistakes=tuple(sorted(mistakes)))


def _written(fault: strategy.Fault, statements: Mapping[str, strategy.Statement]) -> str:
    return str(fault.words.get("serves", "")) or statements[fault.slug].layer


def write(statements: Sequence[strategy.Statement], layers: Sequence[strategy.Layer]) -> str:
    """The whole of it as YAML, history included: what `read` reads back unchanged."""
    told: dict[str, Any] = {}
    if list(layers) != list(strategy.LAYERS):
        told["layers"] = {layer.slug: _layer(layer) for layer in layers}
    told["statements"] = {each.slug: _statement(each) for each in statements}
    return str(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100))


def _layer(layer: strategy.Layer) -> dict[str, Any]:
    many, unit = next(
        (layer.review // days, unit)
        for unit, days in reversed(strategies.DAYS.items())
        if layer.review % days == 0
    )
    told: dict[str, Any] = {"title": layer.title, "asks": layer.asks, "words": layer.words}
    told["review"] = f"{many} {unit}{'s' if many > 1 else ''}"
    return told | ({"changed-by": list(layer.changed_by)} if layer.changed_by else {})


def _statement(each: strategy.Statement) -> dict[str, Any]:
    told: dict[str, Any] = {"layer": each.layer, "says": each.sentence}
    if each.serves:
        told["serves"] = dict(each.serves) if any(each.serves.values()) else list(each.serves)
    told |= {"guided-by": list(each.guided_by)} if each.guided_by else {}
    told |= {"owner": each.owner} if each.owner else {}
    told |= {"since": each.since.isoformat()} if each.since else {}
    told |= {"decided": each.decided} if each.decided else {}
    told |= {"ended": each.ended.isoformat()} if each.ended else {}
    if each.before:
        told["before"] = [
            {"says": one.sentence, "since": one.since.isoformat()}
            | ({"decided": one.decided} if one.decided else {})
            for one in each.before
        ]
    return told
