"""For tests: a store in memory, and one that fails as told."""

from __future__ import annotations

import io
from typing import BinaryIO

from vestry.documents.ports import NotThere, Unreachable


class FakeStore:
    """Keeps everything it is given, by key."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, stream: BinaryIO) -> None:
        """Kept."""
        self.kept[key] = stream.read()

    def open(self, key: str) -> BinaryIO:
        """What was kept."""
        if key not in self.kept:
            raise NotThere
        return io.BytesIO(self.kept[key])

    def delete(self, key: str) -> None:
        """Gone."""
        self.kept.pop(key, None)


class FailingStore(FakeStore):
    """Cannot be reached at each of the first ``times`` tries (at every one when None)."""

    def __init__(self, *, times: int | None = None) -> None:
        super().__init__()
        self.left = times

    def put(self, key: str, stream: BinaryIO) -> None:
        """Fail while told to."""
        self._fail()
        super().put(key, stream)

    def open(self, key: str) -> BinaryIO:
        """Fail while told to."""
        self._fail()
        return super().open(key)

    def delete(self, key: str) -> None:
        """Fail while told to."""
        self._fail()
        super().delete(key)

    def _fail(self) -> None:
        if self.left is None:
            raise Unreachable("Nobody answers at the store.")
        if self.left:
            self.left -= 1
            raise Unreachable("Nobody answers at the store.")
