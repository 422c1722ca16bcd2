"""A capability that is nobody's but the tests': money that is taken at another site, faults included.

What the other site knows is in `OtherSite`; what the council knows is in tables that live as long as a test,
so that what is rolled back is rolled back here too. The two differ until somebody asks.
"""

from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import ClassVar

import msgspec
from django.db import connection

from vestry.design.capability import Capability, Confirmed, Elsewhere, Row, Stop, Stopped
from vestry.kernel import Fact, Ref, mark
from vestry.ledger import api as ledger
from vestry.services.definition import capabilities, decoding, schema, structure

CLOCK = Ref("system", "clock")


@dataclass(frozen=True, kw_only=True)
class MoneyTaken(Fact):
    """The other site says that somebody paid."""

    name: ClassVar[str] = "till.paid"
    sentence: ClassVar[str] = mark("Paid.")
    privacy: ClassVar[str] = "Says nothing else."


@dataclass
class Payment:
    """One at the other site: ``open``, ``paid``, ``declined`` or ``cancelled``."""

    charge: int
    state: str = "open"


@dataclass
class OtherSite:
    """What the other site knows, whoever asks; while it is down, nobody can."""

    payments: list[Payment] = field(default_factory=list)
    down: bool = False


class TillOptions(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    pounds: int
    when: str = ""


class Till(Capability):
    """Strict: what nobody may do to money is a fault."""

    word: ClassVar[str] = "till"
    options: ClassVar[type[msgspec.Struct]] = TillOptions
    settles: ClassVar[frozenset[str]] = frozenset({MoneyTaken.name})
    site: ClassVar[OtherSite]

    def hold(self, options, visit):
        if visit.held and state(visit.held["charge"]) != "given up":
            return visit.held
        run("insert into till_charges (journey, state) values (%s, 'owed')", int(visit.journey))
        return {"charge": run("select max(charge) from till_charges")[0][0]}

    def release(self, options, visit):
        charge = visit.held["charge"]
        if state(charge) in {"paid", "stranded"}:
            back(charge)
        if state(charge) == "owed":
            move(charge, "given up")

    def owes(self, options, visit):
        rows = [Row(label="All of it", text=f"£{options.pounds}.00")]
        if not visit.held or state(visit.held["charge"]) == "given up":
            action = f"Accept and pay £{options.pounds}.00"
            return Elsewhere(state="open", title="You need to pay", action=action, rows=rows)
        charge = visit.held["charge"]
        if state(charge) in {"paid", "stranded", "kept"}:
            return Elsewhere(state="settled", title="We have your payment", rows=rows)
        known = [stands for (stands,) in run("select state from till_payments where charge = %s", charge)]
        if "open" in known:
            return Elsewhere(state="waiting", title="We are waiting for your payment", rows=rows)
        if known:
            return Elsewhere(state="failed", title="Your payment was declined", rows=rows)
        return Elsewhere(state="open", title="You need to pay", rows=rows)

    def depart(self, options, visit, back):
        if self.site.down:
            raise Stopped(Stop(title="You cannot pay at the moment", reason="The other site is away."))
        charge = visit.held["charge"]
        mine = [n for n, each in enumerate(self.site.payments) if each.charge == charge]
        number = next((n for n in mine if self.site.payments[n].state == "open"), len(self.site.payments))
        if number == len(self.site.payments):
            self.site.payments.append(Payment(charge))
            run("insert into till_payments values (%s, %s, 'open')", number, charge)
        return f"https://other.example/{number}?{back}"

    def look(self, options, visit):
        if not self.site.down:
            learn(self.site, visit.held["charge"], visit.now)

    def strand(self, options, visit, stop):
        assert state(visit.held["charge"]) in {"paid", "stranded"}
        move(visit.held["charge"], "stranded")

    def confirm(self, options, visit):
        if not visit.held or state(visit.held["charge"]) not in {"paid", "stranded"}:
            raise Stopped(Stop(title="This has not been paid", reason="Pay first."))
        move(visit.held["charge"], "kept")
        return Confirmed(ref=Ref("till-charge", str(visit.held["charge"])))


def learn(site, charge, now):
    """What the other site knows of a charge is known here too: by asking, by a call-back, by polling."""
    with ledger.transaction():
        for number, payment in enumerate(site.payments):
            known = run("select state from till_payments where payment = %s and charge = %s", number, charge)
            if not known or known[0][0] == payment.state or known[0][0] == "paid":
                continue
            run("update till_payments set state = %s where payment = %s", payment.state, number)
            if payment.state == "paid":
                _paid(charge, number, now)


def _paid(charge, number, now):
    if state(charge) != "owed":
        # Paid twice, or after it was given up: that goes back at once.
        run("insert into till_refunds values (%s)", number)
        return
    move(charge, "paid")
    journey = run("select journey from till_charges where charge = %s", charge)[0][0]
    ledger.record(
        MoneyTaken(), subject=Ref("till-charge", str(charge)), actor=CLOCK, now=now, journey=str(journey)
    )


def back(charge):
    """The money goes back."""
    ((number,),) = run(
        "select payment from till_payments where charge = %s and state = 'paid'"
        # One that came on top of it went back already.
        " and payment not in (select payment from till_refunds)",
        charge,
    )
    run("insert into till_refunds values (%s)", number)
    move(charge, "refunded")


def state(charge):
    return run("select state from till_charges where charge = %s", charge)[0][0]


def move(charge, to):
    run("update till_charges set state = %s where charge = %s", to, charge)


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def open_till():
    """Empty tables for the length of a test, and another site that knows of nobody."""
    number = "serial" if connection.vendor == "postgresql" else "integer"
    run(
        f"create temporary table if not exists till_charges (charge {number} primary key, journey integer,"
        " state text)"
    )
    run("create temporary table if not exists till_payments (payment integer, charge integer, state text)")
    run("create temporary table if not exists till_refunds (payment integer primary key)")
    for table in ("till_charges", "till_payments", "till_refunds"):
        run(f"delete from {table}")
    Till.site = OtherSite()
    return Till.site


class Entry:
    def __init__(self, kind):
        self.load = lambda: kind


def install(monkeypatch):
    """As if its package were installed."""
    there = [*entry_points(group="vestry.capabilities"), Entry(Till)]
    known = {"vestry.capabilities": there}
    monkeypatch.setattr(
        capabilities, "entry_points", lambda group: known.get(group) or entry_points(group=group)
    )
    forget_what_is_installed()


def forget_what_is_installed():
    """What is worked out once from what is installed is worked out anew."""
    capabilities.installed.cache_clear()
    for module in (schema, structure, decoding):
        for each in vars(module).values():
            getattr(each, "cache_clear", lambda: None)()
