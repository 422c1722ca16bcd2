"""Sessions that belong to a council (`SESSION_ENGINE`): Django's own, in a table kept apart like any.

Of an officer's session the table says too whose it is, so that it can be listed and ended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from vestry.people.models import Session

DEVICE, SINCE, SEEN = "device", "since", "seen"
# "Last used" is told to the minute nowhere, and each time it is noted is a write.
NOTED_EVERY = timedelta(minutes=10)
# The first that is found in what the browser says of itself; each also names those before it.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


class SessionStore(db.SessionStore):
    """A session is found in the scope of its council only."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Django asks for it."""
        return Session

    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        """The row, with whose it is and where."""
        row = super().create_model_instance(data)
        row.account_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE, "")
        row.since, row.seen = (
            datetime.fromisoformat(data[at]) if at in data else None for at in (SINCE, SEEN)
        )
        return row

    def _validate_session_key(self, key: str | None) -> bool:
        # A cookie can hold any byte (``"\\000"``), and PostgreSQL takes no NUL; ours are letters and digits.
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()


def device_of(user_agent: str) -> str:
    """What a person would call it: ``Chrome, Android``. Never more: the rest could tell people apart."""
    found = [
        next((word for sign, word in known if re.search(sign, user_agent)), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found))


def note_used(session: db.SessionStore, now: datetime) -> None:
    """Remember that a session was used, where that is not known yet."""
    seen = session.get(SEEN)
    if seen is None or datetime.fromisoformat(seen) + NOTED_EVERY <= now:
        session[SEEN] = now.isoformat()
