"""What a file is, found in a process of its own: `documents.api` starts it, and ends it if it takes too much.

Decoders meet whatever a stranger made for them. Here they have so much memory and so much time; what they do
to themselves ends with this process, and the web process waits no longer than `SECONDS`. The file comes in by
standard input, one word goes out: the name of a kind, of a refusal, or nothing.

It is run by its path and imports nothing of ours, and of libraries only the one a file needs: an upload takes
a twentieth to a seventh of a second longer for it (docs/figures.md).
"""
# ruff: noqa: PLC0415 - a picture need not wait for what reads a PDF

from __future__ import annotations

import io
import logging
import resource
import sys
import zipfile
from collections.abc import Callable, Mapping
from typing import BinaryIO, NoReturn

DAMAGED, LOCKED, MIXED, HEAVY, UNKNOWN = "damaged", "locked", "mixed", "heavy", ""

_OPENXML = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
OFFICE: Mapping[str, str] = {
    "docx": f"{_OPENXML}.wordprocessingml.document",
    "odt": f"{_OPEN}.text",
    "xlsx": f"{_OPENXML}.spreadsheetml.sheet",
    "ods": f"{_OPEN}.spreadsheet",
}
"""The media types of documents, as they say themselves what they are."""

# What the largest PNG below takes, twice; and far longer than any file took that somebody meant to send.
MEMORY = 768 * 2**20
CPU_SECONDS, SECONDS = 10, 30
# The largest picture a phone takes. A JPEG is decoded at an eighth of its size, anything else whole; so is a
# JPEG that comes in ever finer passes.
MOST_PIXELS = {"JPEG": 220_000_000, "PNG": 50_000_000}
MOST_IN_PASSES = 40_000_000
# More than any document has; each one is a line in memory.
MOST_PARTS = 10_000
MOST_SAID = 1_000_000
# Browsers guess by no more than this.
GUESSED_BY = 2048
# A page, or a program for a server, in front of or inside what claims to be a picture.
_MARKUP = (b"<html", b"<!doctype", b"<script", b"<svg", b"<?php", b"<body", b"<iframe", b"%pdf-")


class _RefusedError(Exception):
    """Not to be taken; the word says why."""


def _refuse(word: str) -> NoReturn:
    raise _RefusedError(word)


def found(stream: BinaryIO) -> str:
    """The kind of a file, or why it is refused; nothing for what nobody here knows."""
    head = stream.read(GUESSED_BY)
    for start, read in _READERS.items():
        if head.startswith(start):
            try:
                kind = read(stream)
                if read is not _office:
                    _nothing_hidden(stream, head[len(start) :])
            except _RefusedError as refused:
                return str(refused)
            except (MemoryError, RecursionError):
                return HEAVY
            except Exception:  # noqa: BLE001 - whatever a decoder meets in a file is the file's fault
                return DAMAGED
            return kind
    return UNKNOWN


def _nothing_hidden(stream: BinaryIO, head: bytes) -> None:
    """An archive is read from its end and a page from its beginning, so a picture can be one of them too."""
    stream.seek(0)
    if zipfile.is_zipfile(stream) or any(markup in head.lower() for markup in _MARKUP):
        _refuse(MIXED)


def _picture(stream: BinaryIO, format_: str, kind: str) -> str:
    from PIL import Image

    # We look at the size before decoding; the library's own limit only warns.
    Image.MAX_IMAGE_PIXELS = None
    stream.seek(0)
    with Image.open(stream, formats=(format_,)) as image:
        width, height = image.size
        most = MOST_IN_PASSES if "progressive" in image.info else MOST_PIXELS[format_]
        if width * height > most:
            _refuse(HEAVY)
        if format_ == "PNG":
            # Looks at every part's check sum, and uses the picture up.
            image.verify()
    stream.seek(0)
    with Image.open(stream, formats=(format_,)) as image:
        # Goes through all of it, and keeps a small one.
        image.draft(None, (width // 8, height // 8))
        image.load()
    return kind


def _pdf(stream: BinaryIO) -> str:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    # It would write about each oddity of each file.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    end = stream.seek(0, 2)
    stream.seek(max(0, end - GUESSED_BY))
    if b"%%EOF" not in stream.read():
        _refuse(DAMAGED)
    stream.seek(0)
    try:
        reader = PdfReader(stream, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            _refuse(LOCKED)
        if not len(reader.pages):
            _refuse(DAMAGED)
    except DependencyError:
        # Its way of encrypting can't be undone here, so whether it asks for a password isn't known.
        pass
    return "pdf"


def _office(stream: BinaryIO) -> str:
    """Which document an archive is. Nothing in it is unpacked but the line that says what it is."""
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        names = {part.filename for part in archive.infolist()[: MOST_PARTS + 1]}
        if len(names) > MOST_PARTS:
            return UNKNOWN
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            return UNKNOWN  # macros
        for name in ("mimetype", "[Content_Types].xml"):
            if name in names:
                with archive.open(name) as part:
                    return _said_to_be(part.read(MOST_SAID))
    return UNKNOWN


def _said_to_be(text: bytes) -> str:
    for kind, media_type in OFFICE.items():
        said = media_type.encode()
        if text.strip() == said or said + b".main+xml" in text:
            return kind
    return UNKNOWN


_READERS: Mapping[bytes, Callable[[BinaryIO], str]] = {
    b"\xff\xd8\xff": lambda whole: _picture(whole, "JPEG", "jpeg"),
    b"\x89PNG\r\n\x1a\n": lambda whole: _picture(whole, "PNG", "png"),
    b"%PDF-": _pdf,
    b"PK\x03\x04": _office,
}
STARTS = tuple(_READERS)
"""What a file that may be one of ours begins with."""


def main() -> None:
    """Find what comes in by standard input, within limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = io.BytesIO(sys.stdin.buffer.read())
    sys.stdout.write(found(content))


if __name__ == "__main__":
    main()
