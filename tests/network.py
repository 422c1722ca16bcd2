"""Tests never reach beyond this machine. One that tries fails, and says where it wanted to go."""

import ipaddress
import socket


class NetworkUsedError(AssertionError):
    """A test wanted to leave this machine."""


def is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_local(host) -> None:
    if isinstance(host, bytes):
        host = host.decode()
    if host and not is_local(host):
        raise NetworkUsedError(f"tests stay on this machine, and this one wanted {host}")


def shut() -> None:
    """Guard every socket, and every look-up of a name, of this process."""
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    socket.getaddrinfo = _guarded_lookup(socket.getaddrinfo)


def _guarded(method):
    def call(self, *args):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check_local(args[-1][0])
        return method(self, *args)

    return call


def _guarded_lookup(lookup):
    def call(host, *args, **kwargs):
        check_local(host)
        return lookup(host, *args, **kwargs)

    return call
