"""What the environment says. Every setting that differs from one deployment to the next is read here.

| variable | what it is | without it |
|---|---|---|
| VESTRY_DATABASE_URL | ``postgresql://user@host/name`` or ``sqlite:///path`` | SQLite in ``var/`` |
| VESTRY_SECRET_KEY | signs sessions; 50 random characters | refused, but in the demo |
| VESTRY_EMAIL_URL | ``smtp://user:password@host:587?tls=starttls`` | messages wait (in the demo, stay) |
| VESTRY_EMAIL_FROM | the address messages come from | the council's own |
| VESTRY_DEMO | ``1``: the example councils, over plain HTTP | ``0`` |
| VESTRY_WORKER | ``inside``: the worker runs in the web process | ``outside`` |
| VESTRY_POOL | most connections to PostgreSQL a web process keeps | ``8`` |
| VESTRY_PROXIES | how many proxies stand in front, each adding to ``X-Forwarded-For`` | ``0`` |
| VESTRY_VAR | where files of a running Vestry lie | ``var`` beside the code |
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from vestry.kernel import Refused


class NotANumber(Refused):
    """{variable} is "{given}". It must be a whole number."""


class NoSecretKey(Refused):
    """VESTRY_SECRET_KEY is not set. Give every process of this Vestry the same 50 random characters."""


class UnknownDatabase(Refused):
    """VESTRY_DATABASE_URL must look like postgresql://user:password@host/name or sqlite:///path."""


def _database() -> str:
    given = os.environ.get("VESTRY_DATABASE_URL", f"sqlite:///{VAR / 'vestry.sqlite3'}")
    if given.partition(":")[0] not in {"postgresql", "postgres", "sqlite"}:
        raise UnknownDatabase
    return given


def _number(variable: str, default: int) -> int:
    given = os.environ.get(variable, str(default))
    if not given.isdecimal():
        raise NotANumber(variable=variable, given=given)
    return int(given)


HOME = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("VESTRY_VAR", HOME / "var"))
DEMO = os.environ.get("VESTRY_DEMO") == "1"
WORKER_INSIDE = os.environ.get("VESTRY_WORKER") == "inside"
POOL = _number("VESTRY_POOL", 8)
PROXIES = _number("VESTRY_PROXIES", 0)
EMAIL_URL = os.environ.get("VESTRY_EMAIL_URL", "")
EMAIL_FROM = os.environ.get("VESTRY_EMAIL_FROM", "")
DATABASE_URL = _database()


def secret_key() -> str:
    """The key from the environment; in the demo, one made on first use and kept in ``var/``."""
    given = os.environ.get("VESTRY_SECRET_KEY", "")
    if given:
        return given
    if not DEMO:
        raise NoSecretKey
    kept = VAR / "secret-key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_urlsafe(50))
        kept.chmod(0o600)
    return kept.read_text()
