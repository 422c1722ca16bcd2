"""The only way out for the browser: a proxy on this machine that lets through what the gate does."""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from vestry.outbound.probes.confined import Gate, NotReached

_HEAD = 65_536
_PIECE = 65_536
_NO = b"HTTP/1.1 403 Not let through\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_NOBODY = b"HTTP/1.1 502 Nobody answers\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class _Through(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.request.settimeout(20)
        with contextlib.suppress(OSError, ValueError):
            self._handle()

    def _handle(self) -> None:
        head, rest = self._head()
        if not head:
            return
        line, _, headers = head.partition(b"\r\n")
        method, where, version = line.split(b" ", 2)
        to_all = method == b"CONNECT"
        parts = urlsplit(f"//{where.decode('ascii')}" if to_all else where.decode("ascii"))
        host, port = parts.hostname or "", parts.port or 80
        try:
            outward = self.server.gate.connect(host, port)
        except NotReached as why:
            self.request.sendall(_NO if host in str(why) else _NOBODY)
            return
        with outward:
            if to_all:
                self.request.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                outward.sendall(rest)
            else:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                kept = [
                    each
                    for each in headers.split(b"\r\n")
                    if not each.lower().startswith((b"proxy-", b"connection:"))
                ]
                opening = b" ".join((method, path.encode("ascii"), version))
                outward.sendall(b"\r\n".join((opening, b"Connection: close", *kept)) + b"\r\n\r\n" + rest)
            self._pipe(outward)

    def _head(self) -> tuple[bytes, bytes]:
        read = b""
        while b"\r\n\r\n" not in read and len(read) < _HEAD:
            piece = self.request.recv(_PIECE)
            if not piece:
                return b"", b""
            read += piece
        head, _, rest = read.partition(b"\r\n\r\n")
        return head, rest

    def _pipe(self, outward: socket.socket) -> None:
        both = {self.request: outward, outward: self.request}
        while True:
            ready, _, _ = select.select(list(both), [], [], min(20.0, self.server.gate.left or 0.1))
            if not ready:
                return
            for one in ready:
                piece = one.recv(_PIECE)
                if not piece or not self.server.gate.count(len(piece)):
                    return
                both[one].sendall(piece)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        super().__init__(("127.0.0.1", 0), _Through)

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke is nobody's news."""


@contextlib.contextmanager
def listening(gate: Gate) -> Iterator[str]:
    """The proxy's address, while it listens."""
    with _Server(gate) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
