"""A site on this machine: what stands at each address, over TLS or without."""

from __future__ import annotations

import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

Given = dict[str, list[str]]


@dataclass
class Reply:
    """What comes back."""

    body: str | bytes = ""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)


What = str | bytes | Reply | Callable[[Given], "Reply | str"]


@dataclass
class Site:
    """``at``: what stands where; a path ending in ``*`` is all below it. ``headers`` come with everything."""

    at: dict[str, What]
    headers: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def reply(self, path: str, given: Given) -> Reply:
        found = self.at.get(path)
        if found is None:
            found = next((w for p, w in self.at.items() if p.endswith("*") and path.startswith(p[:-1])), None)
        if found is None:
            return Reply("<!doctype html><title>Not here</title><p>Not here.", status=404)
        if callable(found):
            found = found({**given, "path": [path]})
        return found if isinstance(found, Reply) else Reply(found)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            given = parse_qs(parts.query)
            length = int(self.headers.get("Content-Length") or 0)
            if length:
                given |= parse_qs(self.rfile.read(length).decode())
            site.asked.append(parts.path)
            reply = site.reply(parts.path, given)
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            for name, value in [("Content-Type", reply.kind), *site.headers, *reply.headers]:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - as the library calls it

        def log_message(self, *_: object) -> None: ...

        def version_string(self) -> str:
            return "quiet"

        def handle(self) -> None:
            # Whoever asked went away, or only shook hands.
            with suppress(OSError):
                super().handle()

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    context: ssl.SSLContext | None = None

    def finish_request(self, request, client_address):
        if self.context is None:
            super().finish_request(request, client_address)
            return
        with suppress(OSError), self.context.wrap_socket(request, server_side=True) as secured_one:
            super().finish_request(secured_one, client_address)

    def handle_error(self, request, client_address): ...


@contextmanager
def serving(site: Site, context: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> Iterator[int]:
    """Its port, while it is served."""
    with _Server((address, 0), _handler(site)) as server:
        server.context = context
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Authority:
    """Issues certificates for names of this machine."""

    folder: Path
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> str:
        return str(self.folder / "authority.pem")


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(name, key, issuer, signer, *, days=90, ends=True, names=()):
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=not ends, path_length=None), critical=True)
    )
    if names:
        alternatives = [x509.DNSName(each) for each in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    if not ends:
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = builder.add_extension(usage, critical=True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(identifier, critical=False)
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(signed_by, critical=False)
    return builder.sign(signer, hashes.SHA256())


def authority(folder: Path) -> Authority:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = _certificate("Example authority", key, _named("Example authority"), key, ends=False)
    (folder / "authority.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, key, certificate)


def secured(by: Authority, host: str, *, days: int = 90, self_signed: bool = False, old: bool = False):
    """A server's context: a certificate for a host, or one that vouches for itself; old versions, too."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024 if old else 2048)
    issuer, signer = (_named(host), key) if self_signed else (by.certificate.subject, by.key)
    certificate = _certificate(host, key, issuer, signer, days=days, names=[host])
    stem = by.folder / f"{host}-{days}-{self_signed}-{old}"
    stem.with_suffix(".pem").write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if old:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
    context.load_cert_chain(stem.with_suffix(".pem"))
    return context
