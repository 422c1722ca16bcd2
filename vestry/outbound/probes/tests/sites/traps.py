"""A site for each trap that a naive look falls into: it says "met" where nothing is, or "not met" wrongly."""

from __future__ import annotations

import json

from vestry.outbound.probes.tests.sites.served import Reply, Site

WORDS = "<p>You can tell us about a bin that we did not empty. We come back within two working days.</p>"
STYLE = "body{font:16px/1.5 sans-serif} a,button{display:inline-block;min-height:32px;min-width:32px}"


def page(
    title: str, body: str, *, viewport: str = "width=device-width, initial-scale=1", head: str = ""
) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>'
        f'<meta name="viewport" content="{viewport}">'
        f"<style>{STYLE}</style>{head}</head><body><main><h1>{title}</h1>{WORDS}{body}</main></body></html>"
    )


def fixed_viewport() -> Site:
    """Nothing overflows, as the layout itself is as wide as a desk."""
    return Site(at={"/": page("Fixed", "<a href='#x'>Skip</a>", viewport="width=1024")})


def vanishing_menu() -> Site:
    """No fault but that the menu is gone on a phone, and nothing takes its place."""
    head = "<style>@media (max-width:600px){nav{display:none}}</style>"
    nav = "<nav aria-label='All'><a href='/a'>Report a bin</a> <a href='/b'>Pay for a bin</a></nav>"
    return Site(at={"/": page("Vanishing", nav, head=head)})


def folded_menu() -> Site:
    """The same menu behind a button: it is there, once it is opened."""
    head = "<style>#m{display:block} #b{display:none} @media (max-width:600px){#m[hidden]{display:none}"
    head += " #b{display:inline-block}} @media (min-width:601px){#m[hidden]{display:block}}</style>"
    nav = (
        "<button id=b aria-expanded=false aria-controls=m>Menu</button>"
        "<nav id=m hidden aria-label='All'><a href='/a'>Report a bin</a> <a href='/b'>Pay for a bin</a></nav>"
        "<script src=/menu.js></script>"
    )
    script = (
        "const b = document.getElementById('b'), m = document.getElementById('m');"
        "b.onclick = () => { m.hidden = !m.hidden; b.setAttribute('aria-expanded', String(!m.hidden)); };"
    )
    return Site(at={"/": page("Folded", nav, head=head), "/menu.js": Reply(script, "text/javascript")})


def framed(inner: str) -> Site:
    """A page without a fault, around a frame from elsewhere that is full of them."""
    frame = f"<iframe title='Pay' src='{inner}' width=300 height=200></iframe>"
    return Site(at={"/": page("Pay", frame)})


def inner() -> Site:
    """What is in the frame."""
    body = "<html><body><img src=x.png><input name=card><select name=y><option>1</select></body></html>"
    return Site(at={"/": body})


def challenge() -> Site:
    """Answers 200, and has no fault at all, as there is nothing in it."""
    said = "<p>Just a moment... Checking your browser before you can go on to the service. Please wait.</p>"
    return Site(at={"/*": f"<!doctype html><html lang=en><title>Just a moment</title>{said}</html>"})


def blank() -> Site:
    """Answers 200 with nothing in it."""
    return Site(at={"/*": "<!doctype html><html lang=en><title>App</title><div id=app></div></html>"})


def login() -> Site:
    """A way in, well made."""
    form = (
        "<form><label for=u>User</label><input id=u name=u autocomplete=username>"
        "<label for=p>Password</label><input id=p type=password autocomplete=current-password>"
        "<button>Sign in</button></form>"
    )
    return Site(at={"/*": page("Sign in", form)})


def broken() -> Site:
    """Says that it is broken, on a page without fault."""
    return Site(at={"/*": Reply(page("Sorry", ""), status=503)})


def not_a_document() -> Site:
    """Whatever is asked for is answered 200, with a page."""
    return Site(at={"/*": page("Everything", "<a href='/openapi.json'>API</a>")})


def invalid_document() -> Site:
    """It says that it is OpenAPI, and is none."""
    document = {"openapi": "3.1.0", "paths": []}
    return Site(
        at={
            "/": page("Invalid", ""),
            "/openapi.json": Reply(json.dumps(document), "application/json"),
        }
    )


def refers_inside(port: int) -> Site:
    """A description that has whoever reads it fetch something from inside."""
    where = f"http://127.0.0.1:{port}/secret"
    document = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/a": {"$ref": where}}}
    return Site(
        at={"/": page("Refers", ""), "/openapi.json": Reply(json.dumps(document), "application/json")}
    )


def misshapen() -> Site:
    """A description that points elsewhere, so that it is not held against the standard; of no shape."""
    listed = {"get": {"responses": {"": {}}, "parameters": None}}
    document = {
        "openapi": "3.1.0",
        "info": "x",
        "paths": {"/a": listed, "/b": {"$ref": "https://elsewhere.example/b"}},
    }
    return Site(
        at={"/": page("Misshapen", ""), "/openapi.json": Reply(json.dumps(document), "application/json")}
    )


def draws_from_inside(host: str, port: int) -> Site:
    """Its pages reach for what is inside, in every way that a page can."""
    where = f"http://{host}:{port}"
    body = (
        f"<img alt='' src='{where}/image'><iframe title=x src='{where}/frame'></iframe>"
        f"<link rel=stylesheet href='{where}/style'><script src='{where}/script'></script>"
        "<script src=/reach.js></script>"
    )
    script = (
        f"fetch('{where}/fetch', {{mode: 'no-cors'}}).catch(() => 0);"
        f"navigator.sendBeacon('{where}/beacon', 'x');"
        f"try {{ new WebSocket('ws://{host}:{port}/socket'); }} catch {{}}"
    )
    return Site(at={"/": page("Draws", body), "/reach.js": Reply(script, "text/javascript")})


def leads(to: str) -> Site:
    """Every page leads elsewhere."""
    return Site(at={"/*": Reply("", status=302, headers=[("Location", to)])})


def leads_in_the_browser(to: str) -> Site:
    """Only a browser is led elsewhere."""
    script = f"location.replace('{to}')"
    return Site(
        at={"/": page("Onward", "<script src=/on.js></script>"), "/on.js": Reply(script, "text/javascript")}
    )


def talkative() -> Site:
    """Says more than anybody wants to hear."""
    return Site(at={"/": page("Talkative", "x" * 5_000_000)})


def endless() -> Site:
    """Once it is there, its script never comes to an end, and nothing that it is asked is answered."""
    script = "addEventListener('load', () => setTimeout(() => { for (;;); }, 0));"
    return Site(
        at={
            "/": page("Endless", "<script src=/for-ever.js></script>"),
            "/for-ever.js": Reply(script, "text/javascript"),
        }
    )


def guarded_files() -> Site:
    """The page is there; its files and its statement are behind something."""
    link = "<a href='https://council.example/accessibility'>Accessibility statement</a>"
    return Site(at={"/": page("Guarded", link), "/.well-known/*": Reply("", status=403)})


KEYS = (
    "<form action='/sent'><label for=w>Where is it?</label><input id=w name=w type=text>"
    "<label><input type=checkbox name=again> Tell me again</label><button>Report it</button></form>"
)


def by_keyboard() -> Site:
    """All that follows, done well: a way past the menu, its links, a form."""
    nav = "<a href='#form'>Skip</a> <a href='/a'>Report a bin</a> <a href='/b'>Pay for a bin</a>"
    return Site(at={"/": page("Keys", nav + KEYS)})


def only_for_a_mouse() -> Site:
    """Looks like buttons, and is none."""
    boxes = "".join(f"<div role=button class=b>{name}</div>" for name in ("Pay", "Report", "Ask"))
    return Site(at={"/": page("Mouse", boxes + KEYS)})


def out_of_order() -> Site:
    """Somebody numbered the controls, backwards."""
    links = "".join(f"<a href='/{n}' tabindex={9 - n}>Link {n}</a> " for n in range(1, 6))
    return Site(at={"/": page("Order", links + KEYS)})


def no_focus() -> Site:
    """Nothing shows where the keyboard is."""
    head = "<style>*:focus{outline:none}</style>"
    links = "<a href='/a'>One</a> <a href='/b'>Two</a>"
    return Site(at={"/": page("Unseen", links + KEYS, head=head)})


def focus_by_a_shadow() -> Site:
    """The ring of the browser is gone, and something else takes its place."""
    head = "<style>*:focus{outline:none} a:focus,button:focus,input:focus{box-shadow:0 0 0 3px #fd0}</style>"
    return Site(at={"/": page("Shadow", "<a href='/a'>One</a>" + KEYS, head=head)})


def holds_the_keyboard() -> Site:
    """A field that takes Tab for itself."""
    script = (
        "document.getElementById('w').addEventListener('keydown', (e) => {"
        " if (e.key === 'Tab') { e.preventDefault(); } });"
    )
    return Site(
        at={
            "/": page("Held", KEYS + "<script src=/held.js></script>"),
            "/held.js": Reply(script, "text/javascript"),
        }
    )


def deaf_form() -> Site:
    """A form whose box takes no key, and whose field no letter."""
    script = (
        "document.querySelectorAll('form').forEach((f) => f.addEventListener('keydown', (e) => {"
        " if (e.key !== 'Tab') e.preventDefault(); }));"
    )
    return Site(
        at={
            "/": page("Deaf", KEYS + "<script src=/deaf.js></script>"),
            "/deaf.js": Reply(script, "text/javascript"),
        }
    )


def nothing_to_fill_in() -> Site:
    """Links only: whether a form can be filled in was not seen."""
    return Site(at={"/": page("Links", "<a href='/file.pdf'>One</a> <a href='/other.pdf'>Two</a>")})


def _scripted(title: str, body: str, script: str) -> Site:
    at = {"/": page(title, body + "<script src=/it.js></script>"), "/it.js": Reply(script, "text/javascript")}
    return Site(at=at)


def sends_by_itself() -> Site:
    """A form that is sent as soon as anything in it changes, and keeps what is typed in every way."""
    script = (
        "const form = document.querySelector('form');"
        "form.method = 'post'; form.addEventListener('change', () => form.submit());"
        "form.addEventListener('input', () => {"
        " fetch('/kept', {method: 'POST', keepalive: true, body: '1'}).catch(() => 0);"
        " navigator.sendBeacon('/kept', '1'); });"
        "form.addEventListener('input', () => {"
        " addEventListener('pagehide', () => navigator.sendBeacon('/kept', '1')); }, {once: true});"
    )
    return _scripted("Eager", KEYS, script)


COOKIES = "<form action='/sent' method=post><button>Let them be</button></form>"


def a_button_before_the_form() -> Site:
    """The first form has nothing to fill in."""
    return Site(at={"/": page("Cookies", COOKIES + KEYS)})


def only_a_button() -> Site:
    """There is a form, and nothing in it to be filled in."""
    return Site(at={"/": page("Button", COOKIES + "<a href='/file.pdf'>One</a>")})


def holds_it_at_the_end() -> Site:
    """Its last control takes Tab for itself."""
    script = (
        "document.querySelector('form button').addEventListener('keydown', (e) => {"
        " if (e.key === 'Tab') { e.preventDefault(); } });"
    )
    return _scripted("End", KEYS, script)


def hard_to_type_into() -> Site:
    """Fields that take no digit, or nothing more, or nothing at all, and rightly so; and a day."""
    fields = (
        "<form action='/sent'><label>Number <input readonly value=12></label>"
        "<label>Code <input maxlength=2 value=ab></label><label>Day <input type=date></label>"
        "<label>Name <input id=n></label><button>Go on</button></form><a href='/file.pdf'>One</a>"
    )
    script = (
        "const n = document.getElementById('n');n.oninput = () => { n.value = n.value.replace(/\\d/g, ''); };"
    )
    return _scripted("Masks", fields, script)
