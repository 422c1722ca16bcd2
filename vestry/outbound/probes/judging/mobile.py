"""Mobile ready: what a phone makes of it."""

from __future__ import annotations

import re

from vestry.kernel import mark
from vestry.outbound.probes.browsing import DESK, PHONE, WIDTHS, View
from vestry.outbound.probes.confined import NotReached
from vestry.outbound.probes.journey import Walked
from vestry.outbound.probes.judging.said import Judge, Said, like, listed, met, not_known, not_met, partly
from vestry.outbound.probes.seen import Offline, Seen

PICTURES = tuple(f"page-{number}-width-{width}.png" for number in (1, 2, 3) for width in WIDTHS)
SMALLEST = 320
SPARE = 1
SHARE = 95
TWICE = 2.0
FEW = 3
TINY = 5
HEAVY, HEAVIER = 1_000_000, 3_000_000
SOON, LATE = 5.0, 10.0
MAIN_TASK = like(r"\b(start|apply|book|report|request|pay|submit|send|continue|sign in)\b")
SPECIAL = like(
    r"(mobile device management|\bmdm\b|(managed|corporate) devices? only|rugged\w* (device|handheld)"
    r"|mobile gateway|mobile add.?on|mobile licen[cs]e|only works on a (desktop|computer|pc))"
)
AN_APP = like(
    r"(you (need|must|have to)|to [\w ]{3,40},) (use |install |download |get )?(our|the) (free )?app\b"
)
ENGINES = {
    "Chromium": like(r"\b(chrome|chromium|edge|samsung internet|opera)\b"),
    "Gecko": like(r"\bfirefox\b"),
    "WebKit": like(r"\bsafari\b"),
}
ONE_ONLY = like(
    r"(internet explorer|\bie ?\d+|google chrome|microsoft edge)[^.\n]{0,30} (only|is required|required)"
    r"|(best (viewed|used)|only works|optimi[sz]ed|requires?)( in| with| for)? (internet explorer|ie ?\d+)"
)


def fits(seen: Seen) -> Said:
    """M1: as wide as the device, and nothing wider in it."""
    fixed: list[str] = []
    wide: dict[int, set[str]] = {}
    for width in WIDTHS:
        for view in seen.at(width):
            main = view.main
            if main["layout"] > width + SPARE:
                fixed.append(f"{view.url} ({main['layout']} px at {width})")
            elif main["content"] > width + SPARE:
                wide.setdefault(width, set()).add(f"{view.url} ({main['content']} px at {width})")
    pages = len(seen.whole)
    if fixed:
        return not_met(mark("Its layout stays wider than the screen: {where}."), where=listed(fixed))
    if not wide:
        return met(mark("{pages} pages are as wide as the screen, from 320 to 1280 pixels."), pages=pages)
    all_wide = [each for found in wide.values() for each in sorted(found)]
    share = max(len(found) for found in wide.values()) / max(1, pages)
    if set(wide) == {SMALLEST} or share <= 1 / 5:
        return partly(mark("Something is cut off on the smallest screens: {where}."), where=listed(all_wide))
    return not_met(mark("Pages are wider than the screen: {where}."), where=listed(all_wide))


def same_controls(seen: Seen) -> Said:
    """M2: what can be pressed at a desk is there on the phone, menus opened."""
    all_there: set[str] = set()
    missing: set[str] = set()
    blind = False
    for page in seen.whole:
        phone, desk = page.views.get(PHONE), page.views.get(DESK)
        if phone and desk:
            all_there |= desk.controls
            missing |= desk.controls - phone.controls
            blind = blind or _blind(phone) or _blind(desk)
    if missing:
        share = 100 * (len(all_there) - len(missing)) // len(all_there)
        told = listed(sorted(missing))
        if share >= SHARE and not any(MAIN_TASK.search(name) for name in missing):
            return partly(mark("A few controls are not there on a phone: {names}."), names=told)
        return not_met(mark("On a phone these are missing: {names}."), names=told)
    if blind:
        return not_known(mark("A frame could not be looked into, so not all of it was seen."))
    return met(mark("All {number} controls are there on a phone, too."), number=len(all_there))


def _blind(view: View) -> bool:
    return any(not frame.seen for frame in view.frames)


def finished(seen: Seen) -> Said:
    """M3: the main task, done by touch."""
    walked = _walked(seen)
    if walked.reached:
        return met(mark("“{title}” was done on a phone, by touch alone."), title=walked.title)
    why = walked.stopped
    return not_met(mark("“{title}” was not finished on a phone. {why}"), title=walked.title, why=str(why))


def _walked(seen: Seen) -> Walked:
    if seen.walked is None:
        raise NotReached(mark("No journey was given to be walked."))
    if isinstance(seen.walked, NotReached):
        raise seen.walked
    return seen.walked


def touched(seen: Seen) -> Said:
    """M4: large enough to touch and to read, and to be made larger."""
    views = list(seen.at(PHONE))
    blocked = [
        view.url for view in views for frame in view.frames if _no_zoom(frame.measured.get("viewport", ""))
    ]
    if blocked:
        return not_met(mark("It forbids to make it larger: {where}."), where=listed(blocked))
    small = [name for view in views for frame in view.frames for name in frame.measured.get("small", ())]
    letters = sum(frame.measured.get("letters", 0) for view in views for frame in view.frames)
    tiny = sum(frame.measured.get("tiny", 0) for view in views for frame in view.frames)
    share = 100 * tiny // max(1, letters)
    if len(set(small)) > FEW or share > TINY:
        return not_met(
            mark("{number} targets are too small to touch ({names}), and {share}% of the text is tiny."),
            number=len(set(small)), names=listed(small), share=share,
        )  # fmt: skip
    if small:
        return partly(mark("A few targets are small: {names}."), names=listed(small))
    return met(
        mark("All targets are large enough, {share}% of the text is tiny, and it can be made larger."),
        share=share,
    )


def _no_zoom(viewport: str) -> bool:
    said = dict(part.strip().lower().partition("=")[::2] for part in re.split("[,;]", viewport))
    try:
        most = float(said.get("maximum-scale", "10"))
    except ValueError:
        most = 10.0
    return said.get("user-scalable", "yes").strip() in ("no", "0") or most < TWICE


def nothing_special(seen: Seen) -> Said:
    """M5: a browser on any device is enough."""
    special = next((line for line in seen.text.split("\n") if SPECIAL.search(line)), "")
    if special:
        return not_met(mark("It asks for something special on the phone: “{line}”"), line=special[:160])
    app = next((line for line in seen.text.split("\n") if AN_APP.search(line)), "")
    if app:
        return partly(mark("Something needs an app: “{line}”"), line=app[:160])
    if fits(seen).verdict != "met":
        return not_known(mark("It says nothing of a special device, but did not fit a phone’s browser."))
    return met(mark("It worked in a phone’s browser, and asks for nothing else."))


def any_browser(seen: Seen) -> Said:
    """M6: three engines named, or nothing that needs a script."""
    one = next((line for line in seen.text.split("\n") if ONE_ONLY.search(line)), "")
    if one:
        return not_met(mark("It wants one browser: “{line}”"), line=one[:160])
    named = [name for name, sign in ENGINES.items() if sign.search(seen.text)]
    if len(named) == len(ENGINES):
        return met(mark("It names browsers of three kinds: {names}."), names=listed(named))
    if _needs_no_script(seen):
        return met(
            mark("Everything on its first page is there with scripts switched off, so any browser does.")
        )
    if len(named) > 1:
        return partly(mark("It names browsers of two kinds: {names}."), names=listed(named))
    return not_known(mark("It was tried in one browser, needs scripts, and names no others."))


def _needs_no_script(seen: Seen) -> bool:
    bare = seen.without_script
    first = seen.whole[0].views.get(DESK) if seen.whole else None
    if bare is None or first is None:
        return False
    words, bare_words = first.main["text"].split(), bare.main["text"].split()
    return first.controls <= bare.controls and len(bare_words) >= len(words) * 95 // 100


def heavy(seen: Seen) -> bool:
    """Whether a page takes so much that its seconds need not be counted."""
    return _heaviest(seen) > HEAVIER


def _heaviest(seen: Seen) -> int:
    return max((view.taken for view in seen.at(PHONE)), default=0)


def light(seen: Seen) -> Said:
    """M7: bytes, and seconds on a slow connection."""
    heaviest = _heaviest(seen)
    kilobytes = heaviest // 1000
    if heaviest > HEAVIER:
        return not_met(mark("A page takes {kilobytes} kB."), kilobytes=kilobytes)
    after = seen.usable_after
    if isinstance(after, NotReached):
        late = "seconds" in after.words
        if late:
            return not_met(mark("On a slow connection it could not be used within 10 seconds."))
        raise after
    seconds = float(after or 0)
    # Whole seconds: what is measured twice is not told apart by its milliseconds.
    told = {"kilobytes": kilobytes, "seconds": max(1, round(seconds))}
    if seconds > LATE:
        return not_met(mark("{kilobytes} kB, and about {seconds} seconds on a slow connection."), **told)
    if heaviest > HEAVY or seconds > SOON:
        return partly(mark("{kilobytes} kB, and about {seconds} seconds on a slow connection."), **told)
    return met(mark("{kilobytes} kB at most, and usable in {seconds} s on a slow connection."), **told)


def poor_signal(seen: Seen) -> Said:
    """M8: what was begun, when the signal goes."""
    tried = seen.offline
    if isinstance(tried, NotReached):
        raise tried
    if not isinstance(tried, Offline):
        return not_known(mark("It was not tried."))
    if tried.opened and tried.kept:
        return met(mark("With no signal the page opened, and what was begun was still there."))
    if tried.kept_later:
        return partly(
            mark("With no signal it did not go on; when it was back, what was begun was still there.")
        )
    return not_met(mark("When the signal went, what was begun was lost."))


def accessible_on_a_phone(seen: Seen) -> Said:
    """M9: axe, in every frame, at the width of a phone."""
    return no_faults([view for page in seen.whole for view in page.views.values() if view.width == PHONE])


def no_faults(views: list[View]) -> Said:
    """What axe found in all frames of some views."""
    faults = [(where, fault) for view in views for where, fault in view.faults]
    told = listed(f"{fault['rule']} ({where})" for where, fault in faults)
    if any(fault["impact"] in ("serious", "critical") for _where, fault in faults):
        rules = len({fault["rule"] for _where, fault in faults})
        return not_met(mark("{rules} rules are broken: {where}."), rules=rules, where=told)
    blind = [frame.url for view in views for frame in view.frames if not frame.seen]
    if blind:
        return not_known(mark("A frame could not be looked into: {where}."), where=listed(blind))
    if faults:
        return partly(mark("Minor faults: {where}."), where=told)
    frames = sum(len(view.frames) for view in views)
    return met(mark("{frames} frames were looked into, and no failure was found."), frames=frames)


JUDGES = {
    "M1": Judge(says=fits, evidence=("measured.json", *PICTURES)),
    "M2": Judge(says=same_controls, evidence=("measured.json", *PICTURES)),
    "M3": Judge(says=finished, evidence=tuple(f"journey-{number}.png" for number in range(1, 13))),
    "M4": Judge(says=touched, evidence=("measured.json",)),
    "M5": Judge(says=nothing_special, evidence=("measured.json",)),
    "M6": Judge(says=any_browser, evidence=("measured.json",)),
    "M7": Judge(says=light, evidence=("measured.json",)),
    "M8": Judge(says=poor_signal),
    "M9": Judge(says=accessible_on_a_phone, evidence=("measured.json",)),
}
