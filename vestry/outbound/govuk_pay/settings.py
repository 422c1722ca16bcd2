"""What VESTRY_PAY_URL says about GOV.UK Pay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from vestry.pay.ports import Unreachable

HOST = "publicapi.payments.service.gov.uk"
# Where plain HTTP leaves no wire to listen at: the simulator on one's own machine.
OWN_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
SHORTEST_SECRET = 16


class BadPayUrl(Unreachable):
    """VESTRY_PAY_URL can't be used. {why} For GOV.UK Pay it looks like
    govuk-pay://API-KEY@publicapi.payments.service.gov.uk/?signing=SECRET, where the part from the question
    mark on may be left out."""

    def __init__(self, why: str) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()), why=why)


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service of GOV.UK Pay: where, how to show that we are it, and what its notices are signed with."""

    url: str
    key: str = field(repr=False)
    signing: str = field(default="", repr=False)
    """Empty where no notices are sent: then the provider is only asked."""

    @classmethod
    def read(cls, written: str) -> Self:
        """Read ``govuk-pay://KEY@HOST/?signing=SECRET``. Raises `BadPayUrl`."""
        if not written:
            raise BadPayUrl("It is not set.")
        try:
            parts = urlsplit(written)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            raise BadPayUrl("The host or the port cannot be read.") from None
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        signing, tls = asked.pop("signing", ""), asked.pop("tls", "")
        if parts.scheme != "govuk-pay" or not parts.hostname or not parts.username:
            raise BadPayUrl("It does not start with govuk-pay:// and a key.")
        if signing and len(signing) < SHORTEST_SECRET:
            raise BadPayUrl(f"The signing secret is shorter than {SHORTEST_SECRET} characters.")
        if tls not in {"", "none"} or asked or parts.path.strip("/"):
            raise BadPayUrl(f"There is no setting called {', '.join(asked) or parts.path or f'tls={tls}'}.")
        if tls and parts.hostname not in OWN_MACHINE:
            raise BadPayUrl("Without TLS it can only be on this machine.")
        return cls(
            url=f"http{'' if tls else 's'}://{parts.hostname}{port}",
            key=unquote(parts.username),
            signing=signing,
        )
