"""A provider in this process, and money to be paid, for tests of pay."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from urllib.parse import urlencode

from vestry import kernel
from vestry.kernel import Ref, plug
from vestry.pay import api as pay
from vestry.pay.rules import Line

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KEY, SIGNING = "api_test_harrowmere", "only-known-to-both-of-us"
BACK = "https://harrowmere.example/back"
CASE = Ref("case", "BW-7K3N-9QFA")
PRIYA, GRACE = Ref("officer", "priya-nair"), Ref("officer", "grace-adeyemi")
COLLECTION = Line(what="Bulky waste collection", pence=3000, vat="outside", code="4010")
FRIDGE = Line(what="Fridge", pence=1250, vat="standard", code="4011")
CARD, DECLINED, BROKEN = "4242424242424242", "4000000000000002", "4000000000000119"

# By name, as an adapter is plugged in: no room imports what stands above it.
simulated = import_module("vestry.outbound.govuk_pay.simulator")
client = import_module("vestry.outbound.govuk_pay.client")


class InProcess(client.GovukPay):
    """The adapter with the simulator right behind it, and no network in between."""

    def __init__(self, simulator):
        super().__init__(f"govuk-pay://{KEY}@localhost/?tls=none&signing={SIGNING}")
        self.simulator = simulator

    def _call(self, method, path, *, query=None, body=None, headers=None):
        asked = f"{path}?{urlencode(query)}" if query else path
        said = json.loads(json.dumps(body)) if body is not None else None
        return self.simulator.handle(
            method, asked, {"Authorization": f"Bearer {KEY}", **(headers or {})}, said
        )


class World:
    """The simulator, its clock, and the notices it sent."""

    def __init__(self):
        self.now = NOON
        self.notices = []
        self.simulator = simulated.Simulator(
            clock=lambda: self.now,
            post=lambda address, signature, body: self.notices.append((signature, body)),
        )
        self.account = self.simulator.open_account(KEY, signing=SIGNING, notices_to="somewhere")
        self.provider = InProcess(self.simulator)

    def wait(self, time):
        self.now += time

    def theirs(self):
        return list(self.account.payments.values())

    def gives(self, card, number=-1):
        self.simulator.pay(self.account, self.theirs()[number], card)

    def tell(self):
        """Every notice sent so far arrives."""
        told, self.notices = self.notices, []
        for signature, body in told:
            pay.taken(signature=signature, body=body, now=self.now)

    def charge(self, *lines, key="journey:1", **said):
        said = {"title": "Bulky waste collection", "now": self.now} | said
        return pay.charge(lines=lines or (COLLECTION,), key=key, **said)

    def depart(self, charge):
        return pay.depart(reference=charge.reference, back=BACK, now=self.now)

    def paid(self, *lines, key="journey:1", **said):
        """A charge that was paid, and we know."""
        made = self.charge(*lines, key=key, **said)
        self.depart(made)
        self.gives(CARD)
        pay.look(reference=made.reference, now=self.now)
        return pay.get(reference=made.reference)


@contextmanager
def plugged(provider):
    """The adapter behind the port, for a while."""
    before = kernel._plugs["pay.provider"]
    plug("pay.provider", lambda: provider)
    try:
        yield provider
    finally:
        kernel._plugs["pay.provider"] = before
