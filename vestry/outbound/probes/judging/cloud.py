"""Cloud native: what can be seen of where it runs, what it needs, whether it stays up and lets one leave."""

from __future__ import annotations

import json

from vestry.kernel import mark
from vestry.outbound.probes.judging.said import Judge, Said, like, listed, met, not_known, not_met, partly
from vestry.outbound.probes.seen import Seen

# What public clouds write into answers, and what names end in that lead to them.
HEADERS = {
    "Amazon": like(r"^(x-amz-|x-amzn-)|^via: .*cloudfront|^server: (cloudfront|amazons3|awselb)"),
    "Microsoft": like(r"^x-(azure-ref|ms-request-id|msedge-ref)|^server: microsoft-azure"),
    "Google": like(r"^(x-goog-|x-cloud-trace)|^via: .*google|^server: (google frontend|gws|gfe)"),
    "Cloudflare": like(r"^cf-ray|^server: cloudflare"),
    "Fastly": like(r"^x-served-by: cache-|^x-fastly"),
    "Heroku": like(r"^via: .*heroku|^server: heroku"),
}
DOMAINS = {
    "Amazon": r"(amazonaws|cloudfront|awsglobalaccelerator|elasticbeanstalk)\.(com|net)$",
    "Microsoft": r"(azurewebsites|azurefd|azureedge|trafficmanager|cloudapp|windows)\.(net|com)$",
    "Google": r"(googleusercontent|googlehosted|run\.app|appspot|1e100)(\.com|\.net)?$",
    "Cloudflare": r"(cloudflare|pages\.dev|workers\.dev)(\.com|\.net)?$",
    "Fastly": r"fastly(lb)?\.net$",
    "Heroku": r"heroku(app|dns|ssl)?\.com$",
}
AN_OFFICE = like(
    r"(dsl|broadband|dynamic|cable|fttc|fttp|pppoe|btcentralplus|btopenworld|virginm|static\.\d|dial)"
)
INSTALL = like(
    r"(install|download|requires?|needs?|start) (the |our |a |an )?([\w’'-]+ ){0,3}"
    r"(client|citrix|vpn|plug-?in|activex|java runtime|java applet|silverlight|flash player|viewer)\b"
    r"|citrix (workspace|receiver)|activex control|internet explorer (is )?(required|only)|click-?once"
)
OPTIONAL = like(r"\b(optional(ly)?|if you (like|wish|want|prefer)|not needed|no need)\b")
A_STATUS_PAGE = like(r"(service|system) status|uptime")
STATUS = r"status|uptime|availab|service level|\bsla\b"
FIGURE = like(r"\b(\d{2,3}(?:\.\d+)?) ?%")
REMEDY = like(r"service credit|refund|compensat|credit(ed)? (to|back|note)|money back|remed(y|ies)")
HISTORY = like(r"incident|past|history|outage|resolved|maintenance")
ENOUGH = 99.5
FEE = like(
    r"(export|extract(ion)?|data|leav\w+|exit|migration)[^.\n]{0,60}"
    r"(is charged|are charged|chargeable|charged at|for a fee|fee of|at (our|the) day rate|costs? £|£ ?\d)"
)
FREE = like(r"(no|without|free of) (fee|charge|cost)|at no (fee|charge|cost)|free")
ELSEWHERE = like(
    r"single sign.?on|\bsso\b|saml|openid|microsoft|entra|azure ad|google workspace|work account"
)
AT_A_CHARGE = like(
    r"(single sign.?on|\bsso\b|saml)[^.\n]{0,60}(add.?on|extra|surcharge|enterprise (plan|edition)|£ ?\d)"
)


def hosted(seen: Seen) -> Said:
    """C3: two signs, each from another place, that name the same public cloud."""
    front = seen.front
    headers = "\n".join(f"{name}: {value}" for name, value in front.headers.items()) if front else ""
    by_headers = {cloud for cloud, sign in HEADERS.items() if sign.search(headers)}
    names = [each for each in (seen.names.canonical, *seen.names.reverse) if each]
    by_names = {cloud for cloud, ends in DOMAINS.items() for name in names if like(ends).search(name)}
    office = next((name for name in seen.names.reverse if AN_OFFICE.search(name)), "")
    if office and not by_headers:
        return not_met(mark("Its address belongs to {name}, which is an office’s or a home’s."), name=office)
    if both := by_headers & by_names:
        return met(mark("Its answers and its name both lead to {cloud}."), cloud=listed(sorted(both)))
    if signs := by_headers | by_names:
        return partly(mark("One sign only leads to a public cloud: {cloud}."), cloud=listed(sorted(signs)))
    if seen.local:
        return not_known(mark("It is looked at on this machine, which says nothing of where it will run."))
    return not_known(mark("Nothing that can be seen from outside says where it runs."))


def plain_browser(seen: Seen) -> Said:
    """C4: no plug-in in any frame, and no word of something to install."""
    plugins = [
        kind for page in seen.whole for view in page.views.values() for f in view.frames
        for kind in f.measured.get("plugins", ())
    ]  # fmt: skip
    if plugins:
        return not_met(mark("A page needs a plug-in: {kinds}."), kinds=listed(plugins))
    lines = [line for line in seen.text.split("\n") if INSTALL.search(line)]
    needed = [line for line in lines if not OPTIONAL.search(line)]
    if needed:
        return not_met(mark("It says that something has to be installed: “{line}”"), line=needed[0][:160])
    if lines:
        return partly(mark("It offers something to install: “{line}”"), line=lines[0][:160])
    return met(
        mark("{pages} pages ran in a plain browser, with no plug-in and nothing to install."),
        pages=len(seen.whole),
    )


def stays_up(seen: Seen) -> Said:
    """C5: a status page with its history, and a figure with a remedy."""
    wanted = like(STATUS)
    sheet = next((e for e in seen.sheets if wanted.search(e.name) and HISTORY.search(e.text)), None)
    opened = {each.url for each in seen.sheets if not each.passwords}
    broken = [
        name
        for name, url in seen.links()
        if A_STATUS_PAGE.search(name) and seen.target.is_here(url) and url.partition("#")[0] not in opened
    ]
    figures = [
        float(each) for each in FIGURE.findall(" ".join(e.text for e in seen.sheets if wanted.search(e.name)))
    ]
    best = max((each for each in figures if each <= 100), default=0.0)  # noqa: PLR2004
    if sheet is None and broken:
        return not_met(mark("Its page “{name}” does not open to the public."), name=broken[0])
    if sheet is None:
        return not_known(mark("No page was found that says whether it is up."))
    if best < ENOUGH:
        return partly(mark("It says in public when it is down, but promises no figure of at least 99.5%."))
    if not REMEDY.search(" ".join(each.text for each in seen.sheets)):
        return partly(
            mark("It says in public when it is down, and promises {figure}%, with no remedy."),
            figure=str(best),
        )
    return met(
        mark("A public page tells how it was, and {figure}% is promised with a remedy."), figure=str(best)
    )


def sign_on(seen: Seen) -> Said:
    """C7: a way to sign in from elsewhere, by its discovery or on its sign-in page."""
    discovery = seen.file("/.well-known/openid-configuration")
    if discovery and _is_discovery(discovery.text):
        if AT_A_CHARGE.search(seen.text):
            return partly(mark("It takes sign-in from elsewhere, at a charge."))
        return met(mark("It describes how officers sign in from elsewhere (OpenID Connect)."))
    page = next((each for each in seen.sheets if each.passwords), None)
    if page is None:
        return not_known(mark("Neither a description of signing in nor a page for it was found."))
    said = f"{page.text} {' '.join(name + ' ' + url for name, url in page.links)}"
    if AT_A_CHARGE.search(f"{said}\n{seen.text}"):
        return partly(mark("It takes sign-in from elsewhere, at a charge."))
    if ELSEWHERE.search(said):
        return met(mark("Its sign-in page takes accounts from elsewhere."))
    return not_met(mark("Its sign-in page takes passwords of its own only."))


def _is_discovery(text: str) -> bool:
    try:
        found = json.loads(text)
    except ValueError:
        return False
    needed = {"issuer", "authorization_endpoint", "jwks_uri", "response_types_supported"}
    return isinstance(found, dict) and needed <= set(found)


def leaving(seen: Seen) -> Said:
    """C8: a whole export, tried now, for nothing."""
    charged = next((line for line in seen.text.split("\n") if FEE.search(line) and not FREE.search(line)), "")
    if charged:
        return not_met(mark("Taking the data out costs extra: “{line}”"), line=charged[:160])
    whole = next((each for each in seen.exports if each.complete and not each.fault), None)
    if whole:
        return met(
            mark("A whole export was tried: “{name}”, {rows} records."), name=whole.name, rows=whole.rows or 0
        )
    return not_known(mark("No export was found that holds all that its page shows."))


JUDGES = {
    "C3": Judge(says=hosted, needs_pages=False, evidence=("headers.txt",)),
    "C4": Judge(says=plain_browser, evidence=("measured.json",)),
    "C5": Judge(says=stays_up),
    "C7": Judge(says=sign_on, evidence=("openid-configuration",)),
    "C8": Judge(says=leaving, evidence=("export-1.csv", "export-1.json")),
}
