"""What is known, piece by piece, and whether it is still what was kept. See `technology.api`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.technology import models
from vestry.technology.api.refusals import EvidenceChanged, NoSuchEvidence
from vestry.technology.api.register import row_of
from vestry.technology.ports import Verdict
from vestry.technology.rules.verdicts import Piece

WHOLE, CHANGED, GONE = "whole", "changed", "gone"


@dataclass(frozen=True, kw_only=True)
class Known(Piece):
    """One piece of evidence, with where it comes from. ``look`` is the look that saw it, 0 where none of ours
    did; ``files`` name, media type, sha256 of each.
    """

    source: str = ""
    tool: str = ""
    look: int = 0
    by: str = ""
    at: datetime | None = None
    sha256: str = ""
    files: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that is evidence. ``state``: ``whole``, ``changed`` when its hash no longer fits, ``gone``."""

    name: str
    media_type: str
    sha256: str
    size: int
    state: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One piece of evidence, held against its hash and against the fact that was recorded with it."""

    known: Known
    files: tuple[File, ...]
    fits: bool
    """Whether it still says what its hash was taken of."""
    recorded: bool
    """Whether the ledger holds that hash."""


def evidence(technology: str, *, look: int = 0) -> list[Known]:
    """All that is known of a technology, the newest first; of one look, where it is named. Raises
    `NoSuchTechnology`.
    """
    rows = _about(technology).order_by("-at", "-pk")
    return [known(each) for each in (rows.filter(look=look) if look else rows)]


def _about(technology: str) -> QuerySet[models.Evidence]:
    return models.Evidence.objects.filter(about=str(Ref("technology", row_of(technology).slug)))


def check_evidence(technology: str, number: int) -> Checked:
    """One piece of evidence, checked. Raises `NoSuchTechnology`, `NoSuchEvidence`."""
    row = _about(technology).filter(pk=number).first()
    if row is None:
        raise NoSuchEvidence
    facts = ledger.history(Ref("technology", technology))
    return Checked(
        known=known(row),
        files=check_files(row.files),
        fits=row.digest == row.sha256,
        recorded=any(each.payload.get("sha256") == row.sha256 for each in facts),
    )


def check_files(files: Iterable[dict[str, str]]) -> tuple[File, ...]:
    """Files as they stand in a piece of evidence or in a look, each held against its hash."""
    return tuple(_checked(each) for each in files)


def _checked(file: dict[str, str]) -> File:
    kept = models.Kept.objects.filter(sha256=file["sha256"]).first()
    content = bytes(kept.content) if kept else b""
    state = GONE if kept is None else WHOLE if _fits(content, file["sha256"]) else CHANGED
    return File(size=len(content), state=state, **file)


def _fits(content: bytes, sha256: str) -> bool:
    return hashlib.sha256(content).hexdigest() == sha256


def kept_file(*, about: Ref, sha256: str) -> tuple[str, str, bytes]:
    """A piece of raw evidence on a technology or a service: its name, its media type, its bytes. Raises
    `NoSuchEvidence`, and `EvidenceChanged` when its hash no longer fits.
    """
    names = [each["name"] for files in _files(about) for each in files if each["sha256"] == sha256]
    kept = models.Kept.objects.filter(sha256=sha256).first() if names else None
    if kept is None:
        raise NoSuchEvidence
    content = bytes(kept.content)
    if not _fits(content, sha256):
        raise EvidenceChanged(name=names[-1])
    return names[-1], kept.media_type, content


def _files(about: Ref) -> Iterator[list[dict[str, str]]]:
    yield from models.Evidence.objects.filter(about=str(about)).values_list("files", flat=True)
    yield from models.Look.objects.filter(about=str(about)).values_list("files", flat=True)


def known(row: models.Evidence) -> Known:
    """A row as everybody else sees it."""
    same = (
        "criterion",
        "means",
        "day",
        "sentence",
        "source",
        "tool",
        "look",
        "question",
        "by",
        "at",
        "sha256",
    )
    return Known(
        id=row.pk,
        verdict=Verdict(row.verdict),
        files=tuple(row.files),
        **{name: getattr(row, name) for name in same},
    )
