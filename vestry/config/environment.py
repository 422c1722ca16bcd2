"""What the environment says. Every setting that differs from one deployment to the next is read here.

| variable | what it is | without it |
|---|---|---|
| VESTRY_DATABASE_URL | ``postgresql://user@host/name`` or ``sqlite:///path`` | SQLite in ``var/`` |
| VESTRY_SECRET_KEY | signs sessions; 50 random characters | refused, but in the demo |
| VESTRY_EMAIL_URL | ``smtp://user:password@host`` or ``govuk-notify://...`` | messages wait (demo: stay) |
| VESTRY_EMAIL_URL_HARROWMERE | the same for one council, by its slug | the one above |
| VESTRY_EMAIL_FROM | the address messages come from | the council's own |
| VESTRY_PAY_URL | ``govuk-pay://API-KEY@host/?signing=SECRET`` | nobody can pay (demo: a simulator) |
| VESTRY_PAY_URL_HARROWMERE | the same for one council, by its slug | the one above |
| VESTRY_DEMO_PAY_PORT | where the demo pretends payments | beside the site |
| VESTRY_DEMO | ``1``: the example councils, over plain HTTP | ``0`` |
| VESTRY_WORKER | ``inside``: the worker runs in the web process | ``outside`` |
| VESTRY_POOL | most connections to PostgreSQL a web process keeps | ``8`` |
| VESTRY_PROXIES | how many proxies stand in front, each adding to ``X-Forwarded-For`` | ``0`` |
| VESTRY_LIMITS | ``off``: how often one address may do something is not counted | ``on`` |
| VESTRY_CLAMD_URL | the virus scanner: ``tcp://clamav:3310`` or ``unix:///path`` | files wait (demo: a toy) |
| VESTRY_FILES_URL | where uploads lie: ``s3://key:secret@host/bucket`` | the folder ``files`` in VESTRY_VAR |
| VESTRY_CHROMIUM | the browser that looks at products (needs ``vestry[probes]``) | the machine's own |
| VESTRY_TRACES | ``1``: OpenTelemetry spans (needs ``vestry[otel]``) | ``0`` |
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
    """VESTRY_SECRET_KEY is not set. Give every process of this Vestry the same 50 random characters. For
    the demo that make run starts, set VESTRY_DEMO=1 instead."""


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
TRACES = os.environ.get("VESTRY_TRACES") == "1"
POOL = _number("VESTRY_POOL", 8)
LIMITS = os.environ.get("VESTRY_LIMITS", "off" if DEMO else "on") != "off"
PROXIES = _number("VESTRY_PROXIES", 0)
EMAIL_URL = os.environ.get("VESTRY_EMAIL_URL", "")
EMAIL_FROM = os.environ.get("VESTRY_EMAIL_FROM", "")
PAY_URL = os.environ.get("VESTRY_PAY_URL", "")
# Where the demo's simulator of the payment provider listens: beside the site. Read in the demo only.
SIMULATOR_PORT = _number("VESTRY_DEMO_PAY_PORT", 8001)
CLAMD_URL = os.environ.get("VESTRY_CLAMD_URL", "")
FILES_URL = os.environ.get("VESTRY_FILES_URL", "")
DATABASE_URL = _database()


def email_url(council: str) -> str:
    """How a council's email goes: its own way, where it has one."""
    own = "VESTRY_EMAIL_URL_" + council.upper().replace("-", "_")
    return os.environ.get(own, "") or EMAIL_URL


def pay_url(council: str) -> str:
    """How a council takes payments: its own way, where it has one."""
    own = "VESTRY_PAY_URL_" + council.upper().replace("-", "_")
    return os.environ.get(own, "") or PAY_URL


def _payment_pages() -> tuple[str, ...]:
    """Where browsers are sent to pay."""
    simulated = (f"http://localhost:{SIMULATOR_PORT}",) if DEMO else ()
    return ("https://www.payments.service.gov.uk", "https://card.payments.service.gov.uk", *simulated)


PAYMENT_PAGES = _payment_pages()


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
