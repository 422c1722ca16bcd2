"""Files in a folder of this machine, or of one that all its machines share."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from vestry.documents.ports import NotThere, Unreachable


class Folder:
    """The port ``documents.store`` over a folder that only Vestry's own user can read."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder: Path = folder or settings.FILES_FOLDER

    def put(self, key: str, stream: BinaryIO) -> None:
        """Whole or not at all, and still there after a power cut."""
        path = self._path(key)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # mkstemp lets nobody else read it.
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".arriving-")
            try:
                with os.fdopen(handle, "wb") as file:
                    shutil.copyfileobj(stream, file)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._sync(path.parent)
        except OSError as error:
            raise Unreachable(f"The folder for files cannot be written: {error.strerror}.") from None

    def open(self, key: str) -> BinaryIO:
        """The file."""
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise NotThere from None
        except OSError as error:
            raise Unreachable(f"The folder for files cannot be read: {error.strerror}.") from None

    def delete(self, key: str) -> None:
        """Gone."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise Unreachable(f"The folder for files cannot be written: {error.strerror}.") from None

    def _path(self, key: str) -> Path:
        path = (self.folder / key).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise NotThere
        return path

    @staticmethod
    def _sync(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
