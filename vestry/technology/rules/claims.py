"""What a supplier has answered in public, question by question, and what each answer would mean here.

Read from a table or from JSON: every mistake is told with its line, and what would be right.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import msgspec

from vestry.kernel import mark
from vestry.technology.ports import Verdict
from vestry.technology.rules.table import Fault, Wrong

QUESTION, ANSWER = "question", "answer"
LONGEST = 2_000
# So many mistakes are told at once: nobody reads more, and each is looked up among all questions.
MOST_FAULTS = 50
NAMED = 80
_PERCENT = re.compile(r"(?<![\d.,])(?:100|\d\d?(?:[.,]\d+)?) ?%")
# What no database keeps and no page shows.
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")


class Meaning(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A question, the criterion it is about, and its answers by what they would mean: value and label.

    ``silent`` answers mean nothing by themselves; ``otherwise`` is what any other answer would mean, and
    ``figure`` what any other would that has a percentage in it, where it must have one.
    """

    asks: str
    criterion: str
    met: dict[str, str] = {}
    partly: dict[str, str] = {}
    not_met: dict[str, str] = {}
    silent: dict[str, str] = {}
    otherwise: Verdict | None = None
    figure: Verdict | None = None
    several: dict[str, int] = {}
    """How many answers are met, and partly."""

    @property
    def options(self) -> dict[str, str]:
        """The answers that can be chosen; none where it is answered in one's own words."""
        return {} if self.otherwise or self.figure else _all(self)


class Questions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The question set, its source and its date. ``others`` are asked in it, too, and say nothing here."""

    source: str
    dated: str
    questions: dict[str, Meaning]
    others: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One answer of a supplier, and what it would mean for a criterion."""

    question: str
    answer: str
    criterion: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Read:
    """Answers as they were read. ``silent`` are the questions that say nothing about any criterion."""

    claims: Sequence[Claim] = ()
    silent: Sequence[str] = ()
    faults: Sequence[Fault] = ()


def read(answers: Mapping[str, object], questions: Questions) -> Iterator[Claim]:
    """What a supplier's answers mean, by question id; what cannot be understood says nothing here, and keeps
    a pack from being published.
    """
    for question, given in answers.items():
        try:
            claim = understood(question, given, questions)
        except Wrong:
            continue
        if claim:
            yield claim


def understood(question: str, given: object, questions: Questions) -> Claim | None:
    """What one question's answers mean; None for one that is about no criterion. Raises `Wrong`."""
    meaning = questions.questions.get(question)
    if meaning is None:
        _must_be_asked(question, questions)
        return None
    answers = listed(given)
    if not answers:
        raise Wrong(what=mark("It is empty."), right=mark("Write something into it."))
    said = [_named(each, meaning) for each in answers]
    return Claim(
        question=question,
        answer=", ".join(said)[:LONGEST],
        criterion=meaning.criterion,
        verdict=_verdict(meaning, said),
    )


def _must_be_asked(question: str, questions: Questions) -> None:
    if question in questions.others:
        return
    known = [*questions.questions, *questions.others]
    by_small_letters = {each.casefold(): each for each in known}
    near = get_close_matches(question[:NAMED].casefold(), by_small_letters, n=1)
    raise Wrong(
        what=mark("“{cell}” is no question of the set."),
        right=mark("Write {near}.") if near else mark("Leave it out, or look it up in the published set."),
        words={"cell": question[:NAMED], "near": by_small_letters[near[0]] if near else ""},
    )


def listed(given: object) -> list[str]:
    """Answers as texts: one, several, yes or no; a value that comes with its assurance. Raises `Wrong`."""
    if isinstance(given, Mapping) and "value" in given:
        given = given["value"]
    many = given if isinstance(given, list | tuple) else [given]
    return [said for each in many if each is not None and (said := _text(each))]


def _text(given: object) -> str:
    if isinstance(given, bool):
        return "Yes" if given else "No"
    if isinstance(given, str | int | float):
        return _clean(str(given))
    raise Wrong(
        what=mark("It is neither one answer nor a list of answers."),
        right=mark("Write a text, a number, true or false, or a list of these."),
    )


def _clean(text: str) -> str:
    return _UNFIT.sub("", text).strip()


def _plain(text: str) -> str:
    return re.sub(r" \([^()]*\)$", "", text.casefold().replace("’", "'").strip(" ."))


def _named(answer: str, meaning: Meaning) -> str:
    """An answer as its label. Raises `Wrong` for one that cannot be chosen."""
    known = {_plain(name): label for value, label in _all(meaning).items() for name in (value, label)}
    found = known.get(_plain(answer))
    if found is not None or not meaning.options:
        return found or answer
    near = get_close_matches(_plain(answer), known, n=1)
    raise Wrong(
        what=mark("“{cell}” is none of the answers to this question."),
        right=mark("Write {near}.") if near else mark("Write one of {known}."),
        words={
            "cell": answer[:NAMED],
            "near": known[near[0]] if near else "",
            "known": "; ".join(meaning.options.values()),
        },
    )


def _all(meaning: Meaning) -> dict[str, str]:
    return {**meaning.met, **meaning.partly, **meaning.not_met, **meaning.silent}


def _verdict(meaning: Meaning, said: Sequence[str]) -> Verdict:
    if meaning.several:
        return _by_number(len(set(said)), meaning.several)
    for verdict, answers in (
        (Verdict.MET, meaning.met),
        (Verdict.PARTLY, meaning.partly),
        (Verdict.NOT_MET, meaning.not_met),
    ):
        if set(said) & set(answers.values()):
            return verdict
    if meaning.figure and not any(map(_PERCENT.search, said)):
        raise Wrong(what=mark("There is no figure in it."), right=mark("Write it in digits, as in 99.9%."))
    return meaning.figure or meaning.otherwise or Verdict.NOT_KNOWN


def _by_number(number: int, least: Mapping[str, int]) -> Verdict:
    if number >= least["met"]:
        return Verdict.MET
    return Verdict.PARTLY if number >= least["partly"] else Verdict.NOT_MET


def read_text(text: str, questions: Questions) -> Read:
    """Answers from a table (columns ``question`` and ``answer``) or from JSON (an object by question)."""
    text = _UNFIT.sub("", text.lstrip("\ufeff"))
    try:
        rows = list(_of_json(text) if text.lstrip()[:1] in ("{", "[") else _of_table(text))
    except _Unreadable as why:
        return Read(faults=[why.fault])
    return read_rows(rows, questions)


Rows = Iterable[tuple[int, str, object]]


def read_rows(rows: Rows, questions: Questions) -> Read:
    """Answers, each with its line and its question. After `MOST_FAULTS` mistakes no more are told."""
    claims: list[Claim] = []
    silent: list[str] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line, name, given in rows:
        question = _clean(name)
        try:
            if question in seen:
                raise Wrong(
                    what=mark("“{name}” is on line {before}, too."),
                    right=mark("Keep one of them."),
                    words={"name": question[:NAMED], "before": seen[question]},
                )
            seen[question] = line
            claim = understood(question, given, questions)
        except Wrong as wrong:
            column = question[:NAMED]
            faults.append(
                Fault(line=line, column=column, what=wrong.what, right=wrong.right, words=wrong.words)
            )
            if len(faults) == MOST_FAULTS:
                break
        else:
            claims += [claim] if claim else []
            silent += [] if claim else [question]
    return Read(claims=claims, silent=silent, faults=faults)


class _Unreadable(Exception):
    def __init__(self, line: int, what: str, right: str) -> None:
        super().__init__(what)
        self.fault = Fault(line=line, column="", what=what, right=right)


def _of_table(text: str) -> Rows:
    tab = "\t" in text.lstrip().partition("\n")[0]
    lines = csv.reader(io.StringIO(text), strict=True, delimiter="\t" if tab else ",")
    try:
        numbered = [(lines.line_num, [cell.strip() for cell in row]) for row in lines]
    except csv.Error:
        raise _Unreadable(
            lines.line_num, mark("It cannot be read as a table."), mark("Save it as CSV, with commas.")
        ) from None
    written = [(line, row) for line, row in numbered if any(row)]
    if not written:
        raise _Unreadable(1, mark("There is nothing in it."), mark("Begin with a line of column names."))
    (line, head), *rows = written
    columns = [each.casefold() for each in head]
    if QUESTION not in columns or ANSWER not in columns:
        raise _Unreadable(
            line,
            mark("The columns question and answer are missing."),
            mark("Begin with the line: question,answer."),
        )
    for line, row in rows:
        if len(row) > len(columns):
            raise _Unreadable(
                line,
                mark("It has more cells than there are columns."),
                mark("Put what has a comma in it into quotation marks."),
            )
        cells = {**dict.fromkeys(columns, ""), **dict(zip(columns, row, strict=False))}
        answers = [each.strip() for each in cells[ANSWER].split(";") if each.strip()]
        yield line, cells[QUESTION], answers


def _of_json(text: str) -> Rows:
    try:
        found = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as fault:
        raise _Unreadable(
            getattr(fault, "lineno", 1),
            mark("It cannot be read as JSON."),
            mark("Write {question: answer, ...}, every name in double quotes."),
        ) from None
    if not isinstance(found, _Pairs):
        raise _Unreadable(
            1, mark("It is a list."), mark("Write {question: answer, ...}, every name in double quotes.")
        )
    line, after = 1, 0
    for question, given in found.pairs:
        # Names stand in the text in the order in which they were read; one inside another answer is rare.
        place = text.find(json.dumps(question, ensure_ascii=False), after)
        if place >= 0:
            line, after = line + text.count("\n", after, place), place + 1
        yield line, question, _built(given)


class _Pairs:
    """An object as it is written, with what is named twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        self.pairs = pairs


def _built(given: object) -> object:
    return dict(given.pairs) if isinstance(given, _Pairs) else given
