"""A mistake in something a person wrote: where it is, what is wrong, what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, order=True)
class Mistake:
    """One mistake. ``where`` leads to it by name: ``journey, 2, ask, 1``."""

    file: str
    line: int
    column: int = 1
    where: str = ""
    what: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} {self.instead}".rstrip()


def nearest(written: str, known: Iterable[str]) -> str:
    """The known word most like what was written; empty when none is."""
    # Case is the commonest slip of all, and no difference in meaning.
    by_case = {word.casefold(): word for word in sorted(known, reverse=True)}
    found = difflib.get_close_matches(written.casefold(), by_case, n=1, cutoff=0.6)
    return by_case[found[0]] if found else ""


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A sentence with the nearest right word, else all of them where they are few."""
    words = sorted(known)
    best = nearest(written, words)
    if best:
        return _('Did you mean "{word}"?').format(word=best)
    return one_of(words)


def one_of(words: Iterable[str]) -> str:
    """A sentence that lists what can be written, where it is short enough to be read."""
    listed = sorted(words)
    # More than a dozen is a page to look up, not a sentence to read.
    if not listed or len(listed) > 12:  # noqa: PLR2004
        return ""
    return _("It can be: {words}.").format(words=", ".join(listed))
