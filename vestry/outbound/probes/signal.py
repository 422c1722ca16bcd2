"""A poor signal: how long until a page can be used, and what becomes of what was begun when it goes."""

from __future__ import annotations

from typing import Any

from vestry.kernel import mark
from vestry.outbound.probes.browsing import PHONE, Browser, go, settle
from vestry.outbound.probes.confined import NotReached
from vestry.outbound.probes.seen import Offline, Seen

# A slow 4G: 1.6 megabits a second, and 150 milliseconds there and back.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
# Whoever waited that long has gone; no finding changes after it.
PATIENCE = 11.0
TYPED = "what was begun"
FIELD = "input:not([type]), input[type=text], input[type=search], textarea"


def usable_after(browser: Browser, seen: Seen) -> float:
    """Seconds until the first page can be used on a slow connection. Raises `NotReached` after 11."""
    with browser.page(PHONE) as page:
        page.set_default_timeout(PATIENCE * 1000)
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", SLOW)
        go(page, seen.target.url)
        took = page.evaluate(
            "() => { const [each] = performance.getEntriesByType('navigation');"
            " return Math.max(each.domInteractive, each.loadEventStart) / 1000 }"
        )
        return float(took)


def offline(browser: Browser, seen: Seen) -> Offline:
    """Begin to type, lose the signal, come again; then come again with it. Raises `NotReached`."""
    page_with_field = next((view.url for view in seen.at(PHONE) if _has_field(view.main)), None)
    if page_with_field is None:
        raise NotReached(mark("None of the pages has anything to fill in, so nothing could be begun."))
    with browser.page(PHONE, service_workers="allow") as page:
        go(page, page_with_field)
        # A worker that keeps the page needs a moment, and a second visit.
        page.wait_for_timeout(500)
        go(page, page_with_field)
        settle(page)
        page.locator(FIELD).locator("visible=true").first.fill(TYPED)
        page.wait_for_timeout(300)
        page.context.set_offline(True)
        opened, kept = _again(page, page_with_field)
        page.context.set_offline(False)
        _there, kept_later = _again(page, page_with_field)
        return Offline(opened=opened, kept=kept, kept_later=kept_later)


def _has_field(measured: dict[str, Any]) -> bool:
    return any(each["type"] in ("text", "search", "textarea") for each in measured.get("fields", ()))


def _again(page: Any, url: str) -> tuple[bool, bool]:
    try:
        go(page, url)
        settle(page)
        return True, page.locator(FIELD).locator("visible=true").first.input_value(timeout=1_500) == TYPED
    except NotReached:
        return False, False
    except Exception as fault:
        if not type(fault).__module__.startswith("playwright"):
            raise
        return True, False
