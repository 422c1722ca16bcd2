"""Pages read as text: a statement, a status page, what changed. And what can be told from text."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urljoin

from vestry.outbound.probes.confined import NotReached, Target
from vestry.outbound.probes.web import Answer, Web

# What is worth reading of what a page leads to, and how many at most.
WORTH = re.compile(
    r"accessib|status|uptime|avail|service level|sla\b|release|change ?log|what.?s new|\bapis?\b"
    r"|developer|connect|open data|export|download|register|performance|how (well|it is|we)|browser|help"
    r"|sign.?in|log.?in|pric|secur|requirement|install|technolog|privacy|about",
    re.IGNORECASE,
)
MOST = 16
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NAMED = "|".join(MONTHS)
_DAYS = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({_NAMED}),? (\d{{4}})|\b(\d{{4}})-(\d\d)-(\d\d)\b", re.IGNORECASE
)
_ALONE = re.compile(rf"\b({_NAMED}) (\d{{4}})\b", re.IGNORECASE)
LONG_SENTENCE = 25


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page as text. ``name`` is what the link to it says."""

    name: str
    url: str
    text: str
    links: tuple[tuple[str, str], ...] = ()
    rows: int = 0
    passwords: int = 0
    status: int = 200


@dataclass
class _Reader(HTMLParser):
    base: str
    text: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    rows: int = 0
    passwords: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self._silent, self._in_body, self._href, self._said = 0, 0, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Links, rows, password fields."""
        told = {name: value or "" for name, value in attrs}
        self._silent += tag in ("script", "style", "template")
        self._in_body += tag == "tbody"
        self.rows += tag == "tr" and self._in_body > 0
        self.passwords += tag == "input" and told.get("type") == "password"
        if tag == "a" and told.get("href"):
            self._href, self._said = urljoin(self.base, told["href"]), ""
        if tag in ("p", "li", "div", "h1", "h2", "h3", "tr", "br", "dt", "dd", "td", "th"):
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """What a link said."""
        self._silent -= tag in ("script", "style", "template") and self._silent > 0
        self._in_body -= tag == "tbody" and self._in_body > 0
        if tag == "a" and self._href:
            self.links.append((" ".join(self._said.split()), self._href))
            self._href = ""

    def handle_data(self, data: str) -> None:
        """What people read."""
        if not self._silent:
            self.text.append(data)
            self._said += data


def read(answer: Answer, name: str = "") -> Sheet:
    """An answer as text."""
    reader = _Reader(answer.url)
    # What cannot be read further is read this far.
    with contextlib.suppress(AssertionError, ValueError):
        reader.feed(answer.text)
    lines = (" ".join(line.split()) for line in "".join(reader.text).split("\n"))
    return Sheet(
        name=name,
        url=answer.url,
        text="\n".join(line for line in lines if line),
        links=tuple(dict.fromkeys(reader.links)),
        rows=reader.rows,
        passwords=reader.passwords,
        status=answer.status,
    )


def around(web: Web, links: Iterable[tuple[str, str]], target: Target) -> Iterator[Sheet]:
    """The pages worth reading that some links lead to, on the same host."""
    asked: set[str] = set()
    for name, whole in links:
        url = whole.partition("#")[0]
        if not target.is_here(url) or url in asked or not WORTH.search(f"{name} {url[len(target.origin) :]}"):
            continue
        if len(asked) >= MOST:
            return
        asked.add(url)
        try:
            answer = web.get(url)
        except NotReached:
            continue
        if answer.is_html:
            yield read(answer, name)


def days_in(text: str) -> list[date]:
    """The days that a text names, as they are written here; a month alone is its first day."""
    found: list[date] = []
    for day, month, year, *plain in _DAYS.findall(text):
        parts = map(int, plain) if plain[0] else (int(year), MONTHS.index(month.lower()) + 1, int(day))
        found += _day(*parts)
    rest = _DAYS.sub(" ", text)
    for month, year in _ALONE.findall(rest):
        found += _day(int(year), MONTHS.index(month.lower()) + 1, 1)
    return found


def _day(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def sentences(paragraphs: Iterable[str]) -> list[int]:
    """How many words each sentence has. What has no end is a label, and counts when it is long."""
    lengths = []
    for paragraph in paragraphs:
        for sentence in re.split(r"(?<=[.!?])\s+", paragraph):
            words = len(sentence.split())
            if sentence.rstrip().endswith((".", "!", "?")) or words > LONG_SENTENCE:
                lengths.append(words)
    return lengths


def short_share(lengths: list[int]) -> int:
    """Of a hundred sentences, how many have at most 25 words."""
    return 100 * sum(each <= LONG_SENTENCE for each in lengths) // len(lengths) if lengths else 100
