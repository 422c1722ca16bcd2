"""A good site: what a council would want to buy. Everything that a probe can see is met."""

from __future__ import annotations

import json
from datetime import date, timedelta

from vestry.outbound.probes.tests.sites.served import Reply, Site

CSS = """
body{font:16px/1.5 sans-serif;margin:0 auto;padding:16px;max-width:60rem;color:#0b0c0c;background:#fff;
overflow-wrap:anywhere}
a{color:#1a4b8c;display:inline-block;min-height:28px}
input,select,textarea,button{font:inherit;min-height:44px;min-width:44px;max-width:100%;box-sizing:border-box}
label{display:block;margin-top:12px}
nav li{margin:8px 0}
button{background:#00602f;color:#fff;border:0;padding:8px 16px}
"""
KEEP = """
document.querySelectorAll('input[type=text],textarea').forEach((each) => {
  const key = location.pathname + each.name;
  each.value = localStorage.getItem(key) || '';
  each.addEventListener('input', () => localStorage.setItem(key, each.value));
});
if (navigator.serviceWorker) navigator.serviceWorker.register('/worker.js');
"""
WORKER = """
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return;
  event.respondWith(caches.open('kept').then((kept) =>
    fetch(event.request).then((answer) => { kept.put(event.request, answer.clone()); return answer; })
      .catch(() => kept.match(event.request))));
});
"""
NAV = (
    ("/", "Home"),
    ("/report", "Report a missed bin"),
    ("/pay", "Pay for a garden bin"),
    ("/data", "Open data"),
    ("/status", "Service status"),
    ("/developers", "Developers"),
    ("/performance", "Performance"),
    ("/accessibility", "Accessibility statement"),
)
COLUMNS = ("uprn", "address", "collected_on")
ROWS = [(f"10009{n:04}", f"{n} High Street", f"2026-{1 + n % 12:02}-11") for n in range(1, 13)]


def page(title: str, body: str, *, script: str = "") -> str:
    nav = "".join(f'<li><a href="{where}">{name}</a></li>' for where, name in NAV)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/style.css"></head><body><header><nav aria-label="All">'
        f"<ul>{nav}</ul></nav></header><main><h1>{title}</h1>{body}</main>"
        f"{'<script src=/keep.js defer></script>' if script else ''}</body></html>"
    )


HOME = page(
    "Waste and recycling",
    "<p>You can tell us about a bin that we did not empty. You can also pay for a garden bin.</p>"
    "<p>We come back within two working days. You get an email when we have been.</p>"
    "<p>It works in Chrome, Edge, Firefox and Safari. You need nothing else.</p>"
    '<form action="/find"><label for="q">Your road</label>'
    '<input type="text" id="q" name="q" autocomplete="off"><button>Find my day</button></form>',
    script="/keep.js",
)


def describes() -> str:
    bin_ = {
        "type": "object",
        "required": ["uprn", "address", "collected_on"],
        "properties": {
            "uprn": {"type": "string"},
            "address": {"type": "string"},
            "collected_on": {"type": "string", "format": "date"},
        },
    }
    problem = {"description": "It could not be answered."}
    one = {"application/json": {"schema": {"$ref": "#/components/schemas/Bin"}}}
    many = {"type": "array", "items": {"$ref": "#/components/schemas/Bin"}}
    uprn = {
        "name": "uprn",
        "in": "path",
        "required": True,
        "example": ROWS[0][0],
        "schema": {"type": "string"},
    }
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Bins",
                "version": "2.1.0",
                "description": "Which bins were emptied. A change is announced six months before it comes.",
                "contact": {"email": "developers@good.example"},
            },
            "servers": [{"url": "/api"}],
            "tags": [{"name": "bins"}],
            "paths": {
                "/bins": {
                    "get": {
                        "operationId": "listBins", "summary": "All of them", "tags": ["bins"],
                        "responses": {
                            "200": {"description": "Bins", "content": {"application/json": {"schema": many}}},
                            "default": problem,
                        },
                    }
                },
                "/bins/{uprn}": {
                    "get": {
                        "operationId": "getBin", "summary": "One of them", "tags": ["bins"],
                        "parameters": [uprn],
                        "responses": {
                            "200": {"description": "A bin", "content": one}, "404": problem, "5XX": problem,
                        },
                    }
                },
            },
            "components": {"schemas": {"Bin": bin_}},
        }
    )  # fmt: skip


def bins(given):
    wanted = given["path"][0].removeprefix("/api/bins").strip("/")
    found = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    if not wanted:
        return Reply(json.dumps(found), "application/json")
    one = next((each for each in found if each["uprn"] == wanted), None)
    return Reply(json.dumps(one), "application/json") if one else Reply("{}", "application/problem+json", 404)


def table() -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    return (
        f"<p>All {len(ROWS)} bins, free of charge.</p>"
        '<p><a href="/bins.csv">Download all bins (CSV)</a></p>'
        "<table><thead><tr><th>UPRN</th><th>Address</th><th>Day</th></tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def reported(given):
    email = (given.get("email") or [""])[0]
    return page(
        "We have your report",
        "<p>Your reference is GB-2041.</p>"
        f"<p>We have sent an email to you at {email.partition('@')[0]}.</p>"
        '<p><a href="/status/GB-2041">Follow how it goes</a></p>',
    )


REPORT = page(
    "Report a missed bin",
    "<p>We need to know where the bin is. You do not need an account.</p>"
    '<form method="post" action="/report/sent"><label for="p">Postcode</label>'
    '<input type="text" id="p" name="postcode" autocomplete="postal-code">'
    '<label for="e">Email address</label><input type="email" id="e" name="email" autocomplete="email">'
    "<button>Report it</button></form>",
)
JOURNEY = """
title: Report a missed bin
start: /
steps:
  - press: Report a missed bin
  - {fill: Postcode, with: HM1 2AB}
  - {fill: Email address, with: sam@example.com}
  - press: Report it
ends: {says: We have your report, reference: "GB-####"}
"""
HEADERS = [
    ("Strict-Transport-Security", "max-age=31536000"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"),
    ("Set-Cookie", "session=abc; Path=/; Secure; HttpOnly; SameSite=Lax"),
    ("X-Amz-Cf-Id", "abc"),
    ("Via", "1.1 abc.cloudfront.net (CloudFront)"),
]
DISCOVERY = {
    "issuer": "https://good.localhost",
    "authorization_endpoint": "https://good.localhost/authorize",
    "jwks_uri": "https://good.localhost/keys",
    "response_types_supported": ["code"],
}


def site() -> Site:
    today = date.today()
    looked_at = f"{today - timedelta(days=40):%d %B %Y}"
    until = today + timedelta(days=200)
    statement = (
        "<p>This service is partially compliant with the Web Content Accessibility Guidelines 2.2 AA.</p>"
        f"<p>It was last tested on {looked_at}. "
        "The test was carried out by Example Access Ltd with disabled users.</p>"
        f"<p>This statement was reviewed on {looked_at}.</p>"
        '<p>If something does not work, <a href="mailto:help@good.example">write to us</a>.</p>'
        "<p>The Equality and Human Rights Commission enforces the regulations.</p>"
    )
    status = (
        "<p>All is well. In the last 90 days it was up 99.97% of the time.</p><h2>Past incidents</h2>"
        "<p>11 October 2026: messages were late for ten minutes. Resolved.</p>"
        "<p>We promise 99.9% each month, and pay a service credit when we miss it.</p>"
    )
    performance = (
        "<p>Completion rate: 94%.</p><p>Digital take-up: 81% of reports are made online.</p>"
        "<p>User satisfaction: 92%.</p><p>Cost of one report: £0.41.</p>"
    )
    developers = '<p>Anybody may use it. <a href="/openapi.json">The description (OpenAPI)</a>.</p>'
    security = (
        f"Contact: mailto:security@good.example\nExpires: {until}T00:00:00Z\n"
        "Policy: https://good.localhost/security-policy\nPreferred-Languages: en\n"
    )
    return Site(
        headers=HEADERS,
        at={
            "/": HOME,
            "/find": page("Your day", "<p>We come on Fridays. Put the bin out by seven, please.</p>"),
            "/report": REPORT,
            "/report/sent": reported,
            "/pay": page("Pay for a garden bin", "<p>A garden bin is £45 a year, and comes in a week.</p>"),
            "/data": page("Open data", table()),
            "/bins.csv": Reply("\n".join(",".join(row) for row in (COLUMNS, *ROWS)), "text/csv"),
            "/status": page("Service status", status),
            "/status/GB-2041": page("GB-2041", "<p>We will be with you on Friday.</p>"),
            "/developers": page("Developers", developers),
            "/performance": page("Performance", performance),
            "/accessibility": page("Accessibility statement", statement),
            "/openapi.json": Reply(describes(), "application/json"),
            "/api/bins*": bins,
            "/.well-known/security.txt": Reply(security, "text/plain"),
            "/.well-known/openid-configuration": Reply(json.dumps(DISCOVERY), "application/json"),
            "/style.css": Reply(CSS, "text/css"),
            "/keep.js": Reply(KEEP, "text/javascript"),
            "/worker.js": Reply(WORKER, "text/javascript"),
        },
    )  # fmt: skip
