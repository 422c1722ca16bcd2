"""An outline in Markdown: a heading a layer, an item a statement, and in braces what it is called and serves.

    # Strategy
    - We keep every street clean. {#clean-streets serves: lasting; live-well, because nothing lies between}

In a reason a backslash stands before what means something in braces. What a statement said before is not in
it: that is what the YAML of a pack is for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vestry.kernel import Refused
from vestry.strategy.rules.layers import Layer
from vestry.strategy.rules.outline import SLUG_LENGTH, Statement
from vestry.strategy.rules.words import spoken

# One thing matches a space or a hash, so that a line of them takes no longer than any other.
_HEADING = re.compile(r"^#{1,6}\s(?P<title>.+)$")
_ITEM = re.compile(r"[-*+]\s+(?P<text>\S.*)")
_BRACES = re.compile(r"\{#(?P<slug>[a-z0-9-]+)(?P<more>(?:[^\\}a-z0-9-](?:[^\\}]|\\.)*)?)\}")
_PART = re.compile(r"(serves|guided by|owner):")
_SERVED = re.compile(r"(?:[^\\;]|\\.)+")
SLUG_WORDS = 6


class NotAnOutline(Refused):
    """Line {line} is no part of an outline: a layer is a heading (# Plans), a statement an item (- ...)."""


class NotInBraces(NotAnOutline):
    """Line {line}: the braces at its end cannot be read. Write them so, with a small name: {example}."""


class NoSuchHeading(NotAnOutline):
    """Line {line}: “{written}” is not a layer. The layers are: {layers}."""


class SaidTwice(NotAnOutline):
    """Line {line}: there are two statements called “{slug}”."""


def write(statements: Sequence[Statement], layers: Sequence[Layer]) -> str:
    """The statements that stand, layer by layer from the top."""
    lines: list[str] = []
    for layer in layers:
        standing = [each for each in statements if each.layer == layer.slug and each.ended is None]
        if standing:
            lines += [f"# {layer.title}", "", *map(_line, standing), ""]
    return "\n".join(lines)


def _line(each: Statement) -> str:
    told = f"#{each.slug}"
    if each.serves:
        told += f" serves: {'; '.join(_served(*served) for served in each.serves.items())}"
    if each.guided_by:
        told += f" guided by: {'; '.join(each.guided_by)}"
    if each.owner:
        told += f" owner: {each.owner}"
    return f"- {' '.join(each.sentence.split())} {{{told}}}"


def _served(slug: str, why: str) -> str:
    escaped = re.sub(r"[\\{};]", r"\\\g<0>", " ".join(why.split()))
    escaped = _PART.sub(r"\1\\:", escaped)
    return f"{slug}, because {escaped}" if escaped else slug


@dataclass(kw_only=True)
class Read:
    """An outline as far as it could be read: its statements, the line of each, and what is wrong."""

    statements: dict[str, Statement] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    wrongs: list[NotAnOutline] = field(default_factory=list)


def read(text: str, layers: Sequence[Layer]) -> list[Statement]:
    """The statements of an outline. One without a name is called by its first words; one that does not say
    what it serves, and is not at the top, serves nothing yet. Raises `NotAnOutline` for the first wrong line.
    """
    found = read_all(text, layers)
    if found.wrongs:
        raise found.wrongs[0]
    return list(found.statements.values())


def read_all(text: str, layers: Sequence[Layer]) -> Read:
    """The same, and everything that is wrong with it."""
    by_title = {layer.title.lower(): layer.slug for layer in layers} | {
        each.slug: each.slug for each in layers
    }
    layer, found = "", Read()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        if heading := _HEADING.match(line):
            title = heading["title"].strip().rstrip("#").rstrip()
            layer = by_title.get(title.lower(), "?")
            if layer == "?":
                found.wrongs.append(NoSuchHeading(line=number, written=title, layers=", ".join(by_title)))
            continue
        item = _ITEM.fullmatch(line.strip())
        if item is None or not layer:
            found.wrongs.append(NotAnOutline(line=number))
            continue
        text, braces = _in_two(item["text"])
        if not text or (braces is None and text.endswith("}") and "{#" in text):
            found.wrongs.append(NotInBraces(line=number, example="- ... {#clean-streets serves: lasting}"))
            continue
        slug = braces["slug"] if braces else called(text)
        if slug in found.statements:
            found.wrongs.append(SaidTwice(line=number, slug=slug))
        found.statements[slug] = _statement(slug, layer, text, _parts(braces["more"] if braces else ""))
        found.lines[slug] = number
    return found


def _in_two(text: str) -> tuple[str, re.Match[str] | None]:
    """A sentence, and the braces behind it where there are any."""
    start = text.rfind("{#")
    while start > 0 and text[start - 1] == "\\":
        start = text.rfind("{#", 0, start)
    braces = _BRACES.fullmatch(text, start) if start >= 0 else None
    return (text[:start].rstrip() if braces else text), braces


def called(text: str) -> str:
    """The name of a statement that has none: its first words."""
    words = [re.sub(r"[^a-z0-9]", "", word) for word in spoken(text)]
    name = "-".join([word for word in words if word][:SLUG_WORDS]).lstrip("-0123456789")
    return name[:SLUG_LENGTH].rstrip("-") or "statement"


def _parts(written: str) -> Mapping[str, str]:
    _, *told = _PART.split(written)
    return {name: value.strip() for name, value in zip(told[::2], told[1::2], strict=True)}


def _statement(slug: str, layer: str, text: str, parts: Mapping[str, str]) -> Statement:
    serves = {}
    for each in filter(str.strip, _SERVED.findall(parts.get("serves", ""))):
        parent, _because, why = each.partition(", because ")
        serves[parent.strip()] = re.sub(r"\\(.)", r"\1", why.strip())
    guided = [each.strip() for each in parts.get("guided by", "").split(";") if each.strip()]
    return Statement(
        slug=slug,
        layer=layer,
        sentence=text,
        serves=serves,
        guided_by=tuple(guided),
        owner=parts.get("owner", ""),
    )
