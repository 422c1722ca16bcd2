"""Proportionately secure: a sound way to it, what browsers offer, and no more than is needed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http.client import BAD_REQUEST, GONE, NOT_FOUND, OK

from vestry.kernel import mark
from vestry.outbound.probes.browsing import Broke
from vestry.outbound.probes.confined import NotReached
from vestry.outbound.probes.judging.said import Judge, Said, like, listed, met, not_known, not_met, partly
from vestry.outbound.probes.seen import Seen
from vestry.outbound.probes.tls import Sound
from vestry.outbound.probes.web import Answer

SOON = timedelta(days=14)
SECURITY = "/.well-known/security.txt"
A_SESSION = like(r"sess|sid\b|auth|token|login|jwt|identity")
IN_THE_WAY = {
    "a private network": like(
        r"(connect|only|via|through|need|requires?|use)[^.\n]{0,40}\b(vpn|virtual private network)\b"
    ),
    "the office’s network": like(
        r"only (available|accessible|works?)[^.\n]{0,30}(office|corporate|council|internal) network"
    ),
    "a token": like(r"(hardware|security) token|smart ?card|dongle"),
    "a bound device": like(
        r"(registered|managed|approved) devices? only|only (registered|managed|approved) devices"
    ),
    "a puzzle": like(r"g-recaptcha|hcaptcha|prove (that )?you are not a robot"),
}


def sound(seen: Seen) -> Said:
    """S2: new versions only, trusted, and insisted on."""
    if seen.target.scheme == "http":
        return _without_tls(seen)
    found = seen.tls
    if not isinstance(found, Sound):
        raise found or NotReached(mark("It was not looked at."))
    return _fault(seen, found) or _insisted(seen, found)


def _fault(seen: Seen, found: Sound) -> Said | None:
    if found.old:
        return not_met(mark("It answers old versions of TLS: {versions}."), versions=listed(found.old))
    if found.untrusted:
        return not_met(mark("Its certificate cannot be trusted: it is {why}."), why=found.untrusted)
    if found.weak:
        return not_met(mark("Its key is weak: {key}."), key=found.key)
    if found.unknown_issuer:
        return not_known(
            mark("Its certificate is from an issuer not known here: {issuer}."), issuer=found.issuer
        )
    if found.until and found.until - SOON < seen.now:
        return not_met(mark("Its certificate ends on {day}."), day=found.until.date().isoformat())
    if found.untried:
        told = listed(found.untried)
        return not_known(mark("Whether it answers TLS {versions} cannot be tried from here."), versions=told)
    return None


def _insisted(seen: Seen, found: Sound) -> Said:
    versions = listed(found.answered)
    if not (seen.front and seen.front.headers.get("Strict-Transport-Security")):
        return partly(mark("TLS {versions}, trusted; but it does not insist on it."), versions=versions)
    if isinstance(seen.plain, Broke):
        raise seen.plain
    if isinstance(seen.plain, Answer) and not _leads_to_tls(seen.plain):
        return partly(mark("TLS {versions}, trusted; but it answers without it, too."), versions=versions)
    return met(
        mark("TLS {versions}, trusted until {day}, and it insists on it."), versions=versions, day=_day(found)
    )


def _day(found: Sound) -> str:
    return found.until.date().isoformat() if found.until else "–"


def _leads_to_tls(answer: Answer) -> bool:
    return answer.headers.get("Location", "").startswith("https://") or answer.status >= BAD_REQUEST


def _without_tls(seen: Seen) -> Said:
    if seen.local:
        return not_known(
            mark("On this machine it is looked at without TLS, which says nothing of elsewhere.")
        )
    if seen.front and seen.front.url.startswith("https:"):
        return not_known(mark("It leads on to https. Name that address to look at it."))
    if isinstance(seen.plain, NotReached) or seen.front is None:
        return not_known(mark("It did not answer, so nothing can be said."))
    return not_met(mark("It answers without TLS."))


def defended(seen: Seen) -> Said:
    """S3: what browsers offer, and what cookies carry."""
    front = seen.front
    if front is None:
        return not_known(mark("It did not answer, so nothing can be said."))
    headers = front.headers
    policy = headers.get("Content-Security-Policy", "")
    lacking = [
        name
        for name, there in (
            (
                "X-Content-Type-Options",
                headers.get("X-Content-Type-Options", "").strip().lower() == "nosniff",
            ),
            ("frame-ancestors", "frame-ancestors" in policy or bool(headers.get("X-Frame-Options"))),
            ("Referrer-Policy", bool(headers.get("Referrer-Policy"))),
        )
        if not there
    ]
    tls = front.url.startswith("https:")
    bare = [name for each in headers.get_all("Set-Cookie") or [] if (name := _bare(str(each), tls=tls))]
    if bare:
        return not_met(mark("A session’s cookie is bare: {names}."), names=listed(bare))
    if lacking:
        return not_met(mark("It leaves out what browsers offer: {names}."), names=listed(lacking))
    if not policy or "unsafe-inline" in _scripts(policy):
        return partly(mark("All but a content policy that keeps scripts out."))
    return met(mark("A content policy, and all else that browsers offer."))


def _scripts(policy: str) -> str:
    said = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    scripts = said.get("script-src", said.get("default-src", ""))
    return "" if "nonce-" in scripts or "sha256-" in scripts else scripts


def _bare(cookie: str, *, tls: bool) -> str:
    """The name of a cookie that carries a session and can be read by scripts, or goes without TLS."""
    name, _, rest = cookie.partition("=")
    marks = {part.strip().lower().partition("=")[0] for part in rest.split(";")[1:]}
    needed = {"httponly", *({"secure"} if tls else set())}
    return name.strip() if A_SESSION.search(name) and not needed <= marks else ""


def reported(seen: Seen) -> Said:
    """S4: security.txt, as RFC 9116 wants it."""
    answer = seen.file(SECURITY) or seen.file("/security.txt")
    if answer is None or answer.is_html:
        _raise_where_unseen(seen)
        return not_met(mark("There is no security.txt, so nobody knows whom to tell of a hole."))
    fields, faults = read_security(answer.text)
    expires = _moment(fields.get("expires", [""])[0])
    if not seen.local and not answer.url.startswith("https:"):
        faults.append("it comes without TLS")
    if faults:
        return not_met(mark("Its security.txt is not valid: {faults}."), faults=listed(faults))
    if expires and expires < seen.now:
        return partly(mark("Its security.txt ran out on {day}."), day=expires.date().isoformat())
    if not fields.get("policy"):
        return partly(mark("Its security.txt is valid, but names no policy."))
    return met(
        mark("A valid security.txt until {day}, with a policy."),
        day=expires.date().isoformat() if expires else "–",
    )


def _raise_where_unseen(seen: Seen) -> None:
    """That it is not there is seen only where it was asked for and the answer said so."""
    asked = seen.wellknown.get(SECURITY) or NotReached(mark("It was not looked at."))
    if isinstance(asked, NotReached):
        raise asked
    if seen.blocked is not None:
        raise seen.blocked
    if asked.status not in (OK, NOT_FOUND, GONE):
        raise NotReached(mark("It answered {status}, so nothing can be said."), status=asked.status)


def read_security(text: str) -> tuple[dict[str, list[str]], list[str]]:
    """A security.txt by RFC 9116: its fields, and its faults. What signs it is not looked at."""
    fields: dict[str, list[str]] = {}
    faults: list[str] = []
    text = re.sub(r"-----BEGIN PGP SIGNED MESSAGE-----.*?\r?\n\r?\n", "", text, flags=re.DOTALL)
    text = text.partition("-----BEGIN PGP SIGNATURE-----")[0]
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, value = line.partition(":")
        if not colon or not value.strip() or not re.fullmatch(r"[A-Za-z-]+", name):
            faults.append(f"not a field: {line[:40]}")
        else:
            fields.setdefault(name.lower(), []).append(value.strip())
    if not fields.get("contact"):
        faults.append("no Contact")
    faults += [
        f"not an address: {each[:40]}"
        for each in fields.get("contact", [])
        if not re.match(r"(https|mailto|tel):", each)
    ]
    expires = fields.get("expires", [])
    if len(expires) != 1 or _moment(expires[0]) is None:
        faults.append("no one Expires")
    if len(fields.get("preferred-languages", [])) > 1:
        faults.append("Preferred-Languages twice")
    return fields, faults


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def not_more(seen: Seen) -> Said:
    """S10: nothing in the way that need not be."""
    said = seen.text + "\n" + (seen.front.text if seen.front else "")
    ways = [what for what, sign in IN_THE_WAY.items() if sign.search(said)]
    if len(ways) > 1:
        return not_met(mark("These stand in the way: {ways}."), ways=listed(ways))
    if ways:
        return partly(mark("One thing stands in the way: {ways}."), ways=listed(ways))
    return met(mark("{pages} pages opened from outside, with nothing in the way."), pages=len(seen.whole))


JUDGES = {
    "S2": Judge(says=sound, needs_pages=False, evidence=("tls.txt", "headers.txt")),
    "S3": Judge(says=defended, evidence=("headers.txt",)),
    "S4": Judge(says=reported, needs_pages=False, evidence=("security.txt",)),
    "S10": Judge(says=not_more),
}
