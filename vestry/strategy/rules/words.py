"""Words: how many there are and changed, how long they last, which are said twice and which are lost."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from math import ceil

WORD = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")
# Words that say nothing by themselves. What is lost between the layers is looked for among the others.
_EMPTY = (
    "a about after all also an and any are as at be because been before but by can cannot could do does "
    "each for from get has have how if in into is it its just less made make may more most must no not of "
    "on one only or other our out over own people put same see shall should so some than that the their "
    "them then there these they this those to too under until up us use was way we were what when where "
    "which who will with within without work would you your "
)
EMPTY = frozenset(_EMPTY.split())


def spoken(text: str) -> list[str]:
    """The words of a text, in lower case: capitals and points are not what a strategy is changed by."""
    return WORD.findall(text.lower())


def telling(text: str) -> frozenset[str]:
    """Its words that say something by themselves."""
    return frozenset(word for word in spoken(text) if len(word) > 2 and word not in EMPTY)  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Edit:
    """From one text to the next: words that came, and words that went. A moved word is both.

    ``new`` and ``gone`` leave out what only moved.
    """

    came: int
    went: int
    new: int
    gone: int


def edit(old: str, now: str) -> Edit:
    """What was changed between two texts, word by word."""
    before, after = spoken(old), spoken(now)
    matched = sum(
        block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    )
    kept = sum((Counter(before) & Counter(after)).values())
    return Edit(len(after) - matched, len(before) - matched, len(after) - kept, len(before) - kept)


def lifetimes(texts: Sequence[tuple[date, str]], ended: date | None, now: date) -> Counter[tuple[int, bool]]:
    """How many days each word of a statement has stood: ``(days, True)`` if it was taken out after them,
    ``(days, False)`` if it still stands. ``texts`` are its wordings in order, each with its first day.
    """
    lived: Counter[tuple[int, bool]] = Counter()
    stood: list[tuple[str, date]] = []
    for since, text in texts:
        words = spoken(text)
        matcher = SequenceMatcher(None, [word for word, _ in stood], words, autojunk=False)
        entered = [since] * len(words)
        kept: set[int] = set()
        for block in matcher.get_matching_blocks():
            for n in range(block.size):
                entered[block.b + n] = stood[block.a + n][1]
                kept.add(block.a + n)
        lived.update(((since - begun).days, True) for at, (_, begun) in enumerate(stood) if at not in kept)
        stood = list(zip(words, entered, strict=True))
    end = ended or now
    lived.update(((end - begun).days, ended is not None) for _, begun in stood)
    return lived


def half_life(lived: Mapping[tuple[int, bool], int]) -> int | None:
    """After how many days half of the words are gone (Kaplan and Meier's estimate, which counts words that
    still stand for as long as they have stood); None while more than half would last longer than is known.
    """
    at_risk, surviving = sum(lived.values()), 1.0
    gone: Counter[int] = Counter()
    still: Counter[int] = Counter()
    for (days, ended), number in lived.items():
        (gone if ended else still)[days] += number
    for day in sorted(gone.keys() | still.keys()):
        if gone[day]:
            surviving *= 1 - gone[day] / at_risk
            if surviving <= 0.5:  # noqa: PLR2004 - half
                return day
        at_risk -= gone[day] + still[day]
    return None


def twins(texts: Mapping[str, str], *, alike: float = 0.8) -> Iterator[tuple[str, str, float]]:
    """Pairs that say nearly the same: at least ``alike`` of the words of both together are in each.

    Only pairs that share one of their rarest words are compared: two sets that are so much alike always do
    (prefix filtering), so none is missed and 100,000 statements take seconds.
    """
    sets = {name: telling(text) for name, text in texts.items()}
    often = Counter(word for words in sets.values() for word in words)
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for name, words in sorted(sets.items(), key=lambda each: len(each[1])):
        rare = sorted(words, key=lambda word: (often[word], word))
        met: set[str] = set()
        for word in rare[: len(words) - ceil(alike * len(words)) + 1]:
            met.update(seen[word])
            seen[word].append(name)
        for other in met:
            share = len(words & sets[other]) / len(words | sets[other])
            if share >= alike:
                yield other, name, share


@dataclass(frozen=True, kw_only=True)
class Drift:
    """``lost``: words of the top that nobody says below. ``unheard``: words that are common below, with how
    many statements say them, that the top never says."""

    lost: tuple[str, ...]
    unheard: tuple[tuple[str, int], ...]


def drift(above: Iterable[str], below: Iterable[str], *, most: int = 20) -> Drift:
    """Which words get lost between the top and the rest."""
    top = Counter(word for text in above for word in telling(text))
    rest = Counter(word for text in below for word in telling(text))
    common = sorted(rest.items(), key=lambda each: (-each[1], each[0]))
    unheard = [(word, number) for word, number in common if word not in top and number > 1]
    return Drift(lost=tuple(sorted(top.keys() - rest.keys())), unheard=tuple(unheard[:most]))
