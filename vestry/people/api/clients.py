"""Programs of officers' systems: who they are is a key, what they may is a role and scopes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from vestry.kernel import Ref, Refused, local_day
from vestry.ledger import api as ledger
from vestry.people import refusals
from vestry.people.api.officers import OfficerView, teams
from vestry.people.events import ClientRefused, KeyMade, KeyTakenBack
from vestry.people.models import ClientKey, ClientWrite
from vestry.people.permissions import ROLES, SCOPES, Held

# 43 characters of 6 bits: nobody guesses it, so a plain hash keeps it.
SECRET_BYTES = 32
# A key nobody remembers should not open anything.
LONGEST = timedelta(days=2 * 366)
# When it was used last need not be known to the second, and every request would be a write.
USED_WITHIN = timedelta(minutes=5)
# A client that has not heard an answer asks again within days.
REMEMBERED = timedelta(days=30)
# No program can be called that.
ANYBODY = "*"


class BadKey(Refused):
    """This key is not one of ours, or it was taken back. Ask the council for a new one."""


class KeyExpired(Refused):
    """This key was good until {day}. Ask the council for a new one."""


class KeyReused(Refused):
    """This Idempotency-Key was used for something else. Use a new one for each thing to do."""


class KeyMadeAlready(Refused):
    """This form was sent before, and its key was made. It is shown only once: if you have not seen it, end it
    and make another.
    """


class NoSuchKey(Refused):
    """There is no key that begins with {prefix}, or it was taken back already."""


class NotAKey(Refused):
    """No key is made. {why}"""


@dataclass(frozen=True, kw_only=True)
class ClientView(OfficerView):
    """A program as the council in scope let it in: an officer of the roles it holds, within its scopes."""

    scopes: frozenset[str]

    @property
    def ref(self) -> Ref:
        """How the ledger names it."""
        return Ref.read(self.slug)


@dataclass(frozen=True, kw_only=True)
class KeyView:
    """A key as people see it. ``prefix`` is what it begins with; the rest nobody knows but its client.

    ``expires`` is the last day on which it is good; ``used_at`` is right to a few minutes.
    """

    client: str
    prefix: str
    held: frozenset[Held]
    scopes: frozenset[str]
    made_at: datetime
    expires: date
    used_at: datetime | None
    taken_back_at: datetime | None


def new_key(
    *,
    client: str,
    held: Collection[Held],
    scopes: Collection[str],
    expires: date,
    now: datetime,
    actor: Ref,
    form: str = "",
) -> str:
    """Make a key for a program and return it: it is shown this once, only its hash is kept.

    It may what the roles in ``held`` may, where they are held, and of that only ``scopes``, rows of the
    permission table. ``expires`` is its last day. The same ``form`` makes one key, and is shown it once.
    Raises `NotAKey` with what is wrong, `KeyMadeAlready`.
    """
    _check(client, held, scopes, expires, local_day(now))
    prefix = f"vestry_{secrets.token_hex(4)}"
    token = f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    with ledger.transaction():
        if form and not _first(form, actor, now):
            raise KeyMadeAlready
        row = ClientKey.objects.create(
            client=client,
            prefix=prefix,
            hash=_hash(token),
            held=sorted(map(list, held)),
            scopes=sorted(scopes),
            made_at=now,
            expires=expires,
        )
        fact = KeyMade(
            prefix=prefix, held=[list(each) for each in row.held], scopes=row.scopes, expires=expires
        )
        ledger.record(fact, subject=Ref("client", client), actor=actor, now=now)
    return token


def _first(form: str, actor: Ref, now: datetime) -> bool:
    """Whether somebody's form comes for the first time."""
    key = hashlib.sha256(f"new key {form}".encode()).hexdigest()
    said = {"digest": "", "at": now}
    return ClientWrite.objects.get_or_create(client=str(actor)[:60], key=key, defaults=said)[1]


def _check(client: str, held: Collection[Held], scopes: Collection[str], expires: date, today: date) -> None:
    known = {team.slug for team in teams()}
    if not (client.isascii() and client.replace("-", "").isalnum() and len(client) <= 60):  # noqa: PLR2004
        raise NotAKey(about="client", why=_("The client’s name is letters, digits and hyphens, such as crm."))
    if not held:
        raise NotAKey(about="role", why=_("Say as what the client acts, such as officer:waste."))
    for role, team in held:
        if role not in ROLES:
            raise NotAKey(
                about="role",
                why=_("There is no role {role}. There are: {known}.").format(
                    role=role, known=", ".join(ROLES)
                ),
            )
        if team and team not in known:
            raise NotAKey(
                about="team",
                why=_("There is no team {team}. There are: {known}.").format(
                    team=team, known=", ".join(sorted(known))
                ),
            )
    if not scopes or set(scopes) - SCOPES:
        raise NotAKey(
            about="scopes", why=_("The scopes are some of: {known}.").format(known=", ".join(sorted(SCOPES)))
        )
    if not today <= expires <= today + LONGEST:
        raise NotAKey(about="expires", why=_("The last day is today or later, and within two years."))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def client_of(*, token: str, now: datetime) -> ClientView:
    """The program whose key this is. Raises `BadKey`, alike for every key that is none here; `KeyExpired`."""
    prefix = "_".join(token.split("_")[:2])
    row = ClientKey.objects.filter(prefix=prefix).first() if prefix.isprintable() else None
    right = hmac.compare_digest(_hash(token), row.hash if row else "")
    if row is None or not right or row.taken_back_at is not None:
        raise BadKey
    if local_day(now) > row.expires:
        raise KeyExpired(day=f"{row.expires:%-d %B %Y}")
    if row.used_at is None or row.used_at < now - USED_WITHIN:
        ClientKey.objects.filter(pk=row.pk).update(used_at=now)
    return ClientView(
        id=row.pk,
        slug=str(Ref("client", row.client)),
        name=row.client,
        email="",
        held=frozenset(Held(*each) for each in row.held),
        scopes=frozenset(row.scopes),
    )


def client_keys() -> list[KeyView]:
    """The council's keys, the newest first; those taken back too."""
    return [
        KeyView(
            client=row.client,
            prefix=row.prefix,
            held=frozenset(Held(*each) for each in row.held),
            scopes=frozenset(row.scopes),
            made_at=row.made_at,
            expires=row.expires,
            used_at=row.used_at,
            taken_back_at=row.taken_back_at,
        )
        for row in ClientKey.objects.order_by("-made_at", "-pk")
    ]


def makers_of(*, client: Ref) -> frozenset[Ref]:
    """Who ever made a key for a program: what it does they could have done by it. Nobody where it is none."""
    if client.kind != "client":
        return frozenset()
    return frozenset(entry.actor for entry in ledger.history(client) if entry.name == KeyMade.name)


def take_key_back(*, prefix: str, now: datetime, actor: Ref) -> None:
    """From now on the key that begins so opens nothing. Raises `NoSuchKey`."""
    with ledger.transaction():
        row = ClientKey.objects.select_for_update().filter(prefix=prefix, taken_back_at=None).first()
        if row is None:
            raise NoSuchKey(prefix=prefix)
        row.taken_back_at = now
        row.save(update_fields=["taken_back_at"])
        fact = KeyTakenBack(prefix=prefix)
        ledger.record(fact, subject=Ref("client", row.client), actor=actor, now=now)


@contextmanager
def once(*, client: ClientView | None, key: str, said: bytes, now: datetime) -> Iterator[bool]:
    """A transaction for what a program does once for each ``key``; gives whether it was done before.

    ``said`` is all that was asked for; without a ``client``, it is anybody's. What fails inside leaves the
    key free. Raises `KeyReused`.
    """
    digest = hashlib.sha256(said).hexdigest()
    with ledger.transaction():
        row, new = ClientWrite.objects.get_or_create(
            client=client.name if client else ANYBODY,
            key=hashlib.sha256(key.encode()).hexdigest(),
            defaults={"digest": digest, "at": now},
        )
        if row.digest != digest:
            raise KeyReused
        yield not new


def state_refusal(*, client: ClientView, address: str, problem: str, now: datetime) -> None:
    """Put on record that a program asked for what it was refused: at which address, and why."""
    refusals.state(
        client.ref,
        address,
        problem,
        fact=lambda count: ClientRefused(address=address, problem=problem, count=count),
        now=now,
    )
