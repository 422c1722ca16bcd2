"""The adapter: gathers what can be seen of one address, step by step, and has it judged."""

from __future__ import annotations

import json
import queue
import re
import threading
from collections.abc import Callable
from datetime import datetime
from http.client import OK
from time import monotonic
from typing import Any, TypeVar

from vestry.kernel import mark
from vestry.outbound.probes import (
    browsing,
    contract,
    export,
    journey,
    keyboard,
    openapi,
    proxy,
    sheets,
    signal,
    tls,
)
from vestry.outbound.probes.browsing import DESK, PHONE, WIDTHS, Browser, NoBrowser, tried
from vestry.outbound.probes.confined import Gate, Limits, Named, NotReached, look_up, taken_apart
from vestry.outbound.probes.judging import judged, mobile
from vestry.outbound.probes.seen import Page, Seen, why_not
from vestry.outbound.probes.web import Web
from vestry.technology.ports import NotLookedAt, Progress, Run

T = TypeVar("T")
VERSION = 1
PAGES = 3
WELL_KNOWN = (
    "/.well-known/security.txt",
    "/security.txt",
    "/.well-known/openid-configuration",
    "/robots.txt",
    "/manifest.webmanifest",
)
MAIN_TASK = re.compile(
    r"\b(start|apply|book|report|request|pay|tell us|order|ask|make an?|register)\b", re.IGNORECASE
)
# What is no page of the product: files, ways in, what is about the page itself.
NO_PAGE = re.compile(
    r"\.(pdf|csv|json|xml|ods|xlsx?|zip|yaml|ics|txt|png|jpe?g)($|\?)|sign.?(in|out|up)|log.?(in|out)|cookies"
    r"|privacy|accessibility|logout",
    re.IGNORECASE,
)
STEPS = (
    mark("Looking where the name leads, and how sound the way to it is"),
    mark("Reading its first page and its well-known files"),
    mark("Opening its pages on a phone, a tablet and a desk"),
    mark("Reading what its pages lead to"),
    mark("Looking for its interface and its exports"),
    mark("Trying a slow connection, and none"),
    mark("Walking the journey"),
    mark("Going through it by keyboard"),
    mark("Holding the interface to its description"),
    mark("Judging what was seen"),
)


class Probes:
    """The port ``technology.probes``.

    ``local`` allows addresses of this machine and of the own network, ``machine`` those of this machine only;
    ``trust`` is a file with an authority that is trusted beside the public ones; ``names`` looks up a host.
    """

    def __init__(
        self,
        *,
        local: bool = False,
        machine: bool = False,
        trust: str | None = None,
        names: Callable[[str], Named] = look_up,
        plain_port: int = 80,
        limits: Limits | None = None,
    ) -> None:
        self.local, self.trust, self.names, self.plain_port = local, trust, names, plain_port
        self.machine, self.limits = machine, limits or Limits()

    def check(self, walk: str) -> None:
        """Whether a journey can be walked. See `vestry.technology.ports.Probes`."""
        journey.read(walk)

    def look(
        self,
        address: str,
        *,
        now: Callable[[], datetime],
        told: Callable[[Progress], None],
        leave: str = "",
        walk: str = "",
    ) -> Run:
        """Look at it. See `vestry.technology.ports.Probes`."""
        started = now()
        written = journey.read(walk) if walk else None
        try:
            target = taken_apart(address)
            gate = Gate(
                target, local=self.local, machine=self.machine, look_up=self.names, limits=self.limits
            )
        except NotReached as why:
            raise NotLookedAt(why=str(why)) from None
        seen = Seen(target=target, now=started, names=gate.pinned(target.host), local=gate.on_this_machine)
        tools: list[str] = []

        def gather(tell: Callable[[int], None]) -> None:
            _Look(seen, gate, self, tools).gather(tell, written, leave)

        # The browser is ended before that; this is for what hangs elsewhere: nobody else should wait for it.
        most = self.limits.seconds + self.limits.grace + 60
        _apart(gather, most, lambda step: told(Progress(doing=STEPS[step], step=step + 1, of=len(STEPS))))
        if isinstance(seen.blocked, NoBrowser):
            raise NotLookedAt(why=str(seen.blocked))
        findings = tuple(judged(seen))
        return Run(
            address=target.url,
            tool="vestry probes",
            version=f"{VERSION} ({', '.join(tools)})" if tools else str(VERSION),
            started=started,
            ended=now(),
            findings=findings,
            evidence=tuple(seen.kept.values()),
        )


def _apart(
    work: Callable[[Callable[[int], None]], None], seconds: float, told: Callable[[int], None]
) -> None:
    """Do it in a thread of its own, and tell of it in this one.

    The browser's library keeps an event loop in its thread, and whoever hears of the progress may ask a
    database that will have none.
    """
    said: queue.Queue[int | BaseException | None] = queue.Queue()

    def run() -> None:
        try:
            work(said.put)
            said.put(None)
        except BaseException as fault:  # noqa: BLE001 - it is raised again where it is waited for
            said.put(fault)

    thread = threading.Thread(target=run, name="vestry-probes", daemon=True)
    thread.start()
    ends = monotonic() + seconds
    while True:
        try:
            each = said.get(timeout=max(0.0, ends - monotonic()))
        except queue.Empty:
            raise NotLookedAt(why=mark("It was given up: it did not come to an end.")) from None
        if each is None:
            return
        if isinstance(each, BaseException):
            raise each
        told(each)


class _Look:
    def __init__(self, seen: Seen, gate: Gate, how: Probes, tools: list[str]) -> None:
        self.seen, self.gate, self.how, self.tools = seen, gate, how, tools
        self.web = Web(gate)

    def gather(self, tell: Callable[[int], None], written: journey.Journey | None, leave: str) -> None:
        seen = self.seen
        tell(0)
        self._way()
        tell(1)
        self._front()
        try:
            with proxy.listening(self.gate) as way_out, browsing.running(self.gate, way_out) as browser:
                self._tools(browser)
                tell(2)
                self._pages(browser)
                tell(3)
                self._around()
                tell(4)
                self._interface()
                if seen.blocked is None:
                    tell(5)
                    if not mobile.heavy(seen):
                        seen.usable_after = tried(lambda: signal.usable_after(browser, seen))
                    seen.offline = tried(lambda: signal.offline(browser, seen))
                if written:
                    tell(6)
                    self._walk(browser, written)
                if seen.blocked is None:
                    tell(7)
                    self._by_keyboard(browser)
        except NoBrowser as why:
            # What its pages showed stands, whatever came of the browser after them.
            if not seen.whole:
                seen.blocked = why
                return
        # Only now is there nothing left that could still send what was typed.
        self.gate.shut = False
        if leave:
            tell(8)
            self._hold()
        self._keep_measures()
        tell(9)

    def _tools(self, browser: Browser) -> None:
        sandbox = "sandboxed" if browser.sandboxed else "no sandbox on this machine"
        self.tools += [f"axe-core {browsing.axe()[1]}", f"Chromium {browser.version}, {sandbox}"]

    def _way(self) -> None:
        """TLS, and what answers without it."""
        seen, target = self.seen, self.seen.target
        if target.scheme == "https":
            found = tried(lambda: tls.look(self.gate, self.how.trust))
            seen.tls = found
            if isinstance(found, tls.Sound):
                seen.keep("tls.txt", "text/plain", found.written())
        host = f"[{target.host}]" if ":" in target.host else target.host
        port = target.port if target.scheme == "http" else self.how.plain_port
        seen.plain = tried(lambda: self.web.ask("GET", f"http://{host}:{port}/"))

    def _front(self) -> None:
        """The first page as a program gets it, and the files that have their place."""
        seen = self.seen
        front = tried(lambda: self.web.get(seen.target.url))
        if isinstance(front, NotReached):
            seen.blocked = front
        else:
            seen.front = front
            seen.keep("headers.txt", "text/plain", front.written())
            seen.keep("front.html", "text/plain", front.body)
            text = sheets.read(front)
            # What a script builds is not there yet: only the browser can say that a page is empty.
            said = why_not(front.status, "", text.text or "-" * 80, text.passwords)
            seen.blocked = said if said and front.status != OK else None
        for path in WELL_KNOWN:
            seen.wellknown[path] = tried(lambda path=path: self.web.get(path))
            if (answer := seen.file(path)) and not answer.is_html:
                name = path.rpartition("/")[2]
                seen.keep(name, "text/plain", answer.body)

    def _pages(self, browser: Browser) -> None:
        seen = self.seen
        first = self._page(browser, seen.target.url)
        seen.pages.append(first)
        if first.blocked:
            seen.blocked = first.blocked
            return
        seen.blocked = None
        for url in self._others(first):
            seen.pages.append(self._page(browser, url))
        seen.without_script = _none(tried(lambda: browser.view_without_script(seen.target.url)))

    def _others(self, first: Page) -> list[str]:
        """The pages beside the first: what looks like the main task before what does not."""
        links = first.views[DESK].main.get("links", ())
        target = self.seen.target
        here = [
            (name, url.partition("#")[0])
            for name, url in links
            if target.is_here(url) and url.startswith(target.origin + "/") and not NO_PAGE.search(url)
        ]
        ranked = sorted(here, key=lambda each: not MAIN_TASK.search(each[0]))
        urls = [url for _name, url in ranked if url not in (target.url, first.views[DESK].url)]
        return list(dict.fromkeys(urls))[: PAGES - 1]

    def _page(self, browser: Browser, url: str) -> Page:
        page = Page(url=url)
        for width in WIDTHS:
            view = tried(lambda width=width: browser.view(url, width, axed=width in (PHONE, DESK)))
            if isinstance(view, NotReached):
                page.blocked = view
                return page
            main = view.main
            number = len(self.seen.pages) + 1
            self.seen.keep(f"page-{number}-width-{width}.png", "image/png", view.picture)
            page.views[width] = view
            why_blocked = why_not(view.status, main["title"], main["text"], main["passwords"])
            if why_blocked:
                page.blocked = why_blocked
                return page
        return page

    def _around(self) -> None:
        seen = self.seen
        links = [*seen.links()]
        if seen.front and seen.front.is_html:
            links += sheets.read(seen.front).links
        seen.sheets = list(sheets.around(self.web, links, seen.target)) if seen.blocked is None else []
        for number, sheet in enumerate(seen.sheets, start=1):
            seen.keep(f"read-{number}.txt", "text/plain", f"{sheet.url}\n\n{sheet.text}".encode())

    def _interface(self) -> None:
        seen = self.seen
        links = [*seen.links()]
        found = tried(lambda: openapi.find(self.web, links, seen.target))
        seen.api = found
        if isinstance(found, openapi.Described):
            seen.keep("interface.json", "application/json", found.raw)
            seen.keep("interface-style.txt", "text/plain", "\n".join(found.style).encode())
        places = [
            (view.main.get("links", ()), view.main.get("text", ""), view.main.get("rows", 0))
            for view in seen.at(DESK)
        ]
        places += [(sheet.links, sheet.text, sheet.rows) for sheet in seen.sheets]
        seen.exports = _none(tried(lambda: export.find(self.web, places, seen.target))) or []
        for number, each in enumerate(seen.exports, start=1):
            seen.keep(
                f"export-{number}.{re.sub(r'[^a-z0-9]+', '-', each.kind[:10].lower())}",
                "text/plain",
                each.raw,
            )

    def _by_keyboard(self, browser: Browser) -> None:
        seen = self.seen
        seen.gone_through = tried(lambda: keyboard.go_through(browser, [page.url for page in seen.whole]))
        if not isinstance(seen.gone_through, NotReached):
            seen.keep("keyboard.json", "application/json", keyboard.written(seen.gone_through))

    def _walk(self, browser: Browser, written: journey.Journey) -> None:
        seen = self.seen
        seen.walked = tried(lambda: journey.walk(browser, written, origin=seen.target.origin))
        if isinstance(seen.walked, journey.Walked):
            for number, picture in enumerate(seen.walked.pictures, start=1):
                seen.keep(f"journey-{number}.png", "image/png", picture)

    def _hold(self) -> None:
        seen = self.seen
        described = seen.api
        if isinstance(described, openapi.Described) and described.document and not described.invalid:
            seen.tried = tried(lambda: contract.hold(self.web, described))
            if isinstance(seen.tried, contract.Tried):
                seen.keep("contract.json", "application/json", seen.tried.written())
        else:
            seen.tried = described if isinstance(described, NotReached) else None

    def _keep_measures(self) -> None:
        """What was measured of every page, and what axe found: the numbers behind the words."""
        told: list[dict[str, Any]] = []
        for page in self.seen.pages:
            for view in page.views.values():
                told += [
                    {
                        "url": frame.url,
                        "width": view.width,
                        "status": view.status,
                        "bytes": view.taken,
                        "looked into": frame.seen,
                        **{
                            k: v
                            for k, v in frame.measured.items()
                            if k not in ("text", "paragraphs", "links")
                        },
                        "faults": frame.faults,
                    }
                    for frame in view.frames
                ]
        self.seen.keep("measured.json", "application/json", json.dumps(told, indent=1).encode())
        refused = "\n".join(f"{where}: {why}" for where, why in self.gate.refused.items())
        self.seen.keep("refused.txt", "text/plain", refused.encode())


def _none(found: T | NotReached) -> T | None:
    return None if isinstance(found, NotReached) else found
