"""What GOV.UK Pay does for its services: payments, refunds, search, and the notices it sends."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Body = dict[str, Any]
Reply = tuple[int, Body]

FAULTS: Mapping[str, str] = {
    "down": "Nothing works: every question is answered with 500",
    "slow": "Each answer takes three seconds",
    "lost-answer": "A payment or refund is made, and the answer says 500",
    "no-notice": "No notice is sent",
    "duplicate-notice": "Each notice is sent twice",
    "out-of-order": "A notice waits until after the next one",
    "paid-late": "A card is accepted though the payment has expired or was cancelled",
    "refuse-refund": "Refunds are refused",
    "refund-fails": "Refunds are taken on, and fail at the bank",
}
# As their documents give them for test accounts: what happens, by card.
GOOD = ("4242424242424242", "4444333322221111", "5105105105105100")
DECLINED, EXPIRED_CARD, BAD_CODE, BROKEN = (
    "4000000000000002",
    "4000000000000069",
    "4000000000000127",
    "4000000000000119",
)
MOST = 10_000_000
# Their payments can be paid for 90 minutes.
OPEN_FOR = timedelta(minutes=90)
OPEN = ("created", "started")
CODES = {
    "P0010": "Payment method rejected",
    "P0020": "Payment expired",
    "P0030": "Payment was cancelled by the user",
    "P0040": "Payment was cancelled by the service",
    "P0050": "Payment provider returned an error",
}


class Account:
    """One service at the provider, found by its key."""

    def __init__(self, key: str, *, signing: str = "", notices_to: str = "") -> None:
        self.key, self.signing, self.notices_to = key, signing, notices_to
        self.payments: dict[str, Body] = {}
        self.used: set[str] = set()

    @property
    def notices(self) -> bool:
        """Whether anybody wants to hear."""
        return bool(self.signing and self.notices_to)

    def sign(self, body: bytes) -> str:
        """What stands in ``Pay-Signature``."""
        return hmac.new(self.signing.encode(), body, hashlib.sha256).hexdigest()


class Simulator:
    """All its services. ``post`` sends a notice: address, signature, body."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        post: Callable[[str, str, bytes], None] = lambda address, signature, body: None,
        kept: Path | None = None,
    ) -> None:
        self.clock, self.post, self.kept = clock, post, kept
        self.url = "http://127.0.0.1"
        self.accounts: dict[str, Account] = {}
        self.faults: set[str] = set()
        self.waiting: list[tuple[Account, bytes]] = []
        self.lock = threading.RLock()

    def open_account(self, key: str, *, signing: str = "", notices_to: str = "") -> Account:
        """A service: its key, the secret of its notices, where they go; what was kept of it is there."""
        made = self.accounts[key] = Account(key, signing=signing, notices_to=notices_to)
        if self.kept and self.kept.exists():
            made.payments = json.loads(self.kept.read_text()).get(key, {})
            made.used = {payment["idempotency"] for payment in made.payments.values()}
        return made

    def save(self) -> None:
        """Keep what is known, so that a demo that is started again goes on."""
        if self.kept:
            self.kept.write_text(
                json.dumps({key: account.payments for key, account in self.accounts.items()})
            )

    def handle(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> Reply:
        """One question to the API."""
        with self.lock:
            if "down" in self.faults:
                return _problem(500, "P0999", "Downstream system error")
            key = headers.get("Authorization", "").removeprefix("Bearer ")
            account = self.accounts.get(key)
            if account is None:
                return _problem(401, "P0920", "Credentials are required to access this resource")
            status, said = self._route(account, method, urlsplit(path), headers, body)
            self.save()
            if "lost-answer" in self.faults and method == "POST" and status < 300:  # noqa: PLR2004 - 2xx
                return _problem(500, "P0198", "Downstream system error")
            return status, said

    def _route(
        self, account: Account, method: str, asked: Any, headers: Mapping[str, str], body: Any
    ) -> Reply:
        match method, asked.path.strip("/").split("/"):
            case "POST", ["v1", "payments"]:
                return self._create(account, body, headers.get("Idempotency-Key", ""))
            case "GET", ["v1", "payments"]:
                return self._search(account, {name: each[-1] for name, each in parse_qs(asked.query).items()})
            case "GET", ["v1", "payments", id] if id in account.payments:
                return 200, self.shown(self._fresh(account.payments[id]))
            case "POST", ["v1", "payments", id, "cancel"] if id in account.payments:
                return self._cancel(account, account.payments[id])
            case "POST", ["v1", "payments", id, "refunds"] if id in account.payments:
                return self._refund(account, account.payments[id], body)
            case "GET", ["v1", "payments", id, "refunds"] if id in account.payments:
                found = [_refund_shown(each) for each in account.payments[id]["refunds"]]
                return 200, {"payment_id": id, "_embedded": {"refunds": found}}
            case _:
                return _problem(404, "P0200", "Not found")

    def _create(self, account: Account, said: Any, idempotency: str) -> Reply:
        for name in ("amount", "reference", "return_url", "description"):
            if not isinstance(said, dict) or said.get(name) in (None, ""):
                return _problem(400, "P0101", f"Missing mandatory attribute: {name}", field=name)
        if type(said["amount"]) is not int or not 1 <= said["amount"] <= MOST:
            return _problem(422, "P0102", "Invalid attribute value: amount", field="amount")
        if len(said["reference"]) > 255 or len(said["description"]) > 255:  # noqa: PLR2004 - theirs
            return _problem(422, "P0102", "Must be less than or equal to 255 characters length")
        if idempotency and idempotency in account.used:
            return _problem(409, "P0191", "The `Idempotency-Key` you sent has already been used")
        account.used.add(idempotency)
        id = uuid.uuid4().hex[:26]
        payment = account.payments[id] = {
            **{name: said[name] for name in ("amount", "reference", "return_url", "description")},
            "language": said.get("language", "en"),
            "payment_id": id,
            "status": "created",
            "code": "",
            "created": self.clock().isoformat(),
            "token": uuid.uuid4().hex,
            "refunds": [],
            "idempotency": idempotency,
        }
        return 201, self.shown(payment)

    def _fresh(self, payment: Body) -> Body:
        """A payment, expired by now if nobody paid it."""
        if payment["status"] in OPEN and self._age(payment) > OPEN_FOR:
            payment.update(status="failed", code="P0020")
        return payment

    def _age(self, payment: Body) -> timedelta:
        return self.clock() - datetime.fromisoformat(payment["created"])

    def shown(self, payment: Body) -> Body:
        """A payment as the API gives it."""
        over = payment["status"] not in (*OPEN, "submitted")
        state: Body = {"status": payment["status"], "finished": over}
        if payment["code"]:
            state |= {"code": payment["code"], "message": CODES[payment["code"]]}
        gone = sum(each["amount"] for each in payment["refunds"] if each["status"] != "error")
        left = payment["amount"] - gone
        good = payment["status"] == "success"
        links: Body = {
            "self": {"href": f"{self.url}/v1/payments/{payment['payment_id']}", "method": "GET"},
            "next_url": None,
        }
        if payment["status"] in OPEN:
            links["next_url"] = {"href": f"{self.url}/secure/{payment['token']}", "method": "GET"}
        return {
            **{name: payment[name] for name in ("amount", "reference", "return_url", "description")},
            "language": payment["language"],
            "payment_id": payment["payment_id"],
            "payment_provider": "sandbox",
            "created_date": payment["created"],
            "state": state,
            "refund_summary": {
                "status": ("available" if left else "full") if good else "pending",
                "amount_available": left,
                "amount_submitted": gone,
            },
            "delayed_capture": False,
            "moto": False,
            "_links": links,
        }

    def _search(self, account: Account, asked: Mapping[str, str]) -> Reply:
        found = [self._fresh(payment) for payment in reversed(account.payments.values())]
        if "reference" in asked:
            wanted = asked["reference"].lower()
            found = [payment for payment in found if payment["reference"].lower() == wanted]
        try:
            since, until = (
                datetime.fromisoformat(asked[name]) if name in asked else None
                for name in ("from_date", "to_date")
            )
            page, size = int(asked.get("page", 1)), int(asked.get("display_size", 500))
        except ValueError:
            return _problem(422, "P0401", "Invalid parameters. See Public API documentation")
        made = {payment["payment_id"]: datetime.fromisoformat(payment["created"]) for payment in found}
        found = [
            payment
            for payment in found
            if (since is None or made[payment["payment_id"]] >= since)
            and (until is None or made[payment["payment_id"]] < until)
        ]
        shown = found[(page - 1) * size : page * size]
        if page > 1 and not shown:
            return _problem(404, "P0402", "Page not found")
        links = (
            {"next_page": {"href": f"{self.url}/v1/payments?page={page + 1}"}}
            if page * size < len(found)
            else {}
        )
        results = [self.shown(payment) for payment in shown]
        said = {"total": len(found), "count": len(results), "page": page, "results": results, "_links": links}
        return 200, said

    def _cancel(self, account: Account, payment: Body) -> Reply:
        if self._fresh(payment)["status"] not in OPEN:
            return _problem(400, "P0501", "Cancellation of payment failed")
        payment.update(status="cancelled", code="P0040")
        return 204, {}

    def _refund(self, account: Account, payment: Body, said: Any) -> Reply:
        summary = self.shown(self._fresh(payment))["refund_summary"]
        amount = said.get("amount") if isinstance(said, dict) else None
        if type(amount) is not int or amount < 1:
            return _problem(422, "P0602", "Invalid attribute value: amount", field="amount")
        if payment["status"] != "success" or "refuse-refund" in self.faults:
            return _problem(400, "P0603", "The payment is not available for refund")
        if said.get("refund_amount_available") != summary["amount_available"]:
            return _problem(412, "P0604", "Refund amount available mismatch.")
        if amount > summary["amount_available"]:
            return _problem(400, "P0603", "The payment is not available for refund. Not sufficient amount")
        made = {
            "refund_id": uuid.uuid4().hex[:26],
            "amount": amount,
            "status": "submitted" if "refund-fails" in self.faults else "success",
            "created": self.clock().isoformat(),
        }
        payment["refunds"].append(made)
        self._notify(account, payment, "card_payment_refunded", refund=made)
        return 202, _refund_shown(made)

    def refunds_fail(self) -> None:
        """The bank sends back what is on its way."""
        with self.lock:
            for account in self.accounts.values():
                for payment in account.payments.values():
                    for refund in payment["refunds"]:
                        if refund["status"] == "submitted":
                            refund["status"] = "error"
            self.save()

    def by_token(self, token: str) -> tuple[Account, Body] | None:
        """The payment of a payment page."""
        for account in self.accounts.values():
            for payment in account.payments.values():
                if payment["token"] == token:
                    return account, self._fresh(payment)
        return None

    def pay(self, account: Account, payment: Body, card: str) -> None:
        """Somebody gives a card and confirms."""
        with self.lock:
            self._fresh(payment)
            if payment["status"] not in OPEN and not (
                "paid-late" in self.faults and payment["code"] in ("P0020", "P0030", "P0040")
            ):
                return
            if card in GOOD:
                payment.update(status="success", code="")
                self._notify(account, payment, "card_payment_succeeded")
                self._notify(account, payment, "card_payment_captured")
            else:
                payment.update(status="failed", code="P0050" if card == BROKEN else "P0010")
                if card == BROKEN:
                    payment["status"] = "error"
                self._notify(account, payment, "card_payment_failed")
            self.save()

    def leave(self, account: Account, payment: Body) -> None:
        """Somebody chooses to cancel."""
        with self.lock:
            if self._fresh(payment)["status"] in OPEN:
                payment.update(status="failed", code="P0030")
                self._notify(account, payment, "card_payment_failed")
                self.save()

    def expire(self, payment: Body) -> None:
        """Ninety minutes are over."""
        with self.lock:
            if payment["status"] in OPEN:
                payment.update(status="failed", code="P0020")
                self.save()

    def _notify(self, account: Account, payment: Body, event: str, *, refund: Body | None = None) -> None:
        if not account.notices or "no-notice" in self.faults:
            return
        shown = (
            _refund_shown(refund) | {"payment_id": payment["payment_id"]} if refund else self.shown(payment)
        )
        said = {
            "webhook_message_id": uuid.uuid4().hex,
            "api_version": 1,
            "created_date": self.clock().isoformat(),
            "resource_id": refund["refund_id"] if refund else payment["payment_id"],
            "resource_type": "REFUND" if refund else "PAYMENT",
            "event_type": event,
            "resource": shown,
        }
        body = json.dumps(said).encode()
        held, self.waiting = self.waiting, []
        if "out-of-order" in self.faults and not held:
            self.waiting = [(account, body)]
            return
        for to, text in ((account, body), *held):
            for _time in range(2 if "duplicate-notice" in self.faults else 1):
                self.post(to.notices_to, to.sign(text), text)


def _problem(status: int, code: str, description: str, *, field: str = "") -> Reply:
    return status, {"code": code, "description": description, **({"field": field} if field else {})}


def _refund_shown(refund: Body) -> Body:
    shown = {name: refund[name] for name in ("refund_id", "amount", "status")}
    return {**shown, "created_date": refund["created"]}
