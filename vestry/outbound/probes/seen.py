"""All that one look gathered, before anybody judges it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from vestry.kernel import mark
from vestry.outbound.probes.browsing import View
from vestry.outbound.probes.confined import Named, NotReached, Target
from vestry.outbound.probes.contract import Tried
from vestry.outbound.probes.export import Export
from vestry.outbound.probes.journey import Walked
from vestry.outbound.probes.keyboard import Gone
from vestry.outbound.probes.openapi import Described
from vestry.outbound.probes.sheets import Sheet
from vestry.outbound.probes.tls import Sound
from vestry.outbound.probes.web import Answer
from vestry.technology.ports import LARGEST, RawEvidence

OK = 200
# As good as nothing on it: what a page with fewer letters says is no more than "wait" or "no".
LEAST_TEXT = 80
SHORT = 1_500
CHALLENGES = re.compile(
    r"just a moment|checking (your|if the site) |verify (that )?you are (a )?human|are you (a )?(robot|human)"
    r"|enable javascript and cookies to continue|access (is |has been )?denied|request unsuccessful"
    r"|pardon our interruption|unusual traffic|attention required|ddos protection|captcha",
    re.IGNORECASE,
)


@dataclass
class Page:
    """One page at all widths. ``blocked``: why it says nothing about the product."""

    url: str
    views: dict[int, View] = field(default_factory=dict)
    blocked: NotReached | None = None


@dataclass(frozen=True, kw_only=True)
class Offline:
    """What became of a page when the signal went: whether it opened, and whether what was begun was there."""

    opened: bool
    kept: bool
    kept_later: bool
    tried: bool = True


@dataclass
class Seen:
    """What was gathered. Only what is here is judged."""

    target: Target
    now: datetime
    names: Named
    local: bool = False
    """Whether it is on this very machine."""
    front: Answer | None = None
    blocked: NotReached | None = None
    """Why the pages say nothing: a challenge, a login, an error."""
    pages: list[Page] = field(default_factory=list)
    without_script: View | None = None
    sheets: list[Sheet] = field(default_factory=list)
    tls: Sound | NotReached | None = None
    plain: Answer | NotReached | None = None
    """What answers without TLS."""
    api: Described | NotReached | None = None
    tried: Tried | NotReached | None = None
    walked: Walked | NotReached | None = None
    offline: Offline | NotReached | None = None
    gone_through: list[Gone] | NotReached | None = None
    """What became of its pages by keyboard alone."""
    usable_after: float | NotReached | None = None
    exports: list[Export] = field(default_factory=list)
    wellknown: dict[str, Answer | NotReached] = field(default_factory=dict)
    kept: dict[str, RawEvidence] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)

    def keep(self, name: str, media_type: str, content: bytes) -> str:
        """Keep something as it was seen. What is too long is cut, and known to be."""
        if len(content) > LARGEST:
            self.cut.add(name)
        self.kept[name] = RawEvidence(name=name, media_type=media_type, content=content[:LARGEST])
        return name

    def file(self, path: str) -> Answer | None:
        """A file that has its place, where it is there."""
        answer = self.wellknown.get(path)
        return answer if isinstance(answer, Answer) and answer.status == OK else None

    @property
    def whole(self) -> list[Page]:
        """The pages that say something."""
        return [page for page in self.pages if page.blocked is None and page.views]

    def at(self, width: int) -> Iterator[View]:
        """Every page that says something, at a width."""
        return (page.views[width] for page in self.whole if width in page.views)

    @property
    def text(self) -> str:
        """All that was read, pages and sheets."""
        views = [view.main.get("text", "") for page in self.whole for view in list(page.views.values())[-1:]]
        return "\n".join([*views, *(sheet.text for sheet in self.sheets)])

    def links(self) -> Iterator[tuple[str, str]]:
        """Every link of every page, once: what it says and where it leads."""
        found = [
            (name, url)
            for page in self.whole
            for view in page.views.values()
            for frame in view.frames
            for name, url in frame.measured.get("links", ())
        ]
        found += [link for sheet in self.sheets for link in sheet.links]
        return iter(dict.fromkeys((str(name), str(url)) for name, url in found))

    def sheet(self, pattern: str) -> Sheet | None:
        """The first page around whose link or address is of a kind."""
        wanted = re.compile(pattern, re.IGNORECASE)
        return next((each for each in self.sheets if wanted.search(f"{each.name} {each.url}")), None)


def why_not(status: int, title: str, text: str, passwords: int) -> NotReached | None:
    """Why a page says nothing of the product behind it; None where it does."""
    if status != OK:
        return NotReached(mark("It answered {status}, so nothing can be said."), status=status)
    short = len(text) < SHORT
    if short and CHALLENGES.search(f"{title} {text}"):
        return NotReached(mark("Something stands in front of it that asks who is looking."))
    if passwords and short:
        return NotReached(mark("It asks to sign in first, so nothing behind that was seen."))
    if len(text.strip()) < LEAST_TEXT:
        return NotReached(mark("The page is as good as empty, so nothing can be said."))
    return None
