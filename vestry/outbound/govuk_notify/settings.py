"""What VESTRY_EMAIL_URL says about GOV.UK Notify."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from vestry.notify.ports import Unreachable

HOST = "api.notifications.service.gov.uk"
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KEY = re.compile(rf"(?:.*-)?({_UUID})-({_UUID})")
# GOV.UK Notify takes no shorter one either.
SHORTEST_TOKEN = 10


class BadNotifyUrl(Unreachable):
    """VESTRY_EMAIL_URL can't be used. {why} For GOV.UK Notify it looks like
    govuk-notify://API-KEY@api.notifications.service.gov.uk/TEMPLATE-ID?callback=TOKEN&reply-to=ID, where the
    part from the question mark on, or either half of it, may be left out."""

    def __init__(self, why: str) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()), why=why)


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service of GOV.UK Notify: which, how to show that we are it, and what to send with."""

    url: str
    id: str
    template: str
    secret: str = field(repr=False)
    callback: str = field(default="", repr=False)
    """The token that receipts come with; empty when none are sent."""
    reply_to: str = ""

    @classmethod
    def read(cls, written: str) -> Self:
        """Read ``govuk-notify://KEY@HOST/TEMPLATE?callback=TOKEN&reply-to=ID``. Raises `BadNotifyUrl`."""
        try:
            parts = urlsplit(written)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            raise BadNotifyUrl("The host or the port cannot be read.") from None
        key = _KEY.fullmatch(unquote(parts.username or ""))
        template = parts.path.strip("/")
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        tls, callback, reply_to = (asked.pop(name, "") for name in ("tls", "callback", "reply-to"))
        if parts.scheme != "govuk-notify" or not parts.hostname:
            raise BadNotifyUrl("It does not start with govuk-notify:// and a key.")
        if not key:
            raise BadNotifyUrl("The key does not end in two UUIDs, as GOV.UK Notify shows it.")
        for name, value in (("template", template), ("reply-to", reply_to)):
            if (value or name == "template") and not re.fullmatch(_UUID, value):
                raise BadNotifyUrl(f"The {name} is not a UUID.")
        if callback and len(callback) < SHORTEST_TOKEN:
            raise BadNotifyUrl(f"The callback token is shorter than {SHORTEST_TOKEN} characters.")
        if tls not in {"", "none"} or asked:
            raise BadNotifyUrl(f"There is no setting called {', '.join(asked) or f'tls={tls}'}.")
        return cls(
            url=f"http{'' if tls else 's'}://{parts.hostname}{port}",
            id=key[1],
            secret=key[2],
            template=template,
            callback=callback,
            reply_to=reply_to,
        )
