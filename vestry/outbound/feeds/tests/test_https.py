"""A real server with a certificate of its own: what is fetched, and what never is."""

import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from vestry.book.ports import NotRead
from vestry.outbound.feeds import Https
from vestry.outbound.feeds.fakes import Failing, Given
from vestry.outbound.feeds.https import MOST_BYTES, is_meant
from vestry.outbound.feeds.tests.certificate import issue

HERE = ["127.0.0.1"]


class There(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self):
        There.asked.append(f"{self.headers['Host']} {self.path}")
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/calendar.ics")
            self.end_headers()
            return
        long = self.path == "/long"
        self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()
        self.wfile.write(b"x" * (MOST_BYTES + 1) if long else b"BEGIN:VCALENDAR")

    def log_message(self, *_words):
        pass


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    certificate, key = issue(tmp_path_factory.mktemp("tls"), "calendars.example.org")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    running = HTTPServer(("127.0.0.1", 0), There)
    running.socket = context.wrap_socket(running.socket, server_side=True)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running.server_port, ssl.create_default_context(cafile=certificate)
    running.shutdown()
    running.server_close()


@pytest.fixture
def read(server):
    port, trusts = server

    def read(path, host="calendars.example.org", **more):
        feeds = Https(**{"addresses": lambda *_: HERE, "public": lambda _: True, "trusts": trusts, **more})
        return feeds.read(f"https://{host}:{port}{path}")

    return read


def test_a_calendar_is_fetched_by_its_name(read, server):
    assert read("/calendar.ics?a=b") == b"BEGIN:VCALENDAR"
    assert There.asked[-1] == f"calendars.example.org:{server[0]} /calendar.ics?a=b"


@pytest.mark.parametrize("path", ["/gone", "/moved", "/long"])
def test_what_is_not_there_elsewhere_or_too_long_is_not_read(read, path):
    with pytest.raises(NotRead):
        read(path)
    assert There.asked[-1].endswith(path)


def test_another_name_or_an_unknown_certificate_is_not_believed(read):
    for more in ({"host": "other.example.org"}, {"trusts": ssl.create_default_context()}):
        before = len(There.asked)
        with pytest.raises(NotRead):
            read("/calendar.ics", **more)
        assert len(There.asked) == before


def test_inside_is_never_asked(read):
    before = len(There.asked)
    for addresses in (HERE, ["93.184.216.34", "10.0.0.1"], []):
        with pytest.raises(NotRead):
            read("/calendar.ics", addresses=lambda *_, found=addresses: found, public=is_meant)
    assert len(There.asked) == before


@pytest.mark.parametrize(
    "address",
    ["http://example.org/", "ftp://x/", "https://", "https://me:secret@example.org/", "x", "https://[::1/"],
)
def test_what_is_no_address_of_that_kind_is_refused(address):
    with pytest.raises(NotRead):
        Https(addresses=lambda *_: HERE, public=lambda _: True).read(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "64:ff9b::a00:1", "64:ff9b::101:101", "::ffff:1.1.1.1"])
def test_what_is_inside_or_stands_for_another_address_is_not_asked(address):
    assert not is_meant(address)


def test_what_is_outside_is_asked():
    assert is_meant("93.184.216.34")
    assert is_meant("2606:2800:220:1:248:1893:25c8:1946")


def test_the_fakes_do_as_they_are_told():
    given = Given()
    given.at["https://example.org/"] = b"x"
    assert given.read("https://example.org/") == b"x"
    for feeds in (given, Failing()):
        with pytest.raises(NotRead):
            feeds.read("https://example.org/other")
