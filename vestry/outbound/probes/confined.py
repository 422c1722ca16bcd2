"""What may be reached from here, and how much of it: every connection of a look goes through one `Gate`.

An address comes from somebody, and what answers there may be hostile. A name is looked up once and pinned, so
that it cannot be given another address later; what is not on the public internet is refused; bytes, requests
and seconds are counted. Browser and own requests alike.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

from vestry.kernel import mark
from vestry.outbound.internet import is_public

PORTS = {"http": 80, "https": 443}


class NotReached(Exception):
    """Nothing came back, and why, as a sentence with its words."""

    def __init__(self, sentence: str, **words: str | int) -> None:
        super().__init__(sentence.format(**words) if words else sentence)
        self.sentence, self.words = sentence, words


class Refusal(NotReached):
    """It may not be reached from here."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a name leads to: its addresses, the name it stands for, and the names of its addresses."""

    addresses: tuple[str, ...]
    canonical: str = ""
    reverse: tuple[str, ...] = ()


def look_up(host: str) -> Named:
    """Ask the resolver. ``localhost`` and all below it is this machine, whatever a resolver says."""
    if host == "localhost" or host.endswith(".localhost"):
        return Named(addresses=("127.0.0.1", "::1"))
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
    except (OSError, UnicodeError):
        raise NotReached(mark("There is no such host: {host}."), host=host) from None
    addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
    canonical = next((each[3] for each in found if each[3]), "")
    return Named(addresses=addresses, canonical=canonical, reverse=_reverse(addresses[0]))


def _reverse(address: str) -> tuple[str, ...]:
    try:
        name, _aliases, _addresses = socket.gethostbyaddr(address)
    except OSError:
        return ()
    return (name,)


def is_loopback(address: str) -> bool:
    """Whether it is this very machine."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, kw_only=True)
class Target:
    """The address that was named, taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """``https://host`` with the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    @property
    def url(self) -> str:
        """The whole of it."""
        return self.origin + self.path

    def is_here(self, url: str) -> bool:
        """Whether another address is on the same host."""
        try:
            return (urlsplit(url).hostname or "").lower() == self.host
        except ValueError:
            return False


def taken_apart(address: str) -> Target:
    """An address as somebody typed it. Raises `Refusal` when it is none."""
    given = address.strip()
    try:
        parts = urlsplit(given if "://" in given else f"https://{given}")
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode().lower() if parts.hostname else ""
    except (ValueError, UnicodeError):
        raise Refusal(mark("It is not a web address.")) from None
    if parts.scheme not in PORTS or not host:
        raise Refusal(mark("It has to begin with https:// or http://, and to name a host."))
    if parts.username or parts.password:
        raise Refusal(mark("It holds a name or a password. Leave them out."))
    path = parts.path or "/"
    return Target(
        scheme=parts.scheme,
        host=host,
        port=port or PORTS[parts.scheme],
        path=f"{path}?{parts.query}" if parts.query else path,
    )


@dataclass(kw_only=True)
class Limits:
    """How much one look may take."""

    seconds: float = 150.0
    grace: float = 30.0
    """Seconds more, after which a browser that is still busy is ended."""
    bytes: int = 150_000_000
    connections: int = 1_500
    hosts: int = 60


@dataclass
class Gate:
    """Lets connections out to the host that was named and, for what its pages draw in, to public ones.

    ``local`` allows the named host to be on this machine or in the own network: for trying things out. Then
    its pages may draw from other names of this machine, too, and still from nowhere else inside.
    ``machine`` allows no more than this machine. While it is ``shut`` nothing goes out at all.
    """

    target: Target
    local: bool = False
    machine: bool = False
    look_up: Callable[[str], Named] = look_up
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.began = monotonic()
        self.taken, self.opened = 0, 0
        self.shut = False
        self.refused: dict[str, str] = {}
        self._pinned: dict[str, Named] = {}
        self._lock = threading.Lock()
        addresses = self.pinned(self.target.host).addresses
        self.on_this_machine = all(map(is_loopback, addresses))

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self.limits.seconds - (monotonic() - self.began))

    def pinned(self, host: str) -> Named:
        """Where a name leads, looked up once. Raises `Refusal`, `NotReached`."""
        host = host.lower().rstrip(".")
        with self._lock:
            if host not in self._pinned:
                if len(self._pinned) >= self.limits.hosts:
                    raise Refusal(mark("It draws from too many hosts."))
                self._pinned[host] = self._checked(host)
            return self._pinned[host]

    def _checked(self, host: str) -> Named:
        literal = host.strip("[]")
        try:
            ipaddress.ip_address(literal.partition("%")[0])
            named = Named(addresses=(literal,))
        except ValueError:
            named = self.look_up(host)
        for address in named.addresses:
            if not is_public(address) and not self._allowed_inside(host, address):
                raise Refusal(mark("{host} leads inside, to {address}."), host=host, address=address)
        return named

    def _allowed_inside(self, host: str, address: str) -> bool:
        if self.machine:
            return is_loopback(address) and (host == self.target.host or self.on_this_machine)
        if not self.local:
            return False
        return host == self.target.host or (self.on_this_machine and is_loopback(address))

    def connect(self, host: str, port: int, seconds: float = 10.0) -> socket.socket:
        """A connection to the pinned address. Raises `Refusal`, `NotReached`."""
        if self.shut:
            raise Refusal(mark("Nothing is let out while keys are tried."))
        try:
            named = self.pinned(host)
            self._may(host, port)
        except NotReached as why:
            self.refused.setdefault(f"{host}:{port}", str(why))
            raise
        said = ""
        for address in named.addresses:
            try:
                return socket.create_connection((address, port), timeout=min(seconds, self.left or 0.1))
            except OSError as fault:
                said = fault.strerror or type(fault).__name__
        raise NotReached(mark("{host} does not answer: {said}."), host=host, said=said)

    def _may(self, host: str, port: int) -> None:
        usual = port in PORTS.values() or (host == self.target.host and port == self.target.port)
        if not usual and not ((self.local or self.machine) and self.on_this_machine):
            raise Refusal(mark("Port {port} of {host} is not asked."), host=host, port=port)
        with self._lock:
            self.opened += 1
            over = self.opened > self.limits.connections or self.taken > self.limits.bytes
        if over or not self.left:
            raise Refusal(mark("It took too much: the look was ended."))

    def count(self, number: int) -> bool:
        """Count bytes that came; whether more may."""
        with self._lock:
            self.taken += number
            return self.taken <= self.limits.bytes and bool(self.left) and not self.shut
