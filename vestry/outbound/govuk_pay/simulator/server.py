"""The simulator on a port of this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import requests

from vestry.outbound.govuk_pay.simulator import pages
from vestry.outbound.govuk_pay.simulator.account import FAULTS, OPEN, Simulator

SLOW_SECONDS = 3.0
LARGEST = 100_000
# As theirs: a notice nobody takes is sent again.
TRIES, PAUSE_SECONDS = 3, 2.0


def post(address: str, signature: str, body: bytes) -> None:
    """Send a notice, in its own time."""

    def send() -> None:
        headers = {"Pay-Signature": signature, "Content-Type": "application/json"}
        for _try in range(TRIES):
            try:
                if requests.post(address, data=body, headers=headers, timeout=15).ok:
                    return
            except requests.exceptions.RequestException:
                pass
            time.sleep(PAUSE_SECONDS)

    threading.Thread(target=send, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    """Asks the simulator it was made for."""

    simulator: ClassVar[Simulator]
    protocol_version = "HTTP/1.1"

    def log_message(self, *said: object) -> None:
        """It keeps no log: addresses open payments."""

    def do_GET(self) -> None:
        """A question, or a page."""
        self.answer("GET")

    def do_POST(self) -> None:
        """A payment, or what was typed on a page."""
        self.answer("POST")

    def answer(self, method: str) -> None:
        """Read the request and give the reply."""
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST)
        body = self.rfile.read(length)
        if "slow" in self.simulator.faults:
            time.sleep(SLOW_SECONDS)
        path = urlsplit(self.path).path
        if path.startswith("/v1/"):
            self.api(method, body)
        elif path.startswith("/secure/"):
            self.secure(method, path.rpartition("/")[2], _form(body))
        elif path == "/":
            self.switches(method, body)
        else:
            self.say(404, pages.over(None))

    def api(self, method: str, body: bytes) -> None:
        """The API."""
        try:
            said = json.loads(body) if body else None
        except ValueError:
            said = None
        status, reply = self.simulator.handle(method, self.path, dict(self.headers.items()), said)
        self.send(status, json.dumps(reply).encode() if reply else b"", "application/json")

    def secure(self, method: str, token: str, given: dict[str, str]) -> None:
        """The payment page."""
        found = self.simulator.by_token(token)
        if found is None:
            return self.say(404, pages.over(None))
        account, payment = found
        late = "paid-late" in self.simulator.faults and payment["status"] != "success"
        if payment["status"] not in OPEN and not late:
            return self.say(200, pages.over(payment))
        if method == "GET":
            if payment["status"] == "created":
                payment["status"] = "started"
            return self.say(200, pages.card(payment, {}, {}))
        if given.get("do") == "cancel":
            self.simulator.leave(account, payment)
            return self.back(payment["return_url"])
        wrong = pages.mistakes(given)
        if wrong:
            return self.say(200, pages.card(payment, given, wrong))
        self.simulator.pay(account, payment, "".join(given["cardNo"].split()))
        if payment["status"] != "success":
            return self.say(200, pages.over(payment))
        return self.back(payment["return_url"])

    def switches(self, method: str, body: bytes) -> None:
        """How it breaks."""
        if method == "POST":
            self.simulator.faults = set(parse_qs(body.decode()).get("fault", ())) & set(FAULTS)
            return self.back("/")
        return self.say(200, pages.switches(self.simulator.faults))

    def back(self, address: str) -> None:
        """Send the browser on."""
        self.send_response(303)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def say(self, status: int, page: str) -> None:
        """A page."""
        self.send(status, page.encode(), "text/html; charset=utf-8")

    def send(self, status: int, body: bytes, media_type: str) -> None:
        """A reply."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _form(body: bytes) -> dict[str, str]:
    try:
        return {name: values[-1].strip() for name, values in parse_qs(body.decode()).items()}
    except ValueError:
        return {}


def serve(simulator: Simulator, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server for it, not yet serving. Only ever on this machine."""
    server = ThreadingHTTPServer((host, port), type("Asking", (Handler,), {"simulator": simulator}))
    server.daemon_threads = True
    simulator.url = f"http://localhost:{server.server_port}"
    return server


@contextmanager
def running(simulator: Simulator, port: int) -> Iterator[Simulator]:
    """It listens while this lasts."""
    server = serve(simulator, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
