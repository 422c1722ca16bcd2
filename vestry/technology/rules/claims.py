"""What a supplier has answered in public, question by question, and what each answer would mean here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from vestry.technology.ports import Verdict

ANY = "any"
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


class Meaning(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Which criterion a question is about, and which answers would meet it."""

    criterion: str
    met: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    not_met: tuple[str, ...] = ()
    figure: dict[str, float] = {}
    """The least percentage that is met, and partly."""
    several: dict[str, int] = {}
    """How many answers are met, and partly."""


class Questions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The question set, its source and its date."""

    source: str
    dated: str
    questions: dict[str, Meaning]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One answer of a supplier, and what it would mean for a criterion."""

    question: str
    answer: str
    criterion: str
    verdict: Verdict


def read(answers: Mapping[str, object], questions: Questions) -> Iterator[Claim]:
    """What a supplier's answers mean, by question id; questions nobody knows here say nothing."""
    for question, given in answers.items():
        meaning = questions.questions.get(question)
        if meaning is None:
            continue
        listed = _listed(given)
        verdict = _verdict(meaning, listed)
        if listed and verdict:
            yield Claim(
                question=question, answer=", ".join(listed), criterion=meaning.criterion, verdict=verdict
            )


def _listed(given: object) -> list[str]:
    if isinstance(given, bool):
        return ["Yes" if given else "No"]
    many = given if isinstance(given, list | tuple) else [given]
    return [str(each).strip() for each in many if str(each).strip()]


def _verdict(meaning: Meaning, given: Sequence[str]) -> Verdict | None:
    if meaning.several:
        return _by_number(len(given), meaning.several)
    if meaning.figure:
        figures = [float(found) for each in given for found in _FIGURE.findall(each)]
        return _by_number(max(figures), meaning.figure) if figures else None
    plain = {each.casefold() for each in given}
    for verdict, answers in (
        (Verdict.MET, meaning.met),
        (Verdict.PARTLY, meaning.partly),
        (Verdict.NOT_MET, meaning.not_met),
    ):
        if plain & {each.casefold() for each in answers} or (ANY in answers and given):
            return verdict
    return None


def _by_number(number: float, least: Mapping[str, float]) -> Verdict:
    if number >= least["met"]:
        return Verdict.MET
    return Verdict.PARTLY if number >= least["partly"] else Verdict.NOT_MET
