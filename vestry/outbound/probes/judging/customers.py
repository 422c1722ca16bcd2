"""Enabling customers: whether people can do it themselves, and whether they are told plainly."""

from __future__ import annotations

from datetime import timedelta

from vestry.kernel import mark
from vestry.outbound.probes.browsing import DESK, PHONE
from vestry.outbound.probes.confined import NotReached
from vestry.outbound.probes.journey import Walked
from vestry.outbound.probes.judging.mobile import no_faults
from vestry.outbound.probes.judging.said import Judge, Said, like, listed, met, not_known, not_met, partly
from vestry.outbound.probes.seen import Seen
from vestry.outbound.probes.sheets import Sheet, days_in, sentences, short_share
from vestry.technology.ports import Verdict

STATEMENT = r"accessibility"
COMPLIANT = like(
    r"(fully|partially|not) compliant|meet\w* (the )?(wcag|web content)|wcag|web content accessib"
)
ENFORCED = like(r"equality and human rights commission|equality advisory|\behrc\b|\beass\b")
CONTACT = like(r"contact|email|write to|phone|call")
BY_PEOPLE = like(
    r"(audit|test|assess|evaluat|check)\w*[^.\n]{0,120}\b(by|with)\b[^.\n]{0,80}"
    r"(ltd|limited|centre|agency|users|people|consult|disab|assistive|specialist)"
)
NOT_BY_PEOPLE = like(r"not (yet )?(been )?(tested|audited)|have not|has not")
YEAR, TWO_YEARS = timedelta(days=366), timedelta(days=732)
GOOD, FAIR = 90, 75
MISSES = 2
ASKS_OF = {
    "email": like(r"e-?mail"),
    "tel": like(r"\b(tele)?phone|mobile number"),
    "postal-code": like(r"postcode"),
    "name": like(r"^(your |full )*name$"),
}
FIGURES = {
    "completion": like(r"complet"),
    "take-up": like(r"take.?up|online"),
    "satisfaction": like(r"satisf"),
    "cost": like(r"cost|£"),
}
FOLLOWS = like(r"status|track|progress|follow|view your|what is happening")
WRITES = like(
    r"(we|you) (will|have|’ll|'ll|are sending)[^.\n]{0,40}(e-?mail|text|message|hear)"
    r"|(e-?mail|text)(ed)? (to )?you"
)
PERFORMANCE = r"performance|how (well|it is|we are)"


def themselves(seen: Seen) -> Said:
    """E1: from the public page to a reference, with no account."""
    walked = _walked(seen)
    if walked.signed_in:
        if walked.reached:
            return partly(
                mark("“{title}” was done, but an account was forced on the way."), title=walked.title
            )
        return not_met(mark("“{title}” asks to sign in first."), title=walked.title)
    if walked.reached and walked.reference:
        return met(mark("“{title}” was done without an account, to a reference."), title=walked.title)
    if walked.reached:
        return partly(mark("“{title}” was done, with no reference at its end."), title=walked.title)
    return not_met(mark("“{title}” could not be done. {why}"), title=walked.title, why=str(walked.stopped))


def _walked(seen: Seen) -> Walked:
    if seen.walked is None:
        raise NotReached(mark("No journey was given to be walked."))
    if isinstance(seen.walked, NotReached):
        raise seen.walked
    return seen.walked


def accessible(seen: Seen) -> Said:
    """E3: nothing found by the probes, and people who checked it."""
    views = [view for page in seen.whole for view in page.views.values() if view.width in (PHONE, DESK)]
    found = no_faults(views)
    walked = seen.walked
    if isinstance(walked, Walked) and found.verdict == Verdict.MET:
        broken = {fault["rule"] for frame in walked.frames for fault in frame.faults}
        if broken:
            return not_met(
                mark("On the way of the journey rules are broken: {rules}."), rules=listed(sorted(broken))
            )
    if found.verdict == Verdict.PARTLY:
        return not_met(found.sentence, **found.words)
    if found.verdict != Verdict.MET:
        return found
    sheet = _statement(seen)
    audited = sheet and next((line for line in sheet.text.split("\n") if BY_PEOPLE.search(line)), "")
    if sheet and audited and not NOT_BY_PEOPLE.search(audited):
        tested = [day for day in days_in(sheet.text) if seen.now.date() - TWO_YEARS <= day <= seen.now.date()]
        if tested:
            return met(
                mark("Nothing was found, and its statement says that people checked it: “{line}”"),
                line=audited[:160],
            )
    return partly(mark("Nothing was found, but nothing shows that people checked it."))


def _statement(seen: Seen) -> Sheet | None:
    return seen.sheet(STATEMENT)


def statement(seen: Seen) -> Said:
    """E4: complete, and not old."""
    sheet = _statement(seen)
    if sheet is None:
        led = next((url for name, url in seen.links() if like(STATEMENT).search(name)), "")
        if led:
            return not_known(mark("Its statement was not read: {url}."), url=led[:160])
        return not_met(mark("None of its pages leads to an accessibility statement."))
    missing = [
        what
        for what, sign in (
            ("how compliant it is", COMPLIANT),
            ("who enforces it", ENFORCED),
            ("whom to tell", CONTACT),
        )
        if not sign.search(sheet.text)
    ]
    days = [day for day in days_in(sheet.text) if day <= seen.now.date()]
    if missing:
        return partly(mark("Its statement does not say {missing}."), missing=listed(missing))
    if not days:
        return partly(mark("Its statement does not say when it was looked at last."))
    if max(days) < seen.now.date() - YEAR:
        return partly(mark("Its statement was looked at last on {day}."), day=max(days).isoformat())
    return met(mark("Its statement is complete, and was looked at on {day}."), day=max(days).isoformat())


def told(seen: Seen) -> Said:
    """E7: a reference, a page to look at, messages."""
    walked = _walked(seen)
    if not walked.reached:
        raise walked.stopped or NotReached(mark("The journey did not come to its end."))
    links = [name for frame in walked.frames for name, _url in frame.measured.get("links", ())]
    has = {
        "a reference": bool(walked.reference),
        "a page to look at": any(FOLLOWS.search(name) for name in links),
        "messages": bool(WRITES.search(walked.last)),
    }
    lacking = [what for what, there in has.items() if not there]
    if not lacking:
        return met(mark("At its end there are a reference, a page to look at, and messages."))
    if len(lacking) < len(has):
        return partly(mark("At its end something is missing: {what}."), what=listed(lacking))
    return not_met(mark("At its end there is neither a reference, nor a page to look at, nor a message."))


def plain_words(seen: Seen) -> Said:
    """E9: everything labelled, nothing asked twice, short sentences."""
    frames = [frame for view in seen.at(PHONE) for frame in view.frames]
    walked = seen.walked
    frames += walked.frames if isinstance(walked, Walked) else []
    fields = {
        (frame.url, each["name"] or each["label"]): each
        for frame in frames
        for each in frame.measured.get("fields", ())
    }
    misses = [f"no label: {name}" for (_url, name), each in fields.items() if not each["label"]]
    for each in fields.values():
        for wanted, sign in ASKS_OF.items():
            if (
                sign.search(each["label"])
                and each["type"] in ("text", "email", "tel")
                and wanted not in each["autocomplete"]
            ):
                misses.append(f"no autocomplete: {each['label']}")
    misses += _twice(walked) if isinstance(walked, Walked) else []
    misses = list(dict.fromkeys(misses))
    lengths = sentences(
        dict.fromkeys(line for frame in frames for line in frame.measured.get("paragraphs", ()))
    )
    share = short_share(lengths)
    if share >= GOOD and not misses:
        return met(mark("{share} of 100 sentences are short, and all {fields} fields say what they are."),
                   share=share, fields=len(fields))  # fmt: skip
    said = {"share": share, "misses": listed(misses) or "–"}
    if share >= FAIR and len(misses) <= MISSES:
        return partly(mark("{share} of 100 sentences are short; to mend: {misses}."), **said)
    return not_met(mark("{share} of 100 sentences are short; to mend: {misses}."), **said)


def _twice(walked: Walked) -> list[str]:
    """The same question on two different pages of one journey."""
    where: dict[str, set[str]] = {}
    for frame in walked.frames:
        for each in frame.measured.get("fields", ()):
            if each["type"] in ("radio", "checkbox") or not each["label"]:
                continue
            where.setdefault(each["label"].casefold(), set()).add(frame.url.partition("?")[0])
    return [f"asked twice: {label}" for label, pages in where.items() if len(pages) > 1]


def measured(seen: Seen) -> Said:
    """E10: figures in public."""
    sheet = seen.sheet(PERFORMANCE)
    if sheet is None:
        return not_known(mark("No page was found that tells how well it does."))
    lines = [line for line in sheet.text.split("\n") if like(r"\d").search(line)]
    has = [name for name, sign in FIGURES.items() if any(sign.search(line) for line in lines)]
    if len(has) >= 3:  # noqa: PLR2004 - of the four that the Service Standard asks for
        return met(mark("It publishes figures: {names}."), names=listed(has))
    if has:
        return partly(mark("It publishes some figures: {names}."), names=listed(has))
    return not_met(mark("Its page “{name}” holds no figures."), name=sheet.name)


JOURNEY = tuple(f"journey-{number}.png" for number in range(1, 13))
JUDGES = {
    "E1": Judge(says=themselves, evidence=JOURNEY),
    "E3": Judge(says=accessible, evidence=("measured.json",)),
    "E4": Judge(says=statement),
    "E7": Judge(says=told, evidence=JOURNEY),
    "E9": Judge(says=plain_words, evidence=("measured.json",)),
    "E10": Judge(says=measured),
}
