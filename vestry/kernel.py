"""The few words every room uses: references, facts, refusals, days, ports.

Standard library only, so that a rule or a fact can be read, tested and reused without Django.
"""

from __future__ import annotations

import importlib
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Any, ClassVar, Generic, Self, TypeVar
from zoneinfo import ZoneInfo

# Crockford's base 32 leaves out I, L, O and U, so that a reference read over the phone is heard right.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# 8 characters are 40 bits: with a million cases a guess hits one in a million, and the code stands behind it.
REFERENCE_LENGTH = 8
_TIDY = re.compile(rf"[A-Z]{{2,5}}[{REFERENCE_ALPHABET}]{{{REFERENCE_LENGTH}}}")

LONDON = ZoneInfo("Europe/London")


def mark(sentence: str) -> str:
    """Mark a sentence for translation where Django can't be imported; it is translated when shown."""
    return sentence


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A name for one thing in any room, written ``kind:key``, for example ``case:MB7K3N9QFA``."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read ``kind:key`` back; ValueError when there is no kind or no key."""
        kind, _, key = text.partition(":")
        if not kind or not key:
            raise ValueError(f"{text!r} is not a reference: it should look like 'case:MB7K3N9QFA'.")
        return cls(kind, key)


SYSTEM = Ref("system", "vestry")


def new_reference(prefix: str = "") -> str:
    """Make a reference a person can read out, such as ``MB-7K3N-9QFA``; uniqueness is the table's to hold."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))
    return "-".join(filter(None, (prefix, letters[:4], letters[4:])))


def tidy_reference(typed: str) -> str:
    """A reference as we write it, however a person typed it; empty when it can't be one.

    Case, spaces and hyphens don't matter, and look-alike letters are the digits they stand for.
    """
    letters = "".join(filter(str.isalnum, typed[:40])).upper()
    prefix, rest = letters[:-REFERENCE_LENGTH], letters[-REFERENCE_LENGTH:]
    rest = rest.translate(str.maketrans("ILO", "110"))
    return "-".join((prefix, rest[:4], rest[4:])) if _TIDY.fullmatch(prefix + rest) else ""


class Refused(Exception):
    """Something asked for can't be done. The docstring of each kind is the sentence the person reads."""

    def __init__(self, sentence: str = "", **words: Any) -> None:
        # A long one goes over several lines, and is one sentence all the same.
        self.sentence = sentence or " ".join((type(self).__doc__ or "").split())
        self.words = words
        super().__init__(self.sentence.format(**words) if words else self.sentence)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened. A room's ``events.py`` holds its facts; the ledger keeps them for ever.

    A fact carries ids and plain values, never a person's details: those live in the rooms' tables,
    so that erasing a person never rewrites history.
    """

    name: ClassVar[str]
    """Dotted and past tense: ``cases.opened``."""
    version: ClassVar[int] = 1
    sentence: ClassVar[str]
    """What an officer reads on the timeline, with ``{fields}`` of the fact and ``{actor}``."""
    told: ClassVar[str] = ""
    """What the resident reads on the status page; empty when it isn't theirs to see."""
    privacy: ClassVar[str]
    """Why the payload holds nothing personal."""

    def payload(self) -> dict[str, Any]:
        """The fields as plain values, ready for JSON."""
        return asdict(self)


def known_facts() -> dict[str, type[Fact]]:
    """Every fact class that has been imported, by name."""
    found: dict[str, type[Fact]] = {}
    waiting = list(Fact.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if getattr(kind, "name", ""):
            found[kind.name] = kind
    return found


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days count. Weekends and the given bank holidays don't."""

    holidays: frozenset[date]

    def is_working(self, day: date) -> bool:
        """True from Monday to Friday outside bank holidays."""
        return day.weekday() < 5 and day not in self.holidays  # noqa: PLR2004 - Saturday is 5

    def add(self, start: date, days: int) -> date:
        """The working day that is ``days`` working days after ``start``; the start itself never counts."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return day

    def count(self, after: date, until: date) -> int:
        """How many working days lie after the first date, up to and including the last; 0 if none."""
        return sum(self.is_working(after + timedelta(days=n)) for n in range(1, (until - after).days + 1))


Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """What was looked up a moment ago, by key: what every request asks for, and hardly ever changes.

    A process remembers it for as long as whoever changes it in another process would wait to see it.
    """

    SECONDS = 5.0

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kept: dict[Key, tuple[float, Value]] = {}

    def get(self, key: Key) -> Value | None:
        """What was kept for it at most 5 seconds ago."""
        since, value = self._kept.get(key, (0.0, None))
        return value if value is not None and self._clock() - since < self.SECONDS else None

    def keep(self, key: Key, value: Value) -> None:
        """Remember it from now on."""
        self._kept[key] = (self._clock(), value)

    def forget(self, key: Key) -> None:
        """It changed, so it is looked up again."""
        self._kept.pop(key, None)

    def forget_all(self) -> None:
        """Anything may have changed."""
        self._kept.clear()


_plugs: dict[str, Callable[[], Any]] = {}


def plug(port_name: str, adapter: str | Callable[[], Any]) -> None:
    """Give a port its adapter: a dotted path ``package.module:Name``, or anything that makes one."""
    if isinstance(adapter, str):
        module, _, attribute = adapter.partition(":")
        # Imported when first asked for: ports are plugged in before every room is loaded.
        _plugs[port_name] = lambda: getattr(importlib.import_module(module), attribute)()  # noqa: PLW0108
    else:
        _plugs[port_name] = adapter


def port(port_name: str) -> Any:
    """The adapter plugged into a port, such as ``notify.email``; LookupError when nothing is plugged in."""
    try:
        return _plugs[port_name]()
    except KeyError:
        raise LookupError(f"Nothing is plugged into the port {port_name!r}; see vestry/config.") from None


def word_count(value: Any) -> int:
    """How many words stand in a plain value: in a text, and in whatever a list or dict holds."""
    if isinstance(value, str):
        return len(value.split())
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return sum(map(word_count, inside))


def local_day(now: datetime) -> date:
    """Which day it is in London. Due dates, rounds and "today" go by it, wherever the machine stands."""
    return now.astimezone(LONDON).date()


def utc_now() -> datetime:
    """The clock. Only the edges read it (a page, a command, the worker); what is inside is handed ``now``."""
    return datetime.now(UTC)
