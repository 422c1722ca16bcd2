"""What every kind here shares: what its question is called in a message, and what counts as nothing."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from vestry.design.questions import Asking, Question, Wrong

# Nobody can see or type these, and a database may not be able to keep them. Tabs and line breaks it can.
UNREADABLE = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_UNREADABLE = re.compile(f"[{UNREADABLE}\ud800-\udfff]")
# Come along when text is copied from a page, and show as nothing.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
# "What is your email address?" asks for "your email address". Other languages say `name:` themselves.
_WHAT_IS = re.compile(
    r"(?:what(?: is| are| was|['’]s)|enter|tell us|give us)\s+([^?]{1,60}?)\s*\??", re.IGNORECASE
)


class Asked(Question, frozen=True, kw_only=True):
    """A question whose answer is one plain thing.

    ``name`` is what is asked for as a message says it: "your email address", "which bin we missed".
    """

    called: ClassVar[str] = ""
    """What it is called when neither `name` nor the question itself says."""

    name: str = ""

    def clean(self, raw: Any, asking: Asking) -> Any:
        """The answer, or None. Raises `Wrong`."""
        given = self.given(raw)
        if given:
            return self.taken(given, asking)
        if self.optional:
            return None
        raise Wrong(self.missing())

    def given(self, raw: Any) -> Any:
        """The raw answer as the kind understands it; what is empty counts as nothing. Raises `Wrong`."""
        raise NotImplementedError

    def taken(self, given: Any, asking: Asking) -> Any:
        """The answer for what was given. Raises `Wrong`."""
        raise NotImplementedError

    def missing(self) -> str:
        """The sentence for nothing, and for what can't be understood at all."""
        if called := self.what():
            return _("Enter %(name)s") % {"name": called}
        return _("Enter an answer to “%(question)s”") % {"question": self.ask}

    def what(self) -> str:
        """What is asked for, to stand in the middle of a sentence; empty when that can't be known."""
        if self.name:
            return self.name
        asked = _WHAT_IS.fullmatch(self.ask.strip())
        return asked[1] if asked else self.called and _(self.called)

    def label(self) -> str:
        """What is asked for, to stand before a colon."""
        return capfirst(self.what()) or self.ask

    def sentence(self, said: str, **words: Any) -> str:
        """A translated sentence about the answer, filled in: ``%(Name)s must be a number``."""
        return said % {"Name": capfirst(self.what()) or _("Your answer"), **words}

    def nullable(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema, with null where the question may be left out."""
        return {"anyOf": [schema, {"type": "null"}]} if self.optional else schema


def unreadable(text: str) -> bool:
    """True when it holds something that nobody typed."""
    return bool(_UNREADABLE.search(text))


def visible(text: str) -> str:
    """Without what shows as nothing, and without the spaces around it."""
    return text.translate(_INVISIBLE).strip()
