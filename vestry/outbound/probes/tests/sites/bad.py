"""Bad sites. One does nearly all wrong; one has an interface that is described, and wrong."""

from __future__ import annotations

import json

from vestry.outbound.probes.tests.sites.served import Reply, Site

LONG = (
    "In the event that the applicant, or a person who is acting on behalf of the applicant with regard to "
    "matters of the kind that are set out hereinafter, is desirous of making a representation, the said "
    "representation shall be made in the manner that is prescribed by the authority for that purpose."
)
NAV = (
    ("/apply", "Apply now"),
    ("/pay", "Pay"),
    ("/help", "Help"),
    ("/system-status", "Service status"),
    ("/developer", "API for developers"),
    ("/download", "Download your data"),
    ("/performance", "How we are doing"),
    ("/login", "Sign in"),
)


def page(title, body):
    nav = "".join(f'<li><a href="{where}">{name}</a></li>' for where, name in NAV)
    return (
        f"<!doctype html><html><head><title>{title}</title>"
        '<meta name="viewport" content="width=1024, user-scalable=no">'
        "<style>body{width:1024px;font:10px sans-serif} @media (max-width:1100px){nav{display:none}}"
        " .faint{color:#bbb} *:focus{outline:0}</style></head>"
        f"<body><nav><ul>{nav}</ul></nav><h1>{title}</h1>{body}</body></html>"
    )


HOME = page(
    "e-Forms portal",
    f"<p>{LONG}</p><p>{LONG}</p><img src='/none.png'><script src='/large.js'></script>"
    "<p class=faint>Faint words that are hard to read.</p>"
    "<p>Internet Explorer 11 is required. You must install the Acme Forms client before you begin.</p>"
    "<p>Connect to the council VPN first. You also need a hardware token from the service desk.</p>"
    "<p>On phones it runs on managed devices only.</p>"
    "<p>Data extraction is charged at our day rate of £850.</p>"
    "<p>API documentation is available on request to customers. Request access to the API from sales.</p>"
    "<object classid='clsid:0000' type='application/x-activex'></object>"
    "<form><input name=a type=text><input name=b type=text><input name=c type=text><select name=d>"
    "<option>1</option></select><button>Go</button></form>",
)
LOGIN = page(
    "Sign in", "<form><input type=text name=u><input type=password name=p><button>Go</button></form>"
)
JOURNEY = """
title: Apply
start: /apply
steps:
  - {fill: Your name, with: Sam}
  - press: Send
ends: {says: Thank you}
"""


def site() -> Site:
    return Site(
        headers=[("Set-Cookie", "ASP.NET_SessionId=abc; path=/"), ("X-Powered-By", "ASP.NET")],
        at={
            "/": HOME,
            "/apply": LOGIN,
            "/login": LOGIN,
            "/pay": page("Pay", f"<p>{LONG}</p>"),
            "/help": page("Help", f"<p>{LONG}</p>"),
            "/system-status": LOGIN,
            "/developer": LOGIN,
            "/performance": page("How we are doing", f"<p>{LONG}</p>"),
            "/download": page("Download your data", "<a href='/all.pdf'>Download (PDF)</a>"),
            "/all.pdf": Reply(b"%PDF-1.4 nothing in it", "application/pdf"),
            # A file is not a document.
            "/openapi.json": Reply("this is not it", "application/json"),
            "/large.js": Reply("//" + "x" * 3_200_000, "text/javascript"),
        },
    )  # fmt: skip


def described() -> str:
    """Valid, with names of its own, and a promise to change without notice."""
    thing = {
        "type": "object",
        "properties": {"customer_address": {"type": "string"}, "due_date": {"type": "integer"}},
    }
    answer = {"200": {"description": "x", "content": {"application/json": {"schema": thing}}}}
    paths = {f"/things{number}": {"get": {"responses": answer}} for number in range(4)}
    return json.dumps(
        {
            "openapi": "3.0.3",
            "info": {"title": "x", "version": "1", "description": "It may change without notice."},
            "paths": paths,
        }
    )


def _form(given):
    said = "<p>Thank you. That is all that there is to be said about this matter for the time being.</p>"
    return f"<!doctype html><html lang=en><title>Sent</title><h1>Sent</h1>{said}"


WITH_AN_INTERFACE = (
    "<!doctype html><html lang=en><head><title>Things</title>"
    "<meta name=viewport content='width=device-width'></head><body><h1>Things to ask for</h1>"
    "<p>Ask for what you need with this form. Somebody will look at it when there is time for it.</p>"
    "<form action='/sent'><label for=n>Your name</label><input id=n name=n type=text>"
    "<button>Send</button></form></body></html>"
)
JOURNEY_TO_NOTHING = """
title: Ask for a thing
start: /
steps:
  - {fill: Your name, with: Sam}
  - press: Send
ends: {says: Thank you}
"""


def with_an_interface() -> Site:
    return Site(
        at={
            "/": WITH_AN_INTERFACE,
            "/sent": _form,
            "/openapi.json": Reply(described(), "application/json"),
            "/things0": Reply("broken", "text/plain", 500),
            "/things1": Reply(json.dumps({"due_date": "soon"}), "application/json"),
            "/things2": Reply("{}", "text/plain"),
            "/things3": Reply("{}", "application/json", 418),
        }
    )
