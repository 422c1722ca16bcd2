"""The door to documents: files people give us.

1. `receive` looks into a file, scans it, stores it. Call it outside any transaction: it takes its time.
2. `keep` ties it to what it was sent with, inside the transaction that sends; `discard` deletes one before.
3. `of` lists what belongs to a case, `open_file` gives the content of one, once it was found clean.
4. `forget` deletes everything of a journey or a case: erasure is this one call.

A document belongs to a `Ref`: a journey, a machine, then a case. Whoever asks
says for whom; what is not theirs is refused as if it were not there.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Literal

from vestry.documents import events, rules
from vestry.documents.models import CLEAN, INFECTED, WAITING, Document, Documents, Loose
from vestry.documents.ports import NotThere, Unreachable, Verdict
from vestry.documents.rules import LARGEST, MEGABYTE, TYPES, Kind, NotTaken, decoders, kinds_of
from vestry.kernel import Ref, Refused, port
from vestry.ledger import api as ledger

__all__ = [
    "LARGEST",
    "MEGABYTE",
    "TYPES",
    "DocumentView",
    "Kind",
    "NoSuchDocument",
    "NotChecked",
    "NotStored",
    "NotTaken",
    "Virus",
    "discard",
    "find",
    "forget",
    "keep",
    "kinds_of",
    "megabytes",
    "of",
    "open_file",
    "receive",
    "release",
    "store_key",
]

# Long enough to store the largest file over a poor line.
UPLOADING = timedelta(hours=1)
CHUNK = 65_536
# More than any journey asks for; what is beyond belongs to somebody who only uploads.
MOST_UNSENT = 50
# Machines without a key are all one owner: what they upload is counted by connection alone.
MACHINE = "client"


class NoSuchDocument(Refused):
    """There is no such file here."""


class NotChecked(Refused):
    """This file is still being checked for viruses. Try again in a few minutes."""


class Virus(NotTaken):
    """“{name}” has a virus, so we did not keep it. Choose another file"""


class NotStored(NotTaken):
    """“{name}” could not be uploaded. Try again"""


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """A file. ``id`` is what an answer holds; ``size`` is in bytes.

    ``state``: it is ``waiting`` for the scanner, ``clean``, or was found ``infected`` and is gone.
    """

    id: str
    name: str
    called: str
    media_type: str
    size: int
    sha256: str
    state: Literal["waiting", "clean", "infected"]
    given_at: datetime


def _view(row: Document) -> DocumentView:
    kind = rules.KINDS[row.kind]
    return DocumentView(
        id=row.key,
        name=row.name,
        called=kind.called,
        media_type=kind.media_type,
        size=row.size,
        sha256=row.sha256,
        state=row.state,
        given_at=row.given_at,
    )


def store_key(row: Document | Loose) -> str:
    """Where the content lies in the store."""
    return f"{row.council_id}/{row.key[:2]}/{row.key}"


def receive(
    *,
    owner: Ref,
    actor: Ref,
    name: str,
    stream: BinaryIO,
    allowed: Sequence[Kind],
    kinds: str,
    largest: int = LARGEST,
    now: datetime,
) -> DocumentView:
    """Take in a file: looked into, scanned, stored. Call it outside any transaction.

    ``largest`` is in bytes; ``kinds`` says in words what may come: "a JPG or PDF". Where the scanner can't be
    reached the file is taken all the same, and nobody opens it before it was scanned. An owner has about 50
    that were not sent. Raises `NotTaken`.
    """
    size = stream.seek(0, 2)
    shown = rules.tidy_name(name)
    if owner.kind != MACHINE and _unsent(owner) >= MOST_UNSENT:
        raise rules.TooManyUnsent(name=shown, most=MOST_UNSENT)
    if size > min(largest, LARGEST):
        raise rules.too_big(shown, min(largest, LARGEST))
    kind = rules.look(stream, name=shown, allowed=allowed, kinds=kinds, decode=_decoded)
    verdict = _scanned(stream)
    if verdict is not None and not verdict.clean:
        with ledger.transaction():
            ledger.record(events.TurnedAway(), subject=owner, actor=actor, now=now)
        raise Virus(name=shown)
    row = Document(
        key=uuid.uuid4().hex,
        owner=str(owner),
        name=rules.tidy_name(name, kind.endings),
        kind=kind.name,
        size=size,
        sha256=_sha256(stream),
        state=WAITING if verdict is None else CLEAN,
        given_at=now,
        next_try=now,
    )
    _store(row, stream, actor, now)
    return _view(row)


def _decoded(stream: BinaryIO) -> str:
    """What `rules.decoders` find in a process of their own; what takes more than it may have is refused."""
    # By its path and by itself (-I): nothing of ours is imported, so it starts in a moment; nor does it learn
    # any secret of the environment.
    command = [sys.executable, "-I", decoders.__file__]
    try:
        done = subprocess.run(  # noqa: S603 - all of it is ours
            command, input=stream.read(), capture_output=True, timeout=decoders.SECONDS, check=True, env={}
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return decoders.HEAVY
    return done.stdout.decode()


def megabytes(stream: BinaryIO) -> int:
    """What a file counts for where uploads are limited: each begun megabyte, and an empty one as one."""
    return max(1, -(-stream.seek(0, 2) // MEGABYTE))


def _unsent(owner: Ref) -> int:
    return Document.objects.filter(owner=str(owner), kept=False).count()


def _scanned(stream: BinaryIO) -> Verdict | None:
    """What the scanner says; None when it says nothing now."""
    stream.seek(0)
    try:
        verdict: Verdict = port("documents.scan").scan(stream)
    except Unreachable:
        return None
    return verdict


def _sha256(stream: BinaryIO) -> str:
    stream.seek(0)
    made = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        made.update(chunk)
    return made.hexdigest()


def _store(row: Document, stream: BinaryIO, actor: Ref, now: datetime) -> None:
    """First a note that there may be content, then the content, then the row that says whose it is."""
    loose = Loose.objects.create(key=row.key, due=now + UPLOADING)
    stream.seek(0)
    try:
        port("documents.store").put(store_key(loose), stream)
    except Unreachable:
        raise NotStored(name=row.name) from None
    with ledger.transaction():
        if not Loose.objects.filter(pk=loose.pk).delete()[0]:
            # It took so long that it was swept away.
            raise NotStored(name=row.name)
        row.save()
        fact = events.Received(
            document=row.key, kind=row.kind, size=row.size, sha256=row.sha256, clean=row.state == CLEAN
        )
        ledger.record(fact, subject=Ref.read(row.owner), actor=actor, now=now)


def find(*, ids: Iterable[str], owners: Collection[Ref] | None = None) -> list[DocumentView]:
    """Those of ``ids`` that are there and belong to one of ``owners`` (None: to anybody), in that order."""
    wanted = [one for one in dict.fromkeys(ids) if isinstance(one, str) and one.isalnum()]
    if not wanted:
        return []
    rows = Document.objects.filter(key__in=wanted)
    if owners is not None:
        rows = rows.filter(owner__in=[str(owner) for owner in owners])
    found = {row.key: _view(row) for row in rows}
    return [found[one] for one in wanted if one in found]


def of(*, owner: Ref) -> list[DocumentView]:
    """Every file that belongs to it, oldest first."""
    return [_view(row) for row in Document.objects.filter(owner=str(owner)).order_by("given_at", "pk")]


def keep(*, ids: Iterable[str], owners: Collection[Ref], to: Ref, actor: Ref, now: datetime) -> None:
    """They were sent: from now on they belong to ``to``. What isn't the owners' is left alone."""
    with ledger.transaction():
        rows = Document.objects.select_for_update().filter(
            key__in=list(ids), owner__in=[str(owner) for owner in owners], kept=False
        )
        for row in rows.order_by("pk"):
            row.owner, row.kept = str(to), True
            row.save(update_fields=["owner", "kept"])
            fact = events.Kept(document=row.key, kind=row.kind, size=row.size, sha256=row.sha256)
            ledger.record(fact, subject=to, actor=actor, now=now)


def discard(*, id: str, owners: Collection[Ref], actor: Ref, now: datetime) -> None:
    """Delete one that was not sent yet; one that isn't there is deleted already."""
    with ledger.transaction():
        rows = Document.objects.filter(key=id, owner__in=[str(owner) for owner in owners], kept=False)
        delete(rows, actor, now)


def forget(*, owner: Ref, actor: Ref, now: datetime) -> int:
    """Delete every file of a journey or a case, with its name. How many there were.

    From this moment nobody can open them; the worker deletes the content in its next round.
    """
    with ledger.transaction():
        return delete(Document.objects.filter(owner=str(owner)), actor, now)


def release(*, owner: Ref, actor: Ref, now: datetime) -> None:
    """Delete what belongs to it and was never sent."""
    with ledger.transaction():
        delete(Document.objects.filter(owner=str(owner), kept=False), actor, now)


def delete(rows: Documents, actor: Ref, now: datetime) -> int:
    """Delete rows, inside a transaction: for the doors here and the room's own jobs."""
    done = 0
    for row in rows.select_for_update().order_by("pk"):
        if row.state != INFECTED:
            Loose.objects.create(key=row.key, due=now)
        fact = events.Forgotten(document=row.key)
        ledger.record(fact, subject=Ref.read(row.owner), actor=actor, now=now)
        row.delete()
        done += 1
    return done


def open_file(*, id: str, owner: Ref) -> tuple[DocumentView, BinaryIO]:
    """A file and its content, to be read and closed. Only once it was found clean.

    Raises `NoSuchDocument` alike for one that isn't there and one of another owner; `NotChecked`.
    """
    row = Document.objects.filter(key=id, owner=str(owner)).exclude(state=INFECTED).first()
    if row is None:
        raise NoSuchDocument
    if row.state != CLEAN:
        raise NotChecked
    try:
        return _view(row), port("documents.store").open(store_key(row))
    except NotThere:
        raise NoSuchDocument from None
