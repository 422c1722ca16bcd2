"""GOV.UK Notify's API, version 2: an email, what became of it, and the receipts they send.

Their client library is not used: it needs a package nobody has kept since 2014, and writes their error
messages into the log. What it would do for us is one signed request.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import jwt
import requests
from django.utils.translation import gettext as _

from vestry.notify.ports import (
    Became,
    NotAReceipt,
    NotFromThem,
    OutboundEmail,
    Receipt,
    Rejected,
    Unreachable,
)
from vestry.outbound.govuk_notify.settings import Service

# To connect, and for each part of the answer. Well within a message's lease.
TIMEOUT = (5, 20)
# What is left of a message that is still on its way is empty.
BECAME: Mapping[str, Became] = {
    "delivered": "delivered",
    "permanent-failure": "permanent",
    "temporary-failure": "temporary",
    "technical-failure": "technical",
}
BAD_REQUEST, FORBIDDEN, TOO_MANY, SERVER_ERROR = 400, 403, 429, 500


class Signed(requests.auth.AuthBase):
    """Signs each request anew: a token is good for 30 seconds."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        claims = {"iss": self.service.id, "iat": int(time.time())}
        token = jwt.encode(claims, self.service.secret, algorithm="HS256")
        request.headers["Authorization"] = f"Bearer {token}"
        return request


class GovukNotify:
    """Sends through one service of GOV.UK Notify, and hears from it."""

    desk_is_mailbox: ClassVar[bool] = False

    def __init__(self, url: str) -> None:
        # Read when something is sent: what is wrong with it then stands beside the message, where it is seen.
        self.url = url

    @property
    def receipts(self) -> GovukNotify:
        """They say what became of an email."""
        return self

    def send(self, message: OutboundEmail) -> None:
        """Hand over one email. Raises `Unreachable` or `Rejected`."""
        service = Service.read(self.url)
        # Their API takes the same reference as often as it comes, so a repeat is ours to notice.
        if message.tried_before and self._is_there(service, message.message_id):
            return
        said = {
            "email_address": message.to,
            "template_id": service.template,
            "reference": _reference(message.message_id),
            "personalisation": {"subject": message.subject, "body": message.body},
        }
        if service.reply_to:
            said["email_reply_to_id"] = service.reply_to
        _call(service, "POST", "/v2/notifications/email", json=said)

    def _is_there(self, service: Service, message_id: str) -> bool:
        """Whether they have it already, and did not let it get stuck."""
        return any(said != "technical-failure" for said in _statuses(service, message_id))

    def ask(self, message_id: str) -> Receipt | None:
        """What became of an email, though it was taken several times. Raises `Unreachable`."""
        statuses = _statuses(Service.read(self.url), message_id)
        known = [BECAME[said] for said in statuses if said in BECAME]
        if "delivered" in known:
            return Receipt(message_id=message_id, became="delivered")
        # One that is still on its way may yet arrive.
        return (
            Receipt(message_id=message_id, became=known[0]) if known and len(known) == len(statuses) else None
        )

    def read(self, token: str, body: bytes) -> Receipt | None:
        """A receipt as they post it. Raises `NotFromThem`, `NotAReceipt`."""
        agreed = Service.read(self.url).callback
        if not agreed or not hmac.compare_digest(token.encode(), agreed.encode()):
            raise NotFromThem
        try:
            said = json.loads(body)
            reference, status = said["reference"], said["status"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise NotAReceipt from None
        if reference is None or not isinstance(reference, str):
            # Somebody sent it by hand, from GOV.UK Notify's own pages.
            return None
        became = BECAME.get(status) if isinstance(status, str) else None
        return Receipt(message_id=_message_id(reference), became=became) if became else None


def _reference(message_id: str) -> str:
    return message_id.strip("<>")


def _message_id(reference: str) -> str:
    return f"<{reference}>"


def _statuses(service: Service, message_id: str) -> list[str]:
    """How every email of that reference stands, the newest first. They forget after seven days."""
    answer = _call(service, "GET", "/v2/notifications", params={"reference": _reference(message_id)})
    try:
        return [str(one["status"]) for one in answer.json()["notifications"]]
    except (ValueError, KeyError, TypeError) as fault:
        raise Unreachable(_("GOV.UK Notify does not answer as expected.")) from fault


def _call(service: Service, method: str, path: str, **said: Any) -> requests.Response:
    try:
        answer = requests.request(
            method,
            service.url + path,
            auth=Signed(service),
            timeout=TIMEOUT,
            allow_redirects=False,
            **said,
        )
    except requests.exceptions.SSLError as fault:
        raise Unreachable(_("The connection to GOV.UK Notify cannot be made secure.")) from fault
    except requests.exceptions.Timeout as fault:
        raise Unreachable(_("GOV.UK Notify did not answer in time.")) from fault
    except requests.exceptions.RequestException as fault:
        raise Unreachable(_("Nobody answers at GOV.UK Notify.")) from fault
    if not answer.ok or answer.is_redirect:
        _refused(answer)
    return answer


def _refused(answer: requests.Response) -> None:
    kind, message = _error(answer)
    words = {"code": answer.status_code, "answer": " ".join(message.split())[:200]}
    # By status and kind, as they ask: their messages change. Only what is wrong with this one request is for
    # ever; a template without our two words, trial mode or a wrong key can be mended, and then it goes.
    if answer.status_code == BAD_REQUEST and kind == "ValidationError":
        raise Rejected(_("GOV.UK Notify refused it: “%(code)s %(answer)s”") % words)
    if answer.status_code == FORBIDDEN:
        raise Unreachable(_("GOV.UK Notify does not accept our key: “%(code)s %(answer)s”") % words)
    if answer.status_code == TOO_MANY:
        raise Unreachable(_("GOV.UK Notify takes no more just now: “%(code)s %(answer)s”") % words)
    if answer.status_code >= SERVER_ERROR:
        raise Unreachable(_("GOV.UK Notify is broken just now: “%(code)s %(answer)s”") % words)
    raise Unreachable(_("GOV.UK Notify is not set up for this: “%(code)s %(answer)s”") % words)


def _error(answer: requests.Response) -> tuple[str, str]:
    """The kind of error and its message."""
    try:
        first = answer.json()["errors"][0]
        return str(first["error"]), str(first["message"])
    except (ValueError, KeyError, IndexError, TypeError):
        return "", ""
