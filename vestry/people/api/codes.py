"""One-time codes: six digits that somebody was sent and types in."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from vestry.kernel import Ref
from vestry.people.models import Code

DIGITS = 6
# Long enough for a slow mailbox; GOV.UK One Login's codes live as long.
LIFE = timedelta(minutes=15)
# With five codes an hour, 25 guesses an hour at a million numbers: a lucky one in four and a half years.
TRIES = 5
CODES = 5
WINDOW = timedelta(hours=1)


def _hash(purpose: Ref, code: str) -> str:
    # Keyed: without the secret key, a million codes are hashed in a second.
    typed = code.encode(errors="backslashreplace")
    return salted_hmac(f"people.code.{purpose}", typed, algorithm="sha256").hexdigest()


def new_code(*, purpose: Ref, now: datetime) -> str | None:
    """Make a code, valid for 15 minutes and instead of any before it. None when there were five in an hour.

    Only its hash is kept: what is returned can't be asked for again.
    """
    with transaction.atomic():
        Code.objects.get_or_create(purpose=str(purpose), defaults={"expires": now, "tries_left": 0})
        row = Code.objects.select_for_update().get(purpose=str(purpose))
        lately = [made for made in row.made if datetime.fromisoformat(made) > now - WINDOW]
        if len(lately) >= CODES:
            return None
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        row.hash = _hash(purpose, code)
        row.expires, row.tries_left, row.made = now + LIFE, TRIES, [*lately, now.isoformat()]
        row.save()
    return code


def check_code(*, purpose: Ref, code: str, now: datetime) -> bool:
    """True once, for the right code in time; five tries, then a new code is needed. Spaces don't matter."""
    rows = Code.objects.filter(purpose=str(purpose), expires__gt=now, tries_left__gt=0)
    # The try is spent before the code is looked at, so that many at once don't get more than five.
    spent = rows.update(tries_left=F("tries_left") - 1)
    kept = Code.objects.filter(purpose=str(purpose)).values_list("hash", flat=True).first()
    given = _hash(purpose, "".join(code.split()))
    if not constant_time_compare(given, kept or "") or not spent:
        return False
    return bool(Code.objects.filter(purpose=str(purpose), hash=kept).update(hash="", tries_left=0))
