"""Definitions at random, edited at random, and what is right of them, said a second time and more simply.

A definition is a list of `Ask`: each a page with one question, or a step that holds a slot.
"""

from dataclasses import dataclass, replace

import yaml
from hypothesis import strategies as st

KINDS = ["text", "radios", "yes-no", "list", "slots"]
LABELS = {"r1": ["One", "First"], "r2": ["Two"], "r3": ["Three"]}
RAWS = {
    "text": ["ja", "longer", "", "much too long"],
    "radios": ["r1", "r2", "r3", ""],
    "yes-no": ["yes", "no", ""],
    "slots": ["s1", "s2", "s3", ""],
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Ask:
    id: str
    kind: str
    text: str = "What?"
    optional: bool = False
    most: int = 6
    """Of a text its length, of a list how many there can be."""
    options: tuple[tuple[str, str], ...] = ()
    on: str = ""
    """Asked only if that one was answered with its first answer, or, turned, if it was not."""
    turned: bool = False
    heads: bool = False
    """A task begins here."""

    def __repr__(self):
        return yaml.safe_dump(
            [_step(self), {"on": self.on, "turned": self.turned, "heads": self.heads}],
            default_flow_style=True,
            width=1000,
        ).strip()

    @property
    def question(self):
        return f"{self.id}-slot" if self.kind == "slots" else self.id


@st.composite
def asks(draw, id):
    kind = draw(st.sampled_from(KINDS[:4])) if id < "f" else "slots"
    keys = draw(st.lists(st.sampled_from(sorted(LABELS)), min_size=1, unique=True))
    options = tuple((key, draw(st.sampled_from(LABELS[key]))) for key in keys)
    if kind == "slots":
        options = tuple((slot, slot.title()) for slot in ("s1", "s2", "s3"))
    return Ask(
        id=id,
        kind=kind,
        text=draw(st.sampled_from(["What?", "What now?"])),
        optional=kind != "slots" and draw(st.booleans()),
        most=draw(st.sampled_from([1, 6])),
        options=options,
        on=draw(st.sampled_from(["", "", "a", "b", "c", "d"])),
        turned=draw(st.booleans()),
        heads=draw(st.integers(0, 3)) == 0,
    )


@st.composite
def definitions(draw):
    ids = draw(st.lists(st.sampled_from("abcdefg"), min_size=2, max_size=6, unique=True))
    return mended([draw(asks(id)) for id in ids])


@st.composite
def edits(draw, asked):
    """The same with some of it written anew, left out, added, and put in another order."""
    edited = []
    for ask in asked:
        how = draw(st.sampled_from(["same"] * 6 + ["anew", "reworded", "elsewhere", "gone", "tasks"]))
        if how == "anew":
            edited.append(draw(asks(ask.id)))
        elif how == "reworded":
            edited.append(replace(ask, text=f"{ask.text}!"))
        elif how == "elsewhere":
            edited.insert(draw(st.integers(0, len(edited))), ask)
        elif how == "tasks":
            edited.append(replace(ask, heads=not ask.heads))
        elif how == "same":
            edited.append(ask)
    there = {ask.id for ask in edited}
    fresh = [id for id in "abcdefg" if id not in there]
    if fresh and (not edited or draw(st.booleans())):
        edited.insert(draw(st.integers(0, len(edited))), draw(asks(draw(st.sampled_from(fresh)))))
    return mended(edited)


def mended(asked):
    """A condition uses what is asked before it."""
    there = {}
    for ask in asked:
        there[ask.id] = ask if ask.on in there else replace(ask, on="")
    return tuple(there.values())


def condition(ask, by_id):
    if not ask.on:
        return ""
    kind = by_id[ask.on].kind
    if kind == "list":
        return f"len({ask.on}) {'==' if ask.turned else '>'} 0"
    if kind == "yes-no":
        return f"{'not ' if ask.turned else ''}{ask.on}"
    return f'{ask.on} {"!=" if ask.turned else "=="} "{RAWS[kind][0]}"'


def written(slug, asked, policy):
    """The text of the definition."""
    by_id, journey = {ask.id: ask for ask in asked}, []
    for number, ask in enumerate(asked):
        if ask.heads:
            journey.append({"task": f"T{number}"})
        step = _step(ask)
        if when := condition(ask, by_id):
            (step.get("slots") or step)["when"] = when
        journey.append(step)
    said = {
        "service": slug,
        "title": "S",
        "summary": "S",
        "why": "w",
        "owner": "o",
        "class": "official-personal",
        "reference": "SS",
        "keep": {"closed": "1 year"},
        "people-midway": policy,
        "journey": [*journey, {"check": "Check"}],
    }
    return yaml.safe_dump(said, sort_keys=False)


def _step(ask):
    if ask.kind == "slots":
        return {"slots": {"id": ask.id, "ask": ask.text, "slots": dict(ask.options)}}
    words = {"id": ask.id, "ask": ask.text, "optional": ask.optional}
    if ask.kind == "text":
        words["max"] = ask.most
    elif ask.kind == "radios":
        words["options"] = dict(ask.options)
    elif ask.kind == "list":
        each = [{"text": {"id": "called", "ask": "Called?", "max": ask.most}}]
        words |= {"one": "thing", "many": "things", "max": ask.most, "each": each}
    return {"page": ask.text, "ask": [{ask.kind: words}]}


def taken(ask, answer):
    """Whether this definition takes the answer, as it is kept when it is sent."""
    if answer is None:
        return ask.optional
    if ask.kind == "text":
        return isinstance(answer, str) and len(answer) <= ask.most
    if ask.kind == "yes-no":
        return isinstance(answer, bool)
    if ask.kind == "list":
        return 0 < len(answer) <= ask.most and all(0 < len(each["called"]) <= ask.most for each in answer)
    return answer in dict(ask.options)


def fits(was, becomes, answer):
    """Whether an answer to the one goes along to the other."""
    alike = was.kind == becomes.kind and was.text == becomes.text and taken(becomes, answer)
    return alike and dict(was.options).get(answer) == dict(becomes.options).get(answer)


def said_of(ask, said):
    """The answer to a question as it stands; None when there is none yet, or it was left out."""
    answer = said.get(ask.question)
    if ask.kind == "list" and isinstance(answer, dict):
        items = [item for _, item in sorted(answer["items"].items())]
        return items or None if answer["done"] else None
    return answer


def path(asked, said):
    """Those that apply, by the answers that are given: each with its answer."""
    by_id, found = {ask.id: ask for ask in asked}, {}
    for ask in asked:
        if not ask.on or _first(by_id[ask.on], found.get(ask.on)) != ask.turned:
            found[ask.id] = said_of(ask, said)
    return found


def _first(ask, answer):
    if ask.kind == "list":
        return bool(answer)
    return answer == {"text": "ja", "radios": "r1", "yes-no": True}[ask.kind]
