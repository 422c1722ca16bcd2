"""What a definition itself answers to the six principles, and what it must not leave unsaid.

1. Each function answers one criterion of `vestry/technology/criteria`, or says nothing: then it is not known.
2. What a definition does not meet is either mended or explained in its ``although:``. What the technologies
   under it do not meet was decided where they were, and what its page does not show when it was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vestry.design.capability import Problem
from vestry.information import api as information
from vestry.services.definition import capabilities
from vestry.services.definition.language import Definition, Research
from vestry.services.definition.mistakes import Mistake
from vestry.services.definition.reading import Tree
from vestry.technology.api import Answer, Offered, Verdict, rubrics

ENOUGH = 0.9
_ABOUT_NOBODY = ("public", "official")
# Where stands what a criterion goes by.
_WRITTEN = {"S1": "class", "F2": "standard"}


@dataclass(frozen=True, kw_only=True)
class Other:
    """Another service of the council, by its numbers in the national lists."""

    slug: str
    title: str
    standard: tuple[int, int]


def other(said: Definition) -> Other | None:
    """A definition as others see it; None where it has no number in the national lists."""
    if said.standard is None:
        return None
    numbers = (said.standard.lgsl, said.standard.lgil)
    return Other(slug=said.service, title=said.title, standard=numbers)


def offered(said: Definition, others: Collection[Other], today: date) -> Offered:
    """A definition as the technology room takes it, with all it answers."""
    return Offered(
        service=said.service,
        information_class=said.information_class,
        runs_on=said.runs_on,
        answers=tuple(_answers(said, others, today)),
        although={str(principle): why for principle, why in said.although.items()},
    )


def _answers(said: Definition, others: Collection[Other], today: date) -> Iterator[Answer]:
    for criterion, answer in _ANSWERS.items():
        found = answer(said)
        if found:
            yield Answer(criterion=criterion, verdict=found[0], sentence=found[1], day=today)
    if told := _alone(said, others):
        yield Answer(criterion="F2", verdict=told[0], sentence=told[1], day=today)
    yield from _research(said)


Found = tuple[Verdict, str] | None


def _through_programs(said: Definition) -> Found:
    """I4: whether a program can send and read all that a person can."""
    every = capabilities.questions(said)
    mute = [question.ask for question in every.values() if not question.schema()]
    if mute:
        return Verdict.NOT_MET, _("No program can answer “{question}”.").format(question=mute[0])
    told = ngettext(
        "Its one question is described for programs, which send it and read what became of it.",
        "Its {number} questions are described for programs, which send them and read what became of it.",
        len(every),
    )
    return Verdict.MET, told.format(number=len(every))


def _named_as_everywhere(said: Definition) -> Found:
    """I7: whether it is known by the number that all councils use."""
    if said.standard is None:
        return Verdict.NOT_MET, _("It does not say its number in the national list of services.")
    told = _("It is number {lgsl} in the national list of services, interaction {lgil}.")
    return Verdict.MET, told.format(lgsl=said.standard.lgsl, lgil=said.standard.lgil)


def _shared(said: Definition) -> Found:
    """F1: whether it is put together from what other services use, too."""
    words = [item.word for item in said.journey]
    parts = sorted({word for word in words if not capabilities.is_own(word)})
    if not parts:
        return Verdict.NOT_MET, _("It uses nothing that other services use, too.")
    told = _("It is put together from parts that are there once for every service: {parts}.")
    return Verdict.MET, told.format(parts=", ".join(parts))


def _alone(said: Definition, others: Collection[Other]) -> Found:
    """F2: whether another service does the same. Without its number nobody can tell."""
    mine = other(said)
    if mine is None:
        return None
    same = [each for each in others if each.standard == mine.standard and each.slug != mine.slug]
    if same:
        told = _("“{title}” has the same number in the national list.")
        return Verdict.NOT_MET, told.format(title=same[0].title)
    return Verdict.MET, _("No other service of ours has its number in the national list.")


def _by_themselves(said: Definition) -> Found:
    """E1: whether people come from the start page to a reference, with no account."""
    told = _("It asks for no account, day or night, and ends in a reference that begins with {letters}.")
    if not any(item.word in capabilities.sections() for item in said.journey):
        return Verdict.PARTLY, _("It asks for no account, but nothing is opened that somebody sees through.")
    return Verdict.MET, told.format(letters=said.reference)


def _kept_posted(said: Definition) -> Found:
    """E7: a reference, a page to look at, and messages."""
    if said.contact.email and said.on.get("submitted"):
        return Verdict.MET, _("People get a reference, a page that says how it goes, and a message.")
    return Verdict.PARTLY, _("People get a reference and a page that says how it goes, but no message.")


def _classified(said: Definition) -> Found:
    """S1: a class that fits what is asked, an owner, and how long it is kept."""
    who = said.contact.name or said.contact.email
    if who and said.information_class in _ABOUT_NOBODY:
        told = _("It asks who people are, and its class, {class_}, is for what is about nobody.")
        return Verdict.NOT_MET, told.format(class_=said.information_class)
    told = _("Its class is {class_}, the team {owner} answers for it, and it is kept {span} after its end.")
    return Verdict.MET, told.format(class_=said.information_class, owner=said.owner, span=said.keep.closed)


def _no_more_than_needed(said: Definition) -> Found:
    """S10: whether more is asked of people than the class of what they tell asks for."""
    if information.control(said.information_class).second_step:
        return None
    return Verdict.MET, _("It asks people for no account and no proof of who they are.")


_ANSWERS: Mapping[str, Callable[[Definition], Found]] = {
    "I4": _through_programs,
    "I7": _named_as_everywhere,
    "F1": _shared,
    "E1": _by_themselves,
    "E7": _kept_posted,
    "S1": _classified,
    "S10": _no_more_than_needed,
}


def _research(said: Definition) -> Iterator[Answer]:
    """E6 and E2: what was learnt from whom, and how many of those who tried finished."""
    for each in said.research:
        day = date.fromisoformat(each.day)
        learnt = Verdict.MET if each.changed else Verdict.PARTLY
        told = " ".join(filter(None, (f"{each.whom.rstrip('.')}.", each.learnt, each.changed)))
        yield Answer(criterion="E6", verdict=learnt, sentence=told, day=day, means="documented")
        if each.tried:
            yield Answer(criterion="E2", verdict=_finishes(each), sentence=_how_many(each), day=day,
                         means="documented")  # fmt: skip


def _finishes(each: Research) -> Verdict:
    return Verdict.MET if each.finished >= ENOUGH * each.tried else Verdict.PARTLY


def _how_many(each: Research) -> str:
    told = _("{finished} of {tried} finished, first time and unaided. {whom}.")
    return told.format(finished=each.finished, tried=each.tried, whom=each.whom.rstrip("."))


def left_unsaid(said: Definition, others: Collection[Other]) -> Iterator[Problem]:
    """What a definition does not meet by itself and says nothing of: it is not published so."""
    known = rubrics()
    for each in offered(said, others, date.max).answers:
        criterion = known.criteria[each.criterion]
        must = criterion.must and said.information_class in criterion.classes
        if not must or each.verdict != Verdict.NOT_MET or criterion.principle in said.although:
            continue
        title = _(known.titles[criterion.principle])
        what = _("{principle}: not met. {why}").format(principle=title, why=each.sentence)
        better = _('Mend it, or say why it is published all the same: "although: {{{principle}: ...}}".')
        better = better.format(principle=criterion.principle)
        yield Problem(path=(_WRITTEN.get(each.criterion, "journey"),), what=what, instead=better)


def research_mistakes(tree: Tree) -> Iterator[Mistake]:
    """Research on days that are none, or in which more finished than tried."""
    written = tree.at(("research",))
    for index, each in enumerate(written if isinstance(written, list) else ()):
        if not isinstance(each, dict):
            continue
        day, tried, finished = (each.get(word, 0) for word in ("day", "tried", "finished"))
        if isinstance(day, str) and not _is_day(day):
            what = _("There is no such day: {day}.").format(day=day)
            yield tree.mistake(("research", index, "day"), what)
        if isinstance(tried, int) and isinstance(finished, int) and finished > tried:
            what = _("More finished than tried.")
            yield tree.mistake(("research", index, "finished"), what, _("Say how many tried: tried: 10"))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
