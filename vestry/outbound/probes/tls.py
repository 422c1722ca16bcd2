"""How sound the way to it is: which versions are answered, whether it is trusted, how long, how strong."""

from __future__ import annotations

import ssl
import warnings
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from vestry.kernel import mark
from vestry.outbound.probes.confined import Gate, NotReached

VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
OLD = ("1.0", "1.1")
# OpenSSL's numbers. Of what is not trusted only these are faults whoever looks: a certificate that vouches
# for itself, one that has run out or is not valid yet, one for another name. An issuer that we do not know
# may be a council's own.
_FAULTS = {
    18: "self-signed",
    10: "run out",
    9: "not valid yet",
    62: "for another name",
    64: "for another name",
}


@dataclass(frozen=True, kw_only=True)
class Sound:
    """What was seen of TLS. ``untrusted``: why not, where it is a fault; ``unknown_issuer``: where it is not
    for us to say.
    """

    answered: tuple[str, ...]
    untried: tuple[str, ...]
    """Versions that cannot be tried from here."""
    untrusted: str = ""
    unknown_issuer: bool = False
    until: datetime | None = None
    names: tuple[str, ...] = ()
    issuer: str = ""
    key: str = ""
    weak: bool = False

    @property
    def old(self) -> tuple[str, ...]:
        """The versions that should no longer be answered."""
        return tuple(each for each in self.answered if each in OLD)

    def written(self) -> bytes:
        """For keeping."""
        return "\n".join(f"{name}: {value}" for name, value in vars(self).items()).encode()


def look(gate: Gate, trust: str | None = None) -> Sound:
    """Shake hands once a version, and read the certificate. Raises `NotReached` where none is answered."""
    answered: list[str] = []
    untried: list[str] = []
    der = b""
    for name, version in VERSIONS.items():
        context = _only(version)
        if context is None:
            untried.append(name)
            continue
        if found := _shaken(gate, context):
            answered.append(name)
            der = found
    if not answered:
        raise NotReached(mark("It does not answer over TLS."))
    untrusted, unknown = _trusted(gate, trust)
    try:
        certificate = x509.load_der_x509_certificate(der)
        key, weak = _strength(certificate)
        issuer = certificate.issuer.rfc4514_string()
    except (ValueError, UnsupportedAlgorithm):
        raise NotReached(mark("Its certificate cannot be read.")) from None
    return Sound(
        answered=tuple(answered),
        untried=tuple(untried),
        untrusted=untrusted,
        unknown_issuer=unknown,
        until=certificate.not_valid_after_utc,
        names=_names(certificate),
        issuer=issuer,
        key=key,
        weak=weak,
    )


def _only(version: ssl.TLSVersion) -> ssl.SSLContext | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with warnings.catch_warnings():
            # Old versions are asked for because nobody should answer them.
            warnings.simplefilter("ignore", DeprecationWarning)
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = version
            context.maximum_version = version
    except (ssl.SSLError, ValueError):
        return None
    return context


def _shaken(gate: Gate, context: ssl.SSLContext) -> bytes:
    try:
        with (
            gate.connect(gate.target.host, gate.target.port) as wire,
            context.wrap_socket(wire, server_hostname=gate.target.host) as secured,
        ):
            return secured.getpeercert(binary_form=True) or b""
    except OSError:
        return b""


def _trusted(gate: Gate, trust: str | None) -> tuple[str, bool]:
    context = ssl.create_default_context()
    if trust:
        context.load_verify_locations(trust)
    try:
        with (
            gate.connect(gate.target.host, gate.target.port) as wire,
            context.wrap_socket(wire, server_hostname=gate.target.host),
        ):
            return "", False
    except ssl.SSLCertVerificationError as fault:
        why = _FAULTS.get(fault.verify_code, "")
        return why, not why
    except OSError:
        return "", True


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(found.value.get_values_for_type(x509.DNSName))


def _strength(certificate: x509.Certificate) -> tuple[str, bool]:
    key = certificate.public_key()
    match key:
        case rsa.RSAPublicKey() | dsa.DSAPublicKey():
            return f"RSA {key.key_size}", key.key_size < 2048  # noqa: PLR2004 - bits, as NCSC says
        case ec.EllipticCurvePublicKey():
            return f"EC {key.key_size}", key.key_size < 224  # noqa: PLR2004
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            return "Ed", False
    return type(key).__name__, False
