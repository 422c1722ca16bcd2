"""A file fetched over HTTPS from the public internet, and from nowhere else.

A name is looked up once, and the connection goes to the address that was checked: it cannot be given another
one in between. No redirect is followed, and no more is read than a calendar can be long.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from time import monotonic
from urllib.parse import urlsplit

import urllib3

from vestry.book.ports import NotRead
from vestry.kernel import mark
from vestry.outbound import internet

MOST_BYTES = 5_000_000
SECONDS = 10.0
# Of the whole answer: who gives a byte now and then would be waited for without end.
ALL_SECONDS = 30.0
OK = 200


class NotReadNow(NotRead):
    """{why}"""


def is_meant(address: str) -> bool:
    """Whether it is on the public internet, and itself where it leads."""
    return internet.is_public(address) and not internet.carries_another(address)


class Https:
    """``addresses`` looks a name up, ``public`` says which may be reached, ``trusts`` whom we believe."""

    def __init__(
        self,
        *,
        addresses: Callable[[str, int], list[str]] | None = None,
        public: Callable[[str], bool] = is_meant,
        trusts: ssl.SSLContext | None = None,
    ) -> None:
        self._addresses = addresses or _look_up
        self._public = public
        self._trusts = trusts or ssl.create_default_context()

    def read(self, address: str) -> bytes:
        """What is there. Raises `NotRead`."""
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port or 443
        except ValueError:
            raise NotReadNow(why=mark("It is not a web address.")) from None
        if parts.scheme != "https" or not host or parts.username or parts.password:
            raise NotReadNow(why=mark("It has to begin with https:// and to name a host, and nobody."))
        there = self._addresses(host, port)
        if not there or not all(map(self._public, there)):
            raise NotReadNow(why=mark("It is not on the public internet."))
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        return self._fetched(there[0], host, port, path)

    def _fetched(self, address: str, host: str, port: int, path: str) -> bytes:
        pool = urllib3.HTTPSConnectionPool(
            address,
            port,
            server_hostname=host,
            assert_hostname=host,
            ssl_context=self._trusts,
            timeout=SECONDS,
            retries=False,
        )
        try:
            answer = pool.request(
                "GET",
                path,
                headers={"Host": host if port == 443 else f"{host}:{port}", "Accept": "text/calendar"},  # noqa: PLR2004
                redirect=False,
                preload_content=False,
            )
            if answer.status != OK:
                raise NotReadNow(why=mark("The other side does not give it."))
            content = _all_of(answer)
        except (urllib3.exceptions.HTTPError, OSError):
            raise NotReadNow(why=mark("The other side cannot be reached.")) from None
        finally:
            pool.close()
        if len(content) > MOST_BYTES:
            raise NotReadNow(why=mark("It is too long."))
        return bytes(content)


def _all_of(answer: urllib3.BaseHTTPResponse) -> bytes:
    content, ends = b"", monotonic() + ALL_SECONDS
    while len(content) <= MOST_BYTES and (piece := answer.read1(65_536)):
        content += piece
        if monotonic() > ends:
            raise NotReadNow(why=mark("The other side is too slow."))
    return content


def _look_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(each[4][0]) for each in found))
