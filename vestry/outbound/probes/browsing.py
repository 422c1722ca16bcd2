"""A real browser at several widths: each page as a phone, a tablet and a desk get it, frame by frame."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import structlog

from vestry.kernel import mark
from vestry.outbound.probes.confined import Gate, NotReached

log = structlog.get_logger()
T = TypeVar("T")
PHONE, TABLET, DESK = 360, 768, 1280
WIDTHS = (320, PHONE, TABLET, DESK)
HEIGHT = {320: 640, PHONE: 740, TABLET: 1024, DESK: 900}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
SECONDS = 15.0
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whether it can be trusted is looked at apart; workers are only let in where nothing is wrong.
    "--ignore-certificate-errors",
    # Only the proxy looks up names, and nothing goes past it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Opens what is folded up, as a thumb would: menus, and whatever says that it opens something.
OPENERS = "[aria-expanded=false], summary, [popovertarget], .menu-toggle, .navbar-toggler"


class NoBrowser(NotReached):
    """There is nothing to look with."""


class Broke(NotReached):
    """The probe itself failed: it says nothing of the product."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One frame of a page, measured. ``seen`` is false where it could not be looked into."""

    url: str
    main: bool
    seen: bool
    measured: dict[str, Any] = field(default_factory=dict)
    faults: tuple[dict[str, Any], ...] = ()
    """What axe found: rule, impact, how often."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One page at one width."""

    url: str
    width: int
    status: int
    headers: dict[str, str]
    frames: tuple[Frame, ...]
    taken: int = 0
    """Bytes over the wire."""
    opened: tuple[str, ...] = ()
    """The controls that are there once menus are opened, and before."""
    picture: bytes = b""

    @property
    def main(self) -> dict[str, Any]:
        """What was measured of the page itself."""
        return self.frames[0].measured

    @property
    def controls(self) -> frozenset[str]:
        """The names of all that can be pressed or filled in, in every frame."""
        here = {name for frame in self.frames for name in frame.measured.get("controls", ())}
        return frozenset(name.casefold() for name in here | set(self.opened))

    @property
    def faults(self) -> list[tuple[str, dict[str, Any]]]:
        """What axe found, with the frame it is in."""
        return [(frame.url, fault) for frame in self.frames for fault in frame.faults]


@cache
def measure() -> str:
    """The script that measures."""
    return files("vestry.outbound.probes").joinpath("measure.js").read_text()


@cache
def axe() -> tuple[str, str]:
    """axe-core and its version."""
    import axe_playwright_python  # noqa: PLC0415 - an optional package

    text = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
    return text, text.partition("axe v")[2].partition("\n")[0].split()[0]


def find_chromium() -> str:
    """Where the browser is. Raises `NoBrowser`."""
    found = os.environ.get("VESTRY_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    found = found or next((path for path in MAC if Path(path).exists()), None)
    if not found:
        raise NoBrowser(mark("There is no Chromium on this machine: install the package chromium."))
    return found


@dataclass
class Browser:
    """A running Chromium. ``sandboxed``: whether the machine let it have its sandbox."""

    chromium: Any
    gate: Gate
    sandboxed: bool
    stack: ExitStack = field(default_factory=ExitStack)
    open: dict[int, _Open] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Which one."""
        return str(self.chromium.version)

    @contextmanager
    def page(self, width: int, *, script: bool = True, **more: Any) -> Iterator[Any]:
        """A fresh page: no cookie, no history."""
        phone = width < TABLET
        context = self.chromium.new_context(
            viewport={"width": width, "height": HEIGHT[width]},
            screen={"width": width, "height": HEIGHT[width]},
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=script,
            ignore_https_errors=True,
            locale="en-GB",
            accept_downloads=False,
            **{"service_workers": "block", **more},
        )
        context.set_default_timeout(min(SECONDS, self.gate.left or 0.1) * 1000)
        try:
            page = context.new_page()
            page.on("dialog", _answered)
            yield page
        finally:
            context.close()

    def view(self, url: str, width: int, *, axed: bool = False) -> View:
        """Look at a page. Raises `NotReached`."""
        if width not in self.open:
            self.open[width] = _Open(self.stack.enter_context(self.page(width)))
        return self.open[width].view(url, self.gate, axed=axed)

    def view_without_script(self, url: str) -> View:
        """Look at a page as a desk without scripts gets it. Raises `NotReached`."""
        with self.page(DESK, script=False) as page:
            return _Open(page, script=False).view(url, self.gate, axed=False)


class _Open:
    """A page that is kept open at one width: to make one takes longer than to look. It remembers nothing."""

    def __init__(self, page: Any, *, script: bool = True) -> None:
        self.page, self.script = page, script
        self.taken: list[int] = []
        self.refused: set[str] = set()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.loadingFinished", lambda each: self.taken.append(int(each["encodedDataLength"])))
        page.on("response", self._heard)

    def _heard(self, answer: Any) -> None:
        """Which pages, framed ones too, were answered with an error."""
        if answer.request.is_navigation_request() and answer.status >= HTTPStatus.BAD_REQUEST:
            self.refused.add(answer.url)

    def view(self, url: str, gate: Gate, *, axed: bool) -> View:
        """Look at a page in it."""
        page = self.page
        page.context.clear_cookies()
        self.taken.clear()
        self.refused.clear()
        answer = go(page, url)
        if self.script:
            settle(page)
        if not gate.target.is_here(page.url):
            raise NotReached(mark("It leads to another host: {url}."), url=page.url[:120])
        picture = page.screenshot(timeout=SECONDS * 1000)
        frames = tuple(frames_of(page, axed=axed, refused=self.refused))
        return View(
            url=page.url,
            width=page.viewport_size["width"],
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
            frames=frames,
            taken=sum(self.taken),
            opened=_opened(page) if self.script else (),
            picture=picture,
        )


def go(page: Any, url: str) -> Any:
    """Open an address. Raises `NotReached`."""
    from playwright.sync_api import Error, TimeoutError  # noqa: A004, PLC0415 - an optional package

    try:
        answer = page.goto(url, wait_until="load")
    except TimeoutError:
        raise NotReached(mark("It was not there within {seconds} seconds."), seconds=int(SECONDS)) from None
    except Error as fault:
        said = str(fault.message).partition("\n")[0].rpartition("net::")[2][:120]
        raise NotReached(mark("The browser could not open it: {said}."), said=said) from None
    if answer is None:
        raise NotReached(mark("The browser could not open it: {said}."), said="no answer")
    return answer


def tried(what: Callable[[], T]) -> T | NotReached:
    """What came of it, or why nothing did."""
    try:
        return what()
    except NotReached as why:
        return why
    except Exception as fault:
        said = str(fault).partition("\n")[0][:120]
        # The browser's own errors; its library may not be there to name their class.
        if type(fault).__module__.startswith("playwright"):
            return NotReached(mark("The browser stopped: {said}."), said=said)
        log.exception("probe_failed")
        return Broke(mark("The probe itself failed: {fault}."), fault=f"{type(fault).__name__}: {said}"[:120])


def settle(page: Any) -> None:
    """Wait until what scripts build stands still: twice the same length of text, three seconds at most."""
    from playwright.sync_api import Error  # noqa: PLC0415 - an optional package

    last = -1
    for _ in range(20):
        try:
            now = page.evaluate("document.body ? document.body.innerText.length : 0")
        except Error:
            # It is just going to another page.
            page.wait_for_load_state()
            now = -1
        if now == last >= 0:
            return
        last = now
        page.wait_for_timeout(150)


def frames_of(page: Any, *, axed: bool, refused: Collection[str] = ()) -> Iterator[Frame]:
    """Every frame of a page, measured. What was answered with an error was not seen."""
    from playwright.sync_api import Error  # noqa: PLC0415 - an optional package

    for frame in page.frames:
        main = frame == page.main_frame
        url = frame.url
        if not main and (not url or url == "about:blank"):
            continue
        if not main and (url in refused or url.startswith("chrome-error:")):
            yield Frame(url=url, main=main, seen=False)
            continue
        try:
            measured = frame.evaluate(measure())
            faults = tuple(_axe(frame)) if axed else ()
        except Error:
            yield Frame(url=url, main=main, seen=False)
        else:
            yield Frame(url=url, main=main, seen=True, measured=measured, faults=faults)


def _axe(frame: Any) -> Iterator[dict[str, Any]]:
    script, _version = axe()
    frame.evaluate(f"() => {{ {script} }}")
    found = frame.evaluate(
        "rules => axe.run(document, {runOnly: rules, iframes: false, resultTypes: ['violations']})", RULES
    )
    for each in found["violations"]:
        where = [str(node["target"][0]) for node in each["nodes"][:3]]
        yield {"rule": each["id"], "impact": each["impact"], "times": len(each["nodes"]), "where": where}


def _opened(page: Any) -> tuple[str, ...]:
    """The controls once everything is unfolded that can be. Only what does not lead away is pressed."""
    from playwright.sync_api import Error  # noqa: PLC0415 - an optional package

    found: set[str] = set()
    for opener in page.query_selector_all(OPENERS)[:12]:
        try:
            if opener.is_visible() and not opener.get_attribute("href"):
                opener.click(timeout=800)
        except Error:
            continue
    try:
        found.update(page.evaluate(measure())["controls"])
    except Error:
        return ()
    return tuple(found)


def _answered(dialog: Any) -> None:
    # One that asks whether to leave is let go; all else is waved away.
    dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss()


class _Watch:
    """Ends a browser that is still busy when its time is over: a page that never ends keeps every answer."""

    def __init__(self, chromium: Any, seconds: float) -> None:
        wire = chromium.new_browser_cdp_session()
        told = wire.send("SystemInfo.getProcessInfo")["processInfo"]
        self.process = next(int(each["id"]) for each in told if each["type"] == "browser")
        wire.detach()
        # Its helpers are in its group; and its group must not be ours.
        group = os.getpgid(self.process)
        self.group = group if group != os.getpgrp() else 0
        self.ended = False
        self.lock = threading.Lock()
        self.timer = threading.Timer(seconds, self._end)
        self.timer.daemon = True
        self.timer.start()

    def _end(self) -> None:
        with self.lock, suppress(ProcessLookupError):
            if self.timer.finished.is_set():
                return
            self.ended = True
            if self.group:
                os.killpg(self.group, signal.SIGKILL)
            else:
                os.kill(self.process, signal.SIGKILL)

    @contextmanager
    def over(self) -> Iterator[None]:
        """While it watches. Raises `NoBrowser` when it had to end the browser, whatever came of that."""
        why = mark("It was given up: a page did not come to an end.")
        try:
            yield
        except Exception:
            if self.ended:
                raise NoBrowser(why) from None
            raise
        if self.ended:
            raise NoBrowser(why)

    def stop(self) -> None:
        """It has ended by itself: its number may soon be somebody else's."""
        with self.lock:
            self.timer.cancel()


@contextmanager
def running(gate: Gate, proxy: str) -> Iterator[Browser]:
    """A browser that goes out by the proxy only. Raises `NoBrowser`."""
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an optional package

        axe()
    except ImportError:
        raise NoBrowser(mark("What looks at pages is not installed: pip install 'vestry[probes]'.")) from None
    path = find_chromium()
    with sync_playwright() as playwright:
        launch: dict[str, Any] = {"executable_path": path, "args": ARGUMENTS, "proxy": {"server": proxy}}
        sandboxed = True
        try:
            chromium = playwright.chromium.launch(**launch, chromium_sandbox=True)
        except Error:
            # Some machines give none (root, containers); the gate and the proxy hold there all the same.
            sandboxed = False
            try:
                chromium = playwright.chromium.launch(**launch)
            except Error as fault:
                said = str(fault.message).partition("\n")[0][:120]
                raise NoBrowser(mark("Chromium did not start: {said}."), said=said) from None
        watch = _Watch(chromium, gate.left + gate.limits.grace)
        try:
            with watch.over():
                try:
                    with ExitStack() as stack:
                        yield Browser(chromium=chromium, gate=gate, sandboxed=sandboxed, stack=stack)
                finally:
                    chromium.close()
        finally:
            watch.stop()
