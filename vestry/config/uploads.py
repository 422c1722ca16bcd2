"""No form of ours has a file in it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class NoFiles(FileUploadHandler):
    """Refuses a file before it is read: Django's limit on what is sent does not count files."""

    def new_file(self, *_: Any, **__: Any) -> NoReturn:
        """The moment a file begins."""
        raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called."""

    def file_complete(self, file_size: int) -> None:
        """Never called."""
