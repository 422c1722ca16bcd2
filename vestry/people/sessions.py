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

    def _validate_session_key(self, key: str | None) -> bool:
        # A cookie can hold any byte (``"\\000"``), and PostgreSQL takes no NUL; ours are letters and digits.
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
