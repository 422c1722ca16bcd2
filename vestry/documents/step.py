"""How documents take part in every service: a file that turns out to have a virus is asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from django.utils.translation import gettext as _

from vestry.design.capability import Capability, Work
from vestry.documents.events import FoundInfected


class Documents(Capability):
    """Says what somebody has to do about a file that was sent."""

    word: ClassVar[str] = "documents"
    options: ClassVar[type[msgspec.Struct]] = msgspec.Struct
    written: ClassVar[bool] = False

    def calls_for(self, fact: str, payload: Mapping[str, Any]) -> Work | None:
        """Whoever sent it has gone: somebody has to ask for it again. Before, the page itself tells them."""
        if fact != FoundInfected.name or not payload["kept"]:
            return None
        hint = _("Nobody has opened it. Which one it was stands under Files we were given.")
        return Work(title=_("Ask for another copy of a file: it had a virus, and was deleted"), hint=hint)
