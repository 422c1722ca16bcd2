"""A journey as somebody wrote it down, walked on a phone by touch: to its end, or to where it stops."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec
import yaml

from vestry.kernel import mark
from vestry.outbound.probes.browsing import PHONE, Browser, Frame, frames_of, go, settle
from vestry.outbound.probes.confined import PORTS, NotReached
from vestry.technology.ports import NotAJourney

STEPS = 200
WORD = re.compile(r"\w[\w/.-]*")
# What a reference looks like is held against somebody's page, so it is no regular expression: these can be
# written, by mistake, so that they do not come to an end, and nothing else is done meanwhile.
REFERENCE = re.compile(r"[\w#*](?:[\w#*/.-]*[\w#*])?")


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do: press what has a name, choose an answer, fill or pick in what has a label."""

    press: str = ""
    choose: str = ""
    fill: str = ""
    pick: str = ""
    text: str = msgspec.field(name="with", default="")

    @property
    def what(self) -> str:
        """The name or label of what it is done to."""
        return self.press or self.choose or self.fill or self.pick


class Ends(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the end is known: what the page says, and what a reference looks like: # for a digit, and once
    * for letters, digits and hyphens.
    """

    says: str = ""
    reference: str = ""


class Journey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The main task of a product, step by step."""

    title: str
    start: str
    steps: list[Step]
    ends: Ends


@dataclass
class Walked:
    """What became of it. ``stopped`` says why it did not come to its end."""

    title: str
    reached: bool = False
    signed_in: bool = False
    """Whether it was asked to sign in on the way."""
    reference: str = ""
    stopped: NotReached | None = None
    frames: list[Frame] = field(default_factory=list)
    last: str = ""
    pictures: list[bytes] = field(default_factory=list)


def read(text: str) -> Journey:
    """A journey from YAML. Raises `NotAJourney`."""
    try:
        # Everything in it is a text as it stands there: what looks like a day or a number is typed like that.
        found = msgspec.convert(yaml.load(text, yaml.BaseLoader), Journey)  # noqa: S506 - it makes texts only
    except RecursionError:
        raise NotAJourney(why="there are too many brackets in it, one inside the other") from None
    except (yaml.YAMLError, msgspec.ValidationError) as fault:
        place = getattr(fault, "problem_mark", None)
        where = f" in line {place.line + 1}" if place else ""
        said = getattr(fault, "problem", "") or str(fault).partition("\n")[0]
        raise NotAJourney(why=f"{said}{where}") from None
    if why := _wrong(found):
        raise NotAJourney(why=why)
    return found


def _wrong(journey: Journey) -> str:
    ends = journey.ends
    if not (ends.says or ends.reference):
        return "it has to say how its end is known"
    if not 1 <= len(journey.steps) <= STEPS:
        return f"it has to have a step, and {STEPS} at most"
    for number, step in enumerate(journey.steps, start=1):
        done = [each for each in (step.press, step.choose, step.fill, step.pick) if each]
        if len(done) != 1 or (step.text and not (step.fill or step.pick)):
            return f"step {number} has to be one of press, choose, fill and pick; the last two say with what"
    signs = (
        ends.reference.strip("*") and ends.reference.count("*") <= 1 and REFERENCE.fullmatch(ends.reference)
    )
    if ends.reference and not signs:
        return (
            f"the reference “{ends.reference[:40]}” has to be one word, in which # stands for a digit "
            "and one * for letters, digits and hyphens, as in AB-####, AB-*"
        )
    return ""


def referred(written: str, text: str) -> str:
    """The first word of a text that looks like a reference as it is written; none is ""."""
    before, star, after = written.partition("*")
    for found in WORD.finditer(text):
        word = found.group().rstrip("./-")
        end = len(word) - len(after)
        if end < len(before):
            continue
        middle = word[len(before) : end]
        fits = middle.replace("-", "").isalnum() if star else not middle
        if fits and _like(word[: len(before)], before) and _like(word[end:], after):
            return word
    return ""


def _like(part: str, written: str) -> bool:
    return all(
        letter.isdecimal() if sign == "#" else letter == sign
        for letter, sign in zip(part, written, strict=True)
    )


def _stay(browser: Browser, url: str) -> None:
    if urlsplit(url).scheme not in PORTS or not browser.gate.target.is_here(url):
        raise NotReached(mark("It leads to another host: {url}."), url=url[:120])


def walk(browser: Browser, journey: Journey, *, origin: str) -> Walked:
    """Walk it on a phone, by touch alone. Raises `NotReached` when it cannot even begin."""
    from playwright.sync_api import Error  # noqa: PLC0415 - an optional package

    walked = Walked(title=journey.title)
    with browser.page(PHONE) as page:
        start = origin + journey.start if journey.start.startswith("/") else journey.start
        _stay(browser, start)
        answer = go(page, start)
        _stay(browser, page.url)
        if answer.status != 200:  # noqa: PLR2004
            raise NotReached(mark("It answered {status}, so nothing can be said."), status=answer.status)
        _look(page, walked)
        for number, step in enumerate(journey.steps, start=1):
            try:
                _do(page, step)
            except Error as fault:
                said = str(fault.message).partition("\n")[0][:100]
                walked.stopped = NotReached(
                    mark("Step {number}, “{what}”, could not be done: {said}"),
                    number=number,
                    what=step.what,
                    said=said,
                )
                break
            if not browser.gate.target.is_here(page.url):
                walked.stopped = NotReached(mark("It leads to another host: {url}."), url=page.url[:120])
                break
            _look(page, walked)
        else:
            _end(journey.ends, walked)
    return walked


def _do(page: Any, step: Step) -> None:
    if step.press:
        named = page.get_by_role("button", name=step.press).or_(page.get_by_role("link", name=step.press))
        _press(page, named.first)
    elif step.choose:
        page.get_by_label(step.choose, exact=False).first.tap(timeout=4_000)
    elif step.fill:
        page.get_by_label(step.fill, exact=False).first.fill(step.text, timeout=4_000)
    elif step.pick:
        page.get_by_label(step.pick, exact=False).first.select_option(step.text, timeout=4_000)


def _press(page: Any, control: Any) -> None:
    from playwright.sync_api import TimeoutError  # noqa: A004, PLC0415 - an optional package

    leads = control.evaluate("each => !!each.closest('form, a[href]')", timeout=4_000)
    if not leads:
        control.tap(timeout=4_000)
        return
    try:
        with page.expect_navigation(timeout=6_000):
            control.tap(timeout=4_000)
    except TimeoutError:
        # A script may have taken it, or said what is wrong; the next step will tell.
        return


def _look(page: Any, walked: Walked) -> None:
    settle(page)
    frames = list(frames_of(page, axed=True))
    walked.frames += frames
    walked.last = str(frames[0].measured.get("text", ""))
    walked.signed_in = walked.signed_in or any(frame.measured.get("passwords") for frame in frames)
    if len(walked.pictures) < 12:  # noqa: PLR2004 - enough to see where it went
        walked.pictures.append(page.screenshot())


def _end(ends: Ends, walked: Walked) -> None:
    said = ends.says.casefold() in walked.last.casefold()
    walked.reference = referred(ends.reference, walked.last) if ends.reference else ""
    walked.reached = said and bool(walked.reference or not ends.reference)
    if not walked.reached:
        walked.stopped = NotReached(mark("It came to its last step, but not to the end that was expected."))
