"""How pay takes part in rules: ``refund: deposit`` under ``on:`` gives back a line of it, or all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from vestry.design.capability import Capability, Happening, Outline, Problem
from vestry.pay import api
from vestry.pay.options import LineName


class Refund(Capability):
    """Gives one line of what was paid back, such as a deposit, or all; nothing where nothing was paid."""

    word: ClassVar[str] = "refund"
    options: ClassVar[Any] = LineName
    reacts: ClassVar[bool] = True

    def problems(self, options: str, outline: Outline) -> Iterable[Problem]:
        """A line that is not paid here."""
        if options in outline.named:
            return
        near = difflib.get_close_matches(options, sorted(outline.named), 1)
        what = _("Nothing that is paid here is called “{name}”.").format(name=options)
        instead = (
            near[0] if near else _("Give the line an id: {line}.").format(line="lines: [{id: deposit, …}]")
        )
        yield Problem(path=(), what=what, instead=instead)

    def react(self, options: str, happening: Happening) -> None:
        """Have it go back. The happening's key is the refund's, so twice is once."""
        for ref in happening.made:
            if ref.kind == "charge":
                key = f"rule:{happening.key}:{ref.key}"
                api.refund_line(reference=ref.key, line=options, key=key[:200], now=happening.now)
