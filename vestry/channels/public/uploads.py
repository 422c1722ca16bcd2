"""Forms with files in them. Everywhere else a file is refused before it is read (`config.uploads`).

A page that asks for files opens the form with `posted`: files go to the disk as they come, and of one that
is larger than any question allows, no more is kept than shows that. What is around it is read to its end, so
that the other answers are not lost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import ngettext

from vestry.documents import api as documents
from vestry.people import api as people

# Of more than this nothing is read: a film, sent by mistake, must not keep a server busy for an hour.
LARGEST_BODY = 10 * documents.LARGEST


class ToDisk(TemporaryFileUploadHandler):
    """Files as they come, none larger than a byte more than the largest there may be."""

    def handle_raw_input(
        self, input_data: Any, headers: Mapping[str, Any], content_length: int, *args: Any, **words: Any
    ) -> None:
        """Before anything is read."""
        if content_length > LARGEST_BODY:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of a file."""
        if room := max(0, documents.LARGEST + 1 - start):
            super().receive_data_chunk(raw_data[:room], start)


class Posted:
    """A posted form with its files, as questions read it."""

    def __init__(self, request: HttpRequest) -> None:
        self.texts, self.files = request.POST, request.FILES

    def get(self, key: str, default: Any = None) -> Any:
        """A text."""
        return self.texts.get(key, default)

    def getlist(self, key: str) -> list[Any]:
        """Texts and files."""
        return [*self.texts.getlist(key), *self.files.getlist(key)]

    def __contains__(self, key: object) -> bool:
        return key in self.texts


def has_files(request: HttpRequest) -> bool:
    """Whether it was sent the way files are."""
    return request.content_type == "multipart/form-data"


def await_files(request: HttpRequest) -> None:
    """Take files when the form is read, whoever reads it first. Reading may raise `RequestDataTooBig`."""
    request.upload_handlers = [ToDisk(request)]


def posted(request: HttpRequest) -> Posted:
    """The form with its files. Before anything of it was read; raises `RequestDataTooBig`."""
    await_files(request)
    return Posted(request)


def too_much(request: HttpRequest, now: datetime) -> str:
    """Count the files of a form that was read; why none is taken, where it was too much. Else nothing."""
    sent = [file for _, files in request.FILES.lists() for file in files]
    many = sum(documents.megabytes(file.file) for file in sent)
    wait = people.wait_for(request, "files", many=many, now=now) if sent else None
    if wait is None:
        return ""
    minutes = math.ceil(wait / timedelta(minutes=1))
    said = ngettext(
        "Too many files came from your internet connection. Upload this one in %(minutes)s minute",
        "Too many files came from your internet connection. Upload this one in %(minutes)s minutes",
        minutes,
    )
    return said % {"minutes": minutes}
