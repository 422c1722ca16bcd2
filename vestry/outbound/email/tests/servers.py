"""Mail servers on this machine, polite and otherwise."""

import socket
import subprocess
import threading
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tools.postgres import free_port


class Mailroom:
    """Takes mail, or answers as told: ``answers`` maps a command to what it is answered with."""

    def __init__(self, **answers):
        self.answers = answers
        self.taken = []
        self.logins = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.taken.append(envelope)
        return "250 Taken"

    def allow(self, server, session, envelope, mechanism, login):
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == b"p@ss:word", handled=False)


@contextmanager
def running(mailroom, **more):
    """A mail server on a free port; yields the port."""
    controller = Controller(mailroom, hostname="127.0.0.1", port=free_port(), **more)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def saying(*lines):
    """A server that says one line at each turn, whatever it hears, and hangs up after the last.

    An empty line means that it says nothing for as long as the other side waits.
    """
    with socket.create_server(("127.0.0.1", free_port())) as listening:
        thread = threading.Thread(target=_say, args=(listening, lines))
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def _say(listening, lines):
    connection, _ = listening.accept()
    with connection, connection.makefile("rb") as heard:
        for line in lines:
            if not line:
                heard.read()  # until the other side gives up
                return
            connection.sendall(line.encode() + b"\r\n")
            if line.startswith("354"):
                while heard.readline() not in {b".\r\n", b""}:
                    pass
            else:
                heard.readline()


def certificate(folder):
    """A certificate for ``localhost`` that only its own file vouches for."""
    key, signed = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", signed),
        ],
        check=True,
        capture_output=True,
    )
    return key, signed
