"""How a judge says what it found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from vestry.outbound.probes.seen import Seen
from vestry.technology.ports import Verdict


@dataclass(frozen=True)
class Said:
    """A verdict and its sentence, and what it rests on."""

    verdict: Verdict
    sentence: str
    words: Mapping[str, str | int] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Judges one criterion. ``needs_pages``: not known where something stands in front of them."""

    says: Callable[[Seen], Said]
    needs_pages: bool = True
    evidence: tuple[str, ...] = ()


def like(pattern: str) -> re.Pattern[str]:
    """A pattern for what people write: capitals or not, line by line."""
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def met(sentence: str, **words: str | int) -> Said:
    """It is so."""
    return Said(Verdict.MET, sentence, words)


def partly(sentence: str, **words: str | int) -> Said:
    """It is in part."""
    return Said(Verdict.PARTLY, sentence, words)


def not_met(sentence: str, **words: str | int) -> Said:
    """It was seen that it is not."""
    return Said(Verdict.NOT_MET, sentence, words)


def not_known(sentence: str, **words: str | int) -> Said:
    """It could not be seen."""
    return Said(Verdict.NOT_KNOWN, sentence, words)


def listed(names: Iterable[str], most: int = 4) -> str:
    """The first few of some names, and how many more."""
    found = list(dict.fromkeys(" ".join(str(name).split())[:80] for name in names))
    more = len(found) - most
    return "; ".join(found[:most]) + (f" (+{more})" if more > 0 else "")
