"""By which way a council takes payments; and in the demo, who pretends to be the provider."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from vestry.config import environment
from vestry.councils import api as councils
from vestry.outbound.govuk_pay import GovukPay
from vestry.pay.ports import Provider


def adapter() -> Provider:
    """The way of the council in scope; where none is set, everything asked is answered with why."""
    council = councils.current().slug
    url = environment.pay_url(council)
    # Only the demo may pretend: elsewhere somebody would get something and nobody would be paid.
    if environment.DEMO and not url:
        url = _pretended(council)
    return GovukPay(url)


def _key(council: str) -> str:
    return f"api_test_demo_{council}"


def _signing(council: str) -> str:
    """As secret as all else in the demo."""
    return hashlib.sha256(f"{environment.secret_key()}{council}".encode()).hexdigest()


def _pretended(council: str) -> str:
    where = f"127.0.0.1:{environment.SIMULATOR_PORT}"
    return f"govuk-pay://{_key(council)}@{where}/?tls=none&signing={_signing(council)}"


@contextmanager
def simulated(port: int) -> Iterator[None]:
    """While this lasts, the provider's simulator runs beside the site. Only ``vestry demo`` calls it."""
    from vestry.outbound.govuk_pay import simulator as there  # noqa: PLC0415 - the demo only

    made = there.Simulator(post=there.post, kept=environment.VAR / "govuk-pay-simulator.json")
    for council in councils.all_councils():
        made.open_account(
            _key(council.slug),
            signing=_signing(council.slug),
            notices_to=f"http://{council.hosts[0]}:{port}/inbound/payment-notices/",
        )
    with there.running(made, environment.SIMULATOR_PORT):
        yield
