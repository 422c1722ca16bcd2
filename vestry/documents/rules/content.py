"""What a file really is. Its name and what a browser says of it count for nothing: a reader that fails on a
file has the last word, in a process of its own (`decoders`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from vestry.documents.rules import decoders
from vestry.documents.rules.refusals import (
    Damaged,
    Empty,
    Heavy,
    Locked,
    Mixed,
    NotTaken,
    PhonePhoto,
    Renamed,
    TooBig,
    WrongKind,
)

MEGABYTE = 1_000_000
# Below what clamd takes by default (StreamMaxLength, 25 MB): what can't be scanned can't be taken.
LARGEST = 20 * MEGABYTE
_REFUSALS: Mapping[str, type[NotTaken]] = {
    decoders.DAMAGED: Damaged,
    decoders.LOCKED: Locked,
    decoders.MIXED: Mixed,
    decoders.HEAVY: Heavy,
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of file: what people call it, its media type and its endings, the usual one first."""

    name: str
    called: str
    media_type: str
    endings: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(name="jpeg", called="JPG", media_type="image/jpeg", endings=("jpg", "jpeg")),
        Kind(name="png", called="PNG", media_type="image/png", endings=("png",)),
        Kind(name="pdf", called="PDF", media_type="application/pdf", endings=("pdf",)),
        *(
            Kind(name=name, called=name.upper(), media_type=media_type, endings=(name,))
            for name, media_type in decoders.OFFICE.items()
        ),
    )
}
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
TYPES: Mapping[str, tuple[str, ...]] = {
    "photo": ("jpeg", "png"),
    "pdf": ("pdf",),
    "document": ("docx", "odt"),
    "spreadsheet": ("xlsx", "ods"),
}
"""What a definition may say, and which kinds that allows."""


def kinds_of(types: Iterable[str]) -> list[Kind]:
    """The kinds these words of a definition allow, each once."""
    return [KINDS[name] for name in dict.fromkeys(name for word in types for name in TYPES[word])]


def too_big(name: str, largest: int) -> TooBig:
    """The refusal of a file larger than ``largest`` bytes."""
    return TooBig(name=name, megabytes=largest // MEGABYTE)


def look(
    stream: BinaryIO, *, name: str, allowed: Iterable[Kind], kinds: str, decode: Callable[[BinaryIO], str]
) -> Kind:
    """What the file is. Raises a `NotTaken` with its ``name``; ``kinds`` says what it must be, in words.

    ``decode`` is `decoders.found`, in a process of its own where the file is a stranger's.
    Reads from wherever it likes; leaves the stream at its beginning.
    """
    allowed = list(allowed)
    stream.seek(0)
    head = stream.read(decoders.GUESSED_BY)
    stream.seek(0)
    if not head:
        raise Empty(name=name)
    word = decode(stream) if head.startswith(decoders.STARTS) else decoders.UNKNOWN
    stream.seek(0)
    if word in _REFUSALS:
        raise _REFUSALS[word](name=name, kinds=kinds)
    found = KINDS.get(word)
    if found in allowed:
        return found
    if _is_heic(head) and any(kind.name in TYPES["photo"] for kind in allowed):
        raise PhonePhoto(name=name, kinds=kinds)
    ending = name.rpartition(".")[2].lower()
    claimed = any(ending in kind.endings for kind in allowed)
    raise (Renamed if claimed else WrongKind)(name=name, kinds=kinds)


def _is_heic(head: bytes) -> bool:
    """Whether it is how phones keep photos (ISO/IEC 23008-12).

    Not taken: hardly any officer's browser shows one, and what decodes it is one more library in C for what
    strangers made to break.
    """
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC
