"""GOV.UK Pay's API, version 1 (docs.payments.service.gov.uk): payments, refunds, search, signed notices."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import requests
from django.utils.translation import gettext as _

from vestry.outbound.govuk_pay.settings import BadPayUrl, Service
from vestry.pay.ports import (
    Answer,
    NotANotice,
    NotFromThem,
    NotThere,
    RefundAnswer,
    Rejected,
    Status,
    Unreachable,
    Wanted,
)

# To connect, and for each part of the answer: somebody waits at the page.
TIMEOUT = (5, 15)
LONGEST_DESCRIPTION = 255
BAD_REQUEST, UNAUTHORIZED, NOT_FOUND, CONFLICT, PRECONDITION, UNPROCESSABLE = 400, 401, 404, 409, 412, 422
TOO_MANY, SERVER_ERROR = 429, 500
# Their payment status lifecycle. Money is there at "success" only.
STATUS: Mapping[str, Status] = {
    "created": "open",
    "started": "open",
    "submitted": "waiting",
    "capturable": "waiting",
    "success": "paid",
    "cancelled": "cancelled",
    "error": "error",
}
# How a payment failed, by their code.
FAILED: Mapping[str, Status] = {
    "P0010": "declined",
    "P0020": "expired",
    "P0030": "cancelled",
    "P0040": "cancelled",
    "P0050": "error",
}
REFUND: Mapping[str, Literal["waiting", "done", "failed"]] = {
    "submitted": "waiting",
    "success": "done",
    "error": "failed",
}


class GovukPay:
    """Takes cards through one service of GOV.UK Pay, and hears from it."""

    def __init__(self, url: str) -> None:
        # Read when something is asked: what is wrong with it then shows where it matters.
        self.url = url

    def ask(self, wanted: Wanted) -> Answer:
        """Have a payment made."""
        if wanted.tried_before and (found := self.find(wanted.reference)):
            return found
        said = {
            "amount": wanted.pence,
            "reference": wanted.reference,
            "description": wanted.description[:LONGEST_DESCRIPTION],
            "return_url": wanted.back,
            "language": wanted.language,
        }
        headers = {"Idempotency-Key": wanted.reference}
        status, body = self._call("POST", "/v1/payments", body=said, headers=headers)
        if status == CONFLICT:
            # It is there: an earlier try arrived and its answer did not. Their search lags a little.
            found = self.find(wanted.reference)
            if found is None:
                raise Unreachable(_("GOV.UK Pay is still making this payment."))
            return found
        return _answer(_good(status, body))

    def look(self, id: str) -> Answer:
        """How a payment stands."""
        return _answer(_good(*self._call("GET", f"/v1/payments/{_word(id)}")))

    def find(self, reference: str) -> Answer | None:
        """The payment of a reference: the newest, should there be several."""
        found = _good(*self._call("GET", "/v1/payments", query={"reference": reference}))
        for each in _list(found):
            answer = _answer(each)
            if answer.reference == reference:
                # What a search says may be old; the payment itself is not.
                return self.look(answer.id)
        return None

    def cancel(self, id: str) -> None:
        """Let nobody pay it any more."""
        status, body = self._call("POST", f"/v1/payments/{_word(id)}/cancel")
        # One that is over (400, 409) can't be cancelled and needs not be.
        if status not in (BAD_REQUEST, CONFLICT):
            _good(status, body)

    def refund(self, id: str, pence: int, *, available: int) -> RefundAnswer:
        """Send money back."""
        said = {"amount": pence, "refund_amount_available": available}
        status, body = self._call("POST", f"/v1/payments/{_word(id)}/refunds", body=said)
        if status == PRECONDITION and available != self.look(id).refundable:
            raise Unreachable(_("Another refund of this payment came in between."))
        if status in (BAD_REQUEST, NOT_FOUND, PRECONDITION, UNPROCESSABLE):
            raise Rejected(_("GOV.UK Pay refused it: “%(answer)s”") % {"answer": _told(body)})
        return _refund(_good(status, body))

    def refunds(self, id: str) -> tuple[RefundAnswer, ...]:
        """Every refund of a payment."""
        found = _good(*self._call("GET", f"/v1/payments/{_word(id)}/refunds"))
        inside = found.get("_embedded")
        return tuple(_refund(each) for each in _list(inside if isinstance(inside, dict) else {}, "refunds"))

    def report(self, since: datetime, until: datetime) -> Iterator[Answer]:
        """Every payment made from one moment until just before the other, page by page."""
        page = 1
        while True:
            asked = {
                "from_date": _moment(since),
                "to_date": _moment(until),
                "page": str(page),
                "display_size": "500",
            }
            status, body = self._call("GET", "/v1/payments", query=asked)
            if status == NOT_FOUND and page > 1:
                return
            found = _list(_good(status, body))
            yield from map(_answer, found)
            links = body.get("_links")
            if not isinstance(links, dict) or not links.get("next_page"):
                return
            page += 1

    def read(self, signature: str, body: bytes) -> str | None:
        """Which payment a notice is about. A refund's notice is about its payment too."""
        try:
            secret = Service.read(self.url).signing
        except BadPayUrl:
            # Where no provider is set up, nobody can have sent anything.
            raise NotFromThem from None
        made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if not secret or not hmac.compare_digest(made.encode(), signature.strip().lower().encode()):
            raise NotFromThem
        try:
            said = json.loads(body)
            kind, id = said["resource_type"], said["resource_id"]
            if kind == "REFUND":
                id = said["resource"]["payment_id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise NotANotice from None
        if not isinstance(id, str) or not isinstance(kind, str):
            raise NotANotice
        return id if kind.upper() in ("PAYMENT", "REFUND") else None

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        """One question: the status and the body of the answer. Raises `Unreachable`."""
        service = Service.read(self.url)
        try:
            answer = requests.request(
                method,
                service.url + path,
                params=query,
                json=body,
                headers={"Authorization": f"Bearer {service.key}", **(headers or {})},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as fault:
            raise Unreachable(_("The connection to GOV.UK Pay cannot be made secure.")) from fault
        except requests.exceptions.Timeout as fault:
            raise Unreachable(_("GOV.UK Pay did not answer in time.")) from fault
        except requests.exceptions.RequestException as fault:
            raise Unreachable(_("Nobody answers at GOV.UK Pay.")) from fault
        try:
            said = answer.json() if answer.content else {}
        except ValueError:
            said = {}
        return answer.status_code, said if isinstance(said, dict) else {}


def _good(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """The body of a good answer. By status and code, as they ask: their descriptions change."""
    words = {"answer": _told(body) or str(status)}
    if status < 300:  # noqa: PLR2004 - 2xx
        return body
    if status == NOT_FOUND:
        raise NotThere
    if status == UNAUTHORIZED:
        raise Unreachable(_("GOV.UK Pay does not accept our key: “%(answer)s”") % words)
    if status == TOO_MANY:
        raise Unreachable(_("GOV.UK Pay takes no more just now: “%(answer)s”") % words)
    if status >= SERVER_ERROR:
        raise Unreachable(_("GOV.UK Pay is broken just now: “%(answer)s”") % words)
    raise Rejected(_("GOV.UK Pay refused it: “%(answer)s”") % words)


def _told(body: Mapping[str, Any]) -> str:
    return " ".join(f"{body.get('code', '')} {body.get('description', '')}".split())[:200]


def _answer(said: Mapping[str, Any]) -> Answer:
    try:
        state, summary = said["state"], said.get("refund_summary") or {}
        status = state["status"]
        became = FAILED.get(state.get("code", ""), "error") if status == "failed" else STATUS[status]
        links = said.get("_links") or {}
        url = (links.get("next_url") or {}).get("href", "") if became == "open" else ""
        return Answer(
            id=str(said["payment_id"]),
            reference=str(said["reference"]),
            pence=int(said["amount"]),
            status=became,
            url=str(url),
            refundable=int(summary.get("amount_available") or 0) if became == "paid" else 0,
            refunded=int(summary.get("amount_submitted") or 0),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Unreachable(_("GOV.UK Pay does not answer as expected.")) from fault


def _refund(said: Mapping[str, Any]) -> RefundAnswer:
    try:
        return RefundAnswer(
            id=str(said["refund_id"]), pence=int(said["amount"]), status=REFUND[said["status"]]
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise Unreachable(_("GOV.UK Pay does not answer as expected.")) from fault


def _list(said: Mapping[str, Any], name: str = "results") -> list[Mapping[str, Any]]:
    found = said.get(name, [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _word(id: str) -> str:
    """An id as part of an address: theirs are letters and digits, so nothing else is asked for."""
    if not id.isalnum() or not id.isascii():
        raise NotThere
    return id


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
