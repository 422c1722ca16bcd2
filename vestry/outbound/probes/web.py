"""Asking for one thing over HTTP, through the gate: little, soon, and no further than the host named."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urljoin, urlsplit

from vestry.kernel import mark
from vestry.outbound.probes.confined import PORTS, Gate, NotReached

LARGEST = 2_000_000
REDIRECTS = 5
SECONDS = 10.0
WHO = "vestry-principles/1 (looks at a service as anybody can)"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back. ``cut``: it went on, and the rest was not read."""

    url: str
    status: int
    headers: Message
    body: bytes
    cut: bool = False
    way: tuple[str, ...] = ()
    """The addresses that led here by redirects."""

    @property
    def kind(self) -> str:
        """Its media type."""
        return str(self.headers.get_content_type())

    @property
    def text(self) -> str:
        """As text; what is not UTF-8 leaves a mark."""
        return self.body.decode("utf-8-sig", "replace")

    @property
    def is_html(self) -> bool:
        """Whether it is a page for people, whatever it says that it is."""
        return self.kind == "text/html" or self.body.lstrip()[:15].lower().startswith(
            (b"<!doctype", b"<html")
        )

    def written(self) -> bytes:
        """The head of it, for keeping. What a cookie holds is not kept."""
        lines = [f"{self.url}", f"status: {self.status}"]
        for name, value in self.headers.items():
            lines.append(f"{name}: {_hidden(value) if name.lower() == 'set-cookie' else value}")
        return "\n".join(lines).encode()


def _hidden(cookie: str) -> str:
    name, _, rest = cookie.partition("=")
    return f"{name}=...{rest.partition(';')[1]}{rest.partition(';')[2]}"


@dataclass
class Web:
    """Requests to the host that was named."""

    gate: Gate
    asked: dict[str, Answer | NotReached] = field(default_factory=dict)

    def get(self, url: str) -> Answer:
        """What stands at an address (or a path). Asked once each. Raises `NotReached`."""
        url = _joined(self.gate.target.url, url).partition("#")[0]
        if url not in self.asked:
            try:
                self.asked[url] = self._followed(url)
            except NotReached as why:
                self.asked[url] = why
        found = self.asked[url]
        if isinstance(found, NotReached):
            raise found
        return found

    def find(self, url: str) -> Answer | None:
        """The same, where nobody needs to know why nothing came; only what answered 200."""
        try:
            answer = self.get(url)
        except NotReached:
            return None
        return answer if answer.status == http.client.OK else None

    def _followed(self, url: str) -> Answer:
        way: list[str] = []
        while True:
            answer = self.ask("GET", url)
            onward = answer.headers.get("Location", "")
            if answer.status not in (301, 302, 303, 307, 308) or not onward:
                return Answer(**{**answer.__dict__, "way": tuple(way)})
            way.append(url)
            url = _joined(url, onward)
            if len(way) > REDIRECTS:
                raise NotReached(mark("It leads on and on, from one address to the next."))
            if not self.gate.target.is_here(url):
                host = urlsplit(url).hostname or url[:80]
                raise NotReached(
                    mark("It leads to another host, {host}. Name that one to look at it."), host=host
                )

    def ask(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request, no redirect followed. Raises `NotReached`."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not self.gate.target.is_here(url):
            raise NotReached(mark("It is another host, and not looked at."))
        try:
            port = parts.port or PORTS[parts.scheme]
        except ValueError:
            raise NotReached(mark("It is not a web address.")) from None
        connection = http.client.HTTPConnection(self.gate.target.host, port, timeout=SECONDS)
        wire = self.gate.connect(self.gate.target.host, port, SECONDS)
        try:
            wire.settimeout(min(SECONDS, self.gate.left or 0.1))
            connection.sock = _wrapped(wire, self.gate.target.host) if parts.scheme == "https" else wire
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            said = {"User-Agent": WHO, "Accept": "*/*", "Accept-Language": "en-GB", "Connection": "close"}
            connection.request(method, path, body, {**said, **(headers or {})})
            response = connection.getresponse()
            content = self._read(response)
            return Answer(
                url=url,
                status=response.status,
                headers=response.headers,
                body=content[:LARGEST],
                cut=len(content) > LARGEST,
            )
        except (OSError, http.client.HTTPException, ValueError) as fault:
            said_why = getattr(fault, "reason", "") or str(fault) or type(fault).__name__
            raise NotReached(
                mark("It did not answer as a web server does: {said}."), said=str(said_why)
            ) from None
        finally:
            connection.close()
            wire.close()

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        content = b""
        while len(content) <= LARGEST:
            piece = response.read1(65_536)
            if not piece or not self.gate.count(len(piece)):
                break
            content += piece
        return content


def _joined(url: str, onward: str) -> str:
    try:
        return urljoin(url, onward)
    except ValueError:
        raise NotReached(mark("It is not a web address.")) from None


def _wrapped(wire: socket.socket, host: str) -> ssl.SSLSocket:
    # Whether it can be trusted is a finding of its own; what it says can be read all the same.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(wire, server_hostname=host)
