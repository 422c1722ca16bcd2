"""Against a server on this machine that speaks clamd's protocol, byte by byte."""

import io
import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from tools.postgres import free_port
from vestry.documents.ports import Unreachable
from vestry.outbound.clamav.clamd import Clamd, NoScanner, NotAnAddress
from vestry.outbound.clamav.demo import EICAR


def exactly(connection, length):
    heard = b""
    while len(heard) < length:
        more = connection.recv(length - len(heard))
        if not more:
            raise EOFError
        heard += more
    return heard


def answer(connection, limit):
    """What clamd says to ``zINSTREAM``."""
    assert exactly(connection, 10) == b"zINSTREAM\0"
    content = b""
    while length := struct.unpack("!I", exactly(connection, 4))[0]:
        content += exactly(connection, length)
        if len(content) > limit:
            return b"INSTREAM size limit exceeded. ERROR\0"
    return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"


@contextmanager
def clamd(family=socket.AF_INET, address=None, says=None, limit=25_000_000):
    """``says`` answers instead: bytes, or None of them to hang up."""
    address = address or ("127.0.0.1", free_port())
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(address)
        server.listen()

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.sendall(answer(connection, limit) if says is None else says)

        threading.Thread(target=serve, daemon=True).start()
        yield f"tcp://{address[0]}:{address[1]}" if family == socket.AF_INET else f"unix://{address}"
        server.shutdown(socket.SHUT_RDWR)


def scan(url, content=b"harmless"):
    return Clamd(url, connect=2, scan=5).scan(io.BytesIO(content))


@pytest.mark.parametrize("content", [b"", b"harmless", b"x" * 200_000])
def test_what_is_clean_is_clean(content):
    with clamd() as url:
        assert scan(url, content).clean


@pytest.mark.parametrize("before", [0, 65_500, 200_000])
def test_a_virus_is_found_by_its_name_wherever_it_lies(before):
    with clamd() as url:
        verdict = scan(url, b"x" * before + EICAR)
    assert not verdict.clean
    assert verdict.virus == "Win.Test.EICAR_HDB-1"


def test_it_speaks_over_a_unix_socket_too(tmp_path):
    with clamd(socket.AF_UNIX, str(tmp_path / "clamd.ctl")) as url:
        assert scan(url).clean
        assert not scan(url, EICAR).clean


@pytest.mark.parametrize("says", [b"", b"stream: OK", b"nonsense\0", b"stream: \0", b"UNKNOWN COMMAND\0"])
def test_only_a_whole_answer_counts(says):
    with clamd(says=says) as url, pytest.raises(Unreachable):
        scan(url)


def test_what_is_too_large_for_it_was_not_scanned():
    with clamd(limit=1000) as url, pytest.raises(Unreachable):
        scan(url, b"x" * 100_000)


def test_nobody_there_is_unreachable(tmp_path):
    for url in (f"tcp://127.0.0.1:{free_port()}", f"unix://{tmp_path}/gone"):
        with pytest.raises(Unreachable, match="does not answer"):
            scan(url)
    with pytest.raises(Unreachable, match="VESTRY_CLAMD_URL"):
        NoScanner().scan(io.BytesIO())


@pytest.mark.parametrize("url", ["", "clamav:3310", "http://clamav", "tcp://", "unix://", "tcp://a:b"])
def test_an_address_that_is_none_is_told(url):
    with pytest.raises(NotAnAddress):
        Clamd(url)
