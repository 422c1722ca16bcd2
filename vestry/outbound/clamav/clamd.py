"""ClamAV's daemon, spoken to as its manual says: ``zINSTREAM``, pieces led by their length, a nought.

https://docs.clamav.net/manual/Usage/Scanning.html#clamd
"""

from __future__ import annotations

import os
import re
import socket
import struct
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from vestry.documents.ports import Unreachable, Verdict
from vestry.kernel import Refused

PORT = 3310
PIECE = 65_536
LONGEST_ANSWER = 4096
# Somebody waits for it: a scanner that is busy for longer is asked again by the worker.
CONNECT_SECONDS, SCAN_SECONDS = 3.0, 20.0
_ANSWER = re.compile(rb"stream: (?:(?P<clean>OK)|(?P<virus>.+) FOUND)\x00")


class NotAnAddress(Refused):
    """VESTRY_CLAMD_URL must look like tcp://clamav.example:3310 or unix:///run/clamav/clamd.ctl."""


class Clamd:
    """The port ``documents.scan``, by a clamd at ``tcp://host:port`` or ``unix:///path``."""

    def __init__(
        self, url: str | None = None, *, connect: float = CONNECT_SECONDS, scan: float = SCAN_SECONDS
    ) -> None:
        self.address = _address(os.environ.get("VESTRY_CLAMD_URL", "") if url is None else url)
        self.connect, self.seconds = connect, scan

    def scan(self, stream: BinaryIO) -> Verdict:
        """Ask it about what is left of a stream."""
        try:
            with self._connection() as connection:
                answer = self._ask(connection, stream)
        except OSError as error:
            said = error.strerror or type(error).__name__
            raise Unreachable(f"The virus scanner does not answer: {said}.") from None
        found = _ANSWER.fullmatch(answer)
        if not found:
            said = answer.rstrip(b"\0").decode("ascii", "replace")
            raise Unreachable(f"The virus scanner could not scan it: {said or 'it said nothing'}.")
        return Verdict(virus=(found["virus"] or b"").decode("utf-8", "replace"))

    def _connection(self) -> socket.socket:
        if isinstance(self.address, str):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.settimeout(self.connect)
                connection.connect(self.address)
            except OSError:
                connection.close()
                raise
        else:
            connection = socket.create_connection(self.address, timeout=self.connect)
        connection.settimeout(self.seconds)
        return connection

    @staticmethod
    def _ask(connection: socket.socket, stream: BinaryIO) -> bytes:
        try:
            connection.sendall(b"zINSTREAM\0")
            while piece := stream.read(PIECE):
                connection.sendall(struct.pack("!I", len(piece)) + piece)
            connection.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It hung up while we were speaking; it may have said why (too large).
            pass
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            heard = connection.recv(LONGEST_ANSWER)
            if not heard:
                break
            answer += heard
        return answer


class NoScanner:
    """For a deployment that names no scanner: every file waits, and is opened by nobody."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """Never."""
        raise Unreachable("No virus scanner is set up: VESTRY_CLAMD_URL is empty.")


def _address(url: str) -> str | tuple[str, int]:
    try:
        parts = urlsplit(url)
        if parts.scheme == "unix" and parts.path:
            return unquote(parts.path)
        if parts.scheme == "tcp" and parts.hostname:
            return parts.hostname, parts.port or PORT
    except ValueError:
        pass
    raise NotAnAddress
