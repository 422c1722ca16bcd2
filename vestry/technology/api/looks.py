"""Looks at a technology or a service's page: asked for, waited for, taken in. See `technology.api`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import F

from vestry.councils import api as councils
from vestry.kernel import Ref, mark, port
from vestry.ledger import api as ledger
from vestry.technology import events, models
from vestry.technology.api.assessing import take_run
from vestry.technology.api.refusals import LookingAlready, NotAnAddress
from vestry.technology.api.register import row_of
from vestry.technology.models import ASKED, ENDED, FAILED, LOOKING
from vestry.technology.ports import Progress, Run

# A look tells how far it is every few seconds; one that says nothing for so long has died with its worker.
LEASE = timedelta(minutes=5)
TRIES = 2
GAVE_UP = mark("The look ended before it was done, twice. Try again later.")


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look: what was asked for, how far it is, what became of it."""

    about: Ref
    """What is looked at: a technology, or a service."""
    number: int
    address: str
    leave: str
    walk: str
    state: str
    """``asked``, ``looking``, ``ended``, ``failed``."""
    doing: str
    step: int
    of: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    findings: int
    reason: str
    files: tuple[dict[str, str], ...]
    """The raw evidence: name, media type, sha256 of each."""

    @property
    def going_on(self) -> bool:
        """Whether it is waited for."""
        return self.state in (ASKED, LOOKING)


def ask_look(*, about: Ref, address: str, by: Ref, now: datetime, leave: str = "", walk: str = "") -> int:
    """Have a technology looked at, or a service, whose room has to know it; the worker does it. ``leave`` is
    where the supplier's leave for active tests is recorded, ``walk`` a journey. Returns its number. Raises
    `NoSuchTechnology`, `NotAnAddress`, `NotAJourney`, `LookingAlready`.
    """
    try:
        parts = urlsplit(address.strip())
        there = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        there = False
    if not there:
        raise NotAnAddress
    if walk.strip():
        port("technology.probes").check(walk)
    with ledger.transaction():
        if about.kind == "technology":
            row_of(about.key, lock=True)
        else:
            councils.one_at_a_time()
        looks = models.Look.objects.filter(about=str(about))
        if looks.filter(state__in=(ASKED, LOOKING)).exists():
            raise LookingAlready
        number = looks.count() + 1
        models.Look.objects.create(
            about=str(about),
            number=number,
            address=address.strip(),
            leave=leave.strip(),
            walk=walk.strip() and walk,
            state=ASKED,
            asked_by=str(by),
            asked_at=now,
            due=now,
        )
        fact = events.LookAsked(number=number, active=bool(leave.strip()))
        ledger.record(fact, subject=about, actor=by, now=now)
        return number


def last_look(about: Ref) -> Look | None:
    """The newest look at a technology or a service; None where there was none."""
    return next(iter(looks(about)), None)


def looks(about: Ref) -> list[Look]:
    """Every look at a technology or a service, the newest first."""
    rows = models.Look.objects.filter(about=str(about)).order_by("-number")
    return [_view(row) for row in rows]


def claim_look(*, now: datetime) -> Look | None:
    """The look that has waited longest, for the length of a lease; None when none waits."""
    row = models.Look.objects.claim(now, LEASE)
    if row is None:
        return None
    if row.tries > TRIES:
        fail_look(look=_view(row), reason=GAVE_UP, now=now)
        return None
    return _view(row)


def tell_look(*, look: Look, progress: Progress, now: datetime) -> None:
    """How far a look has come."""
    _row(look).update(doing=progress.doing, step=progress.step, of=progress.of, due=now + LEASE)


def end_look(*, look: Look, run: Run, now: datetime) -> int:
    """Take in what a look saw. Returns how many findings; 0 when somebody else ended it already."""
    with ledger.transaction():
        row = _row(look).select_for_update().first()
        if row is None:
            return 0
        by = Ref.read(row.asked_by)
        found = take_run(about=look.about, run=run, by=by, now=now, look=look.number)
        files = [{"name": e.name, "media_type": e.media_type, "sha256": e.sha256} for e in run.evidence]
        done = {"state": ENDED, "ended_at": now, "findings": found, "files": files, "step": F("of")}
        models.Look.objects.filter(pk=row.pk).update(**done)
        fact = events.LookEnded(number=look.number, findings=found)
        ledger.record(fact, subject=look.about, actor=by, now=now)
        return found


def fail_look(*, look: Look, reason: str, now: datetime) -> None:
    """Say why nothing could be seen. Nothing is known for it, and nothing is held against it."""
    with ledger.transaction():
        row = _row(look).select_for_update().first()
        if row is None:
            return
        models.Look.objects.filter(pk=row.pk).update(state=FAILED, ended_at=now, reason=reason[:500])
        fact = events.LookEnded(number=look.number, findings=0)
        by = Ref.read(row.asked_by)
        ledger.record(fact, subject=look.about, actor=by, now=now)


def _row(look: Look) -> models.Looks:
    open_ = models.Look.objects.filter(about=str(look.about), number=look.number)
    return open_.filter(state__in=(ASKED, LOOKING))


def _view(row: models.Look) -> Look:
    return Look(
        about=Ref.read(row.about),
        **{name: getattr(row, name) for name in Look.__dataclass_fields__ if name not in ("about", "files")},
        files=tuple(row.files),
    )
