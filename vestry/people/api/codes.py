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
# When many ask for the same: a guess is worth nothing, however many guess.
LONG = 10
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


def new_code(*, purpose: Ref, asker: str = "", now: datetime) -> str | None:
    """Make a code, valid for 15 minutes, instead of any before it. None when there were five in an hour.

    ``asker`` is who asks, such as a browser: each has codes, tries and a count of their own, so that a
    stranger takes none away. Once five were made for a purpose in an hour, by whoever, the next are longer:
    many askers guess no better than one.
    Only its hash is kept: what is returned can't be asked for again.
    """
    with transaction.atomic():
        mine = {"purpose": str(purpose), "asker": asker}
        Code.objects.get_or_create(**mine, defaults={"expires": now, "tries_left": 0})
        row = Code.objects.select_for_update().get(**mine)
        lately = _lately(row, now)
        if len(lately) >= CODES:
            return None
        others = Code.objects.filter(purpose=str(purpose), expires__gt=now - WINDOW).exclude(pk=row.pk)
        crowded = len(lately) + sum(len(_lately(each, now)) for each in others) >= CODES
        digits = LONG if crowded else DIGITS
        code = f"{secrets.randbelow(10**digits):0{digits}}"
        row.hash = _hash(purpose, code)
        row.expires, row.tries_left, row.made = now + LIFE, TRIES, [*lately, now.isoformat()]
        row.save()
    return code


def _lately(row: Code, now: datetime) -> list[str]:
    return [made for made in row.made if datetime.fromisoformat(made) > now - WINDOW]


def check_code(*, purpose: Ref, code: str, asker: str = "", now: datetime) -> bool:
    """True once, for the right code in time; five tries, then a new code is needed. Spaces don't matter."""
    mine = {"purpose": str(purpose), "asker": asker}
    rows = Code.objects.filter(**mine, expires__gt=now, tries_left__gt=0)
    # The try is spent before the code is looked at, so that many at once don't get more than five.
    spent = rows.update(tries_left=F("tries_left") - 1)
    kept = Code.objects.filter(**mine).values_list("hash", flat=True).first()
    given = _hash(purpose, "".join(code.split()))
    if not constant_time_compare(given, kept or "") or not spent:
        return False
    return bool(Code.objects.filter(**mine, hash=kept).update(hash="", tries_left=0))
