"""A page gone through with the keyboard alone: Tab to every control; the first form tried, not sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from vestry.kernel import mark
from vestry.outbound.probes.browsing import DESK, Browser, go, settle
from vestry.outbound.probes.confined import NotReached

STOPS = 150
# In a frame the keyboard is out of sight: so many presses, and then it is taken for lost in it.
IN_A_FRAME = 60
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
    """Whether there is a form."""
    stuck: list[str] = field(default_factory=list)
    """What of the form does nothing by keyboard."""


@cache
def _script() -> str:
    return files("vestry.outbound.probes").joinpath("keyboard.js").read_text()


def go_through(browser: Browser, urls: Iterable[str]) -> list[Gone]:
    """Go through pages until one of them has a form. Raises `NotReached` when none could be opened."""
    gone: list[Gone] = []
    for url in urls:
        gone.append(_page(browser, url))
        if gone[-1].form or gone[-1].trapped:
            break
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
        watch = page.evaluate_handle(_script())
        _tab(page, watch, gone)
        if not gone.trapped and not gone.lost:
            gone.missed = watch.evaluate("each => each.missed()")
            _form(page, watch, gone)
        if page.url.partition("#")[0] != begun.partition("#")[0]:
            raise NotReached(mark("It went to another page by itself: {url}."), url=page.url[:120])
        return gone


def _tab(page: Any, watch: Any, gone: Gone) -> None:
    """From the beginning to the end, or to where it goes no further."""
    framed = 0
    escaped = False
    while len(gone.stops) < STOPS:
        page.keyboard.press("Tab")
        step = watch.evaluate("each => each.step()")
        if step["at"] == "outside":
            return
        if step["at"] == "new":
            framed = 0
            _stop(page, watch, gone, step)
        elif step["framed"] and framed < IN_A_FRAME:
            framed += 1
        elif step["framed"]:
            gone.lost = step["name"] or "iframe"
            return
        elif not watch.evaluate("each => each.missed()"):
            # All was come to: it only begins again.
            return
        elif not escaped:
            # What asks something first may keep the keyboard, as long as Escape closes it.
            escaped = True
            page.keyboard.press("Escape")
        else:
            gone.trapped = step["name"]
            return
    gone.lost = gone.stops[-1]


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


def _form(page: Any, watch: Any, gone: Gone) -> None:
    """The first form: each kind of control is tried, and put back as it was. Nothing is sent."""
    found = watch.evaluate("each => each.form()")
    if found is None:
        return
    gone.form = True
    gone.stuck = [each["name"] for each in found["fields"] if each["which"] < 0]
    for each in found["fields"]:
        if each["which"] >= 0 and not _works(page, watch, each):
            gone.stuck.append(each["name"])
    if found["presses"] and not found["sends"]:
        gone.stuck.append("submit")
    gone.stuck += [each["name"] for each in found["sends"] if each["which"] < 0]


def _works(page: Any, watch: Any, each: dict[str, Any]) -> bool:
    """Whether a key changes it. One of a kind that says something of somebody is left as it is."""
    if each["type"] in TYPED:
        do, undo = "1", "Backspace"
    elif each["type"] == "checkbox":
        do, undo = "Space", "Space"
    else:
        return True
    watch.evaluate("(each, which) => each.focus(which)", each["which"])
    before = watch.evaluate("(each, which) => each.state(which)", each["which"])
    page.keyboard.press("End" if each["type"] in TYPED else "Shift")
    page.keyboard.press(do)
    changed = before != watch.evaluate("(each, which) => each.state(which)", each["which"])
    if changed:
        page.keyboard.press(undo)
    return bool(changed)
