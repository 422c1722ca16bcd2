"""What officers have besides a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists

from vestry.people.api.officers import OfficerView
from vestry.people.models import Officer, Team
from vestry.people.second_step import REAL


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """A passkey, by the name its owner gave it. ``used``: when it was used last, if ever."""

    id: int
    name: str
    added: datetime
    used: datetime | None


@dataclass(frozen=True, kw_only=True)
class SecondSteps:
    """An officer's second steps. ``codes_left``: recovery codes not used yet."""

    app: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def real(self) -> bool:
        """Whether there is one besides recovery codes."""
        return self.app or bool(self.passkeys)


def second_steps(officer: OfficerView) -> SecondSteps:
    """What an officer has besides a password."""
    account = Officer.objects.filter(pk=officer.id).values("account")
    rows = list(Authenticator.objects.filter(user__in=account).order_by("created_at"))
    kinds = Authenticator.Type
    return SecondSteps(
        app=any(row.type == kinds.TOTP for row in rows),
        passkeys=tuple(
            Passkey(id=row.pk, name=row.wrap().name, added=row.created_at, used=row.last_used_at)
            for row in rows
            if row.type == kinds.WEBAUTHN
        ),
        codes_left=sum(
            len(row.wrap().get_unused_codes()) for row in rows if row.type == kinds.RECOVERY_CODES
        ),
    )


def second_step_wanted(officer: OfficerView) -> bool:
    """Whether an officer has to add a second step before they come to any other page. The demo asks nobody.

    It is asked for every page, in one query: what a team reads, and who is in it, changes while its officers
    are signed in.
    """
    if settings.DEMO:
        return False
    careful = Team.objects.filter(active=True, second_step=True)
    places = {one.team for one in officer.held}
    if "" not in places:
        careful = careful.filter(slug__in=places)
    account = Officer.objects.filter(pk=officer.id).values("account")
    there = Authenticator.objects.filter(user__in=account, type__in=REAL)
    return careful.exclude(Exists(there)).exists()
