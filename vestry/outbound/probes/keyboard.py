"""A page gone through with the keyboard alone: Tab to every control; a form tried, not sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from vestry.kernel import mark
from vestry.outbound.probes.browsing import DESK, Browser, go, settle, tried
from vestry.outbound.probes.confined import Gate, NotReached

STOPS = 150
# In a frame the keyboard is out of sight: so many presses, and then it is taken for lost in it.
IN_A_FRAME = 60
# A day or a film is one control of several parts, each a press.
PARTS = 12
# Seconds, without which no page is begun.
LEAST = 10.0
AROUND = 8
# What can be tried without anything being said about anybody.
TYPED = ("text", "search", "email", "tel", "url", "textarea", "password", "number")


@dataclass
class Gone:
    """What became of one page. ``lost``: why the keyboard could not be followed to the end."""

    url: str
    stops: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    """Where nothing shows that the keyboard is there."""
    back: list[str] = field(default_factory=list)
    """Where it jumped back, to before where it was."""
    trapped: str = ""
    lost: str = ""
    form: bool = False
    """Whether there is a form in which something was typed or ticked."""
    stuck: list[str] = field(default_factory=list)
    """What of the form does nothing by keyboard."""


@cache
def _script() -> str:
    return files("vestry.outbound.probes").joinpath("keyboard.js").read_text()


def go_through(browser: Browser, urls: Iterable[str]) -> list[Gone]:
    """Go through pages until one of them has a form, as long as there is time. A page that fails takes
    nothing from the others. Once something is typed the gate is shut, and stays so: this browser can look at
    nothing else. Raises `NotReached` when there was none.
    """
    gone: list[Gone] = []
    failed = NotReached(mark("There was no time left for it."))
    for url in urls:
        if browser.gate.left < LEAST:
            break
        page = tried(lambda url=url: _page(browser, url))
        if isinstance(page, NotReached):
            failed = page
            continue
        gone.append(page)
        if page.form or page.stuck or page.trapped:
            break
    if not gone:
        raise failed
    return gone


def written(gone: Iterable[Gone]) -> bytes:
    """All of it, for keeping."""
    return json.dumps([asdict(each) for each in gone], indent=1).encode()


def _page(browser: Browser, url: str) -> Gone:
    with browser.page(DESK) as page:
        go(page, url)
        settle(page)
        if not browser.gate.target.is_here(page.url):
            raise NotReached(mark("It leads to another host: {url}."), url=page.url[:120])
        gone, begun = Gone(url=page.url), page.url
        page.context.route("**/*", _no_further)
        watch = page.evaluate_handle(_script())
        _tab(page, watch, gone, browser.gate)
        if not gone.trapped and not gone.lost:
            gone.missed = watch.evaluate("each => each.missed()")
            _forms(page, watch, gone, browser.gate)
        if page.url.partition("#")[0] != begun.partition("#")[0]:
            raise NotReached(mark("It went to another page by itself: {url}."), url=page.url[:120])
        return gone


def _no_further(route: Any) -> None:
    """While Tab is pressed a page may read what it needs; it writes nothing, and goes nowhere."""
    asked = route.request
    if asked.method != "GET" or asked.is_navigation_request():
        route.abort("aborted")
    else:
        route.continue_()


def _tab(page: Any, watch: Any, gone: Gone, gate: Gate) -> None:
    """From the beginning to the end, or to where it goes no further."""
    at, same, escaped = -1, 0, False
    while len(gone.stops) < STOPS and gate.left:
        page.keyboard.press("Tab")
        step = watch.evaluate("each => each.step()")
        if step["at"] == "outside":
            return
        same = same + 1 if step["which"] == at else 0
        at = step["which"]
        if step["at"] == "new":
            _stop(page, watch, gone, step)
        elif step["framed"]:
            if same > IN_A_FRAME:
                gone.lost = step["name"] or "iframe"
                return
        elif 0 < same <= PARTS:
            continue
        elif not same and not watch.evaluate("each => each.missed()"):
            # All was come to: it only begins again.
            return
        elif not escaped:
            # What asks something first may keep the keyboard, as long as Escape closes it.
            escaped = True
            page.keyboard.press("Escape")
        else:
            gone.trapped = step["name"]
            return
    gone.lost = gone.stops[-1] if gone.stops else gone.url


def _stop(page: Any, watch: Any, gone: Gone, step: dict[str, Any]) -> None:
    gone.stops.append(step["name"])
    if step["back"]:
        gone.back.append(step["name"])
    if not step["framed"] and not watch.evaluate("each => each.shows()") and not _differs(page, watch, step):
        gone.hidden.append(step["name"])


def _differs(page: Any, watch: Any, step: dict[str, Any]) -> bool:
    """Whether any pixel around it is another one with the focus than without."""
    x, y, width, height = watch.evaluate("each => each.box()")
    size = page.viewport_size
    left, top = max(0, x - AROUND), max(0, y - AROUND)
    right, bottom = min(size["width"], x + width + AROUND), min(size["height"], y + height + AROUND)
    if right - left < 1 or bottom - top < 1:
        return False
    how = {
        "clip": {"x": left, "y": top, "width": right - left, "height": bottom - top},
        "animations": "disabled",
    }
    with_it = page.screenshot(**how)
    watch.evaluate("each => each.blur()")
    without = page.screenshot(**how)
    watch.evaluate("(each, which) => each.focus(which)", step["which"])
    return bool(with_it != without)


def _forms(page: Any, watch: Any, gone: Gone, gate: Gate) -> None:
    """The first form that has anything to type or to tick: that is tried, and put back as it was.

    Of all else, as radios and lists, it is only seen that the keyboard comes to it. Nothing is sent.
    """
    for form in watch.evaluate("each => each.forms()"):
        works = [(each["name"], _works(page, watch, each, gate)) for each in form["fields"]]
        gone.form = any(worked for _, worked in works)
        gone.stuck = [name for name, worked in works if worked is False]
        if not gone.form and not gone.stuck:
            continue
        if form["presses"] and not form["sends"]:
            gone.stuck.append("submit")
        gone.stuck += [each["name"] for each in form["sends"] if each["which"] < 0]
        return


def _works(page: Any, watch: Any, each: dict[str, Any], gate: Gate) -> bool | None:
    """Whether a key changes it; None where none was tried: in what is full, or says something of somebody."""
    if each["which"] < 0:
        return False
    if each["type"] in TYPED and not each["full"]:
        tries = (("1", "Backspace"), ("a", "Backspace"))
    elif each["type"] == "checkbox":
        tries = (("Space", "Space"),)
    else:
        return None
    # What is typed must not leave, not even once the page is closed: pages send some things only then.
    gate.shut = True
    watch.evaluate("(each, which) => each.focus(which)", each["which"])
    page.keyboard.press("End" if each["type"] in TYPED else "Shift")
    before = watch.evaluate("(each, which) => each.state(which)", each["which"])
    for do, undo in tries:
        page.keyboard.press(do)
        if before != watch.evaluate("(each, which) => each.state(which)", each["which"]):
            page.keyboard.press(undo)
            return True
    return False
