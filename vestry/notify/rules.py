"""Pure decisions: what a template says, how an email is laid out, when to try again."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from vestry.notify.ports import Became

QUEUED, SENT, DELIVERED, FAILED = "queued", "sent", "delivered", "failed"
# ((word)) and ((word??text shown when the word says yes)), as GOV.UK Notify writes them. The text may end
# in a bracket of its own: the closing pair is the last two of a run. One thing matches a space, so that a
# page of them takes no longer than any other.
_PLACEHOLDER = re.compile(r"\(\(([^()?]+)(?:\?\?((?:(?!\(\(|\)\)(?!\))).)*))?\)\)(?!\))", re.DOTALL)
_NO = {"", "no", "false", "n", "0"}
# Plain-text mail is read in narrow windows and quoted with "> "; 72 is what mail programs expect.
LINE = 72
_BULLET = re.compile(r"\s*(?:[*•-]|\d+\.)\s+")

# A try is repeated after these waits. A mail server that is down for a night loses nothing; after two days
# the news is old, and somebody should know that it never arrived.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
# Whoever carries our email says by itself what became of it; when it has not by then, we ask. They try for 72
# hours to deliver, and forget after 7 days.
ASKS = (
    timedelta(minutes=30),
    timedelta(hours=3),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
    timedelta(hours=24),
)
# A worker that died while it held a message gives it back after this long. Much longer than a mail server
# takes, and short enough for a person who waits for a code.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """One ((word)) of a template. ``text`` is what a conditional one shows, None when it isn't one."""

    written: str
    word: str
    text: str | None


def as_word(written: str) -> str:
    """Two spellings of one word come to the same: case, spaces, hyphens and underscores don't count."""
    return re.sub(r"[\s_-]+", "", written).casefold()


def placeholders(template: str) -> Iterator[Placeholder]:
    """Every ((word)) of a template, in order."""
    for found in _PLACEHOLDER.finditer(template):
        yield Placeholder(written=found[1].strip(), word=as_word(found[1]), text=found[2])


def fill(template: str, words: Mapping[str, str]) -> str:
    """The template with its words put in. An unknown word stays as it is written, so that it is seen."""
    known = {as_word(word): str(value) for word, value in words.items()}

    def put(found: re.Match[str]) -> str:
        value = known.get(as_word(found[1]))
        if value is None:
            return found[0]
        if found[2] is None:
            return value
        return found[2] if value.strip().casefold() not in _NO else ""

    return _PLACEHOLDER.sub(put, template)


def one_line(text: str) -> str:
    """A subject: whatever was put into it, it is one line."""
    return " ".join(_storable(text).split())


def storable(text: str) -> str:
    """A body as it is kept: every line as it was written."""
    return "\n".join(line.rstrip() for line in _storable(text).splitlines()).strip() + "\n"


def laid_out(text: str) -> str:
    """The body as a plain-text email carries it: short lines, list items hanging, links whole."""
    return "\n".join(_wrapped(line) for line in storable(text).splitlines()).strip() + "\n"


def _wrapped(line: str) -> str:
    bullet = _BULLET.match(line)
    return "\n".join(
        textwrap.wrap(
            line.rstrip(),
            LINE,
            subsequent_indent=" " * len(bullet[0]) if bullet else "",
            # A link broken over two lines is no link any more.
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def _storable(text: str) -> str:
    # PostgreSQL stores every character but this one.
    return text.replace("\x00", "")


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed tries; None when that was the last."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def ask_after(asks: int) -> timedelta | None:
    """How long to wait for a receipt after so many questions; None when it will not come any more."""
    return ASKS[asks] if asks < len(ASKS) else None


def state_after(state: str, became: Became, *, can_go_again: bool) -> str:
    """The state a receipt leads to. Receipts come twice, and in any order.

    That somebody has it is the last word. News of a failure counts only for a message that is out: while it
    waits to be sent again, it is old news.
    """
    if became == "delivered":
        return DELIVERED
    if state != SENT:
        return state
    return QUEUED if became == "technical" and can_go_again else FAILED
