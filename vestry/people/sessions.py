"""Sessions that belong to a council (`SESSION_ENGINE`): Django's own, in a table kept apart like any."""

from __future__ import annotations

from django.contrib.sessions.backends import db

from vestry.people.models import Session


class SessionStore(db.SessionStore):
    """A session is found in the scope of its council only."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Django asks for it."""
        return Session
